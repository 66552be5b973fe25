//! What the rest of the program may know of a body, in one pass.

use std::collections::BTreeSet;
use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{HeadingLevel, Tag, TagEnd};

use super::foreign::{self, Foreign};
use super::html::{self, Token};
use super::levels::Levels;
use super::prepare::Prepared;
use super::render::strays;
use super::slug::{Slugs, split_id};
use super::walk::{Piece, Walker};
use super::{
    Block, BlockKind, Body, Facts, Heading, Link, Problem, ProblemKind, Role, chars, math, media_kind,
};

/// Longest summary, in characters.
const SUMMARY: usize = 120;
/// Shortest paragraph that makes a summary while longer ones follow, in characters.
const SHORTEST: usize = 20;
/// Longest sample of markup that is none, in characters.
const SAMPLE: usize = 40;
/// Longest label of a link, in characters.
const LABEL: usize = 80;

/// Reads a body. `text` receives its plain text block by block, for the search index.
pub fn facts<'a>(body: impl Into<Body<'a>>, text: &mut dyn FnMut(Block<'_>)) -> Facts {
    let body = body.into();
    let prepared = Prepared::new(body.text);
    let mut walker = Walker::new(&prepared, body.title);
    let mut reader = Reader {
        prepared: &prepared,
        text,
        facts: Facts::default(),
        known: BTreeSet::new(),
        slugs: Slugs::default(),
        levels: Levels::default(),
        block: String::new(),
        formula: None,
        soft: false,
        open: Vec::new(),
        heading: None,
        in_code: false,
        in_note: 0,
        pictures: 0,
        has_words: false,
        has_parts: false,
        begins_line: true,
        columns: 0,
        has_extra: false,
        has_brackets: has_brackets(body.text),
        first_text: String::new(),
    };
    while let Some((piece, range)) = walker.next() {
        reader.piece(piece, range);
    }
    // Whether a tag can stand where it is, only writing it tells.
    if reader.has_parts {
        for (name, range) in strays(&prepared, body.title) {
            reader.problem(ProblemKind::StrayTag, name.to_owned(), range);
        }
    }
    reader.finish()
}

struct Reader<'p, 't> {
    prepared: &'p Prepared<'p>,
    text: &'t mut dyn FnMut(Block<'_>),
    facts: Facts,
    /// Mistakes that were noted.
    known: BTreeSet<(ProblemKind, String)>,
    slugs: Slugs,
    levels: Levels,
    /// Text of the block being read.
    block: String,
    /// Where the first formula of `block` begins: a summary shows no TeX.
    formula: Option<usize>,
    /// A line of source ended and the next text is not known yet.
    soft: bool,
    /// Links being read: index and where their text begins in `block`.
    open: Vec<(usize, usize)>,
    heading: Option<(HeadingLevel, Range<usize>)>,
    in_code: bool,
    /// Quotes and footnotes around: they make no summary.
    in_note: u32,
    /// Pictures around: their alternative text makes no summary.
    pictures: u32,
    has_words: bool,
    /// Whether there is raw HTML that only some elements may hold, or that holds only some.
    has_parts: bool,
    /// Nothing but markup of ours stands before the next text in its line.
    begins_line: bool,
    /// Columns of the table being read, and whether a row with more was noted.
    columns: usize,
    has_extra: bool,
    /// Whether backslashes can be those of formulas.
    has_brackets: bool,
    first_text: String,
}

