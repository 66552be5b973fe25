//! Which types of files are taken, and what people are told about the others.

use jixia::media::{Unpublished, media_type, unpublished};

/// Extensions of files that may be submitted. Everything on the list the generator publishes; source code is left out, since
/// no form needs it.
const EXTENSIONS: &[&str] = &[
    ".mp4", ".m4v", ".webm", ".mov", ".mp3", ".m4a", ".ogg", ".wav", ".pdf", ".docx", ".pptx", ".xlsx",
    ".odt", ".doc", ".ppt", ".xls", ".wps", ".et", ".dps", ".ofd", ".txt", ".md", ".csv", ".vtt", ".jpg",
    ".jpeg", ".jfif", ".svg", ".apng", ".png", ".webp", ".gif", ".zip",
];

/// Extensions of pictures that are taken and kept as PNG or JPEG.
const CONVERTED: &[&str] = &[".bmp", ".tif", ".tiff"];

/// What a field for files lets people choose.
pub fn accepted() -> String {
    [EXTENSIONS, CONVERTED].concat().join(",")
}

/// What a file with a wrong extension really is, by what its bytes are called, with the key of what to do.
const REALLY: &[(&str, &str)] = &[
    ("7z", "file.really-7z"),
    ("AVIF", "file.really-avif"),
    ("BMP", "file.really-bmp"),
    ("EXE", "file.really-program"),
    ("Excel", "file.really-excel"),
    ("FLAC", "file.really-flac"),
    ("GIF", "file.really-gif"),
    ("HEIC", "file.really-heic"),
    ("HTML", "file.really-html"),
    ("JPEG", "file.really-jpeg"),
    ("MP3", "file.really-mp3"),
    ("MP4", "file.really-mp4"),
    ("ODF", "file.really-odf"),
    ("OFD", "file.really-ofd"),
    ("Office 97", "file.really-office"),
    ("Ogg", "file.really-ogg"),
    ("PDF", "file.really-pdf"),
    ("PNG", "file.really-png"),
    ("PowerPoint", "file.really-powerpoint"),
    ("RAR", "file.really-rar"),
    ("RTF", "file.really-rtf"),
    ("SVG", "file.really-svg"),
    ("TIFF", "file.really-tiff"),
    ("WAV", "file.really-wav"),
    ("WebM", "file.really-webm"),
    ("WebP", "file.really-webp"),
    ("Word", "file.really-word"),
    ("ZIP", "file.really-zip"),
];

/// The key of a name in a table.
fn key(table: &[(&str, &'static str)], is_it: impl Fn(&str) -> bool) -> Option<&'static str> {
    table.iter().find(|(name, _)| is_it(name)).map(|(_, key)| *key)
}

/// Why a file of a name is not taken, whatever is in it; the key of a text.
pub fn refusal(name: &str) -> Option<&'static str> {
    let lowered = name.to_lowercase();
    let is_listed = EXTENSIONS.iter().any(|extension| lowered.ends_with(extension));
    if is_listed && media_type(name).is_some() {
        return None;
    }
    match unpublished(name) {
        Some(Unpublished::Scan) => None,
        Some(Unpublished::Photograph) => Some("file.heic"),
        Some(Unpublished::Packed) => Some("file.packed"),
        None => Some("file.type"),
    }
}

/// What to say of a file whose bytes are something else than its name says; the key of a text.
pub fn really(actual: &str) -> &'static str {
    key(REALLY, |name| name == actual).unwrap_or("file.contents")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_words_for_whatever_a_file_really_is() {
        let texts = crate::texts::Texts::chinese();
        for name in jixia::media::formats() {
            let key = really(name);
            assert_ne!(key, "file.contents", "{name}");
            assert_ne!(texts.get(key), key, "{name}");
        }
        assert_eq!(really(""), "file.contents");
        for extension in CONVERTED {
            assert_eq!(refusal(&format!("a{extension}")), None, "{extension}");
        }
    }

    #[test]
    fn files_of_offices_are_taken_or_told_what_to_do() {
        let cases = [
            ("通知.wps", None),
            ("名册.et", None),
            ("课件.dps", None),
            ("公文.OFD", None),
            ("照片.jfif", None),
            ("动画.apng", None),
            ("扫描.bmp", None),
            ("扫描.TIF", None),
            ("扫描.tiff", None),
            ("照片.HEIC", Some("file.heic")),
            ("照片.heif", Some("file.heic")),
            ("材料.rar", Some("file.packed")),
            ("材料.7z", Some("file.packed")),
            ("程序.exe", Some("file.type")),
            ("网页.html", Some("file.type")),
        ];
        for (name, expected) in cases {
            assert_eq!(refusal(name), expected, "{name}");
        }
    }

    #[test]
    fn every_listed_extension_can_be_published() {
        for extension in EXTENSIONS {
            assert!(media_type(&format!("a{extension}")).is_some(), "{extension}");
        }
    }
}
