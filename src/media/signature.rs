//! What the first bytes of a file say it is. A name is easily wrong, and browsers and virus scanners look at bytes.

/// Bytes from the beginning that are looked at: a PDF may begin a little later.
pub(super) const HEAD: usize = 1024;

/// What the first bytes can tell apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Avif,
    Bmp,
    Exe,
    Flac,
    Gif,
    Heif,
    Html,
    Iso,
    Jpeg,
    Matroska,
    Mpeg,
    Odf,
    Ofd,
    Ogg,
    Ole,
    Pdf,
    Png,
    Pptx,
    Rar,
    Rtf,
    SevenZip,
    Svg,
    Tiff,
    Wav,
    Webp,
    Word,
    Xlsx,
    Zip,
}

const FORMATS: [Format; 28] = [
    Format::Avif,
    Format::Bmp,
    Format::Exe,
    Format::Flac,
    Format::Gif,
    Format::Heif,
    Format::Html,
    Format::Iso,
    Format::Jpeg,
    Format::Matroska,
    Format::Mpeg,
    Format::Odf,
    Format::Ofd,
    Format::Ogg,
    Format::Ole,
    Format::Pdf,
    Format::Png,
    Format::Pptx,
    Format::Rar,
    Format::Rtf,
    Format::SevenZip,
    Format::Svg,
    Format::Tiff,
    Format::Wav,
    Format::Webp,
    Format::Word,
    Format::Xlsx,
    Format::Zip,
];

/// The name of every format that can be told of a file.
pub fn formats() -> impl Iterator<Item = &'static str> {
    FORMATS.into_iter().map(Format::name)
}

impl Format {
    /// As people call it; the same in every language.
    fn name(self) -> &'static str {
        match self {
            Self::Avif => "AVIF",
            Self::Bmp => "BMP",
            Self::Exe => "EXE",
            Self::Flac => "FLAC",
            Self::Gif => "GIF",
            Self::Heif => "HEIC",
            Self::Html => "HTML",
            Self::Iso => "MP4",
            Self::Jpeg => "JPEG",
            Self::Matroska => "WebM",
            Self::Mpeg => "MP3",
            Self::Odf => "ODF",
            Self::Ofd => "OFD",
            Self::Ogg => "Ogg",
            Self::Ole => "Office 97",
            Self::Pdf => "PDF",
            Self::Png => "PNG",
            Self::Pptx => "PowerPoint",
            Self::Rar => "RAR",
            Self::Rtf => "RTF",
            Self::SevenZip => "7z",
            Self::Svg => "SVG",
            Self::Tiff => "TIFF",
            Self::Wav => "WAV",
            Self::Webp => "WebP",
            Self::Word => "Word",
            Self::Xlsx => "Excel",
            Self::Zip => "ZIP",
        }
    }
}

/// The formats that a media type allows. Returns `None` for text, which has no signature.
fn allowed(media_type: &str) -> Option<&'static [Format]> {
    Some(match media_type {
        "application/pdf" => &[Format::Pdf],
        "application/msword" => &[Format::Ole, Format::Rtf, Format::Zip],
        "application/vnd.ms-excel" | "application/vnd.ms-powerpoint" => &[Format::Ole, Format::Zip],
        // Of WPS: as the old files of Office, of late as the new ones.
        wps if wps.starts_with("application/wps-office.") => &[Format::Ole, Format::Zip],
        "application/ofd" | "application/zip" => &[Format::Zip],
        office if office.starts_with("application/vnd.o") => &[Format::Zip],
        "audio/aac" | "audio/mpeg" => &[Format::Mpeg],
        "audio/flac" => &[Format::Flac],
        "audio/ogg" => &[Format::Ogg],
        "audio/wav" => &[Format::Wav],
        "audio/mp4" | "video/mp4" | "video/quicktime" => &[Format::Iso],
        "image/avif" => &[Format::Avif],
        "image/gif" => &[Format::Gif],
        "image/jpeg" => &[Format::Jpeg],
        "image/png" => &[Format::Png],
        "image/webp" => &[Format::Webp],
        "video/webm" => &[Format::Matroska],
        _ => return None,
    })
}

