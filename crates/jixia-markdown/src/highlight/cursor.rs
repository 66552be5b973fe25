//! Where a lexer is that reads a part of a snippet from front to back.

use std::ops::Range;

use super::scan;
use super::sink::Sink;

/// A place in a part of a snippet, and where tokens go.
pub(super) struct Cursor<'c, 's, 'o> {
    pub(super) sink: &'s mut Sink<'c, 'o>,
    /// The snippet up to the end of the part.
    pub(super) code: &'c str,
    pub(super) at: usize,
}

impl<'c, 's, 'o> Cursor<'c, 's, 'o> {
    /// The start of a part. Returns `None` if the part does not end between two characters.
    pub(super) fn new(sink: &'s mut Sink<'c, 'o>, range: Range<usize>) -> Option<Self> {
        let code = sink.code.get(..range.end)?;
        Some(Self {
            sink,
            code,
            at: range.start,
        })
    }

    /// Whether anything is left to read.
    pub(super) fn is_within(&self) -> bool {
        self.at < self.code.len()
    }

    /// The end of the line.
    pub(super) fn line_end(&self) -> usize {
        scan::line_end(self.code, self.at)
    }

    /// Marks what comes up to `end`, at most the end of the part, and goes on there.
    pub(super) fn take(&mut self, end: usize, class: &'static str) {
        let end = end.min(self.code.len());
        self.sink.mark(self.at, end, class);
        self.at = end;
    }
}
