//! What files are: by extension, by their first bytes, by checksum. Knows no entries.

pub mod frame;
mod inspect;
mod memo;
mod probe;
mod signature;
mod svg;
pub mod thumbnails;
mod types;

pub(crate) use inspect::refused;
pub use inspect::{HEAD, contradiction};
pub use memo::Memo;
pub use probe::Probe;
pub use types::{is_video, media_type};
