//! Pictures that entries show: covers, banners, photographs, and the sizes a browser may choose from.

use super::view::Picture;
use super::{PlainFile, Planner};
use crate::catalog::Destination;
use crate::content::Entry;

impl Planner<'_> {
    pub(super) fn cover(&self, entry: &Entry) -> Option<Picture> {
        let (path, _) = entry.cover.as_ref()?;
        self.picture(entry, path, entry.cover_alt.as_deref().unwrap_or_default())
    }

    /// A picture that an entry names, if it is there.
    pub(super) fn picture(&self, entry: &Entry, target: &str, alt: &str) -> Option<Picture> {
        let plain = |url| Picture {
            url,
            alt: alt.to_owned(),
            width: None,
            height: None,
            srcset: None,
        };
        match self.catalog.destination(entry, target) {
            Destination::File(path) => {
                let dimensions = self.dimensions(path);
                Some(Picture {
                    width: dimensions.map(|size| size.0),
                    height: dimensions.map(|size| size.1),
                    srcset: self.srcset(path),
                    ..plain(self.file_url(path))
                })
            }
            Destination::Attachment(attachment) => Some(plain(self.attachment_url(entry, attachment)?)),
            Destination::External => Some(plain(target.to_owned())),
            _ => None,
        }
    }

    /// The picture shown before a video plays: the one beside it, else the frame that the build took of it.
    pub(super) fn poster(&self, video: &str) -> Option<String> {
        if let Some(beside) = self.catalog.files.poster(video) {
            return Some(self.file_url(beside));
        }
        let width = self.catalog.files.used(video)?.renditions.widths.last()?;
        Some(self.url(&PlainFile::rendition(video, *width)))
    }

    /// Width and height of a picture in use, in pixels.
    pub(super) fn dimensions(&self, path: &str) -> Option<(u32, u32)> {
        self.catalog.files.used(path)?.probe.dimensions
    }

    /// A picture in all its sizes, as the attribute `srcset` has them. Returns `None` if there is only one.
    pub(super) fn srcset(&self, path: &str) -> Option<String> {
        let (width, _) = self.dimensions(path)?;
        let widths = &self.catalog.files.used(path)?.renditions.widths;
        let copies = widths
            .iter()
            .map(|width| format!("{} {width}w", self.url(&PlainFile::rendition(path, *width))));
        let all: Vec<String> = copies
            .chain([format!("{} {width}w", self.file_url(path))])
            .collect();
        (all.len() > 1).then(|| all.join(", "))
    }
}
