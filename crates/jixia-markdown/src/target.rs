//! Where links lead, as whoever knows the site says.

use super::MediaKind;

/// What a link or picture became when its target was resolved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum Target {
    /// A place in this portal.
    Url(String),
    /// A place elsewhere.
    External(String),
    /// A picture.
    Picture {
        /// Where it is.
        url: String,
        /// In pixels.
        width: Option<u32>,
        /// In pixels.
        height: Option<u32>,
        /// Other sizes, as the `srcset` attribute has them.
        srcset: Option<String>,
    },
    /// Something to play, read or download.
    Media(Media),
    /// Leads nowhere.
    Broken,
}

/// A media file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Media {
    /// Where it is.
    pub url: String,
    /// How it is shown.
    pub kind: MediaKind,
    /// Such as `video/mp4`.
    pub media_type: String,
    /// Picture shown before a video plays.
    pub poster: Option<String>,
    /// Caption tracks; the first is on by default.
    pub captions: Vec<Captions>,
    /// In bytes.
    pub size: Option<u64>,
}

/// A track of captions.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Captions {
    /// Where the WebVTT file is.
    pub url: String,
    /// Language tag, such as `zh-CN`.
    pub lang: String,
    /// Name shown in the player's menu.
    pub label: String,
}
