//! Labels in the languages that declarations have.

/// The label in the language of a tag; the Chinese one if there is no other.
pub(super) fn localized<'a>(language: &str, chinese: &'a str, english: Option<&'a str>) -> &'a str {
    if language.starts_with("en") {
        english.unwrap_or(chinese)
    } else {
        chinese
    }
}
