//! Where each text and file of a source goes, and what a target of theirs leads to.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dates;
use super::links::within;
use super::names::{Taken, clean, clean_file};
use super::plan::Site;
use super::sources::Sources;
use crate::content::Kind;

/// Names that stand for their folder.
const INDEX: &[&str] = &["index", "readme", "_index"];

/// Where a text goes.
#[derive(Debug, Clone)]
pub(super) struct Placed<'a> {
    pub(super) kind: &'a Kind,
    /// `content/…/name.md`.
    pub(super) path: String,
    /// The name of the file, without its end, before anything was changed.
    pub(super) stem: String,
    pub(super) is_draft: bool,
    pub(super) is_post: bool,
    /// Whether another text had the name.
    pub(super) is_numbered: bool,
    /// Whether the name was changed so that addresses can have it.
    pub(super) is_renamed: bool,
}

/// What a target leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// A file of the source.
    pub(super) file: Arc<str>,
    /// Whether it was written in another case.
    pub(super) is_folded: bool,
}

/// Where all of a source goes.
pub(super) struct Placing<'a> {
    pub(super) texts: BTreeMap<Arc<str>, Placed<'a>>,
    sources: &'a Sources,
    /// Texts by the names of their files; `None` where there are several.
    by_stem: BTreeMap<String, Option<Arc<str>>>,
    files: BTreeMap<(String, Arc<str>), String>,
    /// Names that are given away.
    pub(super) taken: Taken,
}

impl<'a> Placing<'a> {
    /// Places all texts. `kind` is what everything becomes, unless the recipe is to say. Returns the id of a kind that the
    /// site does not have as an error.
    pub(super) fn of(sources: &'a Sources, site: Site<'a>, kind: Option<&str>) -> Result<Self, String> {
        let mut placing = Self {
            texts: BTreeMap::new(),
            sources,
            by_stem: BTreeMap::new(),
            files: BTreeMap::new(),
            taken: Taken::default(),
        };
        for file in &sources.texts {
            let placed = placing.place(file, site, kind)?;
            placing.name(&placed.stem, file);
            if let Some((_, rest)) = dates::of_name(&placed.stem) {
                placing.name(rest, file);
            }
            placing.texts.insert(Arc::clone(file), placed);
        }
        Ok(placing)
    }

    /// Remembers a text by its name; of two with one name neither is meant.
    fn name(&mut self, stem: &str, file: &Arc<str>) {
        let known = self.by_stem.entry(stem.to_lowercase());
        known
            .and_modify(|known| *known = None)
            .or_insert_with(|| Some(Arc::clone(file)));
    }