fn format(head: &[u8]) -> Option<Format> {
    let at = |from: usize, bytes: &[u8]| head.get(from..).is_some_and(|rest| rest.starts_with(bytes));
    if at(4, b"ftyp") {
        let brands = head.get(8..64.min(head.len())).unwrap_or_default();
        let is_picture = brands.chunks(4).any(|brand| matches!(brand, b"avif" | b"avis"));
        let photos: [&[u8]; 6] = [b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"];
        let is_photo = head.get(8..12).is_some_and(|brand| photos.contains(&brand));
        return Some(match (is_picture, is_photo) {
            (true, _) => Format::Avif,
            (_, true) => Format::Heif,
            _ => Format::Iso,
        });
    }
    if at(0, b"RIFF") {
        let kinds = [(b"WAVE", Format::Wav), (b"WEBP", Format::Webp)];
        return kinds
            .iter()
            .find(|(kind, _)| at(8, *kind))
            .map(|(_, format)| *format);
    }
    let starts: &[(&[u8], Format)] = &[
        (b"\x89PNG\r\n\x1a\n", Format::Png),
        (b"\xff\xd8\xff", Format::Jpeg),
        (b"GIF87a", Format::Gif),
        (b"GIF89a", Format::Gif),
        (b"\x1a\x45\xdf\xa3", Format::Matroska),
        (b"OggS", Format::Ogg),
        (b"fLaC", Format::Flac),
        (b"ID3", Format::Mpeg),
        (b"ADIF", Format::Mpeg),
        (b"PK\x03\x04", Format::Zip),
        (b"PK\x05\x06", Format::Zip),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Ole),
        (b"{\\rtf", Format::Rtf),
        (b"Rar!\x1a\x07", Format::Rar),
        (b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
        (b"II*\0", Format::Tiff),
        (b"MM\0*", Format::Tiff),
    ];
    if let Some((_, format)) = starts.iter().find(|(bytes, _)| head.starts_with(bytes)) {
        return Some(*format);
    }
    // Films of old cameras name their parts without saying what they are.
    if [b"moov", b"mdat", b"wide", b"free", b"skip"]
        .iter()
        .any(|part| at(4, *part))
    {
        return Some(Format::Iso);
    }
    // Two letters are few: what follows them in each must fit too.
    if at(0, b"BM") && at(6, &[0; 4]) {
        return Some(Format::Bmp);
    }
    if at(0, b"MZ") && head.contains(&0) {
        return Some(Format::Exe);
    }
    // Sound without a header: eleven bits of a frame's beginning.
    if matches!(head, [0xff, second, ..] if second & 0xe0 == 0xe0) {
        return Some(Format::Mpeg);
    }
    if memchr::memmem::find(head, b"%PDF-").is_some() {
        return Some(Format::Pdf);
    }
    marked_up(head)
}

/// A page of the web or a drawing, by its first element.
fn marked_up(head: &[u8]) -> Option<Format> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let start = text.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}');
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Some(Format::Html);
    }
    let is_xml =
        start.starts_with("<?xml") || start.starts_with("<!--") || start.starts_with("<!doctype svg");
    (start.starts_with("<svg") || is_xml && start.contains("<svg")).then_some(Format::Svg)
}

/// What an archive is by the names of its parts. Returns `None` if it is no document.
fn of_parts(names: &[String]) -> Option<Format> {
    let marks = [
        ("word/document.xml", Format::Word),
        ("xl/workbook.xml", Format::Xlsx),
        ("ppt/presentation.xml", Format::Pptx),
        ("OFD.xml", Format::Ofd),
        ("META-INF/manifest.xml", Format::Odf),
    ];
    let found = marks
        .iter()
        .find(|(mark, _)| names.iter().any(|name| name == mark));
    found.map(|(_, format)| *format)
}

/// What an archive is whose parts are not those of the document that its media type says; a name.
pub(super) fn contradiction_of_parts(media_type: &str, names: &[String]) -> Option<&'static str> {
    let expected = match media_type.rsplit('.').next()? {
        "document" => Format::Word,
        "sheet" => Format::Xlsx,
        "presentation" => Format::Pptx,
        "text" => Format::Odf,
        _ if media_type == "application/ofd" => Format::Ofd,
        _ => return None,
    };
    let actual = of_parts(names).unwrap_or(Format::Zip);
    (actual != expected).then(|| actual.name())
}

