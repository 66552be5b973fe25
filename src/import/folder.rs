//! A folder of Markdown of another generator as entries.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::addresses::Addresses;
use super::anchors;
use super::body::{converted, first_heading};
use super::converted::read_converted;
use super::dates;
use super::decode::{Undecodable, decode};
use super::documents::one;
use super::fields::Gathered;
use super::front;
use super::links::{path_of, places, relative, replaced, with_blanks};
use super::pictures::{is_data, picture, picture_end};
use super::placing::{Found, Placed, Placing};
use super::plan::{Content, Plan, Site};
use super::report::{NoteKind, Report};
use super::sources::Sources;
use super::tidy::shortened;
use crate::media::convert::is_convertible;
use crate::media::{HEAD, cleaned, contradiction, media_type};
use crate::source::{emit, is_unfit};
use crate::world::World;

/// Plans what a folder becomes. `kind` is what everything becomes; without it the recipe says.
///
/// # Errors
/// The id of a kind that the site does not have.
pub fn import_folder(
    world: &dyn World,
    sources: &Sources,
    site: Site<'_>,
    kind: Option<&str>,
) -> Result<Plan, String> {
    let placing = Placing::of(sources, site, kind)?;
    let texts: Vec<(Arc<str>, Placed<'_>)> = placing
        .texts
        .iter()
        .map(|(file, placed)| (Arc::clone(file), placed.clone()))
        .collect();
    let addresses = Addresses::of(world, sources, &placing.texts);
    let mut import = Import {
        world,
        sources,
        site,
        addresses,
        placing,
        plan: Plan::default(),
        used: BTreeSet::new(),
        converted: BTreeMap::new(),
        tops: BTreeMap::new(),
    };
    for file in &sources.unreadable {
        import.plan.report.note(NoteKind::Unreadable, file, 0, "");
    }
    for (file, placed) in &texts {
        import.text(file, placed);
    }
    let is_left =
        |file: &&Arc<str>| !import.used.contains(*file) && !import.placing.texts.contains_key(*file);
    let left: Vec<Arc<str>> = sources
        .files
        .iter()
        .filter(is_left)
        .filter(|file| media_type(file).is_some() && !file.contains("~$"))
        .cloned()
        .collect();
    let kind = site.kind(kind.unwrap_or(&sources.recipe.page));
    for file in left {
        match kind {
            // A document among the texts is one of them.
            Some(kind) if file.to_lowercase().ends_with(".docx") => {
                one(
                    world,
                    &file,
                    site,
                    kind,
                    &mut import.placing.taken,
                    &mut import.plan,
                );
            }
            _ => import.plan.report.note(NoteKind::FileLeft, &file, 0, ""),
        }
    }
    let files = import.placing.texts.iter();
    let files = files
        .map(|(file, placed)| (placed.path.as_str(), Arc::clone(file)))
        .collect();
    anchors::mend(&mut import.plan, &files, &import.tops);
    Ok(import.plan)
}

struct Import<'a> {
    world: &'a dyn World,
    sources: &'a Sources,
    site: Site<'a>,
    addresses: Addresses,
    placing: Placing<'a>,
    plan: Plan,
    /// Files of the source that texts refer to.
    used: BTreeSet<Arc<str>>,
    /// Where pictures lie that were converted, by section and file; `None` for those that cannot be.
    converted: BTreeMap<(String, Arc<str>), Option<String>>,
    /// Ids of headings that became titles, by new paths.
    tops: BTreeMap<String, String>,
}

/// A text on its way, and where in the source its body begins.
struct Text<'t, 'a> {
    file: &'t Arc<str>,
    placed: &'t Placed<'a>,
    /// The body as it was, to find the lines of what there is to say.
    original: &'t str,
    /// Lines before it.
    lines: u32,
    /// How far it was looked through: bytes, and lines until there.
    looked: Cell<(usize, u32)>,
    /// How often something was not found further on, and was looked for from the beginning.
    misses: Cell<u32>,
}

/// After so many misses a piece is said to be where the last one was: looking for each from the beginning takes for ever.
const MOST_MISSES: u32 = 1000;

impl Text<'_, '_> {
    /// The line of the source that holds a piece of text, of several alike the next one.
    fn line_of(&self, piece: &str) -> u32 {
        let (mut from, mut lines) = self.looked.get();
        if self.misses.get() > MOST_MISSES {
            return self.lines + 1 + lines;
        }
        let mut at = self.original[from..].find(piece).map(|at| from + at);
        if at.is_none() {
            self.misses.set(self.misses.get() + 1);
            at = self.original.find(piece);
            (from, lines) = if at.is_some() { (0, 0) } else { (from, lines) };
        }
        let Some(at) = at else {
            return self.lines + 1 + lines;
        };
        lines += self.original[from..at].matches('\n').count() as u32;
        let line = self.lines + 1 + lines;
        let end = at + piece.len();
        lines += self.original[at..end].matches('\n').count() as u32;
        self.looked.set((end, lines));
        line
    }
}

