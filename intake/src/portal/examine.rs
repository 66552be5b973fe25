//! One document laid over the checkout, and what is wrong with it.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use jixia::diag::{Argument, Code, Diagnostic, Language, Severity, words};
use jixia::history::Commits;
use jixia::source::{parse, split};
use jixia::stop::Stop;
use jixia::world::{Disk, File, Listing, Stamp, World};

use super::document::Document;
use super::snapshot::Snapshot;

/// The field of a finding about the body or the document as a whole.
pub const WHOLE: &str = "";

/// Codes whose help says what to write in a text instead.
const IS_OF_MARKDOWN: &[Code] = &[
    Code::ForeignMarkup,
    Code::UnknownTag,
    Code::StrayTag,
    Code::ExtraCells,
    Code::SkippedLevel,
    Code::LocalFile,
    Code::ForbiddenAddress,
    Code::Credentials,
];

/// Something that the author should know.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The outermost field it is about; [`WHOLE`] for everything else.
    pub field: String,
    /// What people call the place: a label or the name of a file. Empty for the whole.
    pub place: String,
    /// What is wrong, in the generator's words.
    pub message: String,
    /// How to mend it; empty where the message says so.
    pub mend: String,
    /// The generator's name for it; empty for what the intake itself finds.
    pub code: &'static str,
    /// What stands in the generator's message, by name, for words that say it otherwise.
    #[serde(skip)]
    pub arguments: Vec<(String, String)>,
    /// Whether it keeps the submission from going on.
    pub is_error: bool,
}

impl Finding {
    /// The finding in a sentence.
    pub fn in_words(&self) -> String {
        match self.place.as_str() {
            "" => self.message.clone(),
            place => format!("{place}：{}", self.message),
        }
    }

    /// A finding in a chapter, the path of whose file is given.
    pub(super) fn of_chapter(wrong: &Diagnostic, text: &str, path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        Self {
            field: format!("{}{name}", super::chapters::PREFIX),
            ..Self::new(wrong, text)
        }
    }

    pub(super) fn new(wrong: &Diagnostic, text: &str) -> Self {
        // Most of the generator's help is for people at an editor; what it says of Markdown is for everybody.
        let (message, help) = words(wrong, Language::Chinese);
        let mend = if IS_OF_MARKDOWN.contains(&wrong.code) {
            help
        } else {
            String::new()
        };
        let arguments = wrong
            .arguments
            .iter()
            .filter_map(|(name, argument)| match argument {
                Argument::Text(text) => Some((name.to_string(), text.clone())),
                Argument::Phrase(_) => None,
            });
        Self {
            field: field_of(wrong, text).unwrap_or_default(),
            message,
            mend,
            code: wrong.code.name(),
            arguments: arguments.collect(),
            is_error: wrong.severity == Severity::Error,
            ..Self::default()
        }
    }
}

/// The finding that a diagnostic of the whole site with a document is: in the document, in a file beside it, or in another
/// entry that was in order without it.
pub(super) fn finding(wrong: &Diagnostic, document: &Document, published: &Snapshot) -> Option<Finding> {
    let path = wrong.path.as_deref()?;
    if path == document.path {
        return Some(Finding::new(wrong, &document.text));
    }
    if let Some(text) = document.beside.get(path) {
        return Some(Finding::of_chapter(wrong, text.as_deref()?, path));
    }
    let is_due_to_it = wrong.severity == Severity::Error && !published.loaded.diagnostics.contains(wrong);
    is_due_to_it.then(|| {
        let title = published.entry_at(path).map(|(_, title, _)| title);
        let (message, _) = words(wrong, Language::Chinese);
        Finding {
            field: WHOLE.to_owned(),
            place: title.unwrap_or_else(|| path.to_owned()),
            message,
            code: wrong.code.name(),
            is_error: true,
            ..Finding::default()
        }
    })
}