impl Reader<'_, '_> {
    fn piece(&mut self, piece: Piece<'_>, range: Range<usize>) {
        match piece {
            Piece::Text(text) => {
                if !self.in_code {
                    self.signs(&text, &range);
                }
                self.add(&text);
            }
            Piece::Code(text) => self.add(&text),
            Piece::Start(tag) => self.start(tag, range),
            Piece::End(tag) => self.end(tag),
            Piece::SoftBreak => {
                self.soft = true;
                self.begins_line = true;
            }
            Piece::HardBreak => {
                self.block.push('\n');
                self.begins_line = true;
            }
            Piece::Rule => self.flush(BlockKind::Text),
            Piece::Address(url, text) => {
                self.link(Role::Link, &url, range);
                self.add(&text);
                self.close_link();
            }
            Piece::Math(source, _) => {
                self.facts.has_math = true;
                if let Err(detail) = math::check(&source) {
                    let span = self.span(range);
                    self.facts.problems.push(Problem {
                        kind: ProblemKind::Formula,
                        span,
                        detail,
                    });
                }
                self.formula.get_or_insert(self.block.len());
                self.add(&source);
            }
            Piece::Html(html, block) => self.html(&html, block, &range),
            Piece::Footnote(_) | Piece::Task(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {}
            Tag::Link { dest_url, .. } => self.link(Role::Link, &dest_url, range),
            Tag::Image { dest_url, .. } => {
                let role = if media_kind(&dest_url).is_some() {
                    Role::Media
                } else {
                    Role::Image
                };
                self.link(role, &dest_url, range);
                self.pictures += 1;
            }
            tag => {
                self.flush(BlockKind::Text);
                self.begins_line = true;
                match tag {
                    Tag::Table(alignments) => {
                        self.columns = alignments.len();
                        self.has_extra = false;
                    }
                    Tag::TableRow => self.row(&range),
                    Tag::Heading { level, .. } => self.heading = Some((level, range)),
                    Tag::CodeBlock(_) => {
                        self.facts.has_code = true;
                        self.in_code = true;
                    }
                    Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) => self.in_note += 1,
                    _ => {}
                }
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
            TagEnd::Link => self.close_link(),
            TagEnd::Image => {
                self.close_link();
                self.pictures = self.pictures.saturating_sub(1);
            }
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.flush(BlockKind::Code);
            }
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition => {
                self.flush(BlockKind::Text);
                self.in_note = self.in_note.saturating_sub(1);
            }
            TagEnd::Paragraph => {
                if self.facts.summary.is_empty()
                    && self.in_note == 0
                    && self.has_words
                    && says_something(self.before_formula())
                {
                    self.facts.summary = self.short();
                }
                self.flush(BlockKind::Text);
            }
            _ => self.flush(BlockKind::Text),
        }
    }

    fn end_heading(&mut self) {
        let Some((level, range)) = self.heading.take() else {
            return;
        };
        let (text, explicit) = split_id(&self.block);
        let text = text.trim();
        let id = self.slugs.heading(text, explicit);
        let text = text.to_owned();
        self.block.clear();
        self.block.push_str(&text);
        let level = self.level(level as u8, &range);
        let span = self.span(range);
        self.facts.headings.push(Heading {
            level,
            id,
            text,
            span,
        });
        self.flush(BlockKind::Heading);
    }

    /// The level in the page of a heading, also one of raw HTML.
    fn level(&mut self, written: u8, range: &Range<usize>) -> u8 {
        let (level, skips) = self.levels.next(written);
        if skips {
            let span = self.span(range.clone());
            let (kind, detail) = (ProblemKind::SkippedLevel, format!("h{written}"));
            self.facts.problems.push(Problem { kind, span, detail });
        }
        level
    }

    fn add(&mut self, text: &str) {
        if self.soft {
            self.soft = false;
            let joined = match (self.block.chars().next_back(), text.chars().next()) {
                (Some(left), Some(right)) => chars::joins(left, right),
                _ => true,
            };
            if !joined {
                self.block.push(' ');
            }
        }
        self.has_words |= self.pictures == 0;
        self.begins_line = false;
        self.block.push_str(text);
    }

    fn link(&mut self, role: Role, target: &str, range: Range<usize>) {
        if role == Role::Image {
            self.facts.counts.images += 1;
        }
        self.open.push((self.facts.links.len(), self.block.len()));
        let span = self.span(range);
        self.facts.links.push(Link {
            role,
            target: target.to_owned(),
            span,
            label: String::new(),
        });
    }

    fn close_link(&mut self) {
        let Some((index, start)) = self.open.pop() else {
            return;
        };
        if let (Some(link), Some(text)) = (self.facts.links.get_mut(index), self.block.get(start..)) {
            link.label = shorten(text, LABEL);
        }
    }

