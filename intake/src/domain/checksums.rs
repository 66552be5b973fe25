//! Checksums as texts name them.

use std::collections::BTreeSet;

/// Hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;

/// Adds to `found` those of `wanted`, in lower case, that a text names, wherever in it and in whichever case. Each byte is looked at
/// a fixed number of times.
pub fn named(text: &[u8], wanted: &BTreeSet<String>, found: &mut BTreeSet<String>) {
    for run in text.split(|byte| !byte.is_ascii_hexdigit()) {
        if run.len() < DIGITS {
            continue;
        }
        let run = run.to_ascii_lowercase();
        for digits in run.windows(DIGITS) {
            let digits = std::str::from_utf8(digits).unwrap_or_default();
            if let Some(checksum) = wanted.get(digits) {
                found.insert(checksum.clone());
            }
        }
    }
}

/// Adds to `found` every run of exactly as many digits of lower case as a checksum has.
pub fn all(text: &[u8], found: &mut BTreeSet<String>) {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let runs = text.split(|byte| !is_digit(*byte));
    let runs = runs.filter(|run| run.len() == DIGITS);
    found.extend(runs.map(|run| String::from_utf8_lossy(run).into_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_found_wherever_it_stands() {
        let (one, other) = ("a1".repeat(32), "0f".repeat(32));
        let wanted = BTreeSet::from([one.clone(), other.clone()]);
        let upper = one.to_uppercase();
        let cases = [
            (String::new(), vec![]),
            (format!("sha256: {one}\n"), vec![&one]),
            (format!("/files/a1/{upper}/课件.mp4"), vec![&one]),
            (format!("ff{other}ee{one}"), vec![&other, &one]),
            (one[1..].to_owned(), vec![]),
            ("a1".repeat(500), vec![&one]),
        ];
        for (text, expected) in cases {
            let mut found = BTreeSet::new();
            named(text.as_bytes(), &wanted, &mut found);
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
