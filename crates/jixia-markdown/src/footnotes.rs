//! Footnotes: numbered by first reference, gathered at the end, each with links back to its places.

use rustc_hash::FxHashMap;

use super::{Texts, escape};

/// The footnotes of a body being rendered.
#[derive(Default)]
pub(super) struct Footnotes {
    numbers: FxHashMap<String, usize>,
    /// How often each number is referred to.
    references: Vec<u32>,
    definitions: FxHashMap<String, String>,
    /// Definitions being written: label and where they begin in the output.
    open: Vec<(String, usize)>,
}

impl Footnotes {
    /// Writes a reference; one that stands in a link is none itself.
    pub(super) fn reference(&mut self, label: &str, linked: bool, texts: &Texts, out: &mut String) {
        let next = self.references.len() + 1;
        let number = *self.numbers.entry(label.to_owned()).or_insert(next);
        if number == next {
            self.references.push(0);
        }
        let times = &mut self.references[number - 1];
        *times += 1;
        let again = suffix(*times);
        if !linked {
            out.push_str(&format!(
                "<sup class=\"footnote-ref\" id=\"fnref:{number}{again}\">{number}</sup>"
            ));
            return;
        }
        let name = &texts.footnotes;
        out.push_str(&format!(
            "<sup class=\"footnote-ref\"><a href=\"#fn:{number}\" id=\"fnref:{number}{again}\" role=\"doc-noteref\" \
             aria-label=\""
        ));
        escape::attribute(name, out);
        out.push_str(&format!(" {number}\">{number}</a></sup>"));
    }

    /// A definition begins: what is written from here on is its content.
    pub(super) fn begin(&mut self, label: &str, out: &str) {
        self.open.push((label.to_owned(), out.len()));
    }

    /// The definition ends; its content leaves the output. The first of several with one label counts.
    pub(super) fn end(&mut self, out: &mut String) {
        if let Some((label, start)) = self.open.pop() {
            let content = if start <= out.len() {
                out.split_off(start)
            } else {
                String::new()
            };
            self.definitions.entry(label).or_insert(content);
        }
    }

    /// Whether a definition is being written.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Writes the section at the end of the body. Definitions nobody refers to are left out.
    pub(super) fn write(self, texts: &Texts, out: &mut String) {
        if self.references.is_empty() {
            return;
        }
        let mut labels: Vec<(&String, usize)> = self
            .numbers
            .iter()
            .map(|(label, &number)| (label, number))
            .collect();
        labels.sort_unstable_by_key(|&(_, number)| number);
        out.push_str("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
        escape::attribute(&texts.footnotes, out);
        out.push_str("\">\n<ol>\n");
        for (label, number) in labels {
            out.push_str(&format!("<li id=\"fn:{number}\">"));
            let content = self
                .definitions
                .get(label)
                .map_or("", |content| content.trim_end());
            let (inner, paragraph_end) = content
                .strip_suffix("</p>")
                .map_or((content, ""), |inner| (inner, "</p>"));
            out.push_str(inner);
            for time in 1..=self.references[number - 1] {
                let again = suffix(time);
                out.push_str(&format!(
                    " <a class=\"footnote-back\" href=\"#fnref:{number}{again}\" role=\"doc-backlink\" aria-label=\""
                ));
                escape::attribute(&texts.back, out);
                out.push_str(&format!(" {number}{again}\">↩</a>"));
            }
            out.push_str(paragraph_end);
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n</section>\n");
    }
}

/// What tells the second and later references to a footnote apart.
fn suffix(time: u32) -> String {
    if time > 1 {
        format!("-{time}")
    } else {
        String::new()
    }
}
