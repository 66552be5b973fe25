//! Files that people send: kept by checksum, on their way, and what is in them. Knows neither whose they are nor the
//! database nor HTTP.

pub mod blobs;
pub mod inspect;
pub mod tus;

pub use blobs::{Blobs, Stage};
