//! What files are: by extension, by their first bytes, by checksum. Knows no entries.

pub mod frame;
mod signature;
mod svg;
pub mod thumbnails;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::diag::{Code, Diagnostic};
use crate::hash::Hash;
use crate::world::{Stamp, World};
use thumbnails::Renditions;

/// What looking into a file told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Width and height of a picture in pixels, as it is shown.
    pub dimensions: Option<(u32, u32)>,
    /// Why it must not be published.
    pub unsafe_reason: Option<String>,
    /// SHA-256 of its bytes in lower-case hexadecimal, of a file that pages offer for download.
    pub sha256: Option<String>,
    /// What it is, when that is something else than its name says; empty when it is nothing known.
    pub actual_format: Option<String>,
}

impl Probe {
    /// Why a file of this path cannot be published, without a place.
    pub fn problem(&self, path: &str) -> Option<Diagnostic> {
        if let Some(reason) = &self.unsafe_reason {
            let diagnostic = Diagnostic::new(Code::UnsafeFile).with("target", path);
            return Some(diagnostic.with("reason", reason));
        }
        let actual = self.actual_format.as_ref()?;
        let diagnostic = Diagnostic::new(Code::WrongFileType).with("target", path);
        Some(diagnostic.with("actual", actual))
    }
}

/// What was found out about files, so that it need not be found out again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Memo {
    probes: BTreeMap<Arc<str>, (Stamp, Probe)>,
    checksums: BTreeMap<Box<str>, (Stamp, Box<str>)>,
    renditions: BTreeMap<Arc<str>, (Stamp, Renditions)>,
}

impl Memo {
    /// Looks into a file beside Markdown, unless that was done with the same stamp. The checksum is taken of files that
    /// are offered for download.
    pub fn probe(&self, world: &dyn World, path: &str, stamp: Stamp, is_offered: bool) -> Probe {
        let mut probe = match self.probes.get(path) {
            Some((known, probe)) if *known == stamp => probe.clone(),
            _ => probe(world, path),
        };
        if !is_offered {
            probe.sha256 = None;
        } else if probe.sha256.is_none() {
            // A file that cannot be read is reported when it is copied.
            let bytes = world.read(path).ok();
            probe.sha256 = bytes.map(|bytes| HEXLOWER.encode(&Sha256::digest(bytes)));
        }
        probe
    }

    /// Keeps what [`Memo::probe`] found.
    pub fn remember(&mut self, path: &Arc<str>, stamp: Stamp, probe: &Probe) {
        self.probes.insert(Arc::clone(path), (stamp, probe.clone()));
    }

    /// Which smaller copies a picture had, and its stamp then.
    pub fn renditions(&self, path: &str) -> Option<&(Stamp, Renditions)> {
        self.renditions.get(path)
    }

    /// Keeps which smaller copies a picture has.
    pub fn remember_renditions(&mut self, path: &Arc<str>, stamp: Stamp, renditions: &Renditions) {
        self.renditions
            .insert(Arc::clone(path), (stamp, renditions.clone()));
    }

    /// Forgets the smaller copies of files that are gone.
    pub fn forget_renditions(&mut self, is_there: impl Fn(&str) -> bool) {
        self.renditions.retain(|path, _| is_there(path));
    }

    /// Hashes of the pictures whose smaller copies are known.
    pub fn rendition_sources(&self) -> impl Iterator<Item = &Hash> {
        self.renditions.values().map(|(_, renditions)| &renditions.source)
    }

    /// Stamps of the attachments that were looked at, by their path in a store.
    pub(crate) fn blob_stamps(&self, store: &str) -> Vec<(String, Stamp)> {
        let blobs = self.checksums.iter();
        blobs
            .map(|(sha256, (stamp, _))| (crate::world::blob_path(store, sha256), *stamp))
            .collect()
    }

    /// The SHA-256 of an attachment's bytes, in lower-case hexadecimal.
    ///
    /// # Errors
    /// When the attachment cannot be read.
    pub fn checksum(
        &mut self,
        world: &dyn World,
        store: &str,
        sha256: &str,
        stamp: Stamp,
    ) -> io::Result<Box<str>> {
        if let Some((known, checksum)) = self.checksums.get(sha256)
            && *known == stamp
        {
            return Ok(checksum.clone());
        }
        let checksum: Box<str> = HEXLOWER.encode(&world.hash_blob(store, sha256)?).into();
        self.checksums.insert(sha256.into(), (stamp, checksum.clone()));
        Ok(checksum)
    }
}

