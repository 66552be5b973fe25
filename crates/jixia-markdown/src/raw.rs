//! Raw tags among Markdown: written anew, balanced within the container they stand in.

use super::html::{self, Attributes, Token};
use super::raw_tags::RawTag;
use super::url::leaves;
use super::writer::Writer;
use super::{Address, MAX_DEPTH, Target, classify, escape, figure};

impl Writer<'_> {
    /// Writes raw HTML: a whole block or a tag in a line.
    pub(super) fn html(&mut self, html: &str, block: bool) {
        if !block {
            if html::is_break(html) {
                self.inline_done();
                if self.image.is_none() {
                    self.out.push_str("<br>");
                }
                return;
            }
            if html::is_trivial(html) {
                return;
            }
        }
        if block {
            self.fresh_line();
        }
        self.inline_done();
        self.ends_here = memchr::memmem::find(html.as_bytes(), b"</p").is_some();
        html::lex(html, &mut |token| self.token(token));
        if block {
            self.fresh_line();
        }
    }

    fn token(&mut self, token: Token<'_>) {
        if self.image.is_some() {
            // Alternative text has no tags, but their links count.
            if let Token::Open(name, attributes) = token {
                if let Some(id) = html::id_of(name, &attributes) {
                    self.slugs.claim(id.trim());
                }
                self.next_link += usize::from(target_of(name, &attributes).is_some());
            }
            return;
        }
        self.see_to_summary(&token);
        match token {
            Token::Text(text) => {
                if !text.trim().is_empty() {
                    self.enter_part();
                }
                escape::raw_text(text, &mut self.out);
            }
            Token::Open(name, attributes) => self.open_raw(name, &attributes),
            Token::Close(name) => self.close_named(name, false),
            // In a table's frame nothing can be written anyway, and what is hidden is hidden.
            Token::Hide(_) if self.raw.in_frame() || self.raw.is_hiding() => {}
            Token::Hide(name) => {
                let hidden_from = Some(self.out.len());
                self.raw.open.push(RawTag {
                    name,
                    shown: name,
                    last: "",
                    has_rows: false,
                    depth: self.depth,
                    hidden_from,
                });
            }
            Token::Unhide(name) => self.close_named(name, true),
            Token::Removed(_) => {}
        }
    }

    fn open_raw(&mut self, name: &'static str, attributes: &Attributes<'_>) {
        let written = target_of(name, attributes);
        let index = self.next_link;
        self.next_link += usize::from(written.is_some());
        let id = html::id_of(name, attributes);
        let has_id = id.is_some_and(|id| self.slugs.claim(id.trim()));
        let (mut shown, mut class) = html::today(name);
        if shown.is_empty() {
            return;
        }
        if !self.make_room(name) {
            self.strays.push((name, self.place.clone()));
            return;
        }
        if name == "img" {
            return self.raw_image(attributes, written.map(|written| (index, written.into_owned())));
        }
        // The head of a table stands first, and once.
        if name == "thead" && self.raw.open.last().is_some_and(|table| table.has_rows) {
            shown = "tbody";
        }
        if let Some(table) = self.raw.open.last_mut() {
            table.has_rows |= matches!(name, "thead" | "tbody" | "tfoot" | "tr");
        }
        let is_in_head = || {
            self.raw
                .open
                .iter()
                .any(|tag| matches!(tag.shown, "th" | "dt" | "caption"))
        };
        if html::is_heading(name) && is_in_head() {
            (shown, class) = ("strong", "");
        }
        // A line of text holds no blocks: of one only how it looks is left.
        if html::is_block(name) && self.is_in_words() {
            if !matches!(name, "div" | "p" | "center" | "section" | "aside") && !html::is_heading(name) {
                self.strays.push((name, self.place.clone()));
                return;
            }
            (shown, class) = if html::is_heading(name) {
                ("strong", "")
            } else {
                ("span", class)
            };
        }
        let is_plain = match name {
            "bdo" => attributes
                .get("dir")
                .is_none_or(|dir| !matches!(dir.trim(), "ltr" | "rtl")),
            "time" => !attributes
                .get("datetime")
                .is_some_and(|time| html::is_datetime(time.trim())),
            // An end tag in the same piece would end it before the text between.
            "p" => !self.ends_here,
            _ => false,
        };
        if is_plain {
            shown = if name == "p" {
                if shown == "p" { "div" } else { shown }
            } else {
                "span"
            };
        }
        let shown = if shown == name { self.rank(name) } else { shown };
        self.open_shown(
            name,
            shown,
            (class, has_id),
            written.map(|written| (index, written)),
            attributes,
        );
    }

    fn open_shown(
        &mut self,
        name: &'static str,
        shown: &'static str,
        (class, has_id): (&str, bool),
        written: Option<(usize, std::borrow::Cow<'_, str>)>,
        attributes: &Attributes<'_>,
    ) {
        self.out.push('<');
        self.out.push_str(shown);
        self.note_level(shown);
        if let Some((index, written)) = written {
            self.raw_address(index, &written);
        }
        // Only items of a numbered list have a number.
        let is_numbered = self.raw.open.last().is_some_and(|around| around.shown == "ol");
        let element = if name == "li" && !is_numbered { "" } else { name };
        html::write_attributes(element, attributes, class, has_id, &mut self.out);
        self.out.push('>');
        if !html::is_void(name) {
            self.raw.open.push(RawTag {
                name,
                shown,
                last: "",
                has_rows: false,
                depth: self.depth,
                hidden_from: None,
            });
        }
        self.awaits_summary = name == "details";
    }

    /// Whether a line of text is being written, of Markdown or raw.
    fn is_in_words(&self) -> bool {
        let raw = self
            .raw
            .open
            .iter()
            .any(|tag| tag.depth == self.depth && html::holds_words(tag.shown) && tag.shown != "p");
        self.inline > 0 || raw
    }

    /// A list holds items alone, a list of terms terms and what they mean: text between gets one around it.
    pub(super) fn enter_part(&mut self) {
        let around = self
            .raw
            .open
            .last()
            .filter(|tag| tag.depth == self.depth && tag.hidden_from.is_none());
        let part = match around.map(|tag| tag.shown) {
            Some("ul" | "ol") => "li",
            Some("dl") => "dd",
            Some("tr") => "td",
            // What stands between rows would be moved out by the browser.
            Some("table" | "thead" | "tbody" | "tfoot") => return self.leave_frame(),
            _ => return,
        };
        self.begin_part(part);
        self.out.push('<');
        self.out.push_str(part);
        self.out.push('>');
        self.raw.open.push(RawTag {
            name: part,
            shown: part,
            last: "",
            has_rows: false,
            depth: self.depth,
            hidden_from: None,
        });
    }

    /// Remembers a part of the element around, and puts the term before a meaning that has none.
    fn begin_part(&mut self, part: &'static str) {
        let Some(around) = self.raw.open.last_mut() else {
            return;
        };
        if part == "dd" && around.last.is_empty() {
            self.out.push_str("<dt></dt>");
        }
        // Brackets of a reading say nothing of whether there is one.
        if !(part == "rp" && around.last == "rt") {
            around.last = part;
        }
    }

    /// Details begin with a summary; ones without get a plain one.
    pub(super) fn see_to_summary(&mut self, next: &Token<'_>) {
        let is_blank = matches!(next, Token::Text(text) if text.trim().is_empty());
        if !self.awaits_summary || is_blank {
            return;
        }
        self.awaits_summary = false;
        if !matches!(next, Token::Open("summary", _)) {
            self.plain_summary();
        }
    }

    /// Writes the summary of details that have none.
    pub(super) fn plain_summary(&mut self) {
        self.awaits_summary = false;
        self.out.push_str("<summary>…</summary>");
        if let Some(around) = self.raw.open.last_mut() {
            around.last = "summary";
        }
    }

    /// The page has its `h1`. The levels of headings in the body are seen to at the end, those in footnotes are not.
    fn rank(&self, name: &'static str) -> &'static str {
        if name == "h1" && self.footnotes.is_open() {
            "h2"
        } else {
            name
        }
    }

    /// Remembers where the level of a heading's tag stands that was written just now.
    fn note_level(&mut self, name: &str) {
        if html::is_heading(name) && !self.footnotes.is_open() {
            self.levels.push(self.out.len() - 1);
        }
    }

    fn raw_address(&mut self, index: usize, written: &str) {
        let url = match self.targets.get(index) {
            Some(Target::Broken) => return,
            Some(Target::Url(url) | Target::External(url) | Target::Picture { url, .. }) => url.as_str(),
            Some(Target::Media(media)) => media.url.as_str(),
            None => written.trim(),
        };
        if classify(url) != Address::Forbidden {
            self.out.push_str(" href=\"");
            escape::url(url, &mut self.out);
            self.out
                .push_str(if leaves(url) { "\" rel=\"noopener\"" } else { "\"" });
        }
    }

    fn raw_image(&mut self, attributes: &Attributes<'_>, written: Option<(usize, String)>) {
        let Some((index, target)) = written else { return };
        let text = |name| attributes.get(name).unwrap_or_default().into_owned();
        let target = target.trim().to_owned();
        let image = figure::Image {
            index,
            target,
            title: text("title"),
            alt: text("alt"),
            nested: 0,
        };
        let number = |name| {
            attributes
                .get(name)
                .and_then(|value| value.trim().parse().ok())
                .filter(|&n| n <= 10_000)
        };
        let targets = self.targets;
        let sized;
        // A width the author gave goes before the picture's own, and the height with it.
        let targets = match (targets.get(index), number("width")) {
            (Some(Target::Picture { url, srcset, .. }), Some(width)) => {
                sized = Target::Picture {
                    url: url.clone(),
                    width: Some(width),
                    height: number("height"),
                    srcset: srcset.clone(),
                };
                Some(&sized)
            }
            (target, _) => target,
        };
        let image = figure::Image { index: 0, ..image };
        let place = if self.is_linked() {
            figure::Place::Linked
        } else {
            figure::Place::Inline
        };
        let targets = targets.map(std::slice::from_ref).unwrap_or_default();
        figure::write(&image, targets, place, self.texts, &mut self.out);
    }

    /// Ends what the element ends, and says whether it may stand here.
    fn make_room(&mut self, name: &'static str) -> bool {
        if self.raw.in_frame() && html::parents(name).is_none() {
            return false;
        }
        if let Some(parents) = html::parents(name) {
            let here = self
                .raw
                .open
                .iter()
                .rposition(|tag| parents.contains(&tag.name) || tag.name == "table");
            let Some(here) =
                here.filter(|&at| self.may_close(at + 1) && parents.contains(&self.raw.open[at].name))
            else {
                return false;
            };
            if self.raw.open[here].depth != self.depth {
                return false;
            }
            self.close_to(here + 1);
            let around = &self.raw.open[here];
            // Each of these stands first, and once.
            if matches!(name, "summary" | "caption" | "figcaption") && !around.last.is_empty() {
                return false;
            }
            self.begin_part(name);
        } else if !html::today(name).0.is_empty() {
            self.enter_part();
        }
        // A heading in a heading ends it, and its end tag then ends more than it should.
        if html::is_heading(name)
            && (self.in_heading() || self.raw.open.iter().any(|tag| html::is_heading(tag.name)))
        {
            return false;
        }
        if name == "dfn" && self.raw.is_open("dfn") {
            return false;
        }
        if name == "a" && self.is_linked() {
            let open = self.raw.open.iter().rposition(|tag| tag.name == "a");
            let Some(open) = open.filter(|&at| self.may_close(at)) else {
                return false;
            };
            self.close_to(open);
        }
        while self
            .raw
            .open
            .last()
            .is_some_and(|tag| tag.depth == self.depth && html::ends(tag.name, name))
        {
            self.close_to(self.raw.open.len() - 1);
        }
        let around = self
            .depth
            .saturating_add(u32::try_from(self.raw.open.len()).unwrap_or(u32::MAX));
        around < MAX_DEPTH || html::is_void(name)
    }

    /// Whether everything open from `from` on belongs to this container and is shown.
    fn may_close(&self, from: usize) -> bool {
        self.raw.open[from..]
            .iter()
            .all(|tag| tag.depth == self.depth && tag.hidden_from.is_none())
    }

    fn close_named(&mut self, name: &'static str, hidden: bool) {
        let mine = |tag: &&RawTag| tag.depth == self.depth && (hidden || tag.hidden_from.is_none());
        let candidates = self.raw.open.iter().rev().take_while(mine).count();
        let from = self.raw.open.len() - candidates;
        let found = self.raw.open[from..]
            .iter()
            .rposition(|tag| tag.name == name && tag.hidden_from.is_some() == hidden);
        if let Some(found) = found {
            self.close_to(from + found);
        }
    }

    /// Ends a raw table in which Markdown's own markup would come outside its cells.
    pub(super) fn leave_frame(&mut self) {
        while self.raw.in_frame() {
            self.close_last(true);
        }
    }

    /// Ends a raw heading that was opened in this container, before Markdown's own.
    pub(super) fn leave_heading(&mut self) {
        let open = self
            .raw
            .open
            .iter()
            .position(|tag| html::is_heading(tag.name) && tag.depth + 1 >= self.depth);
        if let Some(open) = open.filter(|&at| self.raw.open[at..].iter().all(|tag| tag.hidden_from.is_none()))
        {
            self.close_to(open);
        }
    }

    /// Ends raw elements that hold words alone before a block of Markdown, and gives it a place in a raw list.
    pub(super) fn leave_words(&mut self) {
        self.awaits_summary.then(|| self.plain_summary());
        while self.raw.open.last().is_some_and(|tag| {
            tag.depth + 1 == self.depth && tag.hidden_from.is_none() && html::holds_words(tag.shown)
        }) {
            self.close_last(true);
        }
    }

    /// Ends all raw elements that were opened in the innermost container.
    pub(super) fn close_raw(&mut self) {
        let depth = self.depth;
        let kept = self.raw.open.iter().take_while(|tag| tag.depth < depth).count();
        while self.raw.open.len() > kept {
            // A hidden element that never ends hides nothing: its text is harmless, a lost page is not.
            self.close_last(false);
        }
    }

    fn close_to(&mut self, length: usize) {
        while self.raw.open.len() > length {
            self.close_last(true);
        }
    }

    fn close_last(&mut self, hide: bool) {
        let Some(tag) = self.raw.open.pop() else { return };
        match tag.hidden_from {
            Some(length) if hide => self.truncate(length),
            Some(_) => {}
            None => {
                match (tag.shown, tag.last) {
                    ("details", "") => self.out.push_str("<summary>…</summary>"),
                    ("ruby", "") => self.out.push_str("<rt></rt>"),
                    ("ruby", "rp") => self.out.push_str("<rt></rt><rp></rp>"),
                    ("dl", "dt") => self.out.push_str("<dd></dd>"),
                    ("tr", "") => self.out.push_str("<td></td>"),
                    _ => {}
                }
                self.out.push_str("</");
                self.out.push_str(tag.shown);
                self.note_level(tag.shown);
                self.out.push('>');
            }
        }
    }
}

/// The address a raw element brings, in the same cases as the facts count it.
fn target_of<'a>(name: &str, attributes: &Attributes<'a>) -> Option<std::borrow::Cow<'a, str>> {
    match name {
        "a" => attributes.get("href"),
        "img" => attributes.get("src"),
        _ => None,
    }
}
