//! Types of files that people have and that no portal offers, and what to do about each.

/// A file that is not published as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpublished {
    /// A photograph as phones keep it, which few computers show.
    Photograph,
    /// A picture of a scanner or an old program, which can be converted.
    Scan,
    /// An archive into which nothing here can look.
    Packed,
}

/// By extension.
const TYPES: &[(&str, Unpublished)] = &[
    ("7z", Unpublished::Packed),
    ("bmp", Unpublished::Scan),
    ("heic", Unpublished::Photograph),
    ("heif", Unpublished::Photograph),
    ("rar", Unpublished::Packed),
    ("tif", Unpublished::Scan),
    ("tiff", Unpublished::Scan),
];

/// What a file of a name is. Returns `None` if it is published, or of a type about which there is nothing more to say.
pub fn unpublished(name: &str) -> Option<Unpublished> {
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let found = TYPES.iter().find(|(known, _)| *known == extension);
    found.map(|(_, what)| *what)
}

/// The interface text that says what to do about a file that is not published.
pub(crate) fn advice(name: &str) -> &'static str {
    match unpublished(name) {
        Some(Unpublished::Photograph) => "unpublished-photograph",
        Some(Unpublished::Scan) => "unpublished-scan",
        Some(Unpublished::Packed) => "unpublished-packed",
        None => "unpublished-other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::convert::is_convertible;
    use crate::media::media_type;

    #[test]
    fn no_type_is_published_and_not() {
        for (extension, what) in TYPES {
            let name = format!("a.{extension}");
            assert_eq!(media_type(&name), None, "{name}");
            assert_eq!(is_convertible(&name), *what == Unpublished::Scan, "{name}");
        }
        assert_eq!(unpublished("照片.HEIC"), Some(Unpublished::Photograph));
    }

    #[test]
    fn offices_files_are_taken_converted_or_told_what_to_do() {
        let published = [
            "a.wps", "a.et", "a.dps", "a.ofd", "a.jfif", "a.apng", "a.zip", "a.odt",
        ];
        for name in published {
            assert!(
                media_type(name).is_some() && unpublished(name).is_none(),
                "{name}"
            );
        }
    }
}
