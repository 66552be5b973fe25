//! Jixia: from a repository of Markdown to a static portal.

pub mod build;
pub mod cache;
pub mod catalog;
mod check_external;
pub mod cli;
pub mod config;
pub mod content;
pub mod diag;
pub mod markdown;
pub mod media;
pub mod output;
pub mod pages;
pub mod render;
pub mod search;
pub mod serve;
pub mod source;
pub mod world;