    fn place(&mut self, file: &str, site: Site<'a>, kind: Option<&str>) -> Result<Placed<'a>, String> {
        let recipe = self.sources.recipe;
        let inside = file.strip_prefix(self.sources.content.as_str()).unwrap_or(file);
        let mut names: Vec<&str> = inside.split('/').collect();
        let first = names[0].to_owned();
        let is_in = |folders: &[String]| names.len() > 1 && folders.contains(&first);
        let (is_post, is_draft) = (
            is_in(&recipe.posts) || is_in(&recipe.drafts),
            is_in(&recipe.drafts),
        );
        if is_post {
            names.remove(0);
        }
        let usual = if is_post { recipe.post.as_deref() } else { None };
        let wanted = kind.or(usual).unwrap_or(&recipe.page);
        let kind = site.kind(wanted).ok_or_else(|| wanted.to_owned())?;
        let name = names.pop().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let is_index = INDEX.contains(&stem.to_lowercase().as_str());
        let folders: Vec<String> = names.iter().map(|name| clean(name)).collect();
        let is_renamed =
            !is_index && clean(stem) != stem || folders.iter().zip(&names).any(|(new, old)| new != old);
        let section = format!("content/{}/", kind.section);
        let (path, is_numbered) = if kind.nested {
            self.nested(&section, &folders, stem, is_index)
        } else {
            let named = names.last().filter(|_| is_index).copied().unwrap_or(stem);
            let (stem, is_numbered) = self.taken.free(&section, &clean(named), "");
            (format!("{section}{stem}.md"), is_numbered)
        };
        let stem = names
            .last()
            .filter(|_| is_index)
            .copied()
            .unwrap_or(stem)
            .to_owned();
        Ok(Placed {
            kind,
            path,
            stem,
            is_draft,
            is_post,
            is_numbered,
            is_renamed,
        })
    }

    /// A place in folders. `a/index.md` and `a.md` would have one address: the second gets a number.
    fn nested(&mut self, section: &str, folders: &[String], stem: &str, is_index: bool) -> (String, bool) {
        if is_index && let Some((folder, above)) = folders.split_last() {
            let above: String = above.iter().map(|folder| format!("{folder}/")).collect();
            let (free, is_numbered) = self.taken.free(&format!("{section}{above}"), folder, "");
            let end = if is_numbered { ".md" } else { "/index.md" };
            return (format!("{section}{above}{free}{end}"), is_numbered);
        }
        let folder: String = folders.iter().map(|folder| format!("{folder}/")).collect();
        let stem = if is_index { "index".to_owned() } else { clean(stem) };
        let (free, is_numbered) = self.taken.free(&format!("{section}{folder}"), &stem, "");
        (format!("{section}{folder}{free}.md"), is_numbered)
    }

    /// Where a file that an entry of a kind refers to goes. `real` is the extension that it should have had.
    pub(super) fn file(&mut self, kind: &Kind, file: &Arc<str>, real: Option<&str>) -> String {
        let key = (kind.section.clone(), Arc::clone(file));
        if let Some(known) = self.files.get(&key) {
            return known.clone();
        }
        let folders = std::iter::once(&self.sources.content).chain(&self.sources.public);
        let mut inside: &str = file;
        for folder in folders.filter(|folder| !folder.is_empty()) {
            inside = file.strip_prefix(folder.as_str()).unwrap_or(inside);
        }
        let known = self
            .sources
            .recipe
            .posts
            .iter()
            .chain(&self.sources.recipe.drafts);
        let names: Vec<&str> = inside.split('/').collect();
        let skipped = usize::from(names.len() > 1 && known.into_iter().any(|posts| posts == names[0]));
        let (name, folders) = names[skipped..].split_last().unwrap_or((&"", &[]));
        let folder: String = folders
            .iter()
            .map(|folder| format!("{}/", clean(folder)))
            .collect();
        let name = clean_file(name);
        let (stem, end) = name
            .rsplit_once('.')
            .map_or((name.as_str(), String::new()), |(stem, end)| {
                (stem, format!(".{end}"))
            });
        let end = real.map_or(end, |real| format!(".{real}"));
        let section = format!("content/{}/{folder}", kind.section);
        let (stem, _) = self.taken.free(&section, stem, &end);
        let path = format!("{section}{stem}{end}");
        self.files.insert(key, path.clone());
        path
    }

    /// A free path for a picture that was in a text.
    pub(super) fn picture(&mut self, entry: &str, end: &str) -> String {
        let stem = entry.strip_suffix(".md").unwrap_or(entry);
        let (stem, _) = self.taken.free("", &format!("{stem}-图"), &format!(".{end}"));
        format!("{stem}.{end}")
    }

    /// What a path in a text leads to.
    pub(super) fn find(&self, from: &str, path: &str) -> Option<Found> {
        let bases = self.bases(from, path);
        let exact = bases.iter().find_map(|base| {
            let ends = endings(base).into_iter();
            ends.filter_map(|path| self.sources.files.get(path.as_str()))
                .find(|file| self.is_there(file))
        });
        if let Some(file) = exact {
            return Some(Found {
                file: Arc::clone(file),
                is_folded: false,
            });
        }
        let folded = bases.iter().find_map(|base| {
            let ends = endings(base).into_iter();
            ends.filter_map(|path| self.sources.folded(&path))
                .find(|file| self.is_there(file))
        });
        if let Some(file) = folded {
            return Some(Found {
                file: Arc::clone(file),
                is_folded: true,
            });
        }
        // Addresses of posts end in the name of their file.
        let last = path.trim_end_matches('/').rsplit('/').next()?.to_lowercase();
        let stem = last
            .strip_suffix(".md")
            .or_else(|| last.strip_suffix(".html"))
            .unwrap_or(&last);
        let file = self.by_stem.get(stem)?.as_ref()?;
        let is_post = self.texts.get(file).is_some_and(|placed| placed.is_post);
        is_post.then(|| Found {
            file: Arc::clone(file),
            is_folded: false,
        })
    }

    /// A Markdown file that is no content leads nowhere.
    fn is_there(&self, file: &str) -> bool {
        !file.to_ascii_lowercase().ends_with(".md") || self.texts.contains_key(file)
    }

    /// Paths of the source that a path in a text may mean.
    fn bases(&self, from: &str, path: &str) -> Vec<String> {
        let sources = self.sources;
        let from_top = ["~@source/", "@source/", "~@/", "@/", "~/"];
        if let Some(rest) = from_top.iter().find_map(|top| path.strip_prefix(top)) {
            return within(&sources.content, rest).into_iter().collect();
        }
        if path.starts_with('/') {
            let tops = sources
                .public
                .iter()
                .chain([&sources.content])
                .map(String::as_str)
                .chain([""]);
            return tops.filter_map(|top| within(top, path)).collect();
        }
        let (folder, name) = from.rsplit_once('/').unwrap_or(("", from));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        // A post's files may lie in a folder of its name; pages whose address is a folder count one level more.
        let beside = [
            within(folder, path),
            within(&format!("{folder}/{stem}"), path),
            within(&sources.content, path),
        ];
        beside.into_iter().flatten().collect()
    }
}

/// The files that an address may stand for.
fn endings(base: &str) -> Vec<String> {
    let bare = base
        .strip_suffix(".html")
        .or_else(|| base.strip_suffix(".htm"))
        .unwrap_or(base);
    let index = |name: &str| {
        if bare.is_empty() {
            name.to_owned()
        } else {
            format!("{bare}/{name}")
        }
    };
    vec![
        base.to_owned(),
        format!("{bare}.md"),
        index("README.md"),
        index("index.md"),
        index("_index.md"),
        format!("{bare}.markdown"),
        bare.strip_suffix("/index")
            .map(|bare| format!("{bare}/README.md"))
            .unwrap_or_default(),
    ]
}
