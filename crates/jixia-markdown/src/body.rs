//! What is known of a body.

use std::ops::Range;

use super::foreign::Foreign;

/// Bytes in the body as it was given.
pub type Span = Range<u32>;

/// Containers deeper than this are flattened.
pub const MAX_DEPTH: u32 = 64;

/// A body, and the title that its page shows above it.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// Markdown.
    pub text: &'a str,
    /// An `h1` that says just this is left out. Empty if the page shows none. Facts and rendering must be given the same.
    pub title: &'a str,
}

impl<'a> From<&'a str> for Body<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, title: "" }
    }
}

impl<'a> From<&'a String> for Body<'a> {
    fn from(text: &'a String) -> Self {
        text.as_str().into()
    }
}

/// Everything the rest of the program may know of a body.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Facts {
    /// All headings written in Markdown, in order.
    pub headings: Vec<Heading>,
    /// Ids that raw HTML sets: further anchors of the page.
    pub anchors: Vec<String>,
    /// The first paragraph that says something (not a letterhead, not those addressed), at most 120 characters.
    pub summary: String,
    /// How long the body is.
    pub counts: Counts,
    /// Links, pictures and media in the order of the body, those of raw HTML too.
    pub links: Vec<Link>,
    /// What could not be understood.
    pub problems: Vec<Problem>,
    /// Whether there is raw HTML beyond line breaks and comments.
    pub has_raw_html: bool,
    /// Whether there is a code block.
    pub has_code: bool,
    /// Whether there is a formula.
    pub has_math: bool,
}

/// A heading of a body.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Heading {
    /// 1 to 6 as rendered, see the crate's documentation.
    pub level: u8,
    /// Unique in the body: written as `{#id}`, else made from the text as GitHub does, Chinese kept.
    pub id: String,
    /// Plain text.
    pub text: String,
    /// The whole heading.
    pub span: Span,
}

/// Sizes of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Chinese, Japanese and Korean letters, without punctuation.
    pub characters: u32,
    /// Other words: runs of letters and digits. Code blocks are not counted.
    pub words: u32,
    /// Pictures.
    pub images: u32,
    /// Reading time in minutes at 400 characters or 200 words a minute, at least 1.
    pub minutes: u32,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Role {
    /// Leads somewhere.
    Link,
    /// Shows a picture.
    Image,
    /// Image syntax with the target of a video, a sound or a PDF.
    Media,
}

/// A link of a body.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Link {
    /// What it is for.
    pub role: Role,
    /// As written, entities and escapes decoded; bare addresses with their scheme.
    pub target: String,
    /// The whole link; of raw HTML the whole block.
    pub span: Span,
    /// Plain text or alternative text, at most 80 characters.
    pub label: String,
}

/// Something in a body that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// Which kind of mistake.
    pub kind: ProblemKind,
    /// Where.
    pub span: Span,
    /// The offending part: of a formula the command that is not known, or what is missing; the name of a tag; the
    /// label of a footnote; how many columns and cells there are, `2/3`; the level of a heading, `h4`; the markup itself.
    pub detail: String,
}

/// Kinds of mistakes in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum ProblemKind {
    /// A formula that is no LaTeX we know; its source is shown.
    Formula,
    /// A tag that is not allowed, or an element whose content is not shown either.
    RemovedHtml,
    /// A reference to a footnote that is not there; it is shown as text.
    UndefinedFootnote,
    /// A tag that HTML does not have: code outside backticks, or a component of another program.
    UnknownTag,
    /// A tag whose element cannot stand where it is, such as a cell outside a table. Only its content is shown.
    StrayTag,
    /// Cells of a row beyond the columns of the table's head, which are not shown.
    ExtraCells,
    /// A heading more than one level below the one before it.
    SkippedLevel,
    /// Markup of another program, or a near miss of ours. It is shown as text.
    Foreign(Foreign),
}

/// What kind of text a [`Block`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading.
    Heading,
    /// A paragraph, list item, cell, footnote.
    Text,
    /// A code block.
    Code,
}

/// A block's plain text, for the search index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'a> {
    /// What it is.
    pub kind: BlockKind,
    /// Its text without markup.
    pub text: &'a str,
    /// Id of the nearest heading above it; a heading's own id.
    pub anchor: Option<&'a str>,
}
