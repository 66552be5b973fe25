//! The text of a document, in the form in which its record holds it.

/// A block of text: a heading, a paragraph, a table's cell, a list's item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The text without markup.
    pub text: String,
}

/// What a block is; an occurrence in a heading counts more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading within the page.
    Heading,
    /// Any other text.
    Body,
}

/// Blocks of text: headings, paragraphs, cells of tables, items of lists. White space within a block is single spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// A line for each block; its first character says what it is, [`HEADING`] or [`BODY`].
    lines: String,
}

/// The first character of the line of a heading.
pub(super) const HEADING: &str = "h";
/// The first character of the line of any other block.
const BODY: &str = "b";

impl Text {
    /// Room for some bytes of text.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            lines: String::with_capacity(bytes),
        }
    }

    /// Adds a block unless nothing is in it.
    pub fn push(&mut self, kind: BlockKind, text: &str) {
        let start = self.lines.len();
        self.lines.push_str(match kind {
            BlockKind::Heading => HEADING,
            BlockKind::Body => BODY,
        });
        push_line(&mut self.lines, text);
        if self.lines.len() == start + 1 {
            self.lines.truncate(start);
        } else {
            self.lines.push('\n');
        }
    }

    /// The blocks in their order.
    pub fn blocks(&self) -> impl Iterator<Item = (BlockKind, &str)> {
        self.lines.lines().map(|line| {
            let (kind, text) = line.split_at(1);
            let kind = if kind == HEADING {
                BlockKind::Heading
            } else {
                BlockKind::Body
            };
            (kind, text)
        })
    }

    /// The bytes that the text takes in memory.
    pub fn size(&self) -> usize {
        self.lines.capacity()
    }

    pub(super) fn lines(&self) -> &str {
        &self.lines
    }
}

impl FromIterator<Block> for Text {
    fn from_iter<I: IntoIterator<Item = Block>>(blocks: I) -> Self {
        let mut text = Self::default();
        for block in blocks {
            text.push(block.kind, &block.text);
        }
        text
    }
}

/// Appends text with runs of white space and control characters (ASCII) as one space, none at the ends.
pub(super) fn push_line(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let control = bytes
        .iter()
        .fold(false, |found, &byte| found | (byte < b' ') | (byte == 0x7F));
    let double = bytes
        .iter()
        .zip(bytes.iter().skip(1))
        .fold(false, |found, pair| found | (pair == (&b' ', &b' ')));
    if !control && !double {
        out.push_str(text.trim_matches(' '));
        return;
    }
    let start = out.len();
    let mut from = 0;
    let mut gap = false;
    for (at, byte) in text.bytes().enumerate() {
        if byte <= b' ' || byte == 0x7F {
            if !gap {
                out.push_str(&text[from..at]);
            }
            gap = true;
        } else if gap {
            if out.len() > start {
                out.push(' ');
            }
            from = at;
            gap = false;
        }
    }
    if !gap {
        out.push_str(&text[from..]);
    }
}