impl<'a> Import<'a> {
    fn report(&mut self) -> &mut Report {
        &mut self.plan.report
    }

    fn text(&mut self, file: &Arc<str>, placed: &Placed<'a>) {
        let bytes = match self.world.read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                return self
                    .report()
                    .note(NoteKind::Unreadable, file, 0, error.to_string());
            }
        };
        let (text, encoding) = match decode(&bytes) {
            Ok(decoded) => decoded,
            Err(Undecodable::TooLarge) => {
                return self
                    .report()
                    .note(NoteKind::Unreadable, file, 0, bytes.len().to_string());
            }
            Err(Undecodable::NotText) => return self.report().note(NoteKind::NotText, file, 0, ""),
        };
        if let Some(encoding) = encoding {
            self.report().note(NoteKind::Decoded, file, 0, encoding);
        }
        if placed.is_numbered {
            self.report().note(NoteKind::Collision, file, 0, &placed.path);
        } else if placed.is_renamed {
            self.report().note(NoteKind::Renamed, file, 0, &placed.path);
        }
        // Editors leave signs in texts that no page can hold.
        let text = if text.contains(is_unfit) {
            self.report().note(NoteKind::ControlRemoved, file, 0, "");
            text.replace(is_unfit, "")
        } else {
            text
        };
        let parts = front::split(&text);
        if parts.is_loose {
            self.report().note(NoteKind::LooseFrontMatter, file, 1, "");
        }
        let text = Text {
            file,
            placed,
            original: parts.body,
            lines: parts.lines,
            looked: Cell::default(),
            misses: Cell::default(),
        };
        let mut found = Vec::new();
        let body = converted(parts.body, &mut found);
        for (kind, line, detail) in found {
            self.report().note(kind, file, parts.lines + line + 1, detail);
        }
        let (fields, body) = self.entry(&text, parts.fields, body);
        self.plan
            .files
            .insert(placed.path.clone(), Content::Text(emit(&fields, &body)));
        self.report().entries += 1;
    }

    /// Fields and body as they are written.
    fn entry(
        &mut self,
        text: &Text<'_, 'a>,
        theirs: Vec<(String, Json)>,
        body: String,
    ) -> (Vec<(String, Json)>, String) {
        let (file, placed) = (text.file, text.placed);
        let mut gathered = Gathered::of(self.site, placed.kind, theirs);
        let facts = jixia_markdown::facts(&body, &mut |_| {});
        if let Some(title) = self.sources.title(file) {
            gathered.set("title", json!(title));
        }
        let heading = first_heading(&body, &facts);
        let title = gathered.title();
        let body = match heading {
            Some((heading, rest)) if title.is_none() || title.as_deref() == Some(&heading.text) => {
                self.tops.insert(placed.path.clone(), heading.id);
                gathered.set("title", json!(heading.text));
                rest
            }
            _ => body,
        };
        if !gathered.has("title") {
            let name = dates::of_name(&placed.stem).map_or(placed.stem.as_str(), |(_, rest)| rest);
            gathered.set("title", json!(name.replace(['_'], " ").trim()));
            self.report().note(NoteKind::NoTitle, file, 0, name);
        }
        self.date(&mut gathered, text);
        if placed.is_draft {
            gathered.set("draft", json!(true));
        }
        if let Some(cover) = gathered.cover.take() {
            match self.target(text, &cover) {
                Some(way) => gathered.set("cover", json!(way)),
                None => gathered.dropped.push("cover".to_owned()),
            }
        }
        for field in std::mem::take(&mut gathered.dropped) {
            *self.report().dropped.entry(field).or_default() += 1;
        }
        let (fields, notes) = gathered.finished(&placed.path);
        for (kind, detail) in notes {
            self.report().note(kind, file, 1, detail);
        }
        let body = with_blanks(&body, |target| {
            path_of(target).is_some_and(|(path, _)| self.placing.find(file, &path).is_some())
        });
        (fields, self.linked(text, body.trim_start_matches('\n')))
    }

    /// A date of the file's name, else the first that git knows of.
    fn date(&mut self, gathered: &mut Gathered<'_>, text: &Text<'_, '_>) {
        if gathered.has("date") {
            return;
        }
        let of_name = dates::of_name(&text.placed.stem).map(|(date, _)| date);
        let of_git = || {
            let first = self.sources.history.of(text.file).first()?;
            dates::day_of_seconds(first.at, self.site.zone)
        };
        match of_name.or_else(of_git) {
            Some(date) => gathered.set("date", json!(date)),
            None if text.placed.kind.dated => self.plan.report.note(NoteKind::NoDate, text.file, 1, ""),
            None => {}
        }
    }

    /// The body with its links and pictures as they are from its new place.
    fn linked(&mut self, text: &Text<'_, 'a>, body: &str) -> String {
        let facts = jixia_markdown::facts(body, &mut |_| {});
        let mut parts = Vec::new();
        for place in places(body, &facts) {
            let made = if is_data(&place.target) {
                self.picture(text, &place.target)
            } else {
                self.target(text, &place.target)
            };
            if let Some(made) = made {
                let made = if place.in_html {
                    made.replace('"', "%22")
                } else {
                    made
                };
                parts.push((place.start, place.end, made));
            }
        }
        replaced(body, &parts)
    }

    /// A picture that is in the text becomes a file. Returns where it lies, nothing if it cannot be read.
    fn picture(&mut self, text: &Text<'_, 'a>, address: &str) -> Option<String> {
        let shown: String = address.chars().take(40).collect();
        let line = text.line_of(&shown);
        let Some(picture) = picture(address) else {
            self.report()
                .note(NoteKind::PictureRefused, text.file, line, shortened(address));
            return Some(String::new());
        };
        let path = self.placing.picture(&text.placed.path, picture.end);
        self.report()
            .note(NoteKind::PictureWritten, text.file, line, &path);
        self.plan
            .files
            .insert(path.clone(), Content::Bytes(picture.bytes));
        Some(relative(&text.placed.path, &path))
    }

    /// A target of theirs as ours. Returns `None` if it stays as it is.
    fn target(&mut self, text: &Text<'_, 'a>, target: &str) -> Option<String> {
        let own = self.sources.settings.own(target);
        let (path, anchor) = path_of(own.unwrap_or(target))?;
        let by_address = own.and_then(|_| self.addresses.find(&path)).cloned();
        let by_address = by_address.map(|file| Found {
            file,
            is_folded: false,
        });
        let Some(found) = by_address.or_else(|| self.placing.find(text.file, &path)) else {
            self.plan.report.note(
                NoteKind::LinkUnresolved,
                text.file,
                text.line_of(target),
                shortened(target),
            );
            return None;
        };
        if found.is_folded {
            self.plan.report.note(
                NoteKind::LinkCase,
                text.file,
                text.line_of(target),
                shortened(target),
            );
        }
        if let Some(other) = self.placing.texts.get(&found.file) {
            return Some(format!("{}{anchor}", relative(&text.placed.path, &other.path)));
        }
        let path = self.attached(text, &found.file)?;
        Some(format!("{}{anchor}", relative(&text.placed.path, &path)))
    }

    /// A file that a text refers to comes along, if it may be published.
    fn attached(&mut self, text: &Text<'_, 'a>, file: &Arc<str>) -> Option<String> {
        self.used.insert(Arc::clone(file));
        if is_convertible(file) {
            return self.converted(text, file);
        }
        let head = self.world.head(file, HEAD).unwrap_or_default();
        if media_type(file).is_none() {
            self.report()
                .note(NoteKind::FileRefused, text.file, 0, file.to_string());
            return None;
        }
        let wrong = contradiction(file, &head);
        let real = wrong.and_then(|format| picture_end(file, format));
        if let Some(wrong) = wrong.filter(|_| real.is_none()) {
            let detail = format!("{file} {wrong}");
            self.report().note(NoteKind::FileRefused, text.file, 0, detail);
            return None;
        }
        let path = self.placing.file(text.placed.kind, file, real);
        if !self.plan.files.contains_key(&path) {
            let content = self.content(file);
            match (&content, real) {
                (Content::Bytes(_), _) => self.report().note(NoteKind::DrawingCleaned, file, 0, &path),
                (_, Some(_)) => self.report().note(NoteKind::Renamed, file, 0, &path),
                _ => {}
            }
            self.plan.files.insert(path.clone(), content);
            self.plan.report.files += 1;
        }
        Some(path)
    }

    /// A picture that browsers do not show comes along as one that they do.
    fn converted(&mut self, text: &Text<'_, 'a>, file: &Arc<str>) -> Option<String> {
        let key = (text.placed.kind.section.clone(), Arc::clone(file));
        if let Some(known) = self.converted.get(&key) {
            return known.clone();
        }
        let made = read_converted(self.world, file).map(|(name, bytes)| {
            let end = name.rsplit_once('.').map(|(_, end)| end);
            let path = self.placing.file(text.placed.kind, file, end);
            self.report().note(NoteKind::PictureConverted, file, 0, &path);
            self.plan.report.files += 1;
            self.plan.files.insert(path.clone(), Content::Bytes(bytes));
            path
        });
        if made.is_none() {
            self.report()
                .note(NoteKind::FileRefused, text.file, 0, file.to_string());
        }
        self.converted.insert(key, made.clone());
        made
    }

    /// A file as it is, or a drawing without what it may not hold.
    fn content(&self, file: &Arc<str>) -> Content {
        let is_drawing = media_type(file) == Some("image/svg+xml");
        let bytes = if is_drawing {
            self.world.read(file).ok()
        } else {
            None
        };
        let cleaned = bytes.and_then(|bytes| cleaned(&bytes));
        cleaned.map_or_else(|| Content::Copy(file.to_string()), Content::Bytes)
    }
}
