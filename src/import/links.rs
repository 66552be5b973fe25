//! Links and pictures of a body: what each leads to in the source, and how that is written in the site.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use jixia_markdown::{Address, Facts, classify};

use super::code::lines_outside_code;

/// A target in a body: where it stands, and what it is as it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Decoded.
    pub(super) target: String,
    /// Whether it stands in an attribute of HTML.
    pub(super) in_html: bool,
}

/// The targets of a body in their order: of links, pictures, definitions and raw HTML. Those in code are none.
pub(super) fn places(body: &str, facts: &Facts) -> Vec<Place> {
    let mut places: BTreeMap<usize, Place> = BTreeMap::new();
    for link in &facts.links {
        let (from, to) = (link.span.start as usize, link.span.end as usize);
        let Some(text) = body.get(from..to) else { continue };
        if link.target.is_empty() || text.starts_with('<') && text[1..].starts_with("http") {
            continue;
        }
        if text.trim_start().starts_with('<') {
            in_html(text, from, &link.target, &mut places);
        } else if let Some((start, end)) = destination(text) {
            let place = Place {
                start: from + start,
                end: from + end,
                target: link.target.clone(),
                in_html: false,
            };
            places.insert(place.start, place);
        }
    }
    for place in definitions(body) {
        places.insert(place.start, place);
    }
    places.into_values().collect()
}

/// Where the destination of an inline link stands within the link.
fn destination(text: &str) -> Option<(usize, usize)> {
    let open = text.rfind("](")? + 2;
    let start = open + (text[open..].len() - text[open..].trim_start().len());
    if text[start..].starts_with('<') {
        let end = text[start..].find('>')?;
        return Some((start, start + end + 1));
    }
    let mut depth = 0_usize;
    for (at, character) in text[start..].char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => return Some((start, start + at)),
            ')' => depth -= 1,
            character if character.is_whitespace() => return Some((start, start + at)),
            _ => {}
        }
    }
    None
}

/// Attributes of raw HTML that hold a target.
fn in_html(text: &str, from: usize, target: &str, places: &mut BTreeMap<usize, Place>) {
    for (at, _) in text.match_indices(target) {
        let before = text[..at].trim_end_matches(['"', '\'']).trim_end();
        let is_value = before.ends_with('=') && {
            let before = before[..before.len() - 1].trim_end().to_ascii_lowercase();
            before.ends_with("src") || before.ends_with("href")
        };
        let is_whole = text[at + target.len()..].starts_with(['"', '\'', ' ', '>']);
        if is_value && is_whole {
            let (start, end) = (from + at, from + at + target.len());
            places.insert(
                start,
                Place {
                    start,
                    end,
                    target: target.to_owned(),
                    in_html: true,
                },
            );
        }
    }
}

