//! Looks into files.

use super::{Probe, media_type, signature, svg, thumbnails};
use crate::world::World;

/// Whether the first bytes of a file contradict its name: what they are instead, empty when they are of no known kind.
pub fn contradiction(path: &str, head: &[u8]) -> Option<&'static str> {
    signature::contradiction(media_type(path)?, head)
}

/// What an archive is whose parts are not those of the document that its name says.
pub fn packed(path: &str, names: &[String]) -> Option<&'static str> {
    signature::contradiction_of_parts(media_type(path)?, names)
}

/// What of a drawing keeps it from being published, with the line in brackets. Returns `None` if nothing does.
pub fn unsafe_drawing(bytes: &[u8]) -> Option<String> {
    let reason = svg::probe(bytes).unsafe_reason?;
    Some(reason.trim_start_matches("SVG: ").to_owned())
}

/// Bytes from the beginning of a file that [`contradiction`] looks at.
pub const HEAD: usize = signature::HEAD;

/// Why an attachment of the store must not be offered under its name: the portal's server would tell browsers to run
/// it. Returns `None` if it may.
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

/// Looks into a file beside Markdown. One that cannot be read tells nothing: it is reported when it is copied.
pub(super) fn probe(world: &dyn World, path: &str) -> Probe {
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
