//! What can be open: a text up to its end, code within a text, an element.

use super::super::language::{Escape, Holes, Quote};

/// What is open.
pub(super) enum Frame<'c> {
    Text(Text<'c>),
    Hole(Hole),
    /// The attributes of an element.
    Attributes,
    /// What an element holds.
    Children,
}

/// What ends a text.
#[derive(Clone, Copy)]
pub(super) enum Close<'c> {
    /// These characters.
    Mark(&'c str),
    /// A bracket; others of the kind within are counted.
    Bracket { open: u8, close: u8 },
    /// `first`, then so many of a byte, then perhaps a last one: `"##`, `]==]`, `)--"`.
    Run {
        first: &'static str,
        byte: u8,
        count: usize,
        last: Option<u8>,
    },
    /// `)`, a name, `"`: C++.
    Raw(&'c str),
    /// A line that holds this.
    Line {
        tag: &'c str,
        blanks: Blanks,
        rest: Rest,
    },
}

/// What may stand before the last line's mark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blanks {
    None,
    Tabs,
    Any,
}

/// What may follow the last line's mark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// The end of the line.
    Nothing,
    /// Whatever does not go on with its name.
    NoName,
    /// Whatever comes.
    Any,
}

/// A text that is being read.
#[derive(Clone, Copy)]
pub(super) struct Text<'c> {
    /// Where what is not yet marked begins.
    pub(super) start: usize,
    pub(super) close: Close<'c>,
    pub(super) escape: Escape,
    /// It may go on over lines.
    pub(super) lines: bool,
    pub(super) holes: Holes,
    pub(super) class: &'static str,
    /// Brackets open within.
    pub(super) depth: u32,
}

impl<'c> Text<'c> {
    /// A text of many lines in which nothing but its end has a meaning.
    pub(super) fn verbatim(start: usize, close: Close<'c>) -> Self {
        Text {
            start,
            close,
            escape: Escape::None,
            lines: true,
            holes: Holes::None,
            class: "s",
            depth: 0,
        }
    }

    pub(super) fn quoted(start: usize, quote: &Quote) -> Self {
        Text {
            escape: quote.escape,
            lines: quote.lines,
            holes: quote.holes,
            ..Text::verbatim(start, Close::Mark(quote.close))
        }
    }
}

/// Code within a text, or within brackets that say how it is read.
#[derive(Clone, Copy, Default)]
pub(super) struct Hole {
    pub(super) open: u8,
    pub(super) close: u8,
    /// Brackets open within.
    pub(super) depth: u32,
    /// A format follows a colon.
    pub(super) format: bool,
    /// Arithmetic of a shell: `<<` shifts.
    pub(super) arithmetic: bool,
}

impl Hole {
    pub(super) fn of(open: u8, close: u8) -> Self {
        Hole {
            open,
            close,
            ..Hole::default()
        }
    }
}
