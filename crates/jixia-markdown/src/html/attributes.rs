//! The attributes of a tag: read, decoded, and written anew as far as the element may keep them.

use std::borrow::Cow;

/// The attributes of a tag, from the byte after its name.
#[derive(Clone)]
pub(crate) struct Attributes<'a> {
    pub(super) rest: &'a str,
}

impl<'a> Attributes<'a> {
    /// Bytes to the tag's end, its `>` included. Returns `None` if the tag does not end.
    pub(super) fn length(&self) -> Option<usize> {
        let mut attributes = self.clone();
        while attributes.next().is_some() {}
        attributes
            .rest
            .starts_with('>')
            .then(|| self.rest.len() - attributes.rest.len() + 1)
    }

    /// The value of an attribute, decoded.
    pub(crate) fn get(&self, wanted: &str) -> Option<Cow<'a, str>> {
        self.clone()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        self.rest = self
            .rest
            .trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if self.rest.is_empty() || self.rest.starts_with('>') {
            return None;
        }
        let stop = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
        // A name may begin with `=`, as the HTML standard has it.
        let length = self
            .rest
            .char_indices()
            .find(|&(at, c)| at > 0 && stop(c))
            .map_or(self.rest.len(), |(at, _)| at);
        let (name, rest) = self.rest.split_at(length);
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            self.rest = rest;
            return Some((name, Cow::Borrowed("")));
        };
        let value = value.trim_start();
        for quote in ['"', '\''] {
            if let Some(quoted) = value.strip_prefix(quote) {
                let (value, rest) = quoted.split_once(quote).unwrap_or((quoted, ""));
                self.rest = rest;
                return Some((name, decode(value)));
            }
        }
        let length = value
            .find(|c: char| c.is_ascii_whitespace() || c == '>')
            .unwrap_or(value.len());
        let (value, rest) = value.split_at(length);
        self.rest = rest;
        Some((name, decode(value)))
    }
}

/// Decodes numeric entities and the five of XML. Others stay as written and are escaped with the rest, so what was
/// judged is what the browser reads.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (c, length) = entity(after).unwrap_or(('&', 0));
        decoded.push(c);
        rest = &after[length..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The character of the entity after a `&`, and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    for (name, c) in [
        ("amp;", '&'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("quot;", '"'),
        ("apos;", '\''),
        ("nbsp;", '\u{A0}'),
    ] {
        if text.starts_with(name) {
            return Some((c, name.len()));
        }
    }
    let number = text.strip_prefix('#')?;
    let (digits, radix, skipped) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 2),
        None => (number, 10, 1),
    };
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    if length == 0 {
        return None;
    }
    let code = u32::from_str_radix(&digits[..length], radix)
        .ok()
        .filter(|&code| code != 0);
    let c = code.and_then(char::from_u32).unwrap_or('\u{FFFD}');
    let semicolon = usize::from(digits[length..].starts_with(';'));
    Some((c, skipped + length + semicolon))
}

/// Writes the attributes an element may keep, except addresses and the alternative text, which the caller judges. `class` is
/// what it gets in any case; whether its id is still free says `has_id`.
pub(crate) fn write_attributes(
    name: &str,
    attributes: &Attributes<'_>,
    class: &str,
    has_id: bool,
    out: &mut String,
) {
    let mut seen: Vec<String> = Vec::new();
    let mut classes: Vec<String> = vec![class.to_owned()];
    for (attribute, value) in attributes.clone().take(64) {
        let mut lower = attribute.to_ascii_lowercase();
        let value = value.trim();
        if name == "a" && lower == "name" {
            "id".clone_into(&mut lower);
        }
        if seen.contains(&lower) || !is_allowed(name, attribute, &lower, value) {
            continue;
        }
        seen.push(lower.clone());
        match lower.as_str() {
            // An alignment is a class today.
            "align" => classes.push(value.to_ascii_lowercase()),
            "class" => classes.push(value.to_owned()),
            "id" if !has_id => {}
            name => {
                // A mark has no value, a number no sign.
                let value = match name {
                    "open" | "reversed" => "",
                    "start" | "value" => value.trim_start_matches('+'),
                    _ => value,
                };
                write_attribute(name, value, out);
            }
        }
    }
    classes.retain(|class| !class.is_empty());
    classes.dedup();
    if !classes.is_empty() {
        write_attribute("class", &classes.join(" "), out);
    }
}

