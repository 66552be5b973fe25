//! Jixia: from a repository of Markdown to a static portal.

pub mod catalog;
pub mod config;
pub mod content;
pub mod diag;
pub mod markdown;
pub mod media;
pub mod pages;
pub mod source;
pub mod world;
