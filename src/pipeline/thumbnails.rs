//! Smaller copies of the pictures that pages show: which there are, before pages are planned; then into the output.

use std::sync::Arc;

use rayon::prelude::*;

use super::loaded::Loaded;
use super::work::{Done, Work};
use crate::cache::Cache;
use crate::catalog::FileUse;
use crate::diag::Diagnostic;
use crate::hash::{Hash, hash};
use crate::media::thumbnails::{REVISION, Renditions, Store, Thumbnail, pixels};
use crate::media::{self, frame};
use crate::pages::PlainFile;
use crate::progress::{Progress, Stage};
use crate::world::World;

/// Of pixels that are decoded at the same time: with what decoders need besides, about a gigabyte.
const MOST_AT_ONCE: u64 = 120_000_000;

/// A video counts as so many pixels: another program decodes some of its frames.
const VIDEO: u64 = MOST_AT_ONCE / 2;

/// Finds out which smaller copies each picture has, making those that no build has made. What the cache knows of
/// unchanged pictures is not looked at again.
pub(super) fn prepare(
    world: &dyn World,
    loaded: &mut Loaded,
    cache: &mut Cache,
    store: &Store,
    progress: Option<&Progress>,
) {
    let files = &mut loaded.catalog.files;
    let size = |path: &str, file: &FileUse| {
        let pixels = || {
            if media::is_video(path) {
                Some(VIDEO)
            } else {
                pixels(path, &file.probe)
            }
        };
        files.has_copies(path, file).then(pixels).flatten()
    };
    let pictures: Vec<(Arc<str>, FileUse, u64)> = files
        .iter_used()
        .filter_map(|(path, file)| Some((Arc::clone(path), file.clone(), size(path, file)?)))
        .collect();
    if let Some(progress) = progress {
        progress.begin(Stage::Pictures, pictures.len());
    }
    for batch in batches(&pictures) {
        let found: Vec<Renditions> = batch
            .par_iter()
            .map(|(path, file, _)| {
                let made = renditions(world, cache, store, path, file);
                progress.inspect(|progress| progress.step());
                made
            })
            .collect();
        for ((path, file, _), renditions) in batch.iter().zip(found) {
            cache.media.remember_renditions(path, file.stamp, &renditions);
            files.set_renditions(path, renditions);
        }
    }
    cache.media.forget_renditions(|path| files.beside(path).is_some());
}

/// Cuts pictures into pieces of so many pixels that they may be decoded together.
fn batches(pictures: &[(Arc<str>, FileUse, u64)]) -> Vec<&[(Arc<str>, FileUse, u64)]> {
    let mut batches = Vec::new();
    let (mut start, mut total) = (0, 0);
    for (position, (.., pixels)) in pictures.iter().enumerate() {
        if total + pixels > MOST_AT_ONCE {
            batches.push(&pictures[start..position]);
            (start, total) = (position, 0);
        }
        total += pixels;
    }
    batches.push(&pictures[start..]);
    batches
}

/// The smaller copies of a picture in use.
pub(super) fn renditions(
    world: &dyn World,
    cache: &Cache,
    store: &Store,
    path: &str,
    file: &FileUse,
) -> Renditions {
    let is_video = media::is_video(path);
    // A video without a poster is tried again once there is a program that can take one.
    let is_final =
        |renditions: &Renditions| !is_video || !renditions.widths.is_empty() || !frame::is_possible();
    let known = cache.media.renditions(path);
    let known = known.filter(|(_, renditions)| is_final(renditions));
    if let Some((stamp, renditions)) = known
        && cache.trusts(*stamp, file.stamp)
    {
        return renditions.clone();
    }
    // Copying the picture to the output will report what cannot be read.
    let Ok(bytes) = world.read(path) else {
        return Renditions::default();
    };
    let source = hash(&bytes);
    match known {
        Some((_, renditions)) if renditions.source == source => renditions.clone(),
        _ => store.renditions(source, path, &bytes),
    }
}

impl Work<'_> {
    /// Puts out the smaller copies that are not in the output as they were left.
    pub(super) fn thumbnails(&self) -> Result<Vec<Done>, Diagnostic> {
        let files = self.loaded.catalog.files.iter_used();
        let pictures: Vec<(&Arc<str>, &Renditions)> = files
            .map(|(path, file)| (path, &file.renditions))
            .filter(|(_, renditions)| !renditions.widths.is_empty())
            .collect();
        let done: Vec<Result<Vec<Done>, Diagnostic>> = pictures
            .into_par_iter()
            .map(|(path, renditions)| self.thumbnails_of(path, renditions))
            .collect();
        let done: Result<Vec<Vec<Done>>, Diagnostic> = done.into_iter().collect();
        Ok(done?.into_iter().flatten().collect())
    }

    fn thumbnails_of(&self, path: &str, renditions: &Renditions) -> Result<Vec<Done>, Diagnostic> {
        let mut made: Option<Vec<Thumbnail>> = None;
        let mut done = Vec::new();
        for width in &renditions.widths {
            let file = PlainFile::rendition(path, *width).file();
            let input = input(renditions.source, *width);
            if let Some(known) = self.known(&file, input) {
                done.extend(known);
                continue;
            }
            let thumbnails = made.get_or_insert_with(|| self.made(path, renditions.source));
            // A picture that changed since it was looked at may have others: then the next build shows them.
            if let Some(thumbnail) = thumbnails.iter().find(|thumbnail| thumbnail.width == *width) {
                done.extend(self.stage(file, input, &thumbnail.bytes)?);
            }
        }
        Ok(done)
    }

    /// The copies as they were kept; made once more when somebody removed or damaged them.
    fn made(&self, path: &str, source: Hash) -> Vec<Thumbnail> {
        let again = || {
            let bytes = self.world.read(path).ok()?;
            Some(self.thumbnails.get_or_make(hash(&bytes), path, &bytes))
        };
        self.thumbnails.get(source).or_else(again).unwrap_or_default()
    }
}

fn input(source: Hash, width: u32) -> Hash {
    hash(&postcard::to_stdvec(&(source, width, REVISION)).unwrap_or_default())
}