    fn html(&mut self, html: &str, block: bool, range: &Range<usize>) {
        if block {
            self.flush(BlockKind::Text);
        }
        if foreign::is_include(html) && html.trim_start().starts_with("<!--") {
            self.foreign(Foreign::Include, html.trim(), range, 0);
        }
        if html::is_trivial(html) && !block {
            if html::is_break(html) {
                self.block.push('\n');
            }
            return;
        }
        // Where a tag of this name, a part of the piece, begins and its name ends.
        let tag = |name: &str| match offset(html, name) {
            at if at > 0 && at < html.len() && html.len() == range.len() => {
                range.start + at - 1..range.start + at + name.len()
            }
            _ => range.clone(),
        };
        html::lex(html, &mut |token| match token {
            Token::Text(text) => {
                if block {
                    self.add(&html::decode(text));
                }
            }
            Token::Open(name, attributes) => {
                self.facts.has_raw_html |= name != "br";
                self.has_parts |=
                    html::parents(name).is_some() || html::is_frame(name) || html::is_heading(name);
                if block {
                    self.block.push(' ');
                }
                for (role, element, attribute) in [(Role::Link, "a", "href"), (Role::Image, "img", "src")] {
                    if name == element
                        && let Some(target) = attributes.get(attribute)
                    {
                        self.link(role, target.trim(), range.clone());
                        self.add(&attributes.get("alt").unwrap_or_default());
                        self.close_link();
                    }
                }
                if html::is_heading(name)
                    && let Ok(written) = name[1..].parse()
                {
                    self.level(written, range);
                }
                if let Some(id) = html::id_of(name, &attributes)
                    && self.slugs.claim(id.trim())
                {
                    self.facts.anchors.push(id.into_owned());
                }
            }
            Token::Close(_) | Token::Unhide(_) => self.facts.has_raw_html = true,
            Token::Hide(name) | Token::Removed(name) if html::is_element(name) => {
                self.facts.has_raw_html = true;
                self.problem(ProblemKind::RemovedHtml, name.to_ascii_lowercase(), tag(name));
            }
            Token::Hide(name) | Token::Removed(name) => {
                self.facts.has_raw_html = true;
                self.problem(ProblemKind::UnknownTag, name.to_owned(), tag(name));
            }
        });
        if block {
            self.flush(BlockKind::Text);
        }
    }

    /// Notes what in a text is markup of others, or of ours and means nothing.
    fn signs(&mut self, text: &str, range: &Range<usize>) {
        if self.begins_line
            && let Some(foreign) = foreign::at_line_start(text)
        {
            return self.foreign(foreign, text, range, 0);
        }
        if self.begins_line && self.in_note > 0 && foreign::callout(text).is_some() {
            return self.foreign(Foreign::Callout, text, range, 0);
        }
        self.undefined_footnotes(text, range);
        foreign::inside(text, &mut |foreign, piece| {
            let is_end = piece.starts_with("{% end") || piece.starts_with("{{< /");
            if !is_end {
                self.foreign(foreign, piece, range, offset(text, piece));
            }
        });
        if self.has_brackets {
            let prepared = self.prepared;
            let start = range.start.saturating_sub(1);
            let source = prepared.text.get(start..range.end).unwrap_or_default();
            foreign::formulas(source, &mut |piece| {
                let at = start + offset(source, piece);
                self.foreign(Foreign::Formula, piece, &(at..at + piece.len()), 0);
            });
        }
    }

    /// Notes markup of others that stands `at` bytes into the text at `range`.
    fn foreign(&mut self, foreign: Foreign, piece: &str, range: &Range<usize>, at: usize) {
        let line = piece.lines().next().unwrap_or_default();
        // The exact place is known where the text is the source; else the whole run's has to do.
        let start = range.start + at;
        let source = self.prepared.text.get(start..start + line.len());
        let place = match source {
            Some(source) if source == line => start..start + line.len(),
            _ => range.clone(),
        };
        self.problem(ProblemKind::Foreign(foreign), shorten(line, SAMPLE), place);
    }

    /// Notes a row of a table that has more cells than the head, the first of each table.
    fn row(&mut self, range: &Range<usize>) {
        let prepared = self.prepared;
        let row = prepared.text.get(range.start..).unwrap_or_default();
        let row = row.split(['\n', '\r']).next().unwrap_or_default();
        // A row as long as the head has no more bars than columns and one.
        let cells = foreign::cells(row);
        if cells > self.columns && !self.has_extra {
            self.has_extra = true;
            let detail = format!("{}/{cells}", self.columns);
            let span = self.span(range.start..range.start + row.len());
            let kind = ProblemKind::ExtraCells;
            self.facts.problems.push(Problem { kind, span, detail });
        }
    }

