//! Which files entries use: those beside Markdown, and attachments in the store; and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jixia_markdown::Role;
use rayon::prelude::*;

use super::{Catalog, Destination, FileUse, Ix, Status};
use crate::content::{Attachment, FieldType, Value};
use crate::diag::{Code, Diagnostic, Handling, Part, Severity, Span};
use crate::media::thumbnails::Renditions;
use crate::media::{self, Memo, Probe};
use crate::name::{file_path, segment};
use crate::world::{Stamp, World};

/// A place in a file where another file is named.
struct Mention {
    ix: Ix,
    span: Span,
    /// Whether it stands there, or anywhere else, as a picture to show.
    is_shown: bool,
    /// Whether a page offers it for download, and so tells its checksum.
    is_offered: bool,
}

/// The first mention of each file.
#[derive(Default)]
struct Mentions(BTreeMap<Arc<str>, Mention>);

impl Mentions {
    fn add(&mut self, (ix, span): (Ix, &Span), path: &Arc<str>, (is_shown, is_offered): (bool, bool)) {
        let mention = self.0.entry(Arc::clone(path)).or_insert_with(|| Mention {
            ix,
            span: span.clone(),
            is_shown,
            is_offered,
        });
        mention.is_shown |= is_shown;
        mention.is_offered |= is_offered;
    }
}

impl Catalog {
    /// Finds out which files entries use and reports those that are missing, changed or unsafe.
    pub(super) fn use_files(&mut self, world: &dyn World, memo: &mut Memo) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut mentions = Mentions::default();
        let mut blobs = BTreeMap::new();
        // What was taken down takes its files with it; a file that a listed entry uses too stays for its sake.
        let mut withheld = BTreeSet::new();
        for (ix, entry) in self.iter().filter(|(ix, _)| self.status(*ix) == Status::Listed) {
            self.mention_files(ix, &mut mentions, &mut diagnostics);
            let refused = self.mention_blobs(ix, world, memo, &mut blobs, &mut diagnostics);
            withheld.extend(
                refused
                    .into_iter()
                    .map(|sha256| (Arc::clone(&entry.path), sha256)),
            );
        }
        let known: Vec<(Arc<str>, Mention, Stamp)> = mentions
            .0
            .into_iter()
            .filter_map(|(path, mention)| {
                self.files
                    .beside
                    .get(&path)
                    .map(|stamp| (Arc::clone(&path), mention, *stamp))
            })
            .collect();
        let probes: Vec<Probe> = known
            .par_iter()
            .map(|(path, mention, stamp)| memo.probe(world, path, *stamp, mention.is_offered))
            .collect();
        for ((path, mention, stamp), probe) in known.into_iter().zip(probes) {
            memo.remember(&path, stamp, &probe);
            let name = file_path(path.strip_prefix("content/").unwrap_or(&path));
            let badly_named = name.err().map(|error| error.diagnostic(&path));
            if let Some(diagnostic) = probe.problem(&path).or(badly_named) {
                let entry = self.entry(mention.ix);
                diagnostics.push(diagnostic.in_file(&entry.path).at(mention.span));
                self.files.refused.insert(path);
                continue;
            }
            let file = FileUse {
                stamp,
                probe,
                is_shown: mention.is_shown,
                renditions: Renditions::default(),
            };
            self.files.used.insert(path, file);
        }
        self.files.blobs = blobs;
        self.files.withheld = withheld;
        diagnostics
    }

    /// The files beside Markdown that an entry names.
    fn mention_files(&self, ix: Ix, mentions: &mut Mentions, diagnostics: &mut Vec<Diagnostic>) {
        self.mention_links(ix, mentions, diagnostics);
        self.mention_fields(ix, mentions, diagnostics);
    }

    /// The files that a body links, shows or plays.
    fn mention_links(&self, ix: Ix, mentions: &mut Mentions, diagnostics: &mut Vec<Diagnostic>) {
        let entry = self.entry(ix);
        for link in &entry.facts.links {
            let Destination::File(path) = self.destination(entry, &link.target) else {
                continue;
            };
            mentions.add((ix, &link.span), path, (link.role == Role::Image, false));
            self.mention_aside((ix, &link.span), path, mentions);
            if media::is_video(path) && self.files.captions(path, "").is_empty() {
                let diagnostic = Diagnostic::new(Code::MissingCaptions).in_file(&entry.path);
                diagnostics.push(diagnostic.at(link.span.clone()).with("target", &link.target));
            }
        }
    }

    /// The files that the front matter names: cover, images, attachments.
    fn mention_fields(&self, ix: Ix, mentions: &mut Mentions, diagnostics: &mut Vec<Diagnostic>) {
        let (entry, kind) = (self.entry(ix), self.kind(ix));
        let cover = entry.cover.as_ref().map(|(path, span)| (path, span, true));
        let images = entry.fields.iter().filter_map(|(name, value)| match value {
            Value::Text(path) => {
                let is_image = kind.field(name)?.field_type == FieldType::Image;
                is_image.then_some((path, &entry.title_span, true))
            }
            _ => None,
        });
        let attached = entry
            .files()
            .filter_map(|file| file.path.as_ref().map(|path| (path, &file.span, false)));
        for (path, span, is_shown) in cover.into_iter().chain(images).chain(attached) {
            match self.destination(entry, path) {
                Destination::File(file) => {
                    // What is not an image to show is an attachment or a file of the entry's own.
                    mentions.add((ix, span), file, (is_shown, !is_shown));
                    self.mention_aside((ix, span), file, mentions);
                }
                Destination::Attachment(_) | Destination::External => {}
                _ => diagnostics.push(
                    Diagnostic::new(Code::MissingMedia)
                        .in_file(&entry.path)
                        .at(span.clone())
                        .with("target", path),
                ),
            }
        }
    }

    /// What is shown with a video: its poster, its captions.
    fn mention_aside(&self, at: (Ix, &Span), file: &str, mentions: &mut Mentions) {
        if !media::is_video(file) {
            return;
        }
        if let Some(poster) = self.files.poster(file) {
            mentions.add(at, poster, (false, false));
        }
        for (captions, _) in self.files.captions(file, "") {
            mentions.add(at, &captions, (false, false));
        }
    }

    /// Collects the attachments that an entry offers. Returns the checksums of those that it must not.
    fn mention_blobs(
        &self,
        ix: Ix,
        world: &dyn World,
        memo: &mut Memo,
        blobs: &mut BTreeMap<Box<str>, BTreeMap<Box<str>, u64>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Box<str>> {
        let entry = self.entry(ix);
        let store = &self.site.config.store;
        let (mut total, mut refused) = (0, Vec::new());
        for attachment in entry.files().flat_map(Attachment::with_poster) {
            let Some(sha256) = &attachment.sha256 else {
                if let Some(Destination::File(file)) =
                    attachment.path.as_ref().map(|path| self.destination(entry, path))
                {
                    total += self.files.beside.get(file).map_or(0, |stamp| stamp.size);
                }
                continue;
            };
            match check_blob(world, &store.blobs, memo, attachment, sha256) {
                Ok(size) => {
                    total += size;
                    blobs
                        .entry(sha256.clone())
                        .or_default()
                        .insert(attachment.name.clone(), size);
                }
                Err(mut diagnostic) => {
                    if self.site.set_aside && diagnostic.code.is_damage() {
                        diagnostic.handling = Handling::LeftOut(Part::File);
                        diagnostic.severity = Severity::Warning;
                    }
                    diagnostics.push(diagnostic.in_file(&entry.path));
                    refused.push(sha256.clone());
                }
            }
        }
        let limit = store.max_entry_mb * 1_000_000;
        if total > limit {
            let diagnostic = Diagnostic::new(Code::TooLargeTotal)
                .in_file(&entry.path)
                .at(entry.title_span.clone());
            let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
            diagnostics.push(
                diagnostic
                    .with("size", megabytes(total))
                    .with("limit", megabytes(limit)),
            );
        }
        refused
    }
}

