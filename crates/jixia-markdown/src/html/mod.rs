//! Raw HTML: read as tags and texts, judged by an allow-list, never copied.
//!
//! Nothing of a raw tag reaches the page but the name, taken from the list below, and the attributes the list
//! allows, written anew and escaped. Raw tags are balanced against the Markdown around them by [`render`](mod@super::render),
//! so an unclosed or stray tag cannot leave its container. That is why bodies with raw HTML need no second pass
//! either: the page is well formed when it is written. The tests hold the result against ammonia with the same
//! list, which must find nothing to remove.

mod attributes;
mod elements;

pub(super) use attributes::{Attributes, decode, id_of, is_datetime, write_attributes};
use elements::{ALLOWED, HIDDEN, known};
pub(super) use elements::{
    ends, holds_words, is_block, is_element, is_frame, is_heading, is_void, parents, today,
};

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

/// So many tags without an end are no accident.
const MOST_ENDLESS: u32 = 100;

/// Longest attributes of a tag, in bytes. A longer tag is text: looking for its end must not take for ever.
const LONGEST: usize = 4096;

/// Longest attributes of a picture that stands in its address, in bytes.
const LONGEST_PICTURE: usize = 4 * 1024 * 1024;

/// So many such tags without an end are no accident either.
const MOST_ENDLESS_PICTURES: u32 = 2;

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
