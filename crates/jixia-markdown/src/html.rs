//! Raw HTML: read as tags and texts, judged by an allow-list, never copied.
//!
//! Nothing of a raw tag reaches the page but the name, taken from the list below, and the attributes the list
//! allows, written anew and escaped. Raw tags are balanced against the Markdown around them by [`render`](mod@super::render),
//! so an unclosed or stray tag cannot leave its container. That is why bodies with raw HTML need no second pass
//! either: the page is well formed when it is written. The tests hold the result against ammonia with the same
//! list, which must find nothing to remove.

use std::borrow::Cow;

/// A tag or text of raw HTML.
pub(super) enum Token<'a> {
    /// Text with its entities as written; holds no `<`.
    Text(&'a str),
    /// An allowed element begins.
    Open(&'static str, Attributes<'a>),
    /// An allowed element ends.
    Close(&'static str),
    /// An element begins whose content must not be shown; its end is not in this piece.
    Hide(&'static str),
    /// Such an element ends.
    Unhide(&'static str),
    /// An element, by its name, that is not shown: its tags are gone, of a hidden one the content too.
    Removed(&'a str),
}

/// Elements that may stand in a page.
const ALLOWED: [&str; 74] = [
    "a",
    "abbr",
    "acronym",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "menu",
    "nobr",
    "ol",
    "p",
    "pre",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// So many tags without an end are no accident.
const MOST_ENDLESS: u32 = 100;

/// Longest attributes of a tag, in bytes. A longer tag is text: looking for its end must not take for ever.
const LONGEST: usize = 4096;

/// Longest attributes of a picture that stands in its address, in bytes.
const LONGEST_PICTURE: usize = 4 * 1024 * 1024;

/// So many such tags without an end are no accident either.
const MOST_ENDLESS_PICTURES: u32 = 2;

/// Elements whose content goes with them.
const HIDDEN: [&str; 19] = [
    "applet",
    "audio",
    "canvas",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "xmp",
];

/// Further elements that HTML has or had. A tag of any other name is a mistake.
const KNOWN: [&str; 58] = [
    "acronym", "address", "area", "article", "base", "basefont", "bgsound", "big", "blink", "body", "button",
    "data", "datalist", "dialog", "dir", "embed", "fieldset", "font", "footer", "form", "frame", "frameset",
    "head", "header", "hgroup", "html", "input", "isindex", "keygen", "label", "legend", "link", "listing",
    "main", "map", "marquee", "menu", "menuitem", "meta", "meter", "multicol", "nav", "nobr", "optgroup",
    "option", "output", "param", "picture", "portal", "progress", "rtc", "search", "slot", "source",
    "spacer", "track", "nextid", "xml",
];

/// Whether HTML has, or had, an element of this name.
pub(super) fn is_element(name: &str) -> bool {
    let is = |list: &'static [&'static str]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    is(&ALLOWED) || is(&HIDDEN) || is(&KNOWN)
}

/// Elements without content.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "col" | "hr" | "img" | "wbr")
}

/// Whether an element is a heading.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// The element that must be open directly around `name`, if the parser would otherwise rearrange the page.
pub(super) fn parents(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "caption" | "colgroup" | "thead" | "tbody" | "tfoot" => Some(&["table"]),
        "col" => Some(&["colgroup", "table"]),
        "tr" => Some(&["thead", "tbody", "tfoot", "table"]),
        "td" | "th" => Some(&["tr"]),
        "li" => Some(&["ol", "ul"]),
        "dt" | "dd" => Some(&["dl"]),
        "rt" | "rp" => Some(&["ruby"]),
        "summary" => Some(&["details"]),
        "figcaption" => Some(&["figure"]),
        _ => None,
    }
}

/// Whether an element holds nothing but parts of a table. Anything else in it would be moved out by the browser, and
/// a table in it would end it, with end tags left over that reach the page around.
pub(super) fn is_frame(name: &str) -> bool {
    matches!(name, "table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup")
}

/// Whether the beginning of `next` ends an open `open`, as HTML lets authors leave out end tags.
pub(super) fn ends(open: &str, next: &str) -> bool {
    match next {
        "td" | "th" => matches!(open, "td" | "th" | "caption"),
        "tr" => matches!(open, "td" | "th" | "tr" | "caption" | "colgroup"),
        "thead" | "tbody" | "tfoot" => {
            matches!(
                open,
                "td" | "th" | "tr" | "caption" | "colgroup" | "thead" | "tbody" | "tfoot"
            )
        }
        "rt" | "rp" => matches!(open, "rt" | "rp"),
        "li" => open == "li",
        "dt" | "dd" => matches!(open, "dt" | "dd"),
        _ => is_block(next) && holds_words(open) && !is_heading(open),
    }
}

/// What an element is today that HTML had once, and the class that says the rest. Empty for one that is gone without a trace.
pub(super) fn today(name: &'static str) -> (&'static str, &'static str) {
    match name {
        "acronym" => ("abbr", ""),
        "big" => ("strong", ""),
        "center" => ("div", "center"),
        "dir" | "menu" => ("ul", ""),
        "nobr" => ("span", "nowrap"),
        "strike" => ("s", ""),
        // It may stand before other rows.
        "tfoot" => ("tbody", ""),
        "tt" => ("code", ""),
        "rb" | "rtc" | "col" | "colgroup" => ("", ""),
        name => (name, ""),
    }
}

/// Whether an element is a block: it stands in no line of text.
pub(super) fn is_block(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "aside"
                | "blockquote"
                | "center"
                | "details"
                | "dir"
                | "div"
                | "dl"
                | "figure"
                | "hr"
                | "menu"
                | "ol"
                | "p"
                | "pre"
                | "section"
                | "table"
                | "ul"
        )
}

/// Whether an element holds words of a text and no blocks.
pub(super) fn holds_words(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "abbr"
                | "acronym"
                | "b"
                | "bdi"
                | "bdo"
                | "big"
                | "cite"
                | "code"
                | "dfn"
                | "em"
                | "i"
                | "kbd"
                | "mark"
                | "nobr"
                | "p"
                | "pre"
                | "q"
                | "rt"
                | "ruby"
                | "s"
                | "samp"
                | "small"
                | "span"
                | "strike"
                | "strong"
                | "sub"
                | "sup"
                | "time"
                | "tt"
                | "u"
                | "var"
        )
}