/// Extensions of files that may be published from beside Markdown, with their media types. Source code is
/// offered as plain text; no HTML and no browser scripts: they would run with the portal's rights.
const TYPES: &[(&str, &str)] = &[
    ("aac", "audio/aac"),
    ("avif", "image/avif"),
    ("c", "text/plain"),
    ("cpp", "text/plain"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("flac", "audio/flac"),
    ("gcode", "text/plain"),
    ("gif", "image/gif"),
    ("h", "text/plain"),
    ("ino", "text/plain"),
    ("java", "text/plain"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("m4a", "audio/mp4"),
    ("m4v", "video/mp4"),
    ("md", "text/markdown"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("nc", "text/plain"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ogg", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("py", "text/plain"),
    ("sql", "text/plain"),
    ("st", "text/plain"),
    ("svg", "image/svg+xml"),
    ("toml", "text/plain"),
    ("txt", "text/plain"),
    ("vtt", "text/vtt"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("xls", "application/vnd.ms-excel"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("yaml", "text/plain"),
    ("zip", "application/zip"),
];

/// The media type of a file name, if files of its extension may be published.
pub fn media_type(path: &str) -> Option<&'static str> {
    let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
    TYPES
        .binary_search_by(|(known, _)| (*known).cmp(&extension))
        .ok()
        .map(|position| TYPES[position].1)
}

/// Whether the first bytes of a file contradict its name: what they are instead, empty when they are of no known kind.
pub fn contradiction(path: &str, head: &[u8]) -> Option<&'static str> {
    signature::contradiction(media_type(path)?, head)
}

/// Bytes from the beginning of a file that [`contradiction`] looks at.
pub const HEAD: usize = signature::HEAD;

/// Whether a file name is that of a video.
pub fn is_video(path: &str) -> bool {
    media_type(path).is_some_and(|media_type| media_type.starts_with("video/"))
}

/// Why an attachment of the store must not be offered under its name: the portal's server would tell browsers to run
/// it. Nothing if it may.
pub(crate) fn refused(world: &dyn World, store: &str, name: &str, sha256: &str) -> Option<String> {
    let Some(media_type) = media_type(name) else {
        return Some(
            name.rsplit_once('.')
                .map_or(name, |(_, extension)| extension)
                .to_owned(),
        );
    };
    if media_type != "image/svg+xml" {
        return None;
    }
    let bytes = world.read_blob(store, sha256).ok()?;
    svg::probe(&bytes).unsafe_reason
}

fn probe(world: &dyn World, path: &str) -> Probe {
    let unsafe_file = |reason: &str| Probe {
        unsafe_reason: Some(reason.to_owned()),
        ..Probe::default()
    };
    let Some(media_type) = media_type(path) else {
        return unsafe_file(path.rsplit_once('.').map_or("", |(_, extension)| extension));
    };
    let is_picture = media_type.starts_with("image/");
    let read = if is_picture {
        world.read(path)
    } else {
        world.head(path, signature::HEAD)
    };
    let Ok(bytes) = read else {
        return Probe::default();
    };
    let head = &bytes[..bytes.len().min(signature::HEAD)];
    if let Some(actual) = signature::contradiction(media_type, head) {
        return Probe {
            actual_format: Some(actual.to_owned()),
            ..Probe::default()
        };
    }
    if !is_picture {
        return Probe::default();
    }
    if media_type == "image/svg+xml" {
        return svg::probe(&bytes);
    }
    let dimensions = imagesize::blob_size(&bytes).ok();
    let dimensions =
        dimensions.and_then(|size| Some((size.width.try_into().ok()?, size.height.try_into().ok()?)));
    let is_turned = media_type == "image/jpeg" && thumbnails::is_turned(&bytes);
    Probe {
        dimensions: dimensions.map(|(width, height)| {
            if is_turned {
                (height, width)
            } else {
                (width, height)
            }
        }),
        ..Probe::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_in_order_and_found() {
        assert!(TYPES.is_sorted());
        assert_eq!(media_type("a/b.MP4"), Some("video/mp4"));
        assert_eq!(media_type("a.html"), None);
        assert_eq!(media_type("a"), None);
    }
}
