//! The Markdown engine: pure functions from a body to its facts and to HTML.
//!
//! It is called twice for a body: [`facts()`] when the entry is read, [`render()`] when its page is written. Between
//! them the rest of the program resolves [`Facts::links`] to [`Target`]s, which come back in the same order. This
//! crate knows no files, no catalog, no templates and no URLs of its own.
//!
//! What is understood: CommonMark 0.31; of GFM tables, task lists, strikethrough, footnotes and bare addresses;
//! admonitions (`> [!NOTE]`, `> **注意：**`); formulas as MathML; figures and players by the image syntax;
//! highlighted code; raw HTML by an allow-list; and Chinese typography (`prepare` for emphasis). A line of
//! source that ends between two Chinese characters adds no space.
//!
//! Headings: the page's template has the `h1`, and the first one of a body is left out if it repeats that title. The
//! headings of a body begin at `h2` and skip no level (`levels`). [`Heading::level`] is the level in the page.
//!
//! Nesting deeper than [`MAX_DEPTH`] is flattened: what is deeper is shown without its containers.
//!
//! Speed (one core, release, `examples/markdown_speed.rs`): facts 440 MB/s and rendering 440 MB/s on plain notices,
//! 170 and 150 MB/s on software manuals dense with links, tables and code. No body costs more than linear time.
//!
//! Hostile input: text is escaped, links are judged by scheme, raw HTML is written anew from an allow-list and
//! balanced within its container (`html`, `raw`), formulas are built by our own writer (`math`). No class, style or id
//! of an author's choosing gets through except ids of plain letters.

mod autolink;
mod body;
mod chars;
mod data;
mod dollars;
mod escape;
mod facts;
mod figure;
mod footnotes;
pub mod foreign;
pub mod highlight;
mod html;
mod label;
mod levels;
mod math;
mod prepare;
mod raw;
mod raw_tags;
mod render;
mod slug;
mod spans;
mod target;
mod texts;
mod url;
mod walk;
mod writer;

pub use body::{
    Block, BlockKind, Body, Counts, Facts, Heading, Link, MAX_DEPTH, Problem, ProblemKind, Role, Span,
};
pub use data::{DataError, DataPicture};
pub use facts::facts;
pub use render::{render, render_with};
pub use target::{Captions, Media, Target};
pub use texts::Texts;
pub use url::{Address, MediaKind, classify, media_kind, without_credentials};
