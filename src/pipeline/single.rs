//! One entry by itself, for whoever decides whether it is to be published: its page, and what is wrong with it. Nothing
//! is written.

use std::collections::BTreeSet;
use std::sync::Arc;

use jixia_markdown::{Link, Role};

use super::failure::unpublished;
use super::loaded::Loaded;
use super::renderer::renderer;
use super::task::Options;
use super::{addresses, body, entries, pages};
use crate::cache::Cache;
use crate::catalog::{Catalog, Ix, Unread};
use crate::content::{self, Entry, Place, Value, place};
use crate::diag::{Diagnostic, Severity};
use crate::media::Memo;
use crate::pages::{EntryPage, Page, Plan, Planner};
use crate::source::decode;
use crate::world::{File, World};

/// Renders the page of the entry in the file `path` as the portal would show it. Returns `None` if no entry was read
/// from that file.
///
/// # Errors
/// What is wrong with the theme's templates.
pub fn entry_page(
    world: &dyn World,
    loaded: &Loaded,
    path: &str,
) -> Result<Option<Vec<u8>>, Vec<Diagnostic>> {
    let Some(ix) = loaded.catalog.at(path) else {
        return Ok(None);
    };
    let (renderer, _) = renderer(loaded, &Arc::default())?;
    let view = Page::from(EntryPage(ix)).view(loaded.planner());
    let text = || body::read(world, loaded.catalog.entry(ix)).map(Arc::from);
    let page = renderer.render(&view, &text);
    page.map(Some).map_err(|wrong| vec![wrong])
}

/// Renders the pages of the entries in some files as a build would. What goes wrong is added to the site's diagnostics as
/// the mistake of the entry.
pub fn check_entries(world: &dyn World, loaded: &mut Loaded, paths: &BTreeSet<&str>) {
    let is_theirs = |page: &&Page| {
        let entry = page.entry().map(|ix| loaded.catalog.entry(ix));
        entry.is_some_and(|entry| paths.contains(&*entry.path))
    };
    let wrong = match renderer(loaded, &Arc::default()) {
        Ok((renderer, _)) => {
            let pages = loaded.plan.pages().iter().filter(is_theirs);
            let failed = pages.filter_map(|page| {
                let failed = pages::error(world, loaded, &renderer, page)?;
                unpublished(loaded, page, &failed)
            });
            failed.collect()
        }
        Err(failed) => failed,
    };
    loaded.report(wrong);
}

/// What an entry of a large site is checked against without reading the site again.
#[derive(Debug)]
pub struct Neighbours {
    others: Arc<Unread>,
    units: Vec<Arc<Entry>>,
    beside: Vec<File>,
}

impl Neighbours {
    /// The neighbours of every entry of a site.
    pub fn new(world: &dyn World, loaded: &Loaded) -> Self {
        let entries = || loaded.catalog.iter().map(|(_, entry)| entry);
        let others = Unread {
            ids: entries().map(|entry| entry.id.clone()).collect(),
            paths: entries().map(|entry| Arc::clone(&entry.path)).collect(),
            identifiers: entries().flat_map(identifiers).collect(),
        };
        let holders = loaded.site().schema.list_holders();
        let all = loaded.catalog.iter();
        let units =
            all.filter(|(ix, entry)| loaded.catalog.is_unit(*ix) || holders.contains(&*entry.id.kind));
        let files = world.list("content").files.into_iter();
        Self {
            others: Arc::new(others),
            units: units.map(|(_, entry)| Arc::new(entry.clone())).collect(),
            beside: files.filter(|file| !file.path.ends_with(".md")).collect(),
        }
    }

    /// What is wrong with a content file, as a build with it would say. Returns `None` if the rest of the site must be read
    /// for that: other entries are only known to be there, so of what leads to one it cannot be said whether it leads to
    /// the right kind, page or heading.
    pub fn check(
        &self,
        world: &dyn World,
        loaded: &Loaded,
        path: &Arc<str>,
        text: &str,
        memo: &mut Memo,
    ) -> Option<Vec<Diagnostic>> {
        let site = loaded.site();
        let mut diagnostics = match self.read(world, loaded, path, text, memo) {
            Ok(diagnostics) => diagnostics?,
            Err(wrong) => vec![wrong.in_file(path)],
        };
        site.config.judge(&mut diagnostics);
        let is_settled = !diagnostics.iter().any(could_be_right);
        is_settled.then_some(diagnostics)
    }

