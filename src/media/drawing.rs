//! Takes out of a drawing what drawing programs write into it and nobody sees missing.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::svg::{loads, probe};

/// The drawing without what it may not hold, if that is all that is wrong with it: fonts that would be loaded from elsewhere
/// (Excalidraw), colour profiles that no browser reads (Inkscape). Returns `None` for one that may be shown as it is, and for one
/// that holds something else.
pub(crate) fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    probe(bytes).unsafe_reason?;
    let text = std::str::from_utf8(bytes).ok()?;
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for part in removable(text)? {
        kept.push_str(text.get(at..part.start)?);
        at = part.end;
    }
    kept.push_str(&text[at..]);
    let kept = kept.into_bytes();
    probe(&kept).unsafe_reason.is_none().then_some(kept)
}

fn removable(text: &str) -> Option<Vec<Range<usize>>> {
    let mut reader = Reader::from_str(text);
    let mut parts = Vec::new();
    let mut in_style = false;
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let end = usize::try_from(reader.buffer_position()).ok()?;
        match &event {
            Event::Eof => return Some(parts),
            Event::Empty(element) if element.local_name().as_ref() == "color-profile" => {
                parts.push(start..end);
            }
            Event::Text(_) | Event::CData(_) if in_style => {
                let fonts = fonts(text.get(start..end)?).into_iter();
                parts.extend(fonts.map(|font| start + font.start..start + font.end));
            }
            _ => {}
        }
        in_style = matches!(&event, Event::Start(element) if element.local_name().as_ref() == "style");
    }
}

/// The rules of a style that load a font.
fn fonts(style: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = style[at..].find("@font-face").map(|start| at + start) {
        let Some(end) = style[start..].find('}').map(|end| start + end + 1) else {
            break;
        };
        if loads(&style[start..end]) {
            found.push(start..end);
        }
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_leave_in_drawings_is_taken_out_and_nothing_else() {
        let cases: &[(&str, Option<&str>)] = &[
            (
                r#"<svg><style>a{fill:red} @font-face{font-family:"V";src:url("https://e.example/V.woff2");} b{}</style><path/></svg>"#,
                Some("<svg><style>a{fill:red}  b{}</style><path/></svg>"),
            ),
            (
                r#"<svg><defs><color-profile name="s" xlink:href="/usr/share/s.icc"/></defs></svg>"#,
                Some("<svg><defs></defs></svg>"),
            ),
            (
                r#"<svg><style>@import "https://e.example/a.css";</style></svg>"#,
                None,
            ),
            (
                r#"<svg><script/><style>@font-face{src:url(https://e.example/V)}</style></svg>"#,
                None,
            ),
            ("<svg><style>@font-face{src:url(#a)}</style></svg>", None),
            ("<svg><style>@font-face{src:url(https://e.example", None),
            ("<svg/>", None),
        ];
        for (drawing, expected) in cases {
            let found = cleaned(drawing.as_bytes());
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{drawing}");
        }
    }
}
