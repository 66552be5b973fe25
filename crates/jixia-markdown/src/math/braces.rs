//! Arguments in braces.

/// What stands before the brace that closes one opened right before a text, and what stands behind it. Returns `None` if none
/// closes it.
pub(super) fn braced(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1_u32;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&text[..at], &text[at + 1..]));
        }
    }
    None
}