    fn read(
        &self,
        world: &dyn World,
        loaded: &Loaded,
        path: &Arc<str>,
        text: &str,
        memo: &mut Memo,
    ) -> Result<Option<Vec<Diagnostic>>, Diagnostic> {
        let site = loaded.site();
        let place = match place(path, &site.schema, &|_| false)? {
            Place::Other => return Ok(Some(Vec::new())),
            place => place,
        };
        let (text, found) = decode(text.as_bytes().to_vec())?;
        let (entry, mut diagnostics) = content::read(entries::reader(site), path, &place, &text, &mut |_| {});
        diagnostics.extend(found.map(|found| found.in_file(path)));
        let Some(entry) = entry else {
            return Ok(Some(diagnostics));
        };
        if !stands_alone(&entry) {
            return Ok(None);
        }
        // The entry is among them as it was published; what is read of it comes first.
        let others = Arc::clone(&self.others);
        let mut entries = self.units.clone();
        entries.retain(|unit| unit.id != entry.id);
        entries.push(Arc::new(entry));
        let (catalog, mut wrong) =
            Catalog::build(Arc::clone(site), entries, others, &self.beside, world, memo);
        wrong.extend(check_addresses(world, loaded, &catalog, path));
        wrong.retain(|wrong| wrong.path.as_ref() == Some(path));
        diagnostics.extend(wrong);
        Ok(Some(diagnostics))
    }
}

/// What an entry is called in other systems, with its file.
fn identifiers(entry: &Entry) -> impl Iterator<Item = ((String, Box<str>), Arc<str>)> {
    let identifiers = entry.identifiers.iter();
    identifiers.map(|known| {
        let key = (known.system.to_lowercase(), known.value.clone());
        (key, Arc::clone(&entry.path))
    })
}

/// What is wrong with the addresses that an entry names and claims, in a catalog of it and its neighbours. What it names
/// may also be on the site as it was `loaded`.
fn check_addresses(
    world: &dyn World,
    loaded: &Loaded,
    catalog: &Catalog,
    path: &Arc<str>,
) -> Vec<Diagnostic> {
    let (plan, mut wrong) = Plan::new(catalog);
    let planner = Planner {
        catalog,
        addresses: plan.addresses(),
        ..loaded.planner()
    };
    let own: Vec<Ix> = catalog.at(path).into_iter().collect();
    let (headings, mut unanswered) = planner.check_addresses(&own);
    wrong.extend(headings);
    unanswered.retain(|link| !link.is_answered_by(&loaded.plan));
    let (options, cache) = (Options::default(), Cache::default());
    let files = addresses::written(world, loaded, options, &cache, &unanswered);
    unanswered.retain(|link| !files.contains(&link.file()));
    wrong.extend(planner.report(&unanswered));
    wrong
}

/// Whether an entry leads to no other one but its unit, and claims no address but its own.
fn stands_alone(entry: &Entry) -> bool {
    fn is_own(value: &Value) -> bool {
        match value {
            Value::Reference(..) => false,
            Value::List(items) => items.iter().all(is_own),
            Value::Record(fields) => fields.iter().all(|(_, value)| is_own(value)),
            _ => true,
        }
    }
    let leads_out = |link: &Link| link.role != Role::Link || link.target.contains("://");
    let replacement = entry
        .withdrawn
        .as_ref()
        .and_then(|withdrawn| withdrawn.replaced_by.as_ref());
    entry.fields.iter().all(|(_, value)| is_own(value))
        && entry.facts.links.iter().all(leads_out)
        && entry.aliases.is_empty()
        && entry.parent.is_none()
        && replacement.is_none()
}

/// Whether the rest of the site could put right what seems wrong with an entry by itself.
fn could_be_right(wrong: &Diagnostic) -> bool {
    use crate::diag::Code::{
        BrokenAnchor, BrokenLink, MissingMedia, UnknownReference, UnknownUnit, WrongReferenceKind,
    };
    let is_about_others = matches!(
        wrong.code,
        BrokenAnchor | BrokenLink | MissingMedia | UnknownReference | UnknownUnit | WrongReferenceKind
    );
    wrong.severity == Severity::Error && is_about_others
}