/// `[label]: target` at the beginning of lines.
fn definitions(body: &str) -> Vec<Place> {
    let mut found = Vec::new();
    if !body.contains("]:") {
        return found;
    }
    let starts: Vec<usize> = std::iter::once(0)
        .chain(body.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    lines_outside_code(body, |line, number| {
        let place = || {
            let inner = line.trim_start_matches([' ', '>']);
            let label = inner.strip_prefix('[')?.split_once("]:")?.0;
            let rest = inner[label.len() + 3..].trim_start();
            let is_label = !label.starts_with('^') && !label.contains(['[', ']']);
            let target = match rest.strip_prefix('<') {
                Some(inner) => inner.split_once('>')?.0,
                None => rest.split_whitespace().next()?,
            };
            let start = starts.get(number as usize)? + (line.len() - rest.len());
            let end = start + target.len() + if rest.starts_with('<') { 2 } else { 0 };
            is_label.then(|| Place {
                start,
                end,
                target: target.to_owned(),
                in_html: false,
            })
        };
        found.extend(place());
        None
    });
    found
}

/// A target as a path: what is before the query and the heading, decoded, and the heading with its `#`.
pub(super) fn path_of(target: &str) -> Option<(String, &str)> {
    if classify(target) != Address::Path {
        return None;
    }
    let at = target.find(['?', '#']).unwrap_or(target.len());
    let (path, rest) = target.split_at(at);
    let anchor = rest.find('#').map_or("", |at| &rest[at..]);
    let path = percent_decode_str(path).decode_utf8().ok()?.replace('\\', "/");
    (!path.is_empty()).then_some((path, anchor))
}

/// A path within a folder, `..` and `.` followed. Returns `None` if it leads out of the source.
pub(super) fn within(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The way from a file to another one, as a link has it.
pub(super) fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    let target: Vec<&str> = to.split('/').collect();
    let shared = folders
        .iter()
        .zip(&target[..target.len() - 1])
        .take_while(|(one, other)| one == other)
        .count();
    let mut way = "../".repeat(folders.len() - shared);
    way.push_str(&target[shared..].join("/"));
    let mut written = String::with_capacity(way.len());
    for character in way.chars() {
        match character {
            '(' => written.push_str("%28"),
            ')' => written.push_str("%29"),
            ' ' => written.push_str("%20"),
            '%' => written.push_str("%25"),
            other => written.push(other),
        }
    }
    written
}

/// Puts other texts in the place of parts of a body. They are in their order and do not overlap.
pub(super) fn replaced(body: &str, parts: &[(usize, usize, String)]) -> String {
    let mut made = String::with_capacity(body.len());
    let mut at = 0;
    for (start, end, text) in parts {
        if *start >= at {
            made.push_str(&body[at..*start]);
            made.push_str(text);
            at = *end;
        }
    }
    made.push_str(&body[at..]);
    made
}

/// Targets with blanks, which are no links to Markdown: in `<…>` they are. `is_file` tells whether one leads to a file.
pub(super) fn with_blanks(body: &str, mut is_file: impl FnMut(&str) -> bool) -> String {
    lines_outside_code(body, |line, _| {
        let mut made = String::new();
        let mut rest = line;
        while let Some(at) = rest.find("](") {
            let (before, after) = rest.split_at(at + 2);
            made.push_str(before);
            let end = after.find(')').unwrap_or(0);
            let target = &after[..end];
            // A title stands in quotes behind the target.
            let (target, title) = target.find(" \"").map_or((target, ""), |at| target.split_at(at));
            let is_broken = target.trim().contains(' ') && !target.starts_with('<') && is_file(target.trim());
            if is_broken {
                made.push_str(&format!("<{}>{title}", target.trim()));
            } else {
                made.push_str(&after[..end]);
            }
            rest = &after[end..];
        }
        made.push_str(rest);
        Some(made)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> Vec<String> {
        let facts = jixia_markdown::facts(body, &mut |_| {});
        let places = places(body, &facts);
        places
            .iter()
            .map(|place| format!("{}={}", &body[place.start..place.end], place.target))
            .collect()
    }

    #[test]
    fn targets_are_found_where_they_stand() {
        let cases: &[(&str, &[&str])] = &[
            (
                "[a](b.md) ![c](d.png \"题\") `[e](f)`",
                &["b.md=b.md", "d.png=d.png"],
            ),
            ("[![a](b.png)](c.md)", &["b.png=b.png", "c.md=c.md"]),
            (
                "[a](<b c.md>) [d](e_(f).md)",
                &["<b c.md>=b c.md", "e_(f).md=e_(f).md"],
            ),
            ("[a][b]\n\n[b]: ../c.md\n", &["../c.md=../c.md"]),
            ("<p><img src=\"a.png\" alt=\"a.png\"></p>\n", &["a.png=a.png"]),
            ("<https://a.example> https://b.example", &[]),
            ("```\n[a](b.md)\n[b]: c\n```\n", &[]),
        ];
        for (body, expected) in cases {
            assert_eq!(found(body), *expected, "{body}");
        }
    }

    #[test]
    fn ways_lead_from_file_to_file() {
        assert_eq!(relative("content/pages/a/b.md", "content/pages/a/c.md"), "c.md");
        assert_eq!(
            relative("content/pages/a/b.md", "content/pages/d (1).png"),
            "../d%20%281%29.png"
        );
        assert_eq!(within("docs/a", "../b/./c.md").as_deref(), Some("docs/b/c.md"));
        assert_eq!(within("docs", "../../x"), None);
        assert_eq!(
            with_blanks("![a](b c.png \"t\") [x](y z)", |path| path == "b c.png"),
            "![a](<b c.png> \"t\") [x](y z)"
        );
        assert_eq!(path_of("a%20b.md?x#c"), Some(("a b.md".to_owned(), "#c")));
        assert_eq!(path_of("https://a.example"), None);
    }
}