    /// What looks like a reference to a footnote and is text has no footnote.
    fn undefined_footnotes(&mut self, text: &str, range: &Range<usize>) {
        // A label ends where another bracket begins: no sign is looked at twice.
        for at in memmem::find_iter(text.as_bytes(), b"[^") {
            let rest = &text[at + 2..];
            let end = rest.find(|sign: char| matches!(sign, '[' | ']') || sign.is_whitespace());
            let label = end.map_or("", |end| &rest[..end]);
            if !label.is_empty() && rest[label.len()..].starts_with(']') {
                self.problem(ProblemKind::UndefinedFootnote, label.to_owned(), range.clone());
            }
        }
    }

    /// Notes a mistake, of several with the same detail the first.
    fn problem(&mut self, kind: ProblemKind, detail: String, range: Range<usize>) {
        if self.known.insert((kind, detail.clone())) {
            let span = self.span(range);
            self.facts.problems.push(Problem { kind, span, detail });
        }
    }

    /// Ends a block: counts it and hands it on.
    fn flush(&mut self, kind: BlockKind) {
        self.soft = false;
        self.has_words = false;
        let text = self.block.trim();
        if !text.is_empty() && !self.in_code {
            if kind != BlockKind::Code {
                let counts = &mut self.facts.counts;
                chars::count(text, &mut counts.characters, &mut counts.words);
            }
            // What stands first makes the summary if no paragraph does.
            if kind == BlockKind::Text && self.first_text.is_empty() && self.facts.summary.is_empty() {
                self.first_text = self.short();
            }
            let anchor = self.facts.headings.last().map(|heading| heading.id.as_str());
            (self.text)(Block { kind, text, anchor });
        }
        self.block.clear();
        self.formula = None;
    }

    /// The block up to its first formula.
    fn before_formula(&self) -> &str {
        let end = self.formula.unwrap_or(self.block.len());
        self.block.get(..end).unwrap_or(&self.block)
    }

    /// The block as a summary; one that a formula ends says that it goes on.
    fn short(&self) -> String {
        let text = self.before_formula().trim_end();
        let mut short = shorten(text, SUMMARY);
        if self.formula.is_some() && !text.is_empty() && !short.ends_with('…') {
            short.push('…');
        }
        short
    }

    fn span(&self, range: Range<usize>) -> Range<u32> {
        self.prepared.origin(range.start)..self.prepared.origin(range.end)
    }

    fn finish(mut self) -> Facts {
        self.flush(BlockKind::Text);
        let mut facts = self.facts;
        if facts.summary.is_empty() {
            facts.summary = self.first_text;
        }
        let counts = &mut facts.counts;
        // In units of 1/400 minute.
        let work = u64::from(counts.characters) + 2 * u64::from(counts.words);
        counts.minutes = u32::try_from(work.div_ceil(400)).unwrap_or(u32::MAX).max(1);
        facts
    }
}

/// Whether formulas in the brackets of LaTeX can be in a body.
fn has_brackets(body: &str) -> bool {
    let mut backslashes = memchr::memchr_iter(b'\\', body.as_bytes());
    backslashes.any(|at| matches!(body.as_bytes().get(at + 1), Some(b'(' | b'[')))
}

/// Where a part of a text begins in it; beyond its end if it is none.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize)
        .checked_sub(text.as_ptr() as usize)
        .unwrap_or(usize::MAX)
}

/// Whether a paragraph can be a summary: not a letterhead, a document number or those addressed (`各有关单位：`).
fn says_something(paragraph: &str) -> bool {
    let paragraph = paragraph.trim();
    paragraph.chars().nth(SHORTEST - 1).is_some() && !paragraph.ends_with(['：', ':'])
}

/// The text in one line, cut after `limit` characters.
fn shorten(text: &str, limit: usize) -> String {
    let text = text.trim();
    let mut short = String::with_capacity(text.len().min(limit * 3 + 3));
    for (count, c) in text.chars().enumerate() {
        if count == limit {
            short.push('…');
            break;
        }
        short.push(if c.is_whitespace() { ' ' } else { c });
    }
    short
}
