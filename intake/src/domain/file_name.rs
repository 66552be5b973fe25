//! What a file that somebody sends is called.

use jixia::name::{is_unseen, shortened};
use unicode_normalization::UnicodeNormalization as _;

/// Most characters of a plain name.
const LONGEST_PLAIN: usize = 60;

/// The name of a file as readers see it: without directories and signs that mean something to a shell or a browser, short
/// enough for the portal, and composed (NFC), as keyboards type it. Some systems store `é` as two signs, and a text that
/// names the file would not find it.
pub fn clean(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let kept = name
        .chars()
        .filter(|character| !is_unseen(*character) && !"<>:\"|?*#%".contains(*character));
    let kept: String = kept.nfc().collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(kept.trim_start_matches('.'))
}

/// Whether a name can be part of an address that people read out: small Latin letters, digits and hyphens, a letter first.
pub fn is_plain(name: &str) -> bool {
    (1..=LONGEST_PLAIN).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_harmless() {
        let cases = [
            ("微课 一.mp4", "微课 一.mp4"),
            ("C:\\Users\\x\\a.mp4", "a.mp4"),
            ("../../etc/passwd", "passwd"),
            (".htaccess", "htaccess"),
            ("a<b>\u{7}c?.pdf", "abc.pdf"),
            ("  多  空格 .txt", "多 空格 .txt"),
            ("re\u{301}sume\u{301}.pdf", "résumé.pdf"),
            ("か\u{3099}くせい.pdf", "がくせい.pdf"),
            ("\u{1112}\u{1161}\u{11ab}.pdf", "한.pdf"),
            ("课件\u{202e}fdp.exe.txt. .", "课件fdp.exe.txt"),
        ];
        for (name, expected) in cases {
            assert_eq!(clean(name), expected, "{name}");
        }
        for count in [78, 84, 500] {
            let name = clean(&format!("{}.mp4", "长".repeat(count)));
            assert_eq!(name, format!("{}.mp4", "长".repeat(78)));
            assert_eq!(jixia::name::file_path(&name), Ok(()));
        }
    }
}
