//! The blocks whose markup takes more than a tag: headings, admonitions, tables, tasks, code.

use pulldown_cmark::{Alignment, BlockQuoteKind, HeadingLevel};

use super::super::label::{self, Admonition};
use super::super::slug::split_id;
use super::super::writer::{Label, OpenHeading, Writer};
use super::super::{escape, highlight};

impl Writer<'_> {
    pub(super) fn start_heading(&mut self) {
        self.leave_heading();
        self.fresh_line();
        self.inline += 1;
        self.heading = Some(OpenHeading {
            start: self.out.len(),
            text: String::new(),
        });
    }

    /// Takes a written `{#id}` off the end of the heading that begins at `start`.
    fn cut_id(&mut self, start: usize, id: &str) {
        let Some(heading) = self.out.get(start..) else {
            return;
        };
        let mut written = "{#".to_owned();
        escape::text(id, &mut written);
        written.push('}');
        // Markup between the braces stays: half of it must not go.
        if let Some(before) = heading.trim_end().strip_suffix(written.as_str()) {
            let length = start + before.trim_end().len();
            self.out.truncate(length);
        }
    }

    /// Writes the link a heading has to itself.
    fn anchor(&mut self, id: &str, text: &str) {
        self.out.push_str("<a class=\"anchor\" href=\"#");
        // Chinese stays readable: a third of the bytes of percent signs.
        escape::attribute(id, &mut self.out);
        self.out.push_str("\" aria-label=\"");
        escape::attribute(&self.texts.anchor, &mut self.out);
        self.out.push('：');
        escape::attribute(text, &mut self.out);
        self.out.push_str("\"></a>");
    }

    pub(super) fn end_heading(&mut self, level: HeadingLevel) {
        self.inline = self.inline.saturating_sub(1);
        let Some(heading) = self.heading.take() else {
            return;
        };
        let (text, explicit) = split_id(&heading.text);
        let id = self.slugs.heading(text.trim(), explicit);
        if let Some(explicit) = explicit {
            self.cut_id(heading.start, explicit);
        }
        // Footnotes stand below all headings, wherever they are written.
        let in_note = self.footnotes.is_open();
        let level = if in_note {
            (level as u8).max(2)
        } else {
            level as u8
        };
        if !in_note {
            self.levels.push(heading.start + 2);
        }
        let mut tag = format!("<h{level} id=\"");
        escape::attribute(&id, &mut tag);
        tag.push_str("\">");
        self.out.insert_str(heading.start, &tag);
        if !self.raw.is_open("a") {
            self.anchor(&id, text.trim());
        }
        self.out.push_str("</h");
        if !in_note {
            self.levels.push(self.out.len());
        }
        self.out.push(char::from(b'0' + level));
        self.out.push_str(">\n");
    }

    pub(super) fn start_quote(&mut self, kind: Option<BlockQuoteKind>, written: bool, source: &str) {
        let named = if kind.is_none() {
            label::admonition(source)
        } else {
            None
        };
        let admonition = match (kind, named) {
            (Some(BlockQuoteKind::Note), _) => Some(Admonition::Note),
            (Some(BlockQuoteKind::Tip), _) => Some(Admonition::Tip),
            (Some(BlockQuoteKind::Important), _) => Some(Admonition::Important),
            (Some(BlockQuoteKind::Warning), _) => Some(Admonition::Warning),
            (Some(BlockQuoteKind::Caution), _) => Some(Admonition::Caution),
            (None, Some((admonition, _))) => Some(admonition),
            (None, None) => None,
        };
        self.quotes.push(admonition.is_some());
        if named.is_some() {
            self.label = Label::Awaited;
        }
        if !written {
            return;
        }
        self.fresh_line();
        let Some(admonition) = admonition else {
            return self.out.push_str("<blockquote>\n");
        };
        let (class, title) = match admonition {
            Admonition::Note => ("note", &self.texts.note),
            Admonition::Tip => ("tip", &self.texts.tip),
            Admonition::Important => ("important", &self.texts.important),
            Admonition::Warning => ("warning", &self.texts.warning),
            Admonition::Caution => ("caution", &self.texts.caution),
        };
        self.out.push_str(&format!(
            "<div class=\"admonition {class}\" role=\"note\">\n<p class=\"admonition-title\">"
        ));
        escape::text(
            named.map_or(title.as_str(), |(_, written)| written),
            &mut self.out,
        );
        self.out.push_str("</p>\n");
    }

    pub(super) fn task(&mut self, checked: bool) {
        self.out.push_str("<input type=\"checkbox\" disabled");
        let (state, name) = if checked {
            (" checked", &self.texts.done)
        } else {
            ("", &self.texts.open)
        };
        self.out.push_str(state);
        self.out.push_str(" aria-label=\"");
        escape::attribute(name, &mut self.out);
        self.out.push_str("\"> ");
    }

    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>, written: bool) {
        self.alignments = alignments;
        self.has_rows = false;
        self.tables += 1;
        if written {
            self.fresh_line();
            self.out
                .push_str("<div class=\"table-wrap\" tabindex=\"0\" role=\"region\" aria-label=\"");
            escape::attribute(&self.texts.table, &mut self.out);
            self.out.push_str(&format!(" {}\">\n<table>\n", self.tables));
        }
    }

    pub(super) fn start_cell(&mut self) {
        self.out
            .push_str(if self.in_head { "<th scope=\"col\"" } else { "<td" });
        self.out.push_str(match self.alignments.get(self.cell) {
            Some(Alignment::Left) => " class=\"left\">",
            Some(Alignment::Center) => " class=\"center\">",
            Some(Alignment::Right) => " class=\"right\">",
            _ => ">",
        });
        self.cell += 1;
    }

    pub(super) fn end_code(&mut self) {
        let Some((language, code)) = self.code.take() else {
            return;
        };
        self.fresh_line();
        self.out.push_str("<pre class=\"code\" tabindex=\"0\"><code");
        if !language.is_empty() {
            self.out.push_str(" class=\"language-");
            escape::attribute(&language, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
        if !self.texts.highlight || !highlight::write(&language, &code, self.memo, &mut self.out) {
            escape::text(&code, &mut self.out);
        }
        self.out.push_str("</code></pre>\n");
    }
}

/// The language of a fenced block: the first word after the fence, also in the form `{.python …}`, without the marks that
/// other generators put behind it: `js{5,8}`, `python:line-numbers`.
pub(super) fn language(info: &str) -> &str {
    let word = info.split([' ', '\t', ',']).next().unwrap_or_default();
    match word.strip_prefix('{') {
        Some(inner) => inner.trim_start_matches('.').trim_end_matches('}'),
        None => word.split(['{', '[', ':']).next().unwrap_or_default(),
    }
}
