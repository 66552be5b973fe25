//! What files are: by extension, by their first bytes, by checksum. Knows no entries.

pub mod convert;
mod drawing;
pub mod frame;
mod inspect;
mod memo;
mod probe;
mod signature;
mod svg;
pub mod thumbnails;
mod types;
mod unpublished;

pub(crate) use drawing::cleaned;
pub(crate) use inspect::refused;
pub use inspect::{HEAD, contradiction, packed, unsafe_drawing};
pub use memo::Memo;
pub use probe::Probe;
pub use signature::formats;
pub use types::{is_video, media_type};
pub(crate) use unpublished::advice;
pub use unpublished::{Unpublished, unpublished};
