//! Pictures that are written into a text as `data:` become files beside it.

use data_encoding::BASE64_MIME_PERMISSIVE;
use percent_encoding::percent_decode_str;

use crate::media::{contradiction, media_type};

/// Most bytes of a picture in a text.
const MOST: usize = 10 * 1024 * 1024;
/// Media types of pictures and the ends of their files' names.
const TYPES: &[(&str, &str)] = &[
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/jpg", "jpg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/avif", "avif"),
];

/// A picture that was found: its bytes and the end of its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) bytes: Vec<u8>,
    pub(super) end: &'static str,
}

/// The picture that a `data:` address holds. Returns `None` if it is another thing, damaged or too large.
pub(super) fn picture(address: &str) -> Option<Picture> {
    let (head, data) = address.get(5..)?.split_once(',')?;
    let mut parts = head.split(';');
    let media_type = parts.next()?.trim().to_ascii_lowercase();
    let (_, said) = TYPES.iter().find(|(known, _)| *known == media_type)?;
    if data.len() > MOST / 3 * 4 {
        return None;
    }
    let bytes = if parts.any(|part| part.trim().eq_ignore_ascii_case("base64")) {
        let text: Vec<u8> = percent_decode_str(data)
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let padded = [text.as_slice(), &b"=="[..(4 - text.len() % 4) % 4 % 3]].concat();
        BASE64_MIME_PERMISSIVE.decode(&padded).ok()?
    } else {
        percent_decode_str(data).collect()
    };
    // What is said first, then what it really is: programs that paste say anything.
    let ends = std::iter::once(*said).chain(TYPES.iter().map(|(_, end)| *end));
    let mut fitting = ends.filter(|end| contradiction(&format!("x.{end}"), &bytes).is_none());
    let end = fitting.next()?;
    Some(Picture { bytes, end })
}

/// Whether an address holds what it leads to.
pub(super) fn is_data(address: &str) -> bool {
    address
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// The extension of a picture that is named as one of another type.
pub(super) fn picture_end(name: &str, format: &str) -> Option<&'static str> {
    let is_picture =
        media_type(name).is_some_and(|kind| kind.starts_with("image/") && kind != "image/svg+xml");
    let end = match format {
        "AVIF" => "avif",
        "GIF" => "gif",
        "JPEG" => "jpg",
        "PNG" => "png",
        "WebP" => "webp",
        _ => return None,
    };
    is_picture.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_come_out_of_their_addresses() {
        let gif = "R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
        let found = |address: &str| picture(address).map(|picture| (picture.bytes.len(), picture.end));
        assert_eq!(found(&format!("data:image/gif;base64,{gif}")), Some((37, "gif")));
        assert_eq!(
            found(&format!("data:image/gif;base64,{}", gif.trim_end_matches('='))),
            Some((37, "gif"))
        );
        assert_eq!(found(&format!("data:image/png;base64,{gif}")), Some((37, "gif")));
        assert_eq!(found("data:image/gif;base64,%%%"), None);
        assert_eq!(found("data:text/html,<b>"), None);
        assert_eq!(found("data:image/svg+xml,<svg/>"), None);
        assert!(is_data("DATA:x") && !is_data("数据"));
    }
}
