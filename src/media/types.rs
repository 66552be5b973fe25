//! Media types by the extension of a file's name.

/// Extensions of files that may be published from beside Markdown, with their media types. Source code is
/// offered as plain text; no HTML and no browser scripts: they would run with the portal's rights.
const TYPES: &[(&str, &str)] = &[
    ("aac", "audio/aac"),
    ("apng", "image/png"),
    ("avif", "image/avif"),
    ("c", "text/plain"),
    ("cpp", "text/plain"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("dps", "application/wps-office.dps"),
    ("et", "application/wps-office.et"),
    ("flac", "audio/flac"),
    ("gcode", "text/plain"),
    ("gif", "image/gif"),
    ("h", "text/plain"),
    ("ino", "text/plain"),
    ("java", "text/plain"),
    ("jfif", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("m4a", "audio/mp4"),
    ("m4v", "video/mp4"),
    ("md", "text/markdown"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("nc", "text/plain"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ofd", "application/ofd"),
    ("ogg", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("py", "text/plain"),
    ("sql", "text/plain"),
    ("st", "text/plain"),
    ("svg", "image/svg+xml"),
    ("toml", "text/plain"),
    ("txt", "text/plain"),
    ("vtt", "text/vtt"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("wps", "application/wps-office.wps"),
    ("xls", "application/vnd.ms-excel"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("yaml", "text/plain"),
    ("zip", "application/zip"),
];

/// The media type of a file name, if files of its extension may be published.
pub fn media_type(path: &str) -> Option<&'static str> {
    let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
    TYPES
        .binary_search_by(|(known, _)| (*known).cmp(&extension))
        .ok()
        .map(|position| TYPES[position].1)
}

/// Whether a file name is that of a video.
pub fn is_video(path: &str) -> bool {
    media_type(path).is_some_and(|media_type| media_type.starts_with("video/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_in_order_and_found() {
        assert!(TYPES.is_sorted());
        assert_eq!(media_type("a/b.MP4"), Some("video/mp4"));
        assert_eq!(media_type("a.html"), None);
        assert_eq!(media_type("a"), None);
    }
}
