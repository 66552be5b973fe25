//! Raw tags among Markdown: written anew, balanced within the container they stand in.

use super::html::{self, Attributes, Token};
use super::raw_tags::RawTag;
use super::writer::Writer;
use super::{Address, MAX_DEPTH, Target, classify, escape, figure, url::leaves};

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
        html::lex(html, &mut |token| self.token(token));
        if block {
            self.fresh_line();
        }
    }

    fn token(&mut self, token: Token<'_>) {
        if self.image.is_some() {
            // Alternative text has no tags, but their links count.
            if let Token::Open(name, attributes) = token {
                self.next_link += usize::from(target_of(name, &attributes).is_some());
            }
            return;
        }
        match token {
            Token::Text(text) => escape::raw_text(text, &mut self.out),
            Token::Open(name, attributes) => self.open_raw(name, &attributes),
            Token::Close(name) => self.close_named(name, false),
            // In a table's frame nothing can be written anyway, and what is hidden is hidden.
            Token::Hide(_) if self.raw.in_frame() || self.raw.is_hiding() => {}
            Token::Hide(name) => {
                let hidden_from = Some(self.out.len());
                self.raw.open.push(RawTag {
                    name,
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
        if !self.make_room(name) {
            self.strays.push((name, self.place.clone()));
            return;
        }
        if name == "img" {
            return self.raw_image(attributes, written.map(|written| (index, written.into_owned())));
        }
        let name = self.rank(name);
        self.out.push('<');
        self.out.push_str(name);
        self.note_level(name);
        if let Some(written) = written {
            self.raw_address(index, &written);
        }
        html::write_attributes(name, attributes, &mut self.out);
        self.out.push('>');
        if !html::is_void(name) {
            self.raw.open.push(RawTag {
                name,
                depth: self.depth,
                hidden_from: None,
            });
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
        }
        // A heading in a heading ends it, and its end tag then ends more than it should.
        if html::is_heading(name)
            && (self.in_heading() || self.raw.open.iter().any(|tag| html::is_heading(tag.name)))
        {
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
        let name = self.rank(name);
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
                self.out.push_str("</");
                self.out.push_str(tag.name);
                self.note_level(tag.name);
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
