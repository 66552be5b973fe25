//! The body of a text as ours: title, boxes, shortcodes. Links and pictures follow, which need to know where files go.

use jixia_markdown::{Facts, Heading};

use super::admonitions::admonitions;
use super::code::Fences;
use super::shortcodes::shortcodes;
use super::tidy::{Found, tidy};

/// A body with its markup as ours.
pub(super) fn converted(body: &str, found: &mut Vec<Found>) -> String {
    // The first two keep lines where they are, so that what is found has its line.
    let body = body.replace("\r\n", "\n");
    let body = tidy(&body, found);
    let body = shortcodes(&body, found);
    admonitions(&body, found)
}

/// The text of a cell as a body. A line of a cell is a paragraph, unless the lines are Markdown.
pub(super) fn of_cell(cell: &str) -> String {
    let text = cell.replace("\r\n", "\n");
    let is_markup = |line: &str| {
        let number = line.trim_start_matches(|character: char| character.is_ascii_digit());
        line.is_empty() || line.starts_with(['-', '*', '+', '#', '>', '|', '`']) || number.starts_with(". ")
    };
    if text.lines().any(|line| is_markup(line.trim())) {
        return text;
    }
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n\n")
}

/// Elements that hold a program or styles, with their ends.
const PROGRAMS: &[(&str, &str)] = &[("<script", "</script>"), ("<style", "</style>")];

/// The heading of the first level that a body begins with, and the body without it.
pub(super) fn first_heading(body: &str, facts: &Facts) -> Option<(Heading, String)> {
    let mut at = 0;
    let mut fences = Fences::default();
    // What ends the program that a component of Vue begins with.
    let mut program = None;
    for whole in body.split_inclusive('\n') {
        let line = whole.trim();
        let begins = PROGRAMS.iter().find(|(tag, _)| line.starts_with(tag));
        program = program.or(begins.map(|(_, end)| *end));
        if let Some(end) = program {
            program = program.filter(|_| !line.contains(end));
            at += whole.len();
            continue;
        }
        let is_code = fences.holds(line);
        // Nothing but comments, badges and lines of HTML may stand before it.
        let may_precede =
            line.is_empty() || line.starts_with('<') || line.starts_with("[![") || line.starts_with("![");
        if !is_code && line.starts_with("# ") {
            let heading = facts
                .headings
                .iter()
                .find(|heading| heading.span.start as usize >= at)?;
            let rest = format!("{}{}", &body[..at], &body[at + whole.len()..]);
            let mut heading = heading.clone();
            heading.text = heading.text.trim().to_owned();
            return Some((heading, rest));
        }
        if is_code || !may_precede {
            return None;
        }
        at += whole.len();
    }
    None
}