fn known(list: &'static [&'static str], name: &str) -> Option<&'static str> {
    if name.len() > 10 {
        return None;
    }
    let mut lower = [0; 10];
    let lower = &mut lower[..name.len()];
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    let lower = std::str::from_utf8(lower).ok()?;
    list.binary_search(&lower).ok().map(|at| list[at])
}

/// Whether a piece of raw HTML is nothing but a line break or a comment, which are harmless and common.
pub(super) fn is_trivial(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!--") || is_break(html)
}

/// Whether a tag is `<br>` in one of its spellings.
pub(super) fn is_break(tag: &str) -> bool {
    matches!(tag, "<br>" | "<br/>" | "<br />" | "</br>" | "<BR>" | "<BR/>")
}

/// Reads raw HTML and calls `token` for each part. What is not allowed is skipped, its text stays.
pub(super) fn lex<'a>(html: &'a str, token: &mut dyn FnMut(Token<'a>)) {
    let bytes = html.as_bytes();
    let (mut text, mut at) = (0, 0);
    let mut endless = Endless::default();
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        let open = at + found;
        if let Some((end, tag)) = tag_at(html, open, &mut endless) {
            if text < open {
                token(Token::Text(&html[text..open]));
            }
            if let Some(tag) = tag {
                token(tag);
            }
            at = end;
        } else {
            // A lone `<`: the text before it, then itself as an entity.
            if text < open {
                token(Token::Text(&html[text..open]));
            }
            token(Token::Text("&lt;"));
            at = open + 1;
        }
        text = at;
    }
    if text < html.len() {
        token(Token::Text(&html[text..]));
    }
}

/// What was found to have no end in a piece, so that it is not looked for again and again.
#[derive(Default)]
struct Endless {
    /// Hidden elements without an end tag further on.
    hidden: Vec<&'static str>,
    /// Tags without `>`. After [`MOST_ENDLESS`] every `<` is text.
    tags: u32,
    /// Tags without `>` of pictures in an address. After [`MOST_ENDLESS_PICTURES`] none is looked for.
    pictures: u32,
}

