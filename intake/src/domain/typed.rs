//! What people type, made fit to be kept: signs that no page, feed or database can hold are taken out, and it is said
//! which.

use std::collections::BTreeMap;

/// Signs that were taken out of a text, and how often each was in it.
pub type Removed = BTreeMap<char, usize>;

/// What somebody typed into a field that may be left out. Returns `None` if that is nothing.
pub fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a sign can stand in a published text. Neither XML 1.0, by which feeds are read (production `Char`), nor HTML
/// takes the control characters; a byte-order mark means something only at the start of a file.
pub fn is_fit(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{feff}' => false,
        character if character.is_control() => false,
        // The last two of each plane are no characters.
        character => {
            u32::from(character) & 0xfffe != 0xfffe && !('\u{fdd0}'..='\u{fdef}').contains(&character)
        }
    }
}

/// A text with one kind of line end and without signs that cannot stand in it. What word processors put between the lines
/// of a paragraph (vertical tab) and between pages (form feed) becomes the line end that it looks like.
pub fn clean(text: &str) -> (String, Removed) {
    let mut removed = Removed::new();
    if text
        .chars()
        .all(|character| is_fit(character) && character != '\r')
    {
        return (text.to_owned(), removed);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    cleaned.push('\n');
                }
            }
            '\u{b}' | '\u{c}' | '\u{85}' => {
                *removed.entry(character).or_default() += 1;
                cleaned.push('\n');
            }
            character if is_fit(character) => cleaned.push(character),
            character => *removed.entry(character).or_default() += 1,
        }
    }
    (cleaned, removed)
}

/// The signs that were taken out, as `U+000B × 2、U+0008`.
pub fn in_words(removed: &Removed) -> String {
    let one = |(character, count): (&char, &usize)| match count {
        1 => format!("U+{:04X}", u32::from(*character)),
        count => format!("U+{:04X} × {count}", u32::from(*character)),
    };
    removed.iter().map(one).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_stand_is_taken_out_and_named() {
        let cases = [
            ("平常的 text\n\t第二行", "平常的 text\n\t第二行", ""),
            ("a\r\nb\rc\n", "a\nb\nc\n", ""),
            ("上\u{b}下\u{c}页", "上\n下\n页", "U+000B、U+000C"),
            ("退\u{8}格\u{8}", "退格", "U+0008 × 2"),
            ("\u{feff}标记\u{0}", "标记", "U+0000、U+FEFF"),
            (
                "无\u{fffe}字\u{ffff}符\u{1fffe}\u{fdd0}",
                "无字符",
                "U+FDD0、U+FFFE、U+FFFF、U+1FFFE",
            ),
            ("\u{7f}\u{80}\u{9f}", "", "U+007F、U+0080、U+009F"),
            // They mean something where scripts are mixed, and every reader takes them.
            (
                "\u{200e}\u{202b}\u{200d}\u{fffd}😀",
                "\u{200e}\u{202b}\u{200d}\u{fffd}😀",
                "",
            ),
        ];
        for (text, expected, signs) in cases {
            let (cleaned, removed) = clean(text);
            assert_eq!(
                (cleaned.as_str(), in_words(&removed).as_str()),
                (expected, signs),
                "{text:?}"
            );
            assert_eq!(clean(&cleaned), (cleaned.clone(), Removed::new()), "{text:?}");
        }
    }
}
