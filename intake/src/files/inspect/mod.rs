//! What is in a file that somebody sent: its text, and of a video its tables. Knows no people, database or HTTP.
//!
//! Files are hostile: everything read is bounded in bytes, depth and time, and what cannot be read is nothing found,
//! never a failure. Other programs are run without a shell, with limits, and are not needed.

pub mod clamav;
mod matroska;
mod mp4;
mod office;
mod text;

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use jixia::stop::Stop;
use serde::{Deserialize, Serialize};

use crate::domain::personal;
use crate::domain::video::Video;
use crate::domain::words::{Found, Words};

/// What was found in a file. No text of the file is kept, and of personal data a hidden form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Name of the kind and the number with hidden digits.
    pub personal: Vec<(String, String)>,
    /// Words of the site's list.
    pub words: Vec<Found>,
    /// Of a video.
    #[serde(alias = "film")]
    pub video: Option<Video>,
}

/// A text file of up to so many bytes is read while its sender waits.
const QUICK: u64 = 1_000_000;

/// Whether looking into a file takes so little that its sender can wait for it.
pub fn is_quick(media_type: &str, size: u64) -> bool {
    match kind_of(media_type) {
        Kind::Text => size <= QUICK,
        Kind::Video | Kind::Other => true,
        Kind::Office | Kind::Pdf => false,
    }
}

enum Kind {
    Text,
    Office,
    Pdf,
    Video,
    Other,
}

fn kind_of(media_type: &str) -> Kind {
    match media_type {
        "application/pdf" => Kind::Pdf,
        office if office.starts_with("application/vnd.o") => Kind::Office,
        text if text.starts_with("text/") || text == "image/svg+xml" => Kind::Text,
        video if video.starts_with("video/") => Kind::Video,
        _ => Kind::Other,
    }
}

/// Looks into a file. What takes a program that is not there, or what is damaged, is nothing found.
pub fn inspect(path: &Path, media_type: &str, words: &Words, stop: &Stop) -> Facts {
    let text = match kind_of(media_type) {
        Kind::Text => text::plain(path),
        Kind::Office => File::open(path).ok().and_then(|file| office_text(file, stop)),
        Kind::Pdf => text::pdf(path, stop),
        Kind::Video => {
            let video = File::open(path).ok().and_then(|file| video(file, media_type));
            return Facts {
                video: Some(video.unwrap_or_default()),
                ..Facts::default()
            };
        }
        Kind::Other => return Facts::default(),
    };
    of_text(&text.unwrap_or_default(), words)
}

/// The text of an office document. Returns `None` if it is none that can be opened.
pub fn office_text(document: impl Read + Seek, stop: &Stop) -> Option<String> {
    office::text(document, stop)
}

/// What the tables of a video say. Returns `None` if there are none.
pub fn video(source: impl Read + Seek, media_type: &str) -> Option<Video> {
    if media_type == "video/webm" {
        matroska::read(source)
    } else {
        mp4::read(source)
    }
}

/// What is found in a text.
pub fn of_text(text: &str, words: &Words) -> Facts {
    let hidden = personal::find(text).into_iter().take(20);
    Facts {
        personal: hidden
            .map(|(finding, hidden)| (finding.name().to_owned(), hidden))
            .collect(),
        words: words.find(text),
        video: None,
    }
}