/// What a file is whose first bytes are not of the media type: a name, empty if they are of no type that is known. Returns
/// `None` if they are of the media type, or of one that has no signature.
pub(super) fn contradiction(media_type: &str, head: &[u8]) -> Option<&'static str> {
    let Some(allowed) = allowed(media_type) else {
        // Text has no signature: what begins like a document and what holds NUL is none.
        let is_none = head.starts_with(b"%PDF-") || head.starts_with(b"{\\rtf") || head.contains(&0);
        let is_wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
        let is_none = is_none && !is_wide;
        let is_picture = media_type == "image/svg+xml";
        let actual = format(head).filter(|actual| *actual != Format::Svg && (is_none || is_picture));
        return actual.map(Format::name);
    };
    match format(head) {
        Some(format) if allowed.contains(&format) => None,
        Some(format) => Some(format.name()),
        None => Some(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_must_fit_the_type() {
        let cases: &[(&str, &[u8], Option<&str>)] = &[
            ("image/png", b"\x89PNG\r\n\x1a\n....", None),
            ("image/png", b"\xff\xd8\xff\xe0", Some("JPEG")),
            ("image/png", b"<html>", Some("HTML")),
            ("image/png", b"", Some("")),
            ("image/avif", b"\0\0\0\x1cftypavif", None),
            ("image/avif", b"\0\0\0\x1cftypisom", Some("MP4")),
            ("image/jpeg", b"\0\0\0\x1cftypheic", Some("HEIC")),
            ("video/mp4", b"\0\0\0\x1cftypisom", None),
            (
                "application/wps-office.wps",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                None,
            ),
            ("application/ofd", b"PK\x03\x04", None),
            ("application/ofd", b"%PDF-1.7", Some("PDF")),
            ("video/quicktime", b"\0\0\0\x08wide", None),
            ("image/webp", b"RIFF\0\0\0\0WEBP", None),
            ("audio/wav", b"RIFF\0\0\0\0WEBP", Some("WebP")),
            ("audio/mpeg", b"\xff\xfb\x90", None),
            ("audio/mpeg", b"ID3\x04", None),
            ("application/pdf", b"\n\n%PDF-1.7", None),
            ("application/pdf", b"MZ\x90\0", Some("EXE")),
            ("application/zip", b"PK\x03\x04", None),
            ("application/vnd.oasis.opendocument.text", b"PK\x03\x04", None),
            ("application/vnd.oasis.opendocument.text", b"<html>", Some("HTML")),
            ("text/plain", b"anything", None),
            ("text/plain", b"BMW and MZ are letters", None),
            ("text/markdown", b"of %PDF-1.7 files", None),
            ("text/plain", b"%PDF-1.7", Some("PDF")),
            ("text/csv", b"PK\x03\x04\x14\0", Some("ZIP")),
            ("text/plain", b"\xff\xfea\0b\0", None),
            ("image/svg+xml", b"<?xml version='1.0'?><!-- a --><svg/>", None),
            ("image/svg+xml", b"\x89PNG\r\n\x1a\n", Some("PNG")),
            (
                "image/png",
                b"<svg xmlns='http://www.w3.org/2000/svg'>",
                Some("SVG"),
            ),
            (
                "application/pdf",
                b" <!DOCTYPE html><title>a</title>",
                Some("HTML"),
            ),
            ("image/jpeg", b"BM\x36\0\0\0\0\0\0\0", Some("BMP")),
            ("image/jpeg", b"II*\0", Some("TIFF")),
            ("application/zip", b"Rar!\x1a\x07\x01\0", Some("RAR")),
            ("application/zip", b"7z\xbc\xaf\x27\x1c", Some("7z")),
        ];
        for (media_type, head, expected) in cases {
            assert_eq!(
                contradiction(media_type, head),
                *expected,
                "{media_type} {head:?}"
            );
        }
    }

    #[test]
    fn parts_must_fit_the_type() {
        let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        let cases: &[(&str, &str, Option<&str>)] = &[
            (word, "word/document.xml", None),
            (word, "xl/workbook.xml", Some("Excel")),
            (word, "a.txt", Some("ZIP")),
            (
                "application/vnd.oasis.opendocument.text",
                "META-INF/manifest.xml",
                None,
            ),
            ("application/ofd", "OFD.xml", None),
            ("application/ofd", "word/document.xml", Some("Word")),
            ("application/zip", "word/document.xml", None),
        ];
        for (media_type, part, expected) in cases {
            let names = ["[Content_Types].xml".to_owned(), (*part).to_owned()];
            assert_eq!(
                contradiction_of_parts(media_type, &names),
                *expected,
                "{media_type} {part}"
            );
        }
    }
}