/// The outermost field that a diagnostic names or points into.
fn field_of(wrong: &Diagnostic, text: &str) -> Option<String> {
    let named = wrong
        .arguments
        .iter()
        .find_map(|(name, argument)| match argument {
            Argument::Text(field) if name == "field" => {
                Some(field.split('.').next().unwrap_or(field).to_owned())
            }
            _ => None,
        });
    named.or_else(|| {
        let (start, parts) = (wrong.span.as_ref()?.start, split(text).ok()?);
        let front = text.get(parts.front.start as usize..parts.front.end as usize)?;
        if !parts.front.contains(&start) {
            return Some("body".to_owned());
        }
        let mapping = parse(front, parts.front.start).ok()?;
        let before = mapping.iter().take_while(|(key, _)| key.span.start <= start);
        before.last().map(|(key, _)| key.value.to_string())
    })
}

/// The checkout with the files of one document added, replaced or removed. Whatever is done with it stops when it asks for
/// anything after it is to stop.
pub(super) struct Overlay<'a> {
    disk: Disk,
    files: BTreeMap<Arc<str>, Option<&'a str>>,
    stop: &'a Stop,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(disk: Disk, document: &'a Document, stop: &'a Stop) -> Self {
        let beside = document.beside.iter();
        let mut files: BTreeMap<Arc<str>, Option<&str>> = beside
            .map(|(path, text)| (Arc::from(path.as_str()), text.as_deref()))
            .collect();
        files.insert(Arc::from(document.path.as_str()), Some(&document.text));
        Self { disk, files, stop }
    }

    /// What is laid over a path: nothing, nothing any more, or a text.
    fn at(&self, path: &str) -> Option<Option<&'a str>> {
        self.stop.check();
        self.files.get(path).copied()
    }
}

/// Equal texts have equal stamps, and no stamp of a file on disk has this inode and these times.
fn stamp(text: &str) -> Stamp {
    let hash = jixia::hash::hash(text.as_bytes());
    let mut inode = [0; 8];
    inode.copy_from_slice(&hash[..8]);
    Stamp {
        size: text.len() as u64,
        modified: i64::MAX,
        changed: i64::MAX,
        inode: u64::from_le_bytes(inode),
    }
}

impl World for Overlay<'_> {
    fn list(&self, directory: &str) -> Listing {
        self.stop.check();
        let mut listing = self.disk.list(directory);
        for (path, text) in &self.files {
            if !path
                .strip_prefix(directory)
                .is_some_and(|rest| rest.starts_with('/'))
            {
                continue;
            }
            listing.files.retain(|file| file.path != *path);
            if let Some(text) = text {
                let position = listing.files.partition_point(|file| file.path < *path);
                let file = File {
                    path: Arc::clone(path),
                    stamp: stamp(text),
                };
                listing.files.insert(position, file);
            }
        }
        listing
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        match self.at(path) {
            Some(text) => text.map(stamp),
            None => self.disk.stamp(path),
        }
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match self.at(path) {
            Some(Some(text)) => Ok(text.as_bytes().to_vec()),
            Some(None) => Err(io::ErrorKind::NotFound.into()),
            None => self.disk.read(path),
        }
    }

    fn head(&self, path: &str, most: usize) -> io::Result<Vec<u8>> {
        if self.at(path).is_none() {
            return self.disk.head(path, most);
        }
        let mut bytes = self.read(path)?;
        bytes.truncate(most);
        Ok(bytes)
    }

    fn blob(&self, store: &str, sha256: &str) -> Option<Stamp> {
        self.stop.check();
        self.disk.blob(store, sha256)
    }

    fn read_blob(&self, store: &str, sha256: &str) -> io::Result<Vec<u8>> {
        self.stop.check();
        self.disk.read_blob(store, sha256)
    }

    fn hash_blob(&self, store: &str, sha256: &str) -> io::Result<[u8; 32]> {
        // The intake's store hashed every file when it took it; a build looks at the bytes again.
        if self.disk.blob(store, sha256).is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let digit = |at: usize| u8::from_str_radix(sha256.get(at..at + 2)?, 16).ok();
        let mut hash = [0; 32];
        for (position, byte) in hash.iter_mut().enumerate() {
            *byte = digit(2 * position).ok_or(io::ErrorKind::InvalidInput)?;
        }
        Ok(hash)
    }

    fn commits(&self, known: Option<&Commits>) -> Option<Commits> {
        self.disk.commits(known)
    }

    fn now(&self) -> jiff::Timestamp {
        self.disk.now()
    }
}
