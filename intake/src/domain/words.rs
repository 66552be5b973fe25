//! A list of words that the site wants to know of before something is published.

/// The list, and which edition it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    words: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    /// As the list has it.
    written: String,
    folded: String,
    is_forbidden: bool,
}

/// A word of the list in a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Found {
    /// As the list has it.
    pub word: String,
    /// Whether it must not stay, and not only be looked at.
    pub is_forbidden: bool,
}

impl Words {
    /// Reads a list: a word a line, `#` begins a comment. A word with `!` before it must not stay; others are pointed
    /// out.
    pub fn parse(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let word = |line: &str| {
            let (written, is_forbidden) = match line.strip_prefix('!') {
                Some(rest) => (rest.trim(), true),
                None => (line, false),
            };
            let folded = fold(written);
            (!folded.trim().is_empty()).then(|| Word {
                written: written.to_owned(),
                folded,
                is_forbidden,
            })
        };
        Self {
            words: lines.filter_map(word).collect(),
        }
    }

    /// All of it as one text; equal lists give equal texts.
    pub fn edition(&self) -> String {
        let line = |word: &Word| format!("{}{}\n", u8::from(word.is_forbidden), word.written);
        self.words.iter().map(line).collect()
    }

    /// The words that a text holds, in the order of the list. Width, case and, in Chinese, blanks make no difference;
    /// words of Latin letters stand alone.
    pub fn find(&self, text: &str) -> Vec<Found> {
        if self.words.is_empty() {
            return Vec::new();
        }
        let folded = fold(text);
        let squeezed: String = folded.chars().filter(|character| !is_blank(*character)).collect();
        let is_in = |word: &&Word| {
            if word.folded.is_ascii() {
                stands_alone(&folded, &word.folded)
            } else {
                squeezed.contains(&word.folded.replace(is_blank, ""))
            }
        };
        let found = |word: &Word| Found {
            word: word.written.clone(),
            is_forbidden: word.is_forbidden,
        };
        self.words.iter().filter(is_in).map(found).collect()
    }
}

/// Blanks, and the signs without width that are put between letters to hide a word.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        )
}

fn fold(text: &str) -> String {
    let narrow = |character: char| match character {
        // Full-width forms lie 0xFEE0 above ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '\u{3000}' => ' ',
        other => other,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

fn stands_alone(text: &str, word: &str) -> bool {
    let is_letter =
        |character: Option<char>| character.is_some_and(|character| character.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        !is_letter(text[..at].chars().next_back()) && !is_letter(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_however_they_are_written() {
        let words = Words::parse("# 示例词表\n\n内部资料\n!绝密\nVIP\n ! vip code \n");
        let cases: &[(&str, &[&str])] = &[
            ("这是内部资料，", &["内部资料"]),
            ("内 部\u{200b}资\n料", &["内部资料"]),
            ("内部的资料", &[]),
            ("《绝 密》", &["!绝密"]),
            ("只给ｖｉｐ看", &["VIP"]),
            ("VIPER", &[]),
            ("vip code", &["VIP", "!vip code"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found = words.find(text);
            let found = found
                .iter()
                .map(|found| format!("{}{}", if found.is_forbidden { "!" } else { "" }, found.word));
            assert_eq!(found.collect::<Vec<_>>(), *expected, "{text}");
        }
        assert!(Words::parse("\u{feff}# nothing\n!\n").find("anything").is_empty());
        assert_ne!(Words::parse("a").edition(), Words::parse("!a").edition());
    }
}
