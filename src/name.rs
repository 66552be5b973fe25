//! What a file of the portal may be called: the one rule that reading, the build and the intake's uploads go by.
//!
//! Limits are those of the file systems that portals are built and copied on, in bytes: ext4, XFS, APFS and ZFS take 255
//! of a name, Linux 4,096 of a whole path.

use std::fmt::Write as _;

use percent_encoding::percent_decode_str;

use crate::diag::{Code, Diagnostic};

/// Most bytes of one name.
pub const MOST_NAME: usize = 255;
/// Most bytes of a path below the output directory; the rest is for the path of that directory and of its stage.
pub const MOST_PATH: usize = 3_072;
/// What a build may append to the name of a picture, a video or an attachment: `.1600.webp`, then `.gz` or `.br`.
const APPENDED_TO_FILES: usize = 16;
/// What it may append to a page's name: `.gz` or `.br`.
const APPENDED_TO_PAGES: usize = 3;
/// Most bytes of the name of a file that is published under its own name.
pub const MOST_FILE_NAME: usize = MOST_NAME - APPENDED_TO_FILES;

/// Why something cannot be a path of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameError {
    /// A name has so many bytes, and may have so many.
    NameTooLong(usize, usize),
    /// The whole path has so many bytes, and may have [`MOST_PATH`].
    PathTooLong(usize),
    /// A character that is not shown, or turns round what is shown after it.
    Character(char),
    /// It is empty, `.` or `..`, or ends in a dot or a blank, which Windows and archives drop.
    Edge,
}

/// Checks the path of a page or of another file that the build makes.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn page_path(path: &str) -> Result<(), NameError> {
    check(path, APPENDED_TO_PAGES)
}

/// Checks the path of a file that is published under its own name: it may get smaller copies beside it.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn file_path(path: &str) -> Result<(), NameError> {
    check(path, APPENDED_TO_FILES)
}

impl NameError {
    /// What is wrong with the name of a file, without a place.
    pub fn diagnostic(self, target: &str) -> Diagnostic {
        let diagnostic = Diagnostic::new(Code::BadName).with("target", target);
        match self {
            Self::NameTooLong(bytes, most) => diagnostic
                .say("reason", "name-too-long")
                .with("bytes", bytes)
                .with("most", most),
            Self::PathTooLong(bytes) => diagnostic
                .say("reason", "path-too-long")
                .with("bytes", bytes)
                .with("most", MOST_PATH),
            Self::Character(character) => diagnostic
                .say("reason", "name-character")
                .with("character", format!("U+{:04X}", u32::from(character))),
            Self::Edge => diagnostic.say("reason", "name-edge"),
        }
    }
}

fn check(path: &str, appended: usize) -> Result<(), NameError> {
    if path.len() + appended > MOST_PATH {
        return Err(NameError::PathTooLong(path.len() + appended));
    }
    if let Some(character) = path.chars().find(|character| is_unseen(*character)) {
        return Err(NameError::Character(character));
    }
    let mut names = path.split('/').peekable();
    while let Some(name) = names.next() {
        let most = if names.peek().is_none() {
            MOST_NAME - appended
        } else {
            MOST_NAME
        };
        if name.len() > most {
            return Err(NameError::NameTooLong(name.len(), most));
        }
        if name.is_empty() || name.ends_with(['.', ' ']) {
            return Err(NameError::Edge);
        }
    }
    Ok(())
}

/// Free text as one segment of a path: what cannot stand in a file name, or there in it, becomes `~` and hexadecimal digits.
/// Nothing is called as the page of the directory above it, or a compressed copy of that.
pub(crate) fn segment(text: &str) -> String {
    let is_index = text.as_bytes().get(..10);
    let is_index = is_index.is_some_and(|start| start.eq_ignore_ascii_case(b"index.html"));
    let mut segment = String::with_capacity(text.len());
    for (position, character) in text.char_indices() {
        let is_first = position == 0;
        let is_edge = is_first || position + 1 == text.len();
        if is_edge && character == '.' || is_first && is_index || is_written_out(character) {
            let _ = write!(segment, "~{:x}~", u32::from(character));
        } else if character.is_whitespace() {
            segment.push('-');
        } else {
            segment.push(character);
        }
    }
    segment
}

/// Whether a character cannot stand in a segment as it is.
fn is_written_out(character: char) -> bool {
    character == '~' || "/\\?#%&<>\"':|*`".contains(character) || is_unseen(character)
}

