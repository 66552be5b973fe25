//! Which types of files are taken, and what people are told about the others.

use jixia::media::media_type;

/// Extensions of files that may be submitted. Everything on the list the generator publishes; drawings and source
/// code are left out, since they could run or hide something and no form needs them.
pub const EXTENSIONS: &[&str] = &[
    ".mp4", ".m4v", ".webm", ".mov", ".mp3", ".m4a", ".ogg", ".wav", ".pdf", ".docx", ".pptx", ".xlsx",
    ".odt", ".doc", ".ppt", ".xls", ".wps", ".et", ".dps", ".ofd", ".txt", ".md", ".csv", ".vtt", ".jpg",
    ".jpeg", ".jfif", ".apng", ".png", ".webp", ".gif", ".zip",
];

/// Types that people send and that are not taken, with the key of what to do about each.
const ADVICE: &[(&str, &str)] = &[
    (".heic", "file.heic"),
    (".heif", "file.heic"),
    (".bmp", "file.bitmap"),
    (".tif", "file.bitmap"),
    (".tiff", "file.bitmap"),
    (".rar", "file.packed"),
    (".7z", "file.packed"),
    (".svg", "file.drawing"),
];

/// What a file with a wrong extension really is, by what its bytes are called, with the key of what to do.
const REALLY: &[(&str, &str)] = &[
    ("GIF", "file.really-gif"),
    ("HEIC", "file.really-heic"),
    ("JPEG", "file.really-jpeg"),
    ("MP3", "file.really-mp3"),
    ("MP4", "file.really-mp4"),
    ("Office 97", "file.really-office"),
    ("PDF", "file.really-pdf"),
    ("PNG", "file.really-png"),
    ("RTF", "file.really-rtf"),
    ("WebP", "file.really-webp"),
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
    let advice = key(ADVICE, |extension| lowered.ends_with(extension));
    Some(advice.unwrap_or("file.type"))
}

/// What to say of a file whose bytes are something else than its name says; the key of a text.
pub fn really(actual: &str) -> &'static str {
    key(REALLY, |name| name == actual).unwrap_or("file.contents")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_extension_can_be_published() {
        for extension in EXTENSIONS {
            assert!(media_type(&format!("a{extension}")).is_some(), "{extension}");
        }
    }
}