fn write_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    crate::escape::attribute(value, out);
    out.push('"');
}

/// Whether a text is a language tag as pages use them: a language, perhaps a script and a region.
fn is_language(tag: &str) -> bool {
    const LANGUAGES: [&str; 28] = [
        "ar", "bo", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko",
        "la", "mn", "ms", "nl", "pl", "pt", "ru", "th", "ug", "vi", "zh",
    ];
    let mut parts = tag.split('-');
    let is_known = parts
        .next()
        .is_some_and(|language| LANGUAGES.contains(&language.to_ascii_lowercase().as_str()));
    let is_part = |part: &str| {
        matches!(part, "Hans" | "Hant" | "Latn" | "Cyrl" | "Mong" | "Tibt" | "Arab")
            || matches!(
                part,
                "CN" | "TW"
                    | "HK"
                    | "MO"
                    | "SG"
                    | "US"
                    | "GB"
                    | "JP"
                    | "KR"
                    | "DE"
                    | "FR"
                    | "RU"
                    | "AU"
                    | "CA"
            )
    };
    is_known && parts.clone().count() <= 2 && parts.all(is_part)
}

/// Whether a text is a date, or a date and a time, that HTML can read.
pub(crate) fn is_datetime(text: &str) -> bool {
    let text = text.as_bytes();
    let is_date = |date: &[u8]| {
        let fits = date.len() == 10
            && date.iter().enumerate().all(|(at, byte)| {
                if matches!(at, 4 | 7) {
                    *byte == b'-'
                } else {
                    byte.is_ascii_digit()
                }
            });
        let number = |from: usize| {
            date.get(from..from + 2)
                .map(|two| (two[0] - b'0') * 10 + (two[1] - b'0'))
        };
        fits && number(5).is_some_and(|month| (1..=12).contains(&month))
            && number(8).is_some_and(|day| (1..=28).contains(&day))
    };
    let is_time = |time: &[u8]| matches!(time, [h1 @ b'0'..=b'2', h2 @ b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9'] if (h1 - b'0') * 10 + (h2 - b'0') < 24);
    is_date(text)
        || text.len() == 16 && matches!(text[10], b'T' | b' ') && is_date(&text[..10]) && is_time(&text[11..])
}

/// The id that a tag sets, if it may be one.
pub(crate) fn id_of<'a>(name: &str, attributes: &Attributes<'a>) -> Option<Cow<'a, str>> {
    let id = attributes.get("id");
    let id = id.or_else(|| attributes.get("name").filter(|_| name == "a"))?;
    is_id(id.trim()).then_some(id)
}

/// Whether an id of raw HTML is kept.
fn is_id(id: &str) -> bool {
    crate::slug::is_id(id) && !is_reserved(id)
}

/// Ids that pages have around a body: skip links and scripts must not be led elsewhere by an author's text.
fn is_reserved(id: &str) -> bool {
    matches!(id, "main" | "menu" | "menu-switch" | "search" | "facets")
        || ["h-", "q-", "list-"].iter().any(|prefix| id.starts_with(prefix))
}

fn is_allowed(element: &str, written: &str, attribute: &str, value: &str) -> bool {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let number =
        |least: u32, most: u32| digits && value.parse().is_ok_and(|number| (least..=most).contains(&number));
    match (element, attribute) {
        (_, "title") => true,
        ("time", "datetime") => is_datetime(value),
        (_, "id") => {
            let is_named = !(element == "a" && written.eq_ignore_ascii_case("name") && value.is_empty());
            is_id(value) && is_named
        }
        (_, "lang") => is_language(value),
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto"),
        (_, "class") => matches!(value, "center" | "left" | "right" | "nowrap" | "small"),
        ("td" | "th", "colspan") => number(1, 1000),
        ("td" | "th", "rowspan") => number(0, 65534),
        ("th", "scope") => matches!(value, "row" | "col" | "rowgroup" | "colgroup"),
        (
            "td" | "th" | "tr" | "table" | "div" | "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "img",
            "align",
        ) => {
            matches!(value.to_ascii_lowercase().as_str(), "left" | "center" | "right")
        }
        ("img", "width" | "height") => number(0, 10_000),
        ("ol", "start") | ("li", "value") => value.parse::<i32>().is_ok(),
        ("ol", "type") => matches!(value, "1" | "a" | "A" | "i" | "I"),
        ("ol", "reversed") | ("details", "open") => true,
        _ => false,
    }
}
