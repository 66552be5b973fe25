//! The files of a source: where its content lies, and which of them are texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::nav;
use super::recipe::{self, Recipe};
use super::settings::Settings;
use crate::history::History;
use crate::world::World;

/// Most files of a source that are looked at.
const MOST_FILES: usize = 200_000;

/// A source that was looked through.
#[derive(Debug)]
pub struct Sources {
    /// What it is of.
    pub recipe: &'static Recipe,
    /// The content's folder with a slash at its end, or nothing.
    pub(super) content: String,
    /// Folders whose files are addressed from `/`, likewise.
    pub(super) public: Vec<String>,
    /// Markdown files of the content by their paths in the source, in their order.
    pub(super) texts: Vec<Arc<str>>,
    /// All files of content and public folders.
    pub(super) files: BTreeSet<Arc<str>>,
    /// Paths that are there and are no files to read: links that lead outside, devices, names that are not UTF-8.
    pub(super) unreadable: Vec<Arc<str>>,
    /// Their paths in lower case.
    folded: BTreeMap<String, Arc<str>>,
    /// What it says of its addresses.
    pub(super) settings: Settings,
    /// What git knows of them.
    pub(super) history: History,
    /// Titles that stand elsewhere, by paths below the content.
    titles: BTreeMap<String, String>,
}

impl Sources {
    /// Looks through a source. `recipe` says what it is of; by itself it is found out.
    pub fn find(world: &dyn World, recipe: Option<&'static Recipe>, history: History) -> Self {
        let (root, recipe) = recipe.map_or_else(
            || detect(world),
            |recipe| (root_of(world, recipe).unwrap_or_default(), recipe),
        );
        let content = recipe.content.iter().map(|folder| joined(&root, folder));
        let content = content
            .into_iter()
            .find(|folder| list(world, folder).iter().any(|path| is_markdown(path)))
            .unwrap_or_else(|| root.clone());
        let public: Vec<String> = recipe.public.iter().map(|folder| joined(&root, folder)).collect();
        let is_content = |path: &str| is_content(recipe, path.strip_prefix(&content).unwrap_or(path));
        let mut files: BTreeSet<Arc<str>> = BTreeSet::new();
        for folder in std::iter::once(&content).chain(&public) {
            files.extend(list(world, folder).into_iter().take(MOST_FILES));
        }
        let texts = list(world, &content);
        let texts = texts
            .into_iter()
            .filter(|path| is_markdown(path) && is_content(path));
        let unreadable = world.list(".").diagnostics.into_iter();
        let unreadable = unreadable.filter_map(|diagnostic| diagnostic.path);
        Self {
            recipe,
            unreadable: unreadable.take(MOST_FILES).collect(),
            texts: texts.take(MOST_FILES).collect(),
            folded: files
                .iter()
                .map(|path| (path.to_lowercase(), Arc::clone(path)))
                .collect(),
            content,
            public,
            files,
            history,
            settings: Settings::of(world, &root, recipe),
            titles: nav::titles(world, &root, recipe),
        }
    }

    /// How many texts there are.
    pub fn count(&self) -> usize {
        self.texts.len()
    }

    /// The title of a text that stands elsewhere.
    pub(super) fn title(&self, path: &str) -> Option<&str> {
        let inside = path.strip_prefix(self.content.as_str())?;
        self.titles.get(inside).map(String::as_str)
    }

    /// The file that differs from a path in upper and lower case alone.
    pub(super) fn folded(&self, path: &str) -> Option<&Arc<str>> {
        self.folded.get(&path.to_lowercase())
    }
}

/// Whether a path below the content's folder is content.
fn is_content(recipe: &Recipe, path: &str) -> bool {
    let is_known = |name: &str| {
        recipe
            .posts
            .iter()
            .chain(&recipe.drafts)
            .any(|known| known == name)
    };
    let is_left = |(place, name): (usize, &str)| {
        let is_hidden = recipe.hidden && name.starts_with('_') && !(place == 0 && is_known(name));
        is_hidden || name == "node_modules" || place == 0 && recipe.skip.iter().any(|skip| skip == name)
    };
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    !folders.split('/').enumerate().any(is_left)
}

/// The first recipe whose mark is there, and the folder that it is in.
fn detect(world: &dyn World) -> (String, &'static Recipe) {
    let found = recipe::all()
        .iter()
        .filter(|recipe| !recipe.mark.is_empty())
        .find_map(|recipe| Some((root_of(world, recipe)?, recipe)));
    let plain = recipe::all().last().map(|recipe| (String::new(), recipe));
    found
        .or(plain)
        .unwrap_or_else(|| (String::new(), &recipe::all()[0]))
}

/// The folder of the source that holds a mark of the recipe: the source, or the first folder of it that does.
fn root_of(world: &dyn World, recipe: &Recipe) -> Option<String> {
    let holds = |root: &str| {
        let mut marks = recipe.mark.iter().map(|mark| format!("{root}{mark}"));
        marks.any(|mark| world.stamp(&mark).is_some() || !world.list(&mark).files.is_empty())
    };
    if holds("") {
        return Some(String::new());
    }
    let files = list(world, "");
    let folders: BTreeSet<&str> = files
        .iter()
        .filter_map(|path| path.split_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let mut folders = folders.into_iter().map(|folder| format!("{folder}/"));
    folders.find(|folder| holds(folder))
}

fn joined(root: &str, folder: &str) -> String {
    match folder {
        "" => root.to_owned(),
        folder => format!("{root}{folder}/"),
    }
}

/// The files below a folder that ends in a slash, or below the source.
fn list(world: &dyn World, folder: &str) -> Vec<Arc<str>> {
    let listed = match folder.trim_end_matches('/') {
        "" => ".",
        folder => folder,
    };
    let files = world.list(listed).files.into_iter();
    let files = files.map(|file| match file.path.strip_prefix("./") {
        Some(path) => Arc::from(path),
        None => file.path,
    });
    files
        .filter(|path: &Arc<str>| !path.contains("node_modules/"))
        .collect()
}

fn is_markdown(path: &str) -> bool {
    let name = path.to_ascii_lowercase();
    name.ends_with(".md") || name.ends_with(".markdown")
}
