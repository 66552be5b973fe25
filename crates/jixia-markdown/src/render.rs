//! A body as HTML, in one pass into one string.

mod blocks;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Tag, TagEnd};

use super::figure::{self, Image, Place};
use super::highlight::Memo;
use super::levels::Levels;
use super::prepare::Prepared;
use super::spans;
use super::url::leaves;
use super::walk::{Piece, Walker};
use super::writer::{Label, LinkEnd, Writer};
use super::{Address, Body, MAX_DEPTH, Target, Texts, chars, classify, escape, math, media_kind};

/// Renders a body. `targets` are what [`super::Facts::links`] became, in that order; a link beyond the end keeps
/// its own address if that may be linked.
pub fn render<'a>(body: impl Into<Body<'a>>, targets: &[Target], texts: &Texts) -> String {
    render_with(body, targets, texts, None)
}

/// As [`render`], with a memory of the snippets of code that are dear to highlight.
pub fn render_with<'a>(
    body: impl Into<Body<'a>>,
    targets: &[Target],
    texts: &Texts,
    memo: Option<&dyn Memo>,
) -> String {
    let body = body.into();
    let prepared = Prepared::new(body.text);
    let mut walker = Walker::new(&prepared, body.title);
    let mut writer = Writer::new(body.text.len(), targets, texts, memo);
    while let Some((piece, range)) = walker.next() {
        writer.piece(piece, range, &mut walker);
    }
    writer.finish()
}

/// The raw tags of a body that cannot stand where they are, with the pieces of HTML that hold them.
pub(super) fn strays(prepared: &Prepared<'_>, title: &str) -> Vec<(&'static str, Range<usize>)> {
    let texts = Texts {
        highlight: false,
        ..Texts::default()
    };
    let mut walker = Walker::new(prepared, title);
    let mut writer = Writer::new(0, &[], &texts, None);
    while let Some((piece, range)) = walker.next() {
        writer.piece(piece, range, &mut walker);
    }
    writer.strays
}

