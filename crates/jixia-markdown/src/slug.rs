//! Heading ids: GitHub's rule, which keeps Chinese.

use rustc_hash::FxHashMap;

use super::chars::is_common_han;

/// Gives out ids that are unique within one body.
#[derive(Default)]
pub(super) struct Slugs {
    used: FxHashMap<String, u32>,
}

impl Slugs {
    /// Takes an id that raw HTML sets, and says whether it was free.
    pub(super) fn claim(&mut self, id: &str) -> bool {
        let is_free = !self.used.contains_key(id);
        if is_free {
            self.used.insert(id.to_owned(), 0);
        }
        is_free
    }

    /// The id of a heading: the explicit one if written, else made from its text. A repeated id gets `-1`, `-2`, ….
    pub(super) fn heading(&mut self, text: &str, explicit: Option<&str>) -> String {
        let wanted = match explicit {
            Some(id) if is_id(id) => id.to_owned(),
            Some(id) => slug(id),
            None => slug(text),
        };
        let Some(count) = self.used.get_mut(&wanted) else {
            self.used.insert(wanted.clone(), 0);
            return wanted;
        };
        let mut number = *count;
        let id = loop {
            number += 1;
            let candidate = format!("{wanted}-{number}");
            if !self.used.contains_key(&candidate) {
                break candidate;
            }
        };
        self.used.insert(wanted, number);
        self.used.insert(id.clone(), 0);
        id
    }
}

/// Whether a written id can be kept as it is.
pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 200
        && id
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Splits `标题 {#id}` into the heading's text and its explicit id.
pub(super) fn split_id(text: &str) -> (&str, Option<&str>) {
    let trimmed = text.trim_end();
    let Some(open) = trimmed
        .strip_suffix('}')
        .and_then(|inner| inner.rfind("{#").map(|at| (at, &inner[at + 2..])))
    else {
        return (text, None);
    };
    let (at, id) = open;
    if id.is_empty() || id.contains(char::is_whitespace) {
        return (text, None);
    }
    (trimmed[..at].trim_end(), Some(id))
}

/// Makes an id of a text: lower case, spaces to hyphens, punctuation dropped.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.trim().chars().take(120) {
        if c.is_ascii() {
            match c {
                'a'..='z' | '0'..='9' | '-' | '_' => slug.push(c),
                'A'..='Z' => slug.push(c.to_ascii_lowercase()),
                ' ' | '\n' | '\t' => slug.push('-'),
                _ => {}
            }
        } else if is_common_han(c) {
            slug.push(c);
        } else if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if c.is_whitespace() {
            slug.push('-');
        }
    }
    if slug.is_empty() {
        "section".to_owned()
    } else {
        slug
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        let mut slugs = Slugs::default();
        let cases = [
            ("一、总体要求", None, "一总体要求"),
            ("Hello World!", None, "hello-world"),
            ("一、总体要求", None, "一总体要求-1"),
            ("一、总体要求", None, "一总体要求-2"),
            ("C# 与 C++", None, "c-与-c"),
            ("？？", None, "section"),
            ("？？", None, "section-1"),
            ("任意", Some("My.Id_1"), "My.Id_1"),
            ("任意", Some("坏 id\""), "坏-id"),
            ("section-1", None, "section-1-1"),
        ];
        for (text, explicit, expected) in cases {
            assert_eq!(slugs.heading(text, explicit), expected, "{text}");
        }
    }

    #[test]
    fn explicit_ids_are_split_off() {
        assert_eq!(split_id("标题 {#a-b}"), ("标题", Some("a-b")));
        assert_eq!(split_id("标题 {a}"), ("标题 {a}", None));
        assert_eq!(split_id("标题 {#a b}"), ("标题 {#a b}", None));
        assert_eq!(split_id("{#only}"), ("", Some("only")));
    }
}