fn check_blob(
    world: &dyn World,
    store: &str,
    memo: &mut Memo,
    attachment: &Attachment,
    sha256: &str,
) -> Result<u64, Diagnostic> {
    let wrong = |code| {
        Diagnostic::new(code)
            .at(attachment.span.clone())
            .with("name", &attachment.name)
    };
    if let Err(error) = file_path(&segment(&attachment.name)) {
        return Err(error.diagnostic(&attachment.name).at(attachment.span.clone()));
    }
    let Some(stamp) = world.blob(store, sha256) else {
        let place = crate::world::blob_path(store, sha256);
        return Err(wrong(Code::MissingAttachment).with("place", place));
    };
    if attachment.size.is_some_and(|size| size != stamp.size) {
        return Err(wrong(Code::WrongSize)
            .at(attachment.size_span.clone())
            .with("actual", stamp.size));
    }
    if let Some(reason) = media::refused(world, store, &attachment.name, sha256) {
        return Err(wrong(Code::UnsafeFile)
            .with("target", &attachment.name)
            .with("reason", reason)
            .say("advice", media::advice(&attachment.name)));
    }
    match memo.checksum(world, store, sha256, stamp) {
        Ok(actual) if *actual == *sha256 => Ok(stamp.size),
        Ok(actual) => Err(wrong(Code::WrongChecksum).with("actual", actual)),
        Err(error) => Err(wrong(Code::Unreadable)
            .with("what", &attachment.name)
            .with("reason", error)),
    }
}
