//! Bytes of old editors to text.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use crate::source::MOST_BYTES;

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undecodable {
    TooLarge,
    NotText,
}

/// The text, and the name of its encoding if that is not UTF-8. UTF-16 is known by its mark or by the zeros of its ASCII.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<&'static str>), Undecodable> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Undecodable::TooLarge);
    }
    if let Some(wide) = wide(bytes) {
        let text = whole(wide, bytes).ok_or(Undecodable::NotText)?;
        return Ok((text, Some(wide.name())));
    }
    if bytes.contains(&0) {
        return Err(Undecodable::NotText);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.trim_start_matches('\u{feff}').to_owned(), None));
    }
    let text = whole(GB18030, bytes).ok_or(Undecodable::NotText)?;
    Ok((text, Some("GB18030")))
}

fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    // Without a mark: front matter and Markdown hold ASCII, every other byte of which is zero.
    let head = &bytes[..bytes.len().min(512) & !1];
    let zeros = |offset: usize| {
        head.iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let many = head.len() / 8;
    match (zeros(0), zeros(1)) {
        (0, odd) if odd > many.max(1) => Some(UTF_16LE),
        (even, 0) if even > many.max(1) => Some(UTF_16BE),
        _ => None,
    }
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let bytes = match (encoding.name(), bytes) {
        ("UTF-16LE", [0xff, 0xfe, rest @ ..]) | ("UTF-16BE", [0xfe, 0xff, rest @ ..]) => rest,
        _ => bytes,
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(Cow::into_owned(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name, bytes, and the text with its encoding.
    type Case = (
        &'static str,
        Vec<u8>,
        Result<(&'static str, Option<&'static str>), Undecodable>,
    );

    #[test]
    fn texts_of_old_editors_are_read() {
        let utf16 = |text: &str, big: bool| {
            let unit = |unit: u16| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            };
            text.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
        };
        let gb = GB18030.encode("标题：数控").0.into_owned();
        let cases: [Case; 9] = [
            ("plain", "标题".into(), Ok(("标题", None))),
            ("mark", "\u{feff}标题".into(), Ok(("标题", None))),
            ("gb", gb, Ok(("标题：数控", Some("GB18030")))),
            (
                "utf-16",
                utf16("\u{feff}---\ntitle: 数", false),
                Ok(("---\ntitle: 数", Some("UTF-16LE"))),
            ),
            ("big", utf16("\u{feff}---", true), Ok(("---", Some("UTF-16BE")))),
            (
                "without mark",
                utf16("---\ntitle: 数控", false),
                Ok(("---\ntitle: 数控", Some("UTF-16LE"))),
            ),
            (
                "binary",
                vec![1, 2, 0, 0, 0, 3, 0xff, 0xff],
                Err(Undecodable::NotText),
            ),
            ("noise", vec![0x81, 0xff, 0xff], Err(Undecodable::NotText)),
            (
                "large",
                vec![b'a'; MOST_BYTES as usize + 1],
                Err(Undecodable::TooLarge),
            ),
        ];
        for (name, bytes, expected) in cases {
            let found = decode(&bytes);
            let found = found
                .as_ref()
                .map(|(text, encoding)| (text.as_str(), *encoding))
                .map_err(|wrong| *wrong);
            assert_eq!(found, expected, "{name}");
        }
    }
}
