//! What the first bytes of a file say it is. A name is easily wrong, and browsers and virus scanners look at bytes.

/// Bytes from the beginning that are looked at: a PDF may begin a little later.
pub(super) const HEAD: usize = 1024;

/// What the first bytes can tell apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Avif,
    Flac,
    Gif,
    Heif,
    Iso,
    Jpeg,
    Matroska,
    Mpeg,
    Ogg,
    Ole,
    Pdf,
    Png,
    Rtf,
    Wav,
    Webp,
    Zip,
}

impl Format {
    /// As people call it; the same in every language.
    fn name(self) -> &'static str {
        match self {
            Self::Avif => "AVIF",
            Self::Flac => "FLAC",
            Self::Gif => "GIF",
            Self::Heif => "HEIC",
            Self::Iso => "MP4",
            Self::Jpeg => "JPEG",
            Self::Matroska => "WebM",
            Self::Mpeg => "MP3",
            Self::Ogg => "Ogg",
            Self::Ole => "Office 97",
            Self::Pdf => "PDF",
            Self::Png => "PNG",
            Self::Rtf => "RTF",
            Self::Wav => "WAV",
            Self::Webp => "WebP",
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
    // Sound without a header: eleven bits of a frame's beginning.
    if matches!(head, [0xff, second, ..] if second & 0xe0 == 0xe0) {
        return Some(Format::Mpeg);
    }
    memchr::memmem::find(head, b"%PDF-").map(|_| Format::Pdf)
}

/// What a file is whose first bytes are not of the media type: a name, empty if they are of no type that is known. Returns
/// `None` if they are of the media type, or of one that has no signature.
pub(super) fn contradiction(media_type: &str, head: &[u8]) -> Option<&'static str> {
    let allowed = allowed(media_type)?;
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
            ("image/png", b"<html>", Some("")),
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
            ("application/pdf", b"MZ\x90", Some("")),
            ("application/zip", b"PK\x03\x04", None),
            ("application/vnd.oasis.opendocument.text", b"PK\x03\x04", None),
            ("application/vnd.oasis.opendocument.text", b"<html>", Some("")),
            ("text/plain", b"anything", None),
        ];
        for (media_type, head, expected) in cases {
            assert_eq!(
                contradiction(media_type, head),
                *expected,
                "{media_type} {head:?}"
            );
        }
    }
}
