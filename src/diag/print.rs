//! Diagnostics for people and for machines.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::message::{self, Language};
use super::{Diagnostic, Severity, Span};

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, with the offending line marked.
    Human,
    /// One JSON object a line.
    Json,
}

/// Prints diagnostics in one format and language.
pub struct Printer<'a> {
    /// The format.
    pub format: Format,
    /// The language.
    pub language: Language,
    /// Whether to use terminal colours.
    pub color: bool,
    /// Gives the text of a source file, so that lines can be counted and shown.
    pub read: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

/// A place as people count it: lines and columns from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Json<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
    path: Option<&'a str>,
    #[serde(flatten)]
    place: Option<Place>,
    expected: &'a str,
    help: &'a str,
    suggestion: Option<&'a str>,
}

/// What a diagnostic says, in one sentence without its place, and what to do.
pub fn words(diagnostic: &Diagnostic, language: Language) -> (String, String) {
    let spoken = message::speak(diagnostic, language);
    (spoken.message, spoken.help)
}

impl Printer<'_> {
    /// The diagnostics as text, each followed by an empty line (human) or a line end (JSON).
    pub fn print(&self, diagnostics: &[Diagnostic]) -> String {
        let mut printed = String::new();
        let mut current: Option<(&str, Option<String>)> = None;
        for diagnostic in diagnostics {
            let path = diagnostic.path.as_deref();
            if current.as_ref().map(|(path, _)| *path) != path {
                current = path.map(|path| (path, self.source(path)));
            }
            let source = current.as_ref().and_then(|(_, source)| source.as_deref());
            match self.format {
                Format::Human => self.human(&mut printed, diagnostic, source),
                Format::Json => self.json(&mut printed, diagnostic, source),
            }
        }
        printed
    }

    fn source(&self, path: &str) -> Option<String> {
        (self.read)(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    fn json(&self, printed: &mut String, diagnostic: &Diagnostic, source: Option<&str>) {
        let spoken = message::speak(diagnostic, self.language);
        let place = source
            .zip(diagnostic.span.as_ref())
            .map(|(source, span)| place(source, span));
        let json = Json {
            severity: diagnostic.severity,
            code: diagnostic.code.name(),
            message: &spoken.message,
            path: diagnostic.path.as_deref(),
            place,
            expected: &spoken.expected,
            help: &spoken.help,
            suggestion: diagnostic.suggestion.as_deref(),
        };
        // A struct of strings and numbers always serialises.
        printed.push_str(&serde_json::to_string(&json).unwrap_or_default());
        printed.push('\n');
    }

    fn human(&self, printed: &mut String, diagnostic: &Diagnostic, source: Option<&str>) {
        let spoken = message::speak(diagnostic, self.language);
        let name = message::severity_name(diagnostic.severity, self.language);
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(
            level
                .with_name(name)
                .primary_title(spoken.message.as_str())
                .id(diagnostic.code.name()),
        );
        if let Some(path) = diagnostic.path.as_deref() {
            group = match (source, diagnostic.span.as_ref()) {
                (Some(source), Some(span)) => {
                    let (first_line, lines, span) = excerpt(source, span);
                    let annotation = AnnotationKind::Primary.span(span).label(spoken.expected.as_str());
                    group.element(
                        Snippet::source(lines)
                            .path(path)
                            .line_start(first_line)
                            .fold(false)
                            .annotation(annotation),
                    )
                }
                _ => group.element(annotate_snippets::Origin::path(path)),
            };
        }
        if (diagnostic.span.is_none() || source.is_none()) && !spoken.expected.is_empty() {
            group = group.element(self.note("expected", &spoken.expected));
        }
        if !spoken.help.is_empty() {
            group = group.element(self.note("help", &spoken.help));
        }
        if let Some(suggestion) = &diagnostic.suggestion {
            let sentence = message::text(self.language, "did-you-mean", &[("suggestion", suggestion)]);
            group = group.element(self.note("suggestion", &sentence));
        }
        let renderer = if self.color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let _ = writeln!(printed, "{}\n", renderer.render(&[group]));
    }

    fn note<'t>(&self, key: &str, text: &str) -> annotate_snippets::Message<'t> {
        let name = message::text(self.language, key, &[]);
        Level::NOTE.with_name(name).message(text.to_owned())
    }
}

/// The byte offset nearest to `offset` that lies on a character of `source`.
fn snap(source: &str, offset: usize) -> usize {
    let mut offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The lines that a span touches (at most five, a long line cut around the span), the number of the first, and the
/// span within them.
fn excerpt(source: &str, span: &Span) -> (usize, String, std::ops::Range<usize>) {
    const MOST_BYTES: usize = 240;
    let start = snap(source, span.start as usize);
    let end = snap(source, (span.end as usize).max(start)).max(start);
    let line_start = source[..start].rfind('\n').map_or(0, |position| position + 1);
    let first_line = source[..line_start].matches('\n').count() + 1;
    let from = if start - line_start > MOST_BYTES {
        snap(source, start - MOST_BYTES / 2)
    } else {
        line_start
    };
    let five_lines = source[start..]
        .match_indices('\n')
        .nth(4)
        .map_or(source.len(), |(position, _)| start + position);
    let end = end
        .min(five_lines)
        .min(snap(source, start + 4 * MOST_BYTES))
        .max(start);
    let line_end = source[end..]
        .find('\n')
        .map_or(source.len(), |position| end + position);
    let to = line_end.min(snap(source, end + MOST_BYTES)).max(end);
    let text = source[from..to].replace(['\t', '\r'], " ");
    (first_line, text, start - from..end - from)
}

fn place(source: &str, span: &Span) -> Place {
    let position = |offset: u32| {
        let offset = snap(source, offset as usize);
        let line_start = source[..offset].rfind('\n').map_or(0, |position| position + 1);
        let line = source[..line_start].matches('\n').count() + 1;
        (
            line,
            source[line_start..offset]
                .chars()
                .filter(|character| *character != '\u{feff}')
                .count()
                + 1,
        )
    };
    let (line, column) = position(span.start);
    let (end_line, end_column) = position(span.end.max(span.start));
    Place {
        line,
        column,
        end_line,
        end_column,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;

    fn printed(format: Format, language: Language) -> String {
        let path = "content/notices/甲.md".into();
        let diagnostic = Diagnostic::new(Code::UnknownField)
            .in_file(&path)
            .at(14..19)
            .with("field", "tilte")
            .with("kind", "notice")
            .suggest(Some("title"));
        let printer = Printer {
            format,
            language,
            color: false,
            read: &|_| Some("---\ntag: 甲\ntilte: 示例\n---\n".as_bytes().to_vec()),
        };
        printer.print(&[diagnostic])
    }

    #[test]
    fn human_output_marks_the_line() {
        let printed = printed(Format::Human, Language::Chinese);
        assert!(
            printed.contains("content/notices/甲.md:3:2") || printed.contains("content/notices/甲.md:3:1"),
            "{printed}"
        );
        assert!(printed.contains("tilte: 示例"), "{printed}");
        assert!(printed.contains("是不是"), "{printed}");
    }

    #[test]
    fn json_output_counts_lines_and_characters() {
        let printed = printed(Format::Json, Language::English);
        let value: serde_json::Value = serde_json::from_str(&printed).unwrap_or_default();
        assert_eq!(value["code"], "unknown-field");
        assert_eq!(value["line"], 3);
        assert_eq!(value["suggestion"], "title");
    }

    #[test]
    fn excerpt_survives_any_span() {
        let source = "甲乙丙\n丁戊\n己";
        for start in 0..24 {
            for end in 0..24 {
                let (_, text, span) = excerpt(source, &(start..end));
                assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            }
        }
    }
}
