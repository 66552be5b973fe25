//! Markup that the portal does by itself, or that means nothing outside the other generator: taken out and told.

use super::code::{lines_outside_code, outside_code};
use super::report::NoteKind;

/// What was found in a body: its kind, its line from 0, what it is.
pub(super) type Found = (NoteKind, u32, String);

/// Takes out tables of contents, kramdown's attributes and marks of where an excerpt ends; tells what is kept as it is.
pub(super) fn tidy(body: &str, found: &mut Vec<Found>) -> String {
    lines_outside_code(body, |line, number| {
        let trimmed = line.trim();
        let lowered = trimmed.to_ascii_lowercase();
        if matches!(
            lowered.as_str(),
            "[toc]"
                | "[[toc]]"
                | "{:toc}"
                | "* toc"
                | "<!-- toc -->"
                | "<!-- /toc -->"
                | "<!-- tocstop -->"
                | "${toc}"
        ) {
            found.push((NoteKind::MarkupRemoved, number, trimmed.to_owned()));
            return Some(String::new());
        }
        if matches!(
            lowered.as_str(),
            "<!-- more -->" | "<!--more-->" | "<!-- excerpt -->" | "\\newpage"
        ) {
            return Some(String::new());
        }
        if trimmed.starts_with("{:") && trimmed.ends_with('}') {
            found.push((NoteKind::MarkupRemoved, number, trimmed.to_owned()));
            return Some(String::new());
        }
        if trimmed.starts_with("--8<--")
            || trimmed.starts_with("<<< ")
            || trimmed.starts_with("<!--@include")
            || trimmed.starts_with("@include")
        {
            found.push((NoteKind::MarkupKept, number, shortened(trimmed)));
        }
        Some(outside_code(line, |part| attributes(part, number, found)))
    })
}

/// `{: .class}` and `{.class}` behind a picture, a link or a heading.
fn attributes(part: &str, number: u32, found: &mut Vec<Found>) -> String {
    let mut made = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(start) = rest.find('{') {
        let inside = rest[start + 1..]
            .find('}')
            .map(|end| &rest[start + 1..start + 1 + end]);
        let is_ours = |inside: &str| {
            let is_class = inside.starts_with(['.', ':']) && inside.len() > 1 && inside.is_ascii();
            let is_behind = rest[..start].trim_end().ends_with([')', '*', ']'])
                || rest[..start].trim_start().starts_with('#');
            is_class && is_behind && !inside.contains(['{', '$', '\\'])
        };
        match inside {
            Some(inside) if is_ours(inside) => {
                found.push((NoteKind::MarkupRemoved, number, format!("{{{inside}}}")));
                made.push_str(rest[..start].trim_end());
                rest = &rest[start + inside.len() + 2..];
            }
            _ => {
                made.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
            }
        }
    }
    made.push_str(rest);
    made
}

/// The beginning of a piece of markup, for a report.
pub(super) fn shortened(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    if shown.len() < text.len() {
        format!("{shown}…")
    } else {
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_here_goes() {
        let mut found = Vec::new();
        let made = tidy(
            "[TOC]\n文 [x](y){:target=\"_blank\"}\n![图](a.png){.wide}\n$x^{.5}$ `[x](y){.a}`\n{: .note}\n<!-- more -->\n## 题 {#id}\n--8<-- \"a.md\"\n",
            &mut found,
        );
        assert_eq!(
            made,
            "\n文 [x](y)\n![图](a.png)\n$x^{.5}$ `[x](y){.a}`\n\n\n## 题 {#id}\n--8<-- \"a.md\"\n"
        );
        let kinds: Vec<_> = found.iter().map(|(kind, line, _)| (*kind, *line)).collect();
        assert_eq!(
            kinds,
            [
                (NoteKind::MarkupRemoved, 0),
                (NoteKind::MarkupRemoved, 1),
                (NoteKind::MarkupRemoved, 2),
                (NoteKind::MarkupRemoved, 4),
                (NoteKind::MarkupKept, 7),
            ]
        );
    }
}
