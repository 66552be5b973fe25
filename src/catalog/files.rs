//! The files of a site that are no entries, and what is known of those in use.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::content::Entry;
use crate::media::thumbnails::{Renditions, pixels};
use crate::media::{self, Probe};
use crate::world::{File, Stamp};

/// A file beside Markdown that some page shows or offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileUse {
    /// Size and times.
    pub stamp: Stamp,
    /// What looking into it told.
    pub probe: Probe,
    /// Whether a page shows it as a picture, in a body or on a card.
    pub is_shown: bool,
    /// Its smaller copies: of pictures that are shown, once a build has made them.
    pub renditions: Renditions,
}

/// Files beside Markdown, and which of them and of the store are used.
#[derive(Debug, Default)]
pub struct Files {
    /// Sorted, so that what belongs to a file stands after it.
    pub(super) beside: BTreeMap<Arc<str>, Stamp>,
    pub(super) used: BTreeMap<Arc<str>, FileUse>,
    /// Files that must not be published: no page knows them.
    pub(super) refused: BTreeSet<Arc<str>>,
    /// Attachments that an entry's page must not offer: the entry's file and the checksum.
    pub(super) withheld: BTreeSet<(Arc<str>, Box<str>)>,
    pub(super) blobs: BTreeMap<Box<str>, BTreeMap<Box<str>, u64>>,
    /// Files beside Markdown by their names in small letters, made when the first picture is not there.
    by_name: OnceLock<FxHashMap<String, Arc<str>>>,
}

impl Files {
    pub(super) fn new(files: &[File]) -> Self {
        let beside = files
            .iter()
            .map(|file| (Arc::clone(&file.path), file.stamp))
            .collect();
        Self {
            beside,
            ..Self::default()
        }
    }

    /// The file at a path, if there is one that may be published.
    pub(crate) fn beside(&self, path: &str) -> Option<&Arc<str>> {
        let found = self.beside.get_key_value(path).map(|(path, _)| path);
        found.filter(|path| !self.refused.contains(*path))
    }

    /// The first file of a name in any spelling, wherever it lies.
    pub(super) fn named(&self, name: &str) -> Option<&Arc<str>> {
        let by_name = self.by_name.get_or_init(|| {
            let mut names: FxHashMap<String, Arc<str>> = FxHashMap::default();
            for path in self.beside.keys() {
                let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
                names.entry(name).or_insert_with(|| Arc::clone(path));
            }
            names
        });
        by_name.get(&name.to_lowercase())
    }

    /// The names of the files in a directory.
    pub(super) fn names_in(&self, directory: &str) -> impl Iterator<Item = &str> {
        let first = format!("{directory}/");
        let from = self
            .beside
            .range::<str, _>((Bound::Included(first.as_str()), Bound::Unbounded));
        let names = from.map_while(move |(path, _)| path.strip_prefix(&first));
        names.filter(|name| !name.contains('/'))
    }

    /// Whether there is a file at a path that must not be published, which was reported.
    pub(crate) fn is_refused(&self, path: &str) -> bool {
        self.refused.contains(path)
    }

    /// Whether an entry's page must not offer an attachment of the store, which was reported.
    pub(crate) fn is_withheld(&self, entry: &Entry, sha256: &str) -> bool {
        // Nearly no site has any.
        !self.withheld.is_empty()
            && self
                .withheld
                .contains(&(Arc::clone(&entry.path), Box::from(sha256)))
    }

    /// The checksums of attachments that no page offers, since their bytes are damaged or gone or must not be offered.
    pub fn withheld(&self) -> impl Iterator<Item = &str> {
        self.withheld.iter().map(|(_, sha256)| &**sha256)
    }

    /// What is known of a file in use.
    pub fn used(&self, path: &str) -> Option<&FileUse> {
        self.used.get(path)
    }

    /// Files in use, by path.
    pub fn iter_used(&self) -> impl Iterator<Item = (&Arc<str>, &FileUse)> {
        self.used.iter()
    }

    /// Whether a file in use is to have smaller copies: a picture that is shown, or a video that has no poster.
    pub(crate) fn has_copies(&self, path: &str, file: &FileUse) -> bool {
        let needs_poster = media::is_video(path) && self.poster(path).is_none();
        needs_poster || file.is_shown && pixels(path, &file.probe).is_some()
    }

    /// Says which smaller copies a file in use has.
    pub fn set_renditions(&mut self, path: &str, renditions: Renditions) {
        if let Some(file) = self.used.get_mut(path) {
            file.renditions = renditions;
        }
    }

    /// Attachments of the store in use: checksum, then every name it is offered under with its size.
    pub fn blobs(&self) -> impl Iterator<Item = (&str, &BTreeMap<Box<str>, u64>)> {
        self.blobs.iter().map(|(sha256, names)| (&**sha256, names))
    }

    /// The picture shown before a video plays: a picture of the same name beside it.
    pub fn poster(&self, video: &str) -> Option<&Arc<str>> {
        let stem = video.rsplit_once('.').map_or(video, |(stem, _)| stem);
        ["webp", "jpg", "png", "svg"]
            .iter()
            .find_map(|extension| self.beside(&format!("{stem}.{extension}")))
    }

    /// Caption tracks of a video: `lesson.vtt`, then `lesson.en.vtt` and the like, with their language.
    pub fn captions(&self, video: &str, default_language: &str) -> Vec<(Arc<str>, String)> {
        let stem = video.rsplit_once('.').map_or(video, |(stem, _)| stem);
        let mut tracks = Vec::new();
        if let Some(path) = self.beside(&format!("{stem}.vtt")) {
            tracks.push((Arc::clone(path), default_language.to_owned()));
        }
        let prefix = format!("{stem}.");
        let mut others: Vec<_> = self
            .beside
            .range::<str, _>((Bound::Excluded(&*prefix), Bound::Unbounded))
            .map_while(|(path, _)| path.starts_with(&prefix).then_some(path))
            .filter_map(|path| {
                let language = path.strip_prefix(&prefix)?.strip_suffix(".vtt")?;
                let is_tag = !language.is_empty()
                    && language
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                is_tag.then(|| (Arc::clone(path), language.to_owned()))
            })
            .collect();
        others.sort();
        tracks.extend(others);
        tracks
    }
}
