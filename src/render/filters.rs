//! What templates may ask for besides the filters of the template engine.

use std::fmt::Write as _;

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};
use serde::Serialize;
use tera::{Kwargs, State, Tera, Value};

/// Free modules that the norm asks for around a code.
const QUIET: i32 = 4;
/// The pattern laid over every code. Choosing the best of the eight takes eight times as long and scanners read all.
const MASK: u8 = 2;

/// Makes the filters known to an engine.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("qr", |text: &str, _: Kwargs, _: &State| {
        Value::from_serializable(&qr(text))
    });
    tera.register_filter("bibtex", |text: &str, _: Kwargs, _: &State| bibtex(text));
}

/// A QR code (ISO/IEC 18004) as a drawing.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Qr {
    /// Path of an SVG, a unit a module: strokes of width 1 along the rows.
    pub path: String,
    /// Width and height in modules, the free ones around it included.
    pub size: i32,
}

fn code(text: &str) -> Option<QrCode> {
    let segments = QrSegment::make_segments(text);
    let mask = Some(Mask::new(MASK));
    QrCode::encode_segments_advanced(
        &segments,
        QrCodeEcc::Medium,
        Version::MIN,
        Version::MAX,
        mask,
        true,
    )
    .ok()
}

/// The code of a text; nothing is drawn, and its size is 0, when the text is too long for a code.
pub fn qr(text: &str) -> Qr {
    code(text).map_or_else(Qr::default, |code| Qr {
        path: path(&code),
        size: code.size() + 2 * QUIET,
    })
}

fn path(code: &QrCode) -> String {
    let mut path = String::with_capacity(2048);
    for y in 0..code.size() {
        let (mut x, mut end) = (0, None);
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                // Writing to a string never fails.
                let _ = match end {
                    None => write!(path, "M{} {}.5h{}", start + QUIET, y + QUIET, x - start),
                    Some(end) => write!(path, "m{} 0h{}", start - end, x - start),
                };
                end = Some(x);
            }
            x += 1;
        }
    }
    path
}

/// A text inside the braces of a BibTeX field.
fn bibtex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '{' | '}' | '$' | '&' | '#' | '_' | '%' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_draws_every_dark_module_once() {
        let address = "https://jixia.example.org/resources/cnc-milling-01-coordinates/";
        let drawn: i32 = qr(address)
            .path
            .split('h')
            .skip(1)
            .filter_map(|part| part.split(['m', 'M']).next()?.parse::<i32>().ok())
            .sum();
        let dark = code(address).map(|code| {
            let modules = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
            modules.filter(|(x, y)| code.get_module(*x, *y)).count()
        });
        assert_eq!(usize::try_from(drawn).ok(), dark);
        assert_eq!(qr(address).size, 37 + 2 * QUIET);
    }

    #[test]
    fn a_text_too_long_for_a_code_has_none() {
        let long = "长".repeat(2000);
        assert_eq!(qr(&long), Qr::default());
    }

    #[test]
    fn bibtex_fields_cannot_end_early() {
        let cases = [
            ("数控{铣削}", "数控\\{铣削\\}"),
            ("100% \\ A_B", "100\\% \\textbackslash{} A\\_B"),
            ("一\n二", "一 二"),
        ];
        for (text, expected) in cases {
            assert_eq!(bibtex(text), expected);
        }
    }
}
