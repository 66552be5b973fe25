//! Reads a site: settings, schema, theme, entries; and checks it all.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::addresses;
use super::entries::read_entries;
use super::loaded::Loaded;
use super::task::{Options, SetAside};
use super::texts::Texts;
use crate::cache::Cache;
use crate::catalog::{Catalog, Site};
use crate::config::{Config, SETTINGS};
use crate::content::{KINDS, KindSource, RUBRICS, Schema, Surroundings, UNITS, VOCABULARIES};
use crate::diag::{Code, Diagnostic};
use crate::pages::{Plan, reserved_segments};
use crate::render::Theme;
use crate::source::decode_declaration;
use crate::world::{File, World};

/// Reads and checks a site. What the cache knows of unchanged files is not read again.
pub fn load(world: &dyn World, options: Options, cache: &mut Cache) -> Loaded {
    load_with(world, options, cache, BTreeSet::new(), None)
}

/// Does what [`load()`] does with some entries set aside, by the paths of their files, as a build that had to reported.
pub fn load_aside(world: &dyn World, options: Options, cache: &mut Cache, aside: &[SetAside]) -> Loaded {
    let paths = aside.iter().map(|entry| Arc::clone(&entry.path)).collect();
    load_with(world, options, cache, paths, None)
}

/// Does what [`load()`] does, and keeps the texts of bodies that were read for the search index, if the site has one.
pub(super) fn load_with(
    world: &dyn World,
    options: Options,
    cache: &mut Cache,
    aside: BTreeSet<Arc<str>>,
    texts: Option<&Texts>,
) -> Loaded {
    let listing = world.list("content");
    let mut diagnostics = listing.diagnostics;
    let (mut site, wrong) = read_site(world, options, cache, &listing.files);
    site.aside = aside;
    let site = Arc::new(site);
    diagnostics.extend(wrong);
    let store = format!("{}/", site.config.store.blobs.trim_end_matches('/'));
    let files = listing.files.into_iter();
    let files: Vec<File> = files.filter(|file| !file.path.starts_with(&store)).collect();
    let bodies = texts.filter(|_| site.config.output.search);
    let (entries, unread, wrong) = read_entries(world, &site, &files, cache, bodies);
    diagnostics.extend(wrong);
    let files = files.into_iter();
    let beside: Vec<File> = files.filter(|file| !file.path.ends_with(".md")).collect();
    let (catalog, wrong) = Catalog::build(
        Arc::clone(&site),
        entries,
        Arc::new(unread),
        &beside,
        world,
        &mut cache.media,
    );
    diagnostics.extend(wrong);
    let (theme, wrong) = Theme::load(world, &site.config);
    diagnostics.extend(wrong);
    let (texts, wrong) = theme.texts(&site.config.site.language);
    diagnostics.extend(wrong);
    let (plan, wrong) = Plan::new(&catalog);
    diagnostics.extend(wrong);
    let mut loaded = Loaded {
        cards: catalog.iter().map(|_| OnceLock::new()).collect(),
        catalog,
        plan,
        theme,
        texts,
        diagnostics: Vec::new(),
    };
    diagnostics.extend(addresses::check(world, &mut loaded, options, cache));
    loaded.report(diagnostics);
    loaded
}

/// Reads what is not an entry: settings, kinds, vocabularies, history.
fn read_site(
    world: &dyn World,
    options: Options,
    cache: &mut Cache,
    files: &[File],
) -> (Site, Vec<Diagnostic>) {
    let (mut config, places, mut diagnostics) = Config::load(world);
    config.check.strict |= options.strict;
    diagnostics.extend(missing(world, files));
    let (schema, wrong) = load_schema(world, files, &config);
    diagnostics.extend(wrong);
    diagnostics.extend(config.unknown_names(&schema, &places));
    let commits = || world.commits(cache.commits.as_ref());
    cache.commits = config.output.history.then(commits).flatten();
    if config.output.history && cache.commits.is_none() {
        diagnostics.push(Diagnostic::new(Code::NoHistory).in_file(&Arc::from(SETTINGS)));
    }
    let site = Site {
        zone: config.zone(),
        config,
        schema,
        now: world.now(),
        drafts: options.drafts,
        set_aside: options.set_aside,
        aside: BTreeSet::new(),
        history: cache.commits.as_ref().map(|commits| Arc::new(commits.history())),
    };
    (site, diagnostics)
}

/// What a site must have. Without entries a build would empty the portal, which nobody means.
fn missing(world: &dyn World, files: &[File]) -> Vec<Diagnostic> {
    let has_settings = world.stamp(SETTINGS).is_some();
    if files.is_empty() && !has_settings {
        return vec![Diagnostic::new(Code::NoSite).with("root", ".")];
    }
    let mut diagnostics = Vec::new();
    if !has_settings {
        diagnostics.push(Diagnostic::new(Code::NoSettings));
    }
    if !files.iter().any(|file| file.path.ends_with(".md")) {
        diagnostics.push(Diagnostic::new(Code::NoContent));
    }
    diagnostics
}

fn load_schema(world: &dyn World, files: &[File], config: &Config) -> (Schema, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut read = |path: &Arc<str>| match world.read(path).map(decode_declaration) {
        Ok(Ok(text)) => Some(KindSource {
            path: Arc::clone(path),
            text,
        }),
        Ok(Err(diagnostic)) => {
            diagnostics.push(diagnostic.in_file(path));
            None
        }
        Err(error) => {
            let diagnostic = Diagnostic::new(Code::Unreadable).in_file(path).with("what", path);
            diagnostics.push(diagnostic.with("reason", error));
            None
        }
    };
    let mut below = |directory: &str| -> Vec<KindSource> {
        let inside = files
            .iter()
            .filter(|file| file.path.starts_with(directory) && file.path.ends_with(".toml"))
            .filter(|file| directory == UNITS || file.path[directory.len()..].starts_with('/'));
        inside.filter_map(|file| read(&file.path)).collect()
    };
    let kinds = below(KINDS);
    let vocabularies = below(VOCABULARIES);
    let rubrics = below(RUBRICS);
    let units = below(UNITS);
    let chains: Vec<&str> = config.review.chains.keys().map(String::as_str).collect();
    let around = Surroundings {
        reserved: &reserved_segments(),
        chains: &chains,
    };
    let (schema, wrong) = Schema::load(&kinds, &vocabularies, &rubrics, units.first(), around);
    diagnostics.extend(wrong);
    (schema, diagnostics)
}
