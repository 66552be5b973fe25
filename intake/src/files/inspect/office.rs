//! The text of office documents (ECMA-376 and OpenDocument): XML in a ZIP file, unpacked as a stream and in bounds.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

use flate2::read::DeflateDecoder;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attribute;

use super::text::MOST;

/// Most bytes of XML that are unpacked of one part.
const PART: u64 = 60_000_000;
/// Most parts that are read: sheets, slides, notes.
const PARTS: usize = 400;
/// Most bytes of the archive's directory that are read.
const DIRECTORY: u64 = 8_000_000;

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

/// The text of a document; nothing when it is no archive.
pub(super) fn text(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let parts = parts(&mut file).ok()?;
    let mut text = String::new();
    for part in parts.iter().filter(|part| is_wanted(&part.name)).take(PARTS) {
        // A damaged part leaves what was read of it.
        let _ = read_part(&mut file, part, &mut text);
        text.push('\n');
    }
    Some(text)
}

struct Part {
    name: String,
    is_packed: bool,
    size: u64,
    start: u64,
}

fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let part = bytes.get(at..at + length).unwrap_or_default();
    part.iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The directory at the end of the archive.
fn parts(file: &mut File) -> io::Result<Vec<Part>> {
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(66_000)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let end = (0..tail.len().saturating_sub(21))
        .rev()
        .find(|at| tail[*at..].starts_with(b"PK\x05\x06"));
    let end = end.ok_or(io::ErrorKind::InvalidData)?;
    file.seek(SeekFrom::Start(number(&tail, end + 16, 4)))?;
    let mut directory = Vec::new();
    file.take(number(&tail, end + 12, 4).min(DIRECTORY))
        .read_to_end(&mut directory)?;
    let (mut at, mut parts) = (0, Vec::new());
    while directory
        .get(at..)
        .is_some_and(|rest| rest.starts_with(b"PK\x01\x02"))
    {
        let lengths = [28, 30, 32].map(|offset| number(&directory, at + offset, 2) as usize);
        let name = directory.get(at + 46..at + 46 + lengths[0]).unwrap_or_default();
        parts.push(Part {
            name: String::from_utf8_lossy(name).into_owned(),
            is_packed: number(&directory, at + 10, 2) == 8,
            size: number(&directory, at + 20, 4),
            start: number(&directory, at + 42, 4),
        });
        at += 46 + lengths.iter().sum::<usize>();
    }
    Ok(parts)
}

fn read_part(file: &mut File, part: &Part, text: &mut String) -> io::Result<()> {
    file.seek(SeekFrom::Start(part.start))?;
    let mut head = [0; 30];
    file.read_exact(&mut head)?;
    let skipped = number(&head, 26, 2) + number(&head, 28, 2);
    file.seek(SeekFrom::Start(part.start + 30 + skipped))?;
    let packed = file.take(part.size);
    if part.is_packed {
        read_xml(DeflateDecoder::new(packed).take(PART), text)
    } else {
        read_xml(packed.take(PART), text)
    }
}

/// The characters of an XML text, a line a paragraph or cell. Cells that only name a shared text are left out.
fn read_xml(source: impl Read, text: &mut String) -> io::Result<()> {
    let mut reader = Reader::from_reader(BufReader::new(source));
    let mut buffer = Vec::new();
    let mut is_shared_cell = false;
    let mut is_value = false;
    loop {
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
        let _ = read_xml(xml.as_bytes(), &mut text);
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
        let mut file = tempfile::NamedTempFile::new().unwrap();
        io::Write::write_all(&mut file, b"PK\x05\x06 and nothing that an archive has").unwrap();
        assert_eq!(text(file.path()).unwrap_or_default(), "");
        assert_eq!(text(Path::new("/no/such/file")), None);
    }
}
