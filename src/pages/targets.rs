//! Where the links of a body lead, as the renderer wants them.

use jixia_markdown::{Captions, DataPicture, Link, Media, MediaKind, Role, Target, media_kind};

use super::{PlainFile, Planner, address};
use crate::catalog::{Destination, Ix, Status};
use crate::content::Entry;

impl Planner<'_> {
    /// One target for each link of an entry's body, in their order.
    pub(super) fn targets(&self, ix: Ix) -> Vec<Target> {
        let entry = self.catalog.entry(ix);
        entry
            .facts
            .links
            .iter()
            .map(|link| self.target(entry, link))
            .collect()
    }

    fn target(&self, entry: &Entry, link: &Link) -> Target {
        match self.catalog.destination(entry, &link.target) {
            Destination::Entry(ix, _) if self.catalog.status(ix) == Status::Hidden => Target::Broken,
            Destination::Entry(ix, anchor) => {
                let url = self.entry_url(ix);
                Target::Url(match anchor {
                    Some(anchor) => format!("{url}#{anchor}"),
                    None => url,
                })
            }
            Destination::Anchor(anchor) => Target::Url(format!("#{anchor}")),
            Destination::Address(path, _) => self.address_target(&path, &link.target),
            Destination::External => match link.role {
                Role::Image => Target::Picture {
                    url: link.target.clone(),
                    width: None,
                    height: None,
                    srcset: None,
                },
                Role::Media => match media_kind(&link.target) {
                    Some((kind, media_type)) => self.media(link.target.clone(), kind, media_type, None, None),
                    None => Target::External(link.target.clone()),
                },
                Role::Link => Target::External(link.target.clone()),
            },
            Destination::File(path) => self.file_target(link, path),
            Destination::Attachment(attachment) => {
                let Some(url) = self.attachment_url(entry, attachment) else {
                    return Target::Broken;
                };
                let name = attachment.path.as_deref().unwrap_or(&attachment.name);
                let media_type = attachment.media_type.as_deref().unwrap_or_default();
                match link.role {
                    Role::Link => Target::Url(url),
                    Role::Image => Target::Picture {
                        url,
                        width: None,
                        height: None,
                        srcset: None,
                    },
                    Role::Media => {
                        let kind = Self::media_kind(name);
                        let poster = self.stored_poster(entry, attachment);
                        let path = attachment.path.as_deref();
                        let media = self.media(url, kind, media_type, attachment.size, path);
                        with_poster(media, poster)
                    }
                }
            }
            // A picture that stands in its address may be shown.
            Destination::Forbidden if link.role != Role::Link && DataPicture::parse(&link.target).is_ok() => {
                Target::Picture {
                    url: link.target.trim().to_owned(),
                    width: None,
                    height: None,
                    srcset: None,
                }
            }
            Destination::Forbidden | Destination::Refused | Destination::Nowhere => Target::Broken,
        }
    }

    /// The address of what lies at a path, with query and heading as they are `written`.
    fn address_target(&self, path: &str, written: &str) -> Target {
        let path = path.strip_prefix('/').unwrap_or(path);
        let url = match self.addresses.answering(path) {
            Some(place) => self.url(place),
            None if self.addresses.plain_files().contains(&address::file(path)) => {
                self.url(&PlainFile::Beside(path.to_owned()))
            }
            None => return Target::Broken,
        };
        let rest = written.find(['?', '#']).map_or("", |start| &written[start..]);
        Target::Url(url + rest)
    }

    fn file_target(&self, link: &Link, path: &str) -> Target {
        let url = self.file_url(path);
        let used = self.catalog.files.used(path);
        match link.role {
            Role::Link => Target::Url(url),
            Role::Image => {
                let dimensions = self.dimensions(path);
                let (width, height) = (dimensions.map(|size| size.0), dimensions.map(|size| size.1));
                Target::Picture {
                    url,
                    width,
                    height,
                    srcset: self.srcset(path),
                }
            }
            Role::Media => {
                let media_type = crate::media::media_type(path).unwrap_or_default();
                let size = used.map(|file| file.stamp.size);
                self.media(url, Self::media_kind(path), media_type, size, Some(path))
            }
        }
    }

    fn media(
        &self,
        url: String,
        kind: MediaKind,
        media_type: &str,
        size: Option<u64>,
        path: Option<&str>,
    ) -> Target {
        let video = path.filter(|_| kind == MediaKind::Video);
        let captions = video.map(|path| self.tracks(path)).unwrap_or_default();
        let captions = captions.into_iter().map(|track| Captions {
            label: if track.language.starts_with("en") {
                "English".to_owned()
            } else {
                "中文".to_owned()
            },
            url: track.url,
            lang: track.language,
        });
        let media_type = match media_kind(&url) {
            Some((_, known)) if media_type.is_empty() => known,
            _ => media_type,
        };
        Target::Media(Media {
            url,
            kind,
            media_type: media_type.to_owned(),
            poster: video.and_then(|path| self.poster(path)),
            captions: captions.collect(),
            size,
        })
    }
}

/// A video that has no poster, with one.
fn with_poster(mut target: Target, poster: Option<String>) -> Target {
    if let Target::Media(media) = &mut target
        && media.kind == MediaKind::Video
    {
        media.poster = media.poster.take().or(poster);
    }
    target
}
