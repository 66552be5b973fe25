//! The text of office documents (ECMA-376 and OpenDocument): XML in a ZIP file, unpacked as a stream and in bounds.

use std::io::{self, BufReader, Read, Seek};

use jixia::office::archive::Archive;
use jixia::stop::Stop;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attribute;

use super::text::MOST;

/// Most bytes of XML that are unpacked of all parts together.
const UNPACKED: u64 = 60_000_000;

/// Whether a part of the archive holds text that readers see.
fn is_wanted(name: &str) -> bool {
    let is_of = |directory: &str| name.starts_with(directory) && name.ends_with(".xml");
    matches!(
        name,
        "word/document.xml"
            | "word/footnotes.xml"
            | "word/endnotes.xml"
            | "word/comments.xml"
            | "xl/sharedStrings.xml"
            | "content.xml"
    ) || is_of("word/header")
        || is_of("word/footer")
        || is_of("ppt/slides/slide")
        || is_of("ppt/notesSlides/notesSlide")
        || is_of("xl/worksheets/sheet")
}

/// The text of a document. Returns `None` if it is no archive.
pub(super) fn text(source: impl Read + Seek, stop: &Stop) -> Option<String> {
    let mut archive = Archive::open(BufReader::new(source), UNPACKED).ok()?;
    let mut text = String::new();
    let wanted = archive.names().into_iter().enumerate();
    for (place, _) in wanted.filter(|(_, name)| is_wanted(name)) {
        // A damaged part leaves what was read of it; so does the one with which it is too much.
        if let Ok(part) = archive.part(place) {
            let _ = read_xml(part, &mut text, stop);
        }
        text.push('\n');
    }
    Some(text)
}

/// The characters of an XML text, a line a paragraph or cell. Cells that only name a shared text are left out.
fn read_xml(source: impl Read, text: &mut String, stop: &Stop) -> io::Result<()> {
    let mut reader = Reader::from_reader(BufReader::new(source));
    let mut buffer = Vec::new();
    let mut is_shared_cell = false;
    let mut is_value = false;
    loop {
        stop.check();
        match reader.read_event_into(&mut buffer).map_err(io::Error::other)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => {
                    let names_shared =
                        |known: Attribute<'_>| known.key.as_ref() == "t" && &*known.value == "s";
                    is_shared_cell = tag.attributes().flatten().any(names_shared);
                }
                "v" => is_value = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" => {
                    is_value = false;
                    text.push('\n');
                }
                "p" | "h" | "si" | "tc" => text.push('\n'),
                _ => {}
            },
            Event::Empty(tag) if matches!(tag.local_name().as_ref(), "tab" | "br" | "s") => text.push(' '),
            Event::Text(piece) if !(is_value && is_shared_cell) => text.push_str(&piece),
            Event::GeneralRef(name) => text.push_str(&unescape(&format!("&{};", &*name)).unwrap_or_default()),
            Event::Eof => return Ok(()),
            _ => {}
        }
        if text.len() as u64 > MOST {
            return Ok(());
        }
        buffer.clear();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn lines(xml: &str) -> Vec<String> {
        let mut text = String::new();
        let _ = read_xml(xml.as_bytes(), &mut text, &Stop::default());
        text.lines()
            .map(str::to_owned)
            .filter(|line| !line.is_empty())
            .collect()
    }

    #[test]
    fn text_is_read_from_xml() {
        let cases: &[(&str, &[&str])] = &[
            // A number that Word split into runs is one number.
            (
                "<w:p><w:r><w:t>电话 138</w:t></w:r><w:r><w:t>00138000</w:t></w:r></w:p><w:p><w:t>二</w:t></w:p>",
                &["电话 13800138000", "二"],
            ),
            (
                "<row><c t=\"s\"><v>7</v></c><c><v>13800138000</v></c></row>",
                &["13800138000"],
            ),
            ("<text:h>题</text:h><text:p>a<text:s/>b</text:p>", &["题", "a b"]),
            ("<a:p><a:t>&lt;x&gt;</a:t></a:p><broken", &["<x>"]),
            ("no xml & nothing", &["no xml "]),
        ];
        for (xml, expected) in cases {
            assert_eq!(lines(xml), *expected, "{xml}");
        }
    }

    #[test]
    fn what_is_no_archive_has_no_text() {
        let source = io::Cursor::new(b"PK\x05\x06 and nothing that an archive has");
        assert_eq!(text(source, &Stop::default()), None);
    }
}
