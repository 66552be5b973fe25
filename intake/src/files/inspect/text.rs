//! The text of plain files and, by the program `pdftotext` of Poppler where it is installed, of PDF files.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use jixia::program::{self, Bounds};
use jixia::stop::Stop;

/// Most bytes of text that are looked at.
pub(super) const MOST: u64 = 8_000_000;
/// What reading a PDF may take.
const BOUNDS: Bounds = Bounds {
    output: MOST,
    time: Duration::from_secs(30),
};
/// Pages of a PDF that are read.
const PAGES: &str = "1000";

/// The text of a file as it is; UTF-16 by its mark, everything else as UTF-8 with what is none replaced. Digits of
/// personal data are the same in every encoding that matters.
pub(super) fn plain(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST).read_to_end(&mut bytes).ok()?;
    Some(decode(&bytes))
}

fn decode(bytes: &[u8]) -> String {
    let units = |read: fn([u8; 2]) -> u16| {
        let pairs = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        String::from_utf16_lossy(&pairs.collect::<Vec<_>>())
    };
    match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The text of a PDF. Returns `None` if the program is missing or cannot read it.
pub(super) fn pdf(path: &Path, stop: &Stop) -> Option<String> {
    let path = path.to_str()?;
    let arguments = ["-q", "-enc", "UTF-8", "-l", PAGES, path, "-"];
    let bytes = program::output("pdftotext", &arguments, BOUNDS, stop)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn texts_are_decoded_by_their_marks() {
        let cases: &[(&[u8], &str)] = &[
            (b"", ""),
            ("微课".as_bytes(), "微课"),
            (b"\xff\xfea\0\xae\x5f", "a微"),
            (b"\xfe\xff\0a", "a"),
            (b"\xff\xfea", ""),
            (b"1\xc4\xe32", "1\u{fffd}\u{fffd}2"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(decode(bytes), *expected, "{bytes:?}");
        }
    }
}
