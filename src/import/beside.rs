//! The files that lie beside a table, or in the folder that was named for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::body::of_cell;
use super::converted::read_converted;
use super::documents::{LARGEST, document};
use super::fault::Wrong;
use super::links::{relative, within};
use super::names::{Taken, clean_file};
use super::plan::{Content, Plan};
use super::report::NoteKind;
use crate::content::FieldType;
use crate::diag::nearest;
use crate::media::convert::is_convertible;
use crate::media::{HEAD, contradiction, media_type};
use crate::world::World;

/// The files that cells may name.
pub(super) struct Beside {
    files: BTreeSet<Arc<str>>,
    /// By name in lower case; `None` where several have one.
    folded: BTreeMap<String, Option<Arc<str>>>,
    taken: Taken,
    used: BTreeSet<Arc<str>>,
}

/// A file that goes with an entry.
pub(super) struct Attached {
    /// What it was called.
    name: String,
    /// As the entry names it.
    way: String,
}

impl Attached {
    pub(super) fn value(self, field_type: FieldType) -> Json {
        match field_type {
            FieldType::File => json!({ "name": self.name, "path": self.way }),
            _ => json!(self.way),
        }
    }
}

impl Beside {
    /// Looks through a folder. `table` is what the table is called, which may lie there too.
    pub(super) fn of(world: &dyn World, table: &Arc<str>) -> Self {
        let listed = world.list(".").files.into_iter();
        let paths = listed.map(|file| Arc::from(file.path.trim_start_matches("./")));
        let files: BTreeSet<Arc<str>> = paths.filter(|path| path != table).collect();
        let mut folded: BTreeMap<String, Option<Arc<str>>> = BTreeMap::new();
        for file in &files {
            let name = file.rsplit('/').next().unwrap_or(file).to_lowercase();
            folded
                .entry(name)
                .and_modify(|known| *known = None)
                .or_insert_with(|| Some(Arc::clone(file)));
        }
        Self {
            files,
            folded,
            taken: Taken::default(),
            used: BTreeSet::new(),
        }
    }

    /// The file that a cell names: by its path, or by its name wherever in the folder it lies.
    fn find(&self, cell: &str) -> Option<Arc<str>> {
        let path = within("", &cell.replace('\\', "/"))?;
        let by_name = || self.folded.get(&path.to_lowercase())?.as_ref();
        self.files.get(path.as_str()).or_else(by_name).cloned()
    }

    /// The file that a cell names goes into the folder of the entry whose file is `stem`.
    pub(super) fn file(
        &mut self,
        world: &dyn World,
        cell: &str,
        stem: &str,
        plan: &mut Plan,
    ) -> Result<Attached, Wrong> {
        let file = self.find(cell).ok_or_else(|| {
            let meant = nearest(cell, self.files.iter().map(|file| &**file));
            Wrong::NoFile(cell.to_owned(), meant.map(str::to_owned))
        })?;
        let (file, content) = if is_convertible(&file) {
            let made = read_converted(world, &file);
            let (called, bytes) = made.ok_or_else(|| Wrong::FileRefused(file.to_string()))?;
            self.used.insert(file);
            (Arc::from(called), Content::Bytes(bytes))
        } else {
            let head = world.head(&file, HEAD).unwrap_or_default();
            if media_type(&file).is_none() || contradiction(&file, &head).is_some() {
                return Err(Wrong::FileRefused(file.to_string()));
            }
            self.used.insert(Arc::clone(&file));
            let copied = Content::Copy(file.to_string());
            (file, copied)
        };
        let name = file.rsplit('/').next().unwrap_or(&file).to_owned();
        let path = self.place(stem, &name);
        plan.files.insert(path.clone(), content);
        plan.report.files += 1;
        Ok(Attached {
            name,
            way: relative(&format!("{stem}.md"), &path),
        })
    }

    /// A free path in the folder of an entry.
    fn place(&mut self, stem: &str, name: &str) -> String {
        let name = clean_file(name);
        let (bare, end) = name
            .rsplit_once('.')
            .map_or((name.as_str(), ""), |(bare, end)| (bare, end));
        let folder = format!("{stem}/");
        let end = if end.is_empty() {
            String::new()
        } else {
            format!(".{end}")
        };
        let (bare, _) = self.taken.free(&folder, bare, &end);
        format!("{folder}{bare}{end}")
    }

    /// The text that a cell holds, or that of the Word document that it names.
    pub(super) fn body(
        &mut self,
        world: &dyn World,
        cell: &str,
        stem: &str,
        plan: &mut Plan,
    ) -> Result<String, Wrong> {
        if !cell.to_lowercase().ends_with(".docx") || cell.contains('\n') {
            return Ok(of_cell(cell));
        }
        let file = self.find(cell).ok_or_else(|| {
            let documents = self
                .files
                .iter()
                .filter(|file| file.to_lowercase().ends_with(".docx"));
            let meant = nearest(cell, documents.map(|file| &**file));
            Wrong::NoFile(cell.to_owned(), meant.map(str::to_owned))
        })?;
        let folder = format!("{}/", stem.rsplit('/').next().unwrap_or(stem));
        let is_large = world.stamp(&file).is_some_and(|stamp| stamp.size > LARGEST);
        let bytes = if is_large { None } else { world.read(&file).ok() };
        let made = bytes.and_then(|bytes| document(&bytes, &folder).ok());
        let made = made.ok_or_else(|| Wrong::BadDocument(file.to_string()))?;
        self.used.insert(Arc::clone(&file));
        for lost in made.reduced {
            plan.report.note(NoteKind::DocumentReduced, &file, 0, lost);
        }
        for (name, bytes) in made.pictures {
            plan.report.files += 1;
            plan.files
                .insert(format!("{stem}/{}", clean_file(&name)), Content::Bytes(bytes));
        }
        Ok(made.body)
    }

    /// Files that no cell names.
    pub(super) fn left(&self) -> impl Iterator<Item = &Arc<str>> {
        let left = self.files.difference(&self.used);
        left.filter(|file| media_type(file).is_some())
    }
}
