//! Smaller WebP copies of pictures, so that a phone does not load what a camera made.
//!
//! A copy depends on the bytes of the picture and on [`REVISION`] alone: made once, it is kept in the cache directory
//! ([`Store`]) for as long as the picture is there.

mod container;
mod make;
mod store;

pub(super) use make::is_turned;
pub use make::{REVISION, Renditions, Thumbnail, make, pixels, poster};
pub use store::Store;
