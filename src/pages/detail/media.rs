//! The files that an entry's page plays and shows.

use jixia_markdown::{Facts, MediaKind, Role, media_kind};

use super::super::Planner;
use super::super::view::{FileView, TrackView};
use crate::content::{Entry, Value};

impl Planner<'_> {
    /// The file shown first. A video's captions lie beside it, or are named in a field of their own.
    pub(super) fn main_file(&self, entry: &Entry) -> Option<FileView> {
        let file = |name: &str| match entry.get(name) {
            Some(Value::File(file)) => self.file(entry, file),
            _ => None,
        };
        let mut main = file("main_file")?;
        if main.form == "video" && main.captions.is_empty() {
            main.captions.extend(file("captions").map(|captions| TrackView {
                url: captions.url,
                language: self.texts.language.clone(),
            }));
        }
        Some(main)
    }
}

/// Whether a page plays video or audio: before its body, or in it.
pub(super) fn plays(facts: &Facts, main_file: Option<&FileView>) -> bool {
    let is_played = |file: &FileView| matches!(file.form.as_str(), "video" | "audio");
    main_file.is_some_and(is_played)
        || facts.links.iter().any(|link| {
            let kind = media_kind(&link.target).map(|(kind, _)| kind);
            link.role == Role::Media && matches!(kind, Some(MediaKind::Video | MediaKind::Audio))
        })
}

/// Pictures in a body.
pub(super) fn pictures(facts: &Facts) -> usize {
    facts.links.iter().filter(|link| link.role == Role::Image).count()
}
