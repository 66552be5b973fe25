//! Word documents as entries: one a document, its pictures in a folder of its name.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::dates;
use super::fields::Gathered;
use super::names::{Taken, clean, clean_file};
use super::plan::{Content, Plan, Site};
use super::report::NoteKind;
use crate::content::Kind;
use crate::media::contradiction;
use crate::media::convert::convert;
use crate::office::archive::Refused;
use crate::office::docx::{self, Document};
use crate::source::emit;
use crate::world::World;

/// Most bytes of a document.
pub(super) const LARGEST: u64 = 100_000_000;

/// Reads a document. Pictures that browsers do not show are converted; what cannot be is among what is lost.
pub(super) fn document(bytes: &[u8], folder: &str) -> Result<Document, Refused> {
    let mut made = docx::document(bytes, folder)?;
    let mut names = BTreeMap::new();
    for (name, bytes) in &mut made.pictures {
        match convert(name, bytes) {
            Some(Ok((called, converted))) => {
                *bytes = converted;
                names.insert(std::mem::replace(name, called.clone()), called);
            }
            Some(Err(_)) => made.reduced.push(name.clone()),
            None => {}
        }
    }
    if !names.is_empty() {
        let name = |name: &str| format!("{folder}{}", names.get(name).map_or(name, String::as_str));
        made.body = docx::renamed(&made.body, folder, name);
    }
    Ok(made)
}

/// Plans what documents become; `files` are their paths in the source, `kind` is what they become.
///
/// # Errors
/// The id of a kind that the site does not have.
pub fn import_documents(
    world: &dyn World,
    files: &[String],
    site: Site<'_>,
    kind: &str,
) -> Result<Plan, String> {
    let kind = site.kind(kind).ok_or_else(|| kind.to_owned())?;
    let mut plan = Plan::default();
    let mut taken = Taken::default();
    for file in files {
        one(world, file, site, kind, &mut taken, &mut plan);
    }
    Ok(plan)
}

/// Plans what one document becomes.
pub(super) fn one(
    world: &dyn World,
    file: &str,
    site: Site<'_>,
    kind: &Kind,
    taken: &mut Taken,
    plan: &mut Plan,
) {
    let source: Arc<str> = Arc::from(file);
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let section = format!("content/{}/", kind.section);
    let (free, is_numbered) = taken.free(&section, &clean(stem), "");
    let path = format!("{section}{free}.md");
    let folder = format!("{free}/");
    let size = world.stamp(file).map_or(0, |stamp| stamp.size);
    let read = world.read(file).map_err(|error| error.to_string());
    let made =
        match read.and_then(|bytes| document(&bytes, &folder).map_err(|refused| format!("{refused:?}"))) {
            _ if size > LARGEST => {
                return plan
                    .report
                    .note(NoteKind::Unreadable, &source, 0, size.to_string());
            }
            Ok(made) => made,
            Err(reason) => return plan.report.note(NoteKind::Unreadable, &source, 0, reason),
        };
    if is_numbered {
        plan.report.note(NoteKind::Collision, &source, 0, &path);
    } else if free != stem {
        plan.report.note(NoteKind::Renamed, &source, 0, &path);
    }
    for lost in made.reduced {
        plan.report.note(NoteKind::DocumentReduced, &source, 0, lost);
    }
    let mut gathered = Gathered::of(site, kind, Vec::new());
    match made.title {
        Some(title) => gathered.set("title", json!(title)),
        None => {
            plan.report.note(NoteKind::NoTitle, &source, 0, stem);
            gathered.set("title", json!(stem));
        }
    }
    match dates::of_name(stem) {
        Some((date, _)) => gathered.set("date", json!(date)),
        None if kind.dated => plan.report.note(NoteKind::NoDate, &source, 0, ""),
        None => {}
    }
    let (fields, notes) = gathered.finished(&path);
    for (kind, detail) in notes {
        plan.report.note(kind, &source, 0, detail);
    }
    for (name, bytes) in made.pictures {
        if contradiction(&name, &bytes).is_some() {
            plan.report.note(NoteKind::FileRefused, &source, 0, &name);
        }
        plan.report.files += 1;
        let picture = format!("{section}{folder}{}", clean_file(&name));
        plan.files.insert(picture, Content::Bytes(bytes));
    }
    plan.files.insert(path, Content::Text(emit(&fields, &made.body)));
    plan.report.entries += 1;
}