/// The markup that begins at `open`: where it ends, and what is left of it.
fn tag_at<'a>(html: &'a str, open: usize, endless: &mut Endless) -> Option<(usize, Option<Token<'a>>)> {
    if endless.tags > MOST_ENDLESS {
        return None;
    }
    let rest = &html[open + 1..];
    if let Some(comment) = rest.strip_prefix("!--") {
        let length = if comment.starts_with('>') {
            0
        } else if comment.starts_with("->") {
            1
        } else {
            comment.find("-->").map_or(comment.len(), |end| end + 2)
        };
        return Some(((open + 5 + length).min(html.len()), None));
    }
    if rest.starts_with(['!', '?']) {
        return Some((rest.find('>').map_or(html.len(), |end| open + 2 + end), None));
    }
    let closing = rest.starts_with('/');
    let name_start = open + 1 + usize::from(closing);
    let name = name_of(&html[name_start..]);
    if name.is_empty() {
        return None;
    }
    let rest = &html[name_start + name.len()..];
    let attributes = Attributes {
        rest: &rest[..rest.floor_char_boundary(LONGEST)],
    };
    let Some((attributes, length)) = ended(attributes, name, rest, endless) else {
        endless.tags += 1;
        return None;
    };
    let end = html.len() - rest.len() + length;
    if let Some(name) = known(&HIDDEN, name) {
        return Some(if closing {
            (end, Some(Token::Unhide(name)))
        } else {
            hidden_end(html, end, name, endless)
        });
    }
    let token = match (known(&ALLOWED, name), closing) {
        (Some("br"), true) => Some(Token::Open("br", Attributes { rest: "" })),
        (Some(name), true) => Some(Token::Close(name)),
        (Some(name), false) => Some(Token::Open(name, attributes)),
        (None, true) => None,
        (None, false) => Some(Token::Removed(name)),
    };
    Some((end, token))
}

/// The attributes of a tag with their length, looked at further for a picture that stands in its address.
fn ended<'a>(
    attributes: Attributes<'a>,
    name: &str,
    rest: &'a str,
    endless: &mut Endless,
) -> Option<(Attributes<'a>, usize)> {
    if let Some(length) = attributes.length() {
        return Some((attributes, length));
    }
    let can_be = attributes.rest.len() < rest.len()
        && name.eq_ignore_ascii_case("img")
        && endless.pictures < MOST_ENDLESS_PICTURES
        && memchr::memmem::find(attributes.rest.as_bytes(), b"data:image/").is_some();
    if !can_be {
        return None;
    }
    let attributes = Attributes {
        rest: &rest[..rest.floor_char_boundary(LONGEST_PICTURE)],
    };
    let length = attributes.length();
    endless.pictures += u32::from(length.is_none());
    length.map(|length| (attributes, length))
}

/// Skips an element that is hidden with its content, if it ends in the same piece.
fn hidden_end<'a>(
    html: &'a str,
    start: usize,
    name: &'static str,
    endless: &mut Endless,
) -> (usize, Option<Token<'a>>) {
    if endless.hidden.contains(&name) {
        return (start, Some(Token::Hide(name)));
    }
    let mut at = start;
    while let Some(found) = html[at..].find("</") {
        let close = at + found + 2;
        let closing = name_of(&html[close..]);
        if closing.eq_ignore_ascii_case(name) {
            let end = html[close..].find('>').map_or(html.len(), |end| close + end + 1);
            return (end, Some(Token::Removed(name)));
        }
        at = close;
    }
    endless.hidden.push(name);
    (start, Some(Token::Hide(name)))
}

fn name_of(text: &str) -> &str {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return "";
    }
    let end = text
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '<'))
        .unwrap_or(text.len());
    &text[..end]
}

/// The attributes of a tag, from the byte after its name.
#[derive(Clone)]
pub(super) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Attributes<'a> {
    /// Bytes to the tag's end, its `>` included. Returns `None` if the tag does not end.
    fn length(&self) -> Option<usize> {
        let mut attributes = self.clone();
        while attributes.next().is_some() {}
        attributes
            .rest
            .starts_with('>')
            .then(|| self.rest.len() - attributes.rest.len() + 1)
    }

    /// The value of an attribute, decoded.
    pub(super) fn get(&self, wanted: &str) -> Option<Cow<'a, str>> {
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
pub(super) fn decode(text: &str) -> Cow<'_, str> {
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
pub(super) fn write_attributes(
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
    super::escape::attribute(value, out);
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
pub(super) fn is_datetime(text: &str) -> bool {
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
pub(super) fn id_of<'a>(name: &str, attributes: &Attributes<'a>) -> Option<Cow<'a, str>> {
    let id = attributes.get("id");
    let id = id.or_else(|| attributes.get("name").filter(|_| name == "a"))?;
    is_id(id.trim()).then_some(id)
}

/// Whether an id of raw HTML is kept.
fn is_id(id: &str) -> bool {
    super::slug::is_id(id) && !is_reserved(id)
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
