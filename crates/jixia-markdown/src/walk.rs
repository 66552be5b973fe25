//! One pass over a body, for both readers of it: facts and rendering see the same pieces in the same order.
//!
//! On top of the parser's events this merges neighbouring texts, takes the sentinels out, finds bare addresses,
//! joins the lines of an HTML block, and decides what is a formula. Texts stay slices of the body wherever they can.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use memchr::{memchr, memmem};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

use super::autolink::{Search, Wanted};
use super::prepare::{Prepared, SENTINEL, has_sentinel};

/// A piece of a body.
pub(super) enum Piece<'a> {
    /// An element begins.
    Start(Tag<'a>),
    /// An element ends.
    End(TagEnd),
    /// Text, merged.
    Text(Cow<'a, str>),
    /// A bare address: URL and text.
    Address(String, Cow<'a, str>),
    /// A code span.
    Code(Cow<'a, str>),
    /// Raw HTML: a whole block, or one tag in a line (`false`).
    Html(Cow<'a, str>, bool),
    /// A formula; set apart if `true`.
    Math(Cow<'a, str>, bool),
    /// The end of a line of source within a paragraph.
    SoftBreak,
    /// A line break that was asked for.
    HardBreak,
    /// A thematic break.
    Rule,
    /// A reference to a footnote, by its label.
    Footnote(Cow<'a, str>),
    /// A task's box; checked if `true`.
    Task(bool),
}

/// The pass.
pub(super) struct Walker<'a> {
    source: &'a str,
    marked: bool,
    wanted: Wanted,
    events: OffsetIter<'a>,
    ahead: VecDeque<(Event<'a>, Range<usize>)>,
    ready: VecDeque<(Piece<'a>, Range<usize>)>,
    /// Links and images we are inside of: no bare addresses there.
    links: u32,
    in_code: bool,
}

impl<'a> Walker<'a> {
    /// Begins a pass over a prepared body.
    pub(super) fn new(prepared: &'a Prepared<'_>) -> Self {
        let source = &*prepared.text;
        Walker {
            source,
            marked: prepared.is_marked(),
            wanted: Wanted::new(source),
            events: Parser::new_ext(source, options(source)).into_offset_iter(),
            ahead: VecDeque::new(),
            ready: VecDeque::new(),
            links: 0,
            in_code: false,
        }
    }

    /// The next piece, with its place in the prepared text.
    pub(super) fn next(&mut self) -> Option<(Piece<'a>, Range<usize>)> {
        if let Some(ready) = self.ready.pop_front() {
            return Some(ready);
        }
        let (event, range) = self.event()?;
        let piece = match event {
            Event::Text(text) => return Some(self.text(text, range)),
            Event::Start(Tag::HtmlBlock) => return Some(self.html_block(range)),
            Event::Start(tag) => Piece::Start(self.start(tag)),
            Event::End(end) => {
                match end {
                    TagEnd::Link | TagEnd::Image => self.links = self.links.saturating_sub(1),
                    TagEnd::CodeBlock => self.in_code = false,
                    _ => {}
                }
                Piece::End(end)
            }
            Event::Code(code) => Piece::Code(self.clean(code)),
            Event::Html(html) => Piece::Html(self.clean(html), true),
            Event::InlineHtml(html) => Piece::Html(self.clean(html), false),
            // As in Pandoc, `$5 或 $6` are prices: a digit after the closing sign makes it no formula.
            Event::InlineMath(_)
                if self
                    .source
                    .as_bytes()
                    .get(range.end)
                    .is_some_and(u8::is_ascii_digit) =>
            {
                Piece::Text(self.clean(CowStr::Borrowed(&self.source[range.clone()])))
            }
            Event::InlineMath(math) => Piece::Math(self.clean(math), false),
            Event::DisplayMath(math) => Piece::Math(self.clean(math), true),
            Event::SoftBreak => Piece::SoftBreak,
            Event::HardBreak => Piece::HardBreak,
            Event::Rule => Piece::Rule,
            Event::FootnoteReference(label) => Piece::Footnote(self.clean(label)),
            Event::TaskListMarker(checked) => Piece::Task(checked),
        };
        Some((piece, range))
    }

    /// Whether the paragraph just begun consists of pictures alone (and line ends), and `accept` likes one of them.
    /// The numbers are indices counted from the next link.
    pub(super) fn only_pictures(&mut self, mut accept: impl FnMut(usize, &str, &str) -> bool) -> bool {
        let (mut depth, mut pictures, mut accepted) = (0_u32, 0, false);
        let mut at = 0;
        loop {
            if at == self.ahead.len() {
                let Some(event) = self.events.next() else {
                    return false;
                };
                self.ahead.push_back(event);
            }
            match &self.ahead[at].0 {
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    if depth == 0 {
                        accepted |= accept(pictures, dest_url, title);
                    }
                    depth += 1;
                    pictures += 1;
                }
                Event::Start(Tag::Link { .. }) if depth > 0 => pictures += 1,
                Event::End(TagEnd::Image) => depth -= 1,
                Event::End(TagEnd::Paragraph) => return accepted,
                Event::SoftBreak | Event::HardBreak => {}
                Event::Text(text) if depth > 0 || text.trim_matches('\u{FDD0}').trim().is_empty() => {}
                _ if depth > 0 => {}
                _ => return false,
            }
            at += 1;
        }
    }

    /// The rest of the source from an offset of the prepared text.
    pub(super) fn source_from(&self, offset: usize) -> &'a str {
        self.source.get(offset..).unwrap_or_default()
    }

    fn event(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        self.ahead.pop_front().or_else(|| self.events.next())
    }

    /// Reads on while texts follow each other, then splits bare addresses off.
    fn text(&mut self, first: CowStr<'a>, range: Range<usize>) -> (Piece<'a>, Range<usize>) {
        let mut run = Run::new(self.source, first, range);
        loop {
            if self.ahead.is_empty() {
                let Some(event) = self.events.next() else { break };
                self.ahead.push_back(event);
            }
            if !matches!(self.ahead.front(), Some((Event::Text(_), _))) {
                break;
            }
            if let Some((Event::Text(text), range)) = self.ahead.pop_front() {
                run.push(self.source, &text, range);
            }
        }
        let range = run.range.clone();
        let text = self.strip(run.finish(self.source));
        if self.links == 0 && !self.in_code && !self.wanted.nothing() {
            self.split_addresses(text, &range)
        } else {
            (Piece::Text(text), range)
        }
    }

    fn split_addresses(&mut self, text: Cow<'a, str>, range: &Range<usize>) -> (Piece<'a>, Range<usize>) {
        let mut done = 0;
        let mut search = Search::new(&text, self.wanted);
        while let Some(found) = search.next(done) {
            if found.start > done {
                self.ready
                    .push_back((Piece::Text(part(&text, done..found.start)), range.clone()));
            }
            let shown = part(&text, found.start..found.end);
            // The exact place is known where the text is the source; else the whole run's has to do.
            let place = match self
                .source
                .get(range.start + found.start..range.start + found.end)
            {
                Some(source) if *source == *shown => range.start + found.start..range.start + found.end,
                _ => range.clone(),
            };
            self.ready
                .push_back((Piece::Address(format!("{}{shown}", found.prefix), shown), place));
            done = found.end;
        }
        if done == 0 {
            return (Piece::Text(text), range.clone());
        }
        if done < text.len() {
            self.ready
                .push_back((Piece::Text(part(&text, done..text.len())), range.clone()));
        }
        // There is at least the address itself.
        self.ready
            .pop_front()
            .unwrap_or((Piece::Text(Cow::Borrowed("")), range.clone()))
    }

    fn html_block(&mut self, range: Range<usize>) -> (Piece<'a>, Range<usize>) {
        let mut run = Run {
            text: None,
            range: range.start..range.start,
        };
        while let Some((event, place)) = self.event() {
            match event {
                Event::Html(html) | Event::Text(html) => run.push(self.source, &html, place),
                Event::End(TagEnd::HtmlBlock) => break,
                _ => {}
            }
        }
        (Piece::Html(self.strip(run.finish(self.source)), true), range)
    }

    fn start(&mut self, mut tag: Tag<'a>) -> Tag<'a> {
        match &mut tag {
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            }
            | Tag::Image {
                link_type,
                dest_url,
                title,
                ..
            } => {
                self.links += 1;
                if *link_type == LinkType::Email {
                    *dest_url = format!("mailto:{dest_url}").into();
                }
                if self.marked {
                    *dest_url = strip_cow(std::mem::replace(dest_url, CowStr::Borrowed("")));
                    *title = strip_cow(std::mem::replace(title, CowStr::Borrowed("")));
                }
            }
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                if let CodeBlockKind::Fenced(info) = kind {
                    *info = strip_cow(std::mem::replace(info, CowStr::Borrowed("")));
                }
            }
            Tag::FootnoteDefinition(label) if self.marked => {
                *label = strip_cow(std::mem::replace(label, CowStr::Borrowed("")));
            }
            _ => {}
        }
        tag
    }

    fn clean(&self, text: CowStr<'a>) -> Cow<'a, str> {
        self.strip(match text {
            CowStr::Borrowed(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.into_string()),
        })
    }

    /// Takes sentinels out: without a copy where they stand at the ends, as nearly all do.
    fn strip(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        if !self.marked {
            return text;
        }
        match text {
            Cow::Borrowed(text) => {
                let text = text.trim_matches('\u{FDD0}');
                if has_sentinel(text) {
                    Cow::Owned(text.replace(SENTINEL, ""))
                } else {
                    Cow::Borrowed(text)
                }
            }
            Cow::Owned(text) if has_sentinel(&text) => Cow::Owned(text.replace(SENTINEL, "")),
            owned => owned,
        }
    }
}

fn strip_cow(text: CowStr<'_>) -> CowStr<'_> {
    if has_sentinel(&text) {
        text.replace(SENTINEL, "").into()
    } else {
        text
    }
}

/// What the parser has to look for. What the body cannot contain costs nothing.
fn options(source: &str) -> Options {
    let bytes = source.as_bytes();
    let mut options = Options::ENABLE_TASKLISTS | Options::ENABLE_GFM;
    options.set(Options::ENABLE_TABLES, memchr(b'|', bytes).is_some());
    options.set(Options::ENABLE_STRIKETHROUGH, memchr(b'~', bytes).is_some());
    options.set(Options::ENABLE_FOOTNOTES, memmem::find(bytes, b"[^").is_some());
    options.set(Options::ENABLE_MATH, memchr(b'$', bytes).is_some());
    options
}

/// A part of a text that stays a slice if the text is one.
fn part<'a>(text: &Cow<'a, str>, range: Range<usize>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
        Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
    }
}

/// Texts that follow each other: a slice of the source as long as they do so there, else a copy.
struct Run {
    text: Option<String>,
    range: Range<usize>,
}

impl Run {
    fn new(source: &str, text: CowStr<'_>, range: Range<usize>) -> Self {
        let copied = (!is_slice(source, &text, &range)).then(|| text.into_string());
        Run { text: copied, range }
    }

    fn push(&mut self, source: &str, text: &str, range: Range<usize>) {
        if self.text.is_none() && !(range.start == self.range.end && is_slice(source, text, &range)) {
            self.text = Some(source[self.range.clone()].to_owned());
        }
        if let Some(copied) = &mut self.text {
            copied.push_str(text);
        }
        self.range.end = self.range.end.max(range.end);
    }

    fn finish<'a>(self, source: &'a str) -> Cow<'a, str> {
        self.text
            .map_or_else(|| Cow::Borrowed(&source[self.range]), Cow::Owned)
    }
}

/// Whether `text` is the very bytes of the source at `range`.
fn is_slice(source: &str, text: &str, range: &Range<usize>) -> bool {
    text.len() == range.len()
        && source
            .as_bytes()
            .get(range.start..)
            .is_some_and(|rest| rest.as_ptr() == text.as_ptr())
}
