//! One pass over a body, for both readers of it: facts and rendering see the same pieces in the same order.
//!
//! On top of the parser's events this merges neighbouring texts, takes the sentinels out, finds bare addresses,
//! joins the lines of an HTML block, and decides what is a formula. Texts stay slices of the body wherever they can.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use memchr::{memchr, memmem};
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, OffsetIter, Options, Parser, Tag, TagEnd,
};

use super::autolink::{Search, Wanted};
use super::prepare::{Prepared, unprepared};
use super::slug::split_id;

/// What paragraphs of Chinese documents begin with.
const INDENT: &str = "\u{3000}\u{3000}";

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
    in_paragraph: bool,
    /// Emphasis, links and images we are inside of.
    inline: u32,
    /// The title that the page shows already, until the first `h1` was met.
    title: Option<&'a str>,
}

impl<'a> Walker<'a> {
    /// Begins a pass over a prepared body. Its first `h1` is left out if it says no more than `title`.
    pub(super) fn new(prepared: &'a Prepared<'_>, title: &'a str) -> Self {
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
            in_paragraph: false,
            inline: 0,
            title: Some(title).filter(|title| !title.is_empty()),
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
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) if self.repeats_title() => return self.next(),
            Event::Start(tag) => Piece::Start(self.start(tag)),
            Event::End(end) => Piece::End(self.end(end)),
            Event::SoftBreak | Event::HardBreak if self.begins_paragraph() => {
                self.ready
                    .push_back((Piece::Start(Tag::Paragraph), range.end..range.end));
                return Some((Piece::End(TagEnd::Paragraph), range));
            }
            Event::Code(code) => Piece::Code(self.clean(code)),
            Event::Html(html) => Piece::Html(self.clean(html), true),
            Event::InlineHtml(html) => Piece::Html(self.clean(html), false),
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

    /// Whether the heading just begun, the first `h1`, says no more than the title. Then it is passed over.
    fn repeats_title(&mut self) -> bool {
        let Some(title) = self.title.take() else {
            return false;
        };
        let mut text = String::new();
        let mut length = 0;
        loop {
            if length == self.ahead.len() {
                let Some(event) = self.events.next() else {
                    return false;
                };
                self.ahead.push_back(event);
            }
            length += 1;
            match &self.ahead[length - 1].0 {
                Event::Text(part) | Event::Code(part) => text.push_str(part),
                Event::SoftBreak => text.push(' '),
                Event::End(TagEnd::Heading(_)) => break,
                _ => {}
            }
        }
        let text = unprepared(&text).unwrap_or(text);
        let is_repeated = split_id(&text).0.split_whitespace().eq(title.split_whitespace());
        if is_repeated {
            self.ahead.drain(..length);
        }
        is_repeated
    }

    /// Whether the line that follows a line end begins a paragraph as Chinese documents do: with two full-width spaces.
    fn begins_paragraph(&mut self) -> bool {
        if !self.in_paragraph || self.inline > 0 {
            return false;
        }
        if self.ahead.is_empty() {
            self.ahead.extend(self.events.next());
        }
        matches!(self.ahead.front(), Some((Event::Text(text), _)) if text.starts_with(INDENT))
    }

    fn end(&mut self, end: TagEnd) -> TagEnd {
        match end {
            TagEnd::Link | TagEnd::Image => self.links = self.links.saturating_sub(1),
            TagEnd::CodeBlock => self.in_code = false,
            _ => {}
        }
        self.inline = match end {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => {
                self.inline.saturating_sub(1)
            }
            _ => 0,
        };
        self.in_paragraph &= end != TagEnd::Paragraph;
        end
    }

    fn start(&mut self, mut tag: Tag<'a>) -> Tag<'a> {
        match &tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. } => {
                self.inline += 1;
            }
            _ => {
                self.inline = 0;
                self.in_paragraph = matches!(tag, Tag::Paragraph);
            }
        }
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
                unprepared(text).map_or(Cow::Borrowed(text), Cow::Owned)
            }
            Cow::Owned(text) => Cow::Owned(unprepared(&text).unwrap_or(text)),
        }
    }
}

fn strip_cow(text: CowStr<'_>) -> CowStr<'_> {
    unprepared(&text).map_or(text, CowStr::from)
}

/// What the parser has to look for. What the body cannot contain costs nothing.
fn options(source: &str) -> Options {
    let bytes = source.as_bytes();
    let mut options = Options::ENABLE_TASKLISTS | Options::ENABLE_GFM;
    options.set(Options::ENABLE_TABLES, memchr(b'|', bytes).is_some());
    options.set(
        Options::ENABLE_STRIKETHROUGH,
        memmem::find(bytes, b"~~").is_some(),
    );
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