/// Bytes that a character takes in a segment; at most, for blanks take fewer.
fn width(character: char) -> usize {
    if is_written_out(character) {
        let digits = u32::from(character).checked_ilog2().unwrap_or(0) as usize / 4 + 1;
        return digits + 2;
    }
    character.len_utf8()
}

/// The path that an address of the site means, as servers look for its file: what is percent-encoded stands decoded.
/// Returns `None` if a percent sign begins no encoded byte, or the bytes are no UTF-8.
pub fn decoded(address: &str) -> Option<String> {
    let is_encoded = |rest: &str| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if !address.split('%').skip(1).all(is_encoded) {
        return None;
    }
    let decoded = percent_decode_str(address).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// Control characters, and what Unicode has to set the direction of text or to be invisible.
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

/// Shortens the name of a file to what can be published, keeping its extension.
pub fn shortened(name: &str) -> String {
    let name = name.trim_end_matches(['.', ' ']);
    let (stem, extension) = match name.rfind('.') {
        // An extension that is longer than any known one is part of the name.
        Some(dot) if name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    };
    // In a segment of a path some characters take more bytes than they have.
    let width_of = |text: &str| text.chars().map(width).sum::<usize>();
    let room = MOST_FILE_NAME.saturating_sub(width_of(extension));
    if width_of(stem) <= room {
        return name.to_owned();
    }
    let mut taken = 0;
    let kept = stem.chars().take_while(|character| {
        taken += width(*character);
        taken <= room
    });
    let kept: String = kept.collect();
    format!("{}{extension}", kept.trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_count_bytes() {
        let long = "长".repeat(84);
        let cases = [
            ("notices/a/index.html".to_owned(), Ok(()), Ok(())),
            (format!("files/{}.pdf", "长".repeat(78)), Ok(()), Ok(())),
            (
                format!("files/{long}.pdf"),
                Err(NameError::NameTooLong(256, 252)),
                Err(NameError::NameTooLong(256, 239)),
            ),
            (
                format!("files/{}.pdf", "长".repeat(80)),
                Ok(()),
                Err(NameError::NameTooLong(244, 239)),
            ),
            (format!("tags/{long}/index.html"), Ok(()), Ok(())),
            (
                format!("tags/{long}长长/index.html"),
                Err(NameError::NameTooLong(258, 255)),
                Err(NameError::NameTooLong(258, 255)),
            ),
            (
                "a/".repeat(1_600),
                Err(NameError::PathTooLong(3_203)),
                Err(NameError::PathTooLong(3_216)),
            ),
            ("a//b".to_owned(), Err(NameError::Edge), Err(NameError::Edge)),
            ("a/b.".to_owned(), Err(NameError::Edge), Err(NameError::Edge)),
            (
                "a/\u{202e}fdp.exe".to_owned(),
                Err(NameError::Character('\u{202e}')),
                Err(NameError::Character('\u{202e}')),
            ),
        ];
        for (path, page, file) in cases {
            assert_eq!(page_path(&path), page, "{path}");
            assert_eq!(file_path(&path), file, "{path}");
        }
    }

    #[test]
    fn an_address_means_what_servers_look_for() {
        let cases = [
            ("/old/a", Some("/old/a")),
            ("/old/%E6%97%A7%20a/", Some("/old/旧 a/")),
            ("/old/100%25", Some("/old/100%")),
            ("/old/100%", None),
            ("/old/%2", None),
            ("/old/%zz", None),
            ("/old/%ff", None),
        ];
        for (address, path) in cases {
            assert_eq!(decoded(address).as_deref(), path, "{address}");
        }
    }

    #[test]
    fn names_are_shortened_to_what_can_be_published() {
        for name in ["a.pdf", "长.mp4", "a", ""] {
            assert_eq!(shortened(name), name);
        }
        let cases = [
            ("长".repeat(84) + ".pdf", 238),
            ("a.".repeat(200), 239),
            ("é".repeat(300), 238),
            // `~27~` and `~202e~` in an address.
            ("'".repeat(100) + ".pdf", 62),
            ("\u{202e}".repeat(100), 117),
        ];
        for (name, bytes) in cases {
            let short = shortened(&name);
            assert_eq!(short.len(), bytes, "{short}");
            assert_eq!(file_path(&segment(&short)), Ok(()), "{short}");
        }
    }
}