impl Writer<'_> {
    fn piece(&mut self, piece: Piece<'_>, range: Range<usize>, walker: &mut Walker<'_>) {
        let Some(piece) = self.pass_label(piece) else {
            return;
        };
        if matches!(piece, Piece::Html(..)) {
            self.place = range.clone();
        } else if self.awaits_summary {
            self.plain_summary();
        }
        if self.image.is_some() {
            return self.alternative(piece);
        }
        let is_content = match &piece {
            Piece::Text(text) => !text.trim().is_empty(),
            Piece::Code(_) | Piece::Address(..) | Piece::Math(..) => true,
            _ => false,
        };
        if is_content && !self.raw.open.is_empty() && self.code.is_none() {
            self.enter_part();
        }
        if !matches!(
            piece,
            Piece::Text(_) | Piece::End(_) | Piece::Html(..) | Piece::SoftBreak
        ) {
            self.leave_frame();
        }
        match piece {
            Piece::Text(text) => self.text(&text),
            Piece::Start(tag) => self.start(tag, range, walker),
            Piece::End(tag) => self.end(tag),
            Piece::SoftBreak => {
                if !self.figures {
                    self.soft = Some(self.out.len());
                    self.out.push('\n');
                }
            }
            Piece::HardBreak => {
                self.inline_done();
                self.out.push_str("<br>\n");
            }
            Piece::Rule => {
                self.fresh_line();
                self.out.push_str("<hr>\n");
            }
            Piece::Code(code) => {
                self.inline_done();
                self.heading_text(&code);
                self.out.push_str("<code>");
                escape::text(&code, &mut self.out);
                self.out.push_str("</code>");
            }
            Piece::Address(url, text) => self.address(&url, &text),
            Piece::Math(source, display) => {
                self.inline_done();
                self.heading_text(&source);
                math::write(&source, display, &mut self.out);
            }
            Piece::Html(html, block) => self.html(&html, block),
            Piece::Footnote(label) => {
                let linked = !self.is_linked();
                self.footnotes
                    .reference(&label, linked, self.texts, &mut self.out);
            }
            Piece::Task(checked) => self.task(checked),
        }
    }

    /// Passes over the bold label that made a quote an admonition: it is the title already.
    fn pass_label<'a>(&mut self, piece: Piece<'a>) -> Option<Piece<'a>> {
        match (self.label, &piece) {
            (Label::Done, _) | (Label::Awaited, Piece::Start(Tag::Paragraph)) => Some(piece),
            (Label::Awaited, Piece::Start(Tag::Strong)) => {
                self.label = Label::Inside;
                None
            }
            (Label::Inside, Piece::End(TagEnd::Strong)) => {
                self.label = Label::After;
                None
            }
            (Label::Inside, _) | (Label::After, Piece::SoftBreak | Piece::HardBreak) => None,
            (Label::After, Piece::Text(text)) => {
                let rest = text.trim_start_matches(['：', ':', ' ', '\u{3000}']);
                if rest.is_empty() {
                    return None;
                }
                self.label = Label::Done;
                Some(Piece::Text(Cow::Owned(rest.to_owned())))
            }
            (Label::Awaited | Label::After, _) => {
                self.label = Label::Done;
                Some(piece)
            }
        }
    }

    /// Inside a picture everything is alternative text.
    fn alternative(&mut self, piece: Piece<'_>) {
        let Some(image) = &mut self.image else { return };
        match piece {
            Piece::Text(text) | Piece::Code(text) | Piece::Math(text, _) => image.alt.push_str(&text),
            Piece::SoftBreak | Piece::HardBreak => image.alt.push(' '),
            Piece::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                image.nested += 1;
                self.next_link += 1;
            }
            Piece::End(TagEnd::Link | TagEnd::Image) if image.nested > 0 => image.nested -= 1,
            Piece::End(TagEnd::Image) => self.end_image(),
            Piece::Html(html, block) => self.html(&html, block),
            _ => {}
        }
    }

    fn end_image(&mut self) {
        let Some(image) = self.image.take() else { return };
        let place = match (self.figures, self.inline) {
            _ if self.is_linked() => Place::Linked,
            (true, _) => Place::Figure,
            (false, 0) => Place::Block,
            _ => Place::Inline,
        };
        self.inline_done();
        self.heading_text(&image.alt);
        figure::write(&image, self.targets, place, self.texts, &mut self.out);
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.code {
            return code.push_str(text);
        }
        let Some(last) = text.chars().next_back() else {
            return;
        };
        if let Some(at) = self.soft.take()
            && text
                .chars()
                .next()
                .is_some_and(|first| chars::joins(self.last, first))
            && self.out.as_bytes().get(at) == Some(&b'\n')
        {
            self.out.remove(at);
        }
        self.last = last;
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
        escape::text(text, &mut self.out);
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>, walker: &mut Walker<'_>) {
        if !self.raw.open.is_empty() {
            self.enter_markup(&tag);
        }
        self.depth += 1;
        let written = self.depth <= MAX_DEPTH;
        match tag {
            Tag::Paragraph => self.start_paragraph(written, walker),
            Tag::Heading { .. } => self.start_heading(),
            Tag::BlockQuote(kind) => self.start_quote(kind, written, walker.source_from(range.start)),
            Tag::CodeBlock(kind) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => blocks::language(info),
                    CodeBlockKind::Indented => "",
                };
                self.code = Some((language.to_owned(), String::new()));
            }
            Tag::Emphasis => self.start_inline("<em>", written),
            Tag::Strong => self.start_inline("<strong>", written),
            Tag::Strikethrough => self.start_inline("<del>", written),
            Tag::Link { dest_url, title, .. } => self.start_link(&dest_url, &title),
            Tag::Image { dest_url, title, .. } => {
                let (target, title) = (dest_url.into_string(), title.into_string());
                self.image = Some(Image {
                    index: self.next_link,
                    target,
                    title,
                    alt: String::new(),
                    nested: 0,
                });
                self.next_link += 1;
            }
            Tag::FootnoteDefinition(label) => {
                self.fresh_line();
                self.footnotes.begin(&label, &self.out);
            }
            Tag::Table(alignments) => self.start_table(alignments, written),
            Tag::List(Some(start)) if written && start != 1 => {
                self.fresh_line();
                self.out.push_str(&format!("<ol start=\"{start}\">\n"));
            }
            Tag::List(Some(_)) if written => self.block("<ol>\n"),
            Tag::List(None) if written => self.block("<ul>\n"),
            Tag::Item if written => self.block("<li>"),
            Tag::TableHead if written => {
                self.in_head = true;
                self.cell = 0;
                self.out.push_str("<thead>\n<tr>");
            }
            Tag::TableRow if written => {
                self.cell = 0;
                self.out
                    .push_str(if self.has_rows { "<tr>" } else { "<tbody>\n<tr>" });
                self.has_rows = true;
            }
            Tag::TableCell if written => self.start_cell(),
            _ => {}
        }
    }

    /// Sees to it that markup of Markdown can stand in the raw element around.
    fn enter_markup(&mut self, tag: &Tag<'_>) {
        let is_block = matches!(
            tag,
            Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::BlockQuote(_)
                | Tag::CodeBlock(_)
                | Tag::List(_)
                | Tag::Table(_)
        );
        if is_block {
            self.depth += 1;
            self.leave_words();
            self.depth -= 1;
            self.enter_part();
        }
    }

    fn block(&mut self, tag: &str) {
        self.fresh_line();
        self.out.push_str(tag);
    }

    fn start_inline(&mut self, tag: &str, written: bool) {
        self.inline += 1;
        if written {
            self.out.push_str(tag);
        }
    }

    fn start_paragraph(&mut self, written: bool, walker: &mut Walker<'_>) {
        let (next, targets) = (self.next_link, self.targets);
        self.figures = self.label == Label::Done
            && walker.only_pictures(|number, target, title| {
                !title.is_empty()
                    || matches!(targets.get(next + number), Some(Target::Media(_)))
                    || media_kind(target).is_some()
            });
        self.fresh_line();
        self.paragraph = self.out.len();
        if !self.figures {
            self.start_inline("<p>", written);
        }
    }

    fn start_link(&mut self, written: &str, title: &str) {
        let target = self.targets.get(self.next_link);
        self.next_link += 1;
        self.inline += 1;
        let end = self.open_link(target, written);
        if end == LinkEnd::Anchor {
            if !title.is_empty() {
                self.out.push_str(" title=\"");
                escape::attribute(title, &mut self.out);
                self.out.push('"');
            }
            self.out.push('>');
        }
        self.links.push(end);
    }

    /// Writes the beginning of a link without its `>`, or the whole tag of a span if it leads nowhere.
    fn open_link(&mut self, target: Option<&Target>, written: &str) -> LinkEnd {
        let url = match target {
            Some(Target::Broken) => None,
            Some(Target::Url(url) | Target::External(url) | Target::Picture { url, .. }) => {
                Some(url.as_str())
            }
            Some(Target::Media(media)) => Some(media.url.as_str()),
            None => Some(written),
        };
        if self.raw.is_open("a") {
            self.out.push_str("<span>");
            return LinkEnd::Span;
        }
        let address = url.map_or(Address::Forbidden, classify);
        let Some(url) = url.filter(|_| address != Address::Forbidden) else {
            self.out.push_str("<span class=\"broken-link\">");
            return LinkEnd::Span;
        };
        self.out.push_str("<a href=\"");
        escape::url(url, &mut self.out);
        self.out.push('"');
        if leaves(url) || matches!(target, Some(Target::External(_))) {
            self.out.push_str(" rel=\"noopener\"");
        }
        LinkEnd::Anchor
    }

    fn address(&mut self, url: &str, text: &str) {
        self.start_link(url, "");
        self.text(text);
        self.end_link();
        self.last = ' ';
    }

    fn end_link(&mut self) {
        self.inline = self.inline.saturating_sub(1);
        self.out.push_str(match self.links.pop() {
            Some(LinkEnd::Anchor) => "</a>",
            Some(LinkEnd::Span) => "</span>",
            None => "",
        });
    }

    fn end(&mut self, tag: TagEnd) {
        self.close_raw();
        let written = self.depth <= MAX_DEPTH;
        self.depth = self.depth.saturating_sub(1);
        match tag {
            TagEnd::Paragraph => self.end_paragraph(written),
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::BlockQuote(_) => {
                let admonition = self.quotes.pop().unwrap_or_default();
                self.label = Label::Done;
                if written {
                    self.block(if admonition { "</div>\n" } else { "</blockquote>\n" });
                }
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::Emphasis => self.end_inline("</em>", written),
            TagEnd::Strong => self.end_inline("</strong>", written),
            TagEnd::Strikethrough => self.end_inline("</del>", written),
            TagEnd::Link => self.end_link(),
            TagEnd::FootnoteDefinition => self.footnotes.end(&mut self.out),
            TagEnd::Table if written => {
                self.out.push_str(if self.has_rows {
                    "</tbody>\n</table>\n</div>\n"
                } else {
                    "</table>\n</div>\n"
                });
            }
            TagEnd::List(true) if written => self.block("</ol>\n"),
            TagEnd::List(false) if written => self.block("</ul>\n"),
            TagEnd::Item if written => self.out.push_str("</li>\n"),
            TagEnd::TableHead if written => {
                self.in_head = false;
                self.out.push_str("</tr>\n</thead>\n");
            }
            TagEnd::TableRow if written => self.out.push_str("</tr>\n"),
            TagEnd::TableCell if written => self.out.push_str(if self.in_head { "</th>" } else { "</td>" }),
            _ => {}
        }
    }

    fn end_inline(&mut self, tag: &str, written: bool) {
        self.inline = self.inline.saturating_sub(1);
        if written {
            self.out.push_str(tag);
        }
    }

    fn end_paragraph(&mut self, written: bool) {
        if self.figures {
            self.figures = false;
            return;
        }
        self.soft = None;
        self.inline = self.inline.saturating_sub(1);
        // Only the label of an admonition was in it.
        if self.out.get(self.paragraph..) == Some("<p>") {
            self.out.truncate(self.paragraph);
        } else if written {
            self.out.push_str("</p>\n");
        }
    }

    fn finish(mut self) -> String {
        self.depth = 0;
        self.close_raw();
        let mut levels = Levels::default();
        let places = std::mem::take(&mut self.levels);
        for tags in places.chunks(2) {
            let written = tags.first().and_then(|at| self.out.get(*at..=*at));
            let Some(written) = written.and_then(|level| level.parse().ok()) else {
                continue;
            };
            let (level, _) = levels.next(written);
            for at in tags {
                self.out.replace_range(at..=at, &level.to_string());
            }
        }
        self.footnotes.write(self.texts, &mut self.out);
        spans::fit(self.out)
    }
}
