//! The state of rendering a body, and the moves that all of its parts share.

use std::ops::Range;

use pulldown_cmark::Alignment;

use super::figure::Image;
use super::footnotes::Footnotes;
use super::highlight::Memo;
use super::raw_tags::RawTags;
use super::slug::Slugs;
use super::{Target, Texts};

/// What a link was written as, for its end tag.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkEnd {
    Anchor,
    Span,
}

/// How far the label of a Chinese admonition has been passed over.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Done,
    Awaited,
    Inside,
    After,
}

/// A heading being written.
pub(super) struct OpenHeading {
    /// Where its tag begins in the output.
    pub(super) start: usize,
    pub(super) text: String,
}

/// A body on its way to HTML: what was written, and what is open.
pub(super) struct Writer<'t> {
    pub(super) out: String,
    pub(super) targets: &'t [Target],
    pub(super) texts: &'t Texts,
    pub(super) memo: Option<&'t dyn Memo>,
    pub(super) next_link: usize,
    /// Containers around; those beyond [`crate::MAX_DEPTH`] are not written.
    pub(super) depth: u32,
    pub(super) raw: RawTags,
    /// Where the piece of raw HTML stands that is being written, and the tags that could not stand where they are.
    pub(super) place: Range<usize>,
    pub(super) strays: Vec<(&'static str, Range<usize>)>,
    /// Details were begun just now, which begin with a summary.
    pub(super) awaits_summary: bool,
    /// Whether a raw paragraph ends in the piece that is being written.
    pub(super) ends_here: bool,
    /// Where the line end of a soft break was written that may have to go.
    pub(super) soft: Option<usize>,
    pub(super) last: char,
    pub(super) heading: Option<OpenHeading>,
    /// Where the level of each heading stands in the output, in its first tag and in its last.
    pub(super) levels: Vec<usize>,
    pub(super) slugs: Slugs,
    pub(super) links: Vec<LinkEnd>,
    pub(super) image: Option<Image>,
    pub(super) quotes: Vec<bool>,
    pub(super) label: Label,
    pub(super) figures: bool,
    /// Paragraphs, headings and inline elements around.
    pub(super) inline: u32,
    pub(super) paragraph: usize,
    pub(super) code: Option<(String, String)>,
    pub(super) alignments: Vec<Alignment>,
    pub(super) cell: usize,
    pub(super) in_head: bool,
    pub(super) has_rows: bool,
    pub(super) tables: u32,
    pub(super) footnotes: Footnotes,
}

impl<'t> Writer<'t> {
    pub(super) fn new(
        length: usize,
        targets: &'t [Target],
        texts: &'t Texts,
        memo: Option<&'t dyn Memo>,
    ) -> Self {
        Writer {
            out: String::with_capacity(length + length / 4 + 64),
            targets,
            texts,
            memo,
            next_link: 0,
            depth: 0,
            raw: RawTags::default(),
            place: 0..0,
            strays: Vec::new(),
            awaits_summary: false,
            ends_here: false,
            soft: None,
            last: ' ',
            heading: None,
            levels: Vec::new(),
            slugs: Slugs::default(),
            links: Vec::new(),
            image: None,
            quotes: Vec::new(),
            label: Label::Done,
            figures: false,
            inline: 0,
            paragraph: 0,
            code: None,
            alignments: Vec::new(),
            cell: 0,
            in_head: false,
            has_rows: false,
            tables: 0,
            footnotes: Footnotes::default(),
        }
    }

    /// Whether a link is open, of Markdown or raw: links do not stand in links.
    pub(super) fn is_linked(&self) -> bool {
        !self.links.is_empty() || self.raw.is_open("a")
    }

    /// Whether a heading of Markdown is being written.
    pub(super) fn in_heading(&self) -> bool {
        self.heading.is_some()
    }

    /// Something that is no text was reached: the line end before it stays.
    pub(super) fn inline_done(&mut self) {
        self.soft = None;
        self.last = ' ';
    }

    /// Adds to the text of an open heading, of which its id is made.
    pub(super) fn heading_text(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
    }

    /// Ends the line unless nothing is in it.
    pub(super) fn fresh_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Shortens the output; what was remembered of the rest is forgotten.
    pub(super) fn truncate(&mut self, length: usize) {
        self.out.truncate(length);
        while self.levels.pop_if(|level| *level >= length).is_some() {}
        self.soft = None;
    }
}
