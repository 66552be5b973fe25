//! What a file of the source is called in the site.

use std::collections::HashSet;

use crate::content::valid_name;

/// Most bytes of a name that is made; names of files may have more, but what is appended to them needs room.
const MOST: usize = 120;

/// A name that addresses and all file systems take, as near to the given one as possible. Blanks become hyphens.
pub(super) fn clean(name: &str) -> String {
    let mut made = String::with_capacity(name.len());
    for character in name.chars() {
        let is_fit = character == '-' || character == '.' || valid_name(character.encode_utf8(&mut [0; 4]));
        match is_fit {
            true => made.push(character),
            false if made.ends_with('-') => {}
            false => made.push('-'),
        }
    }
    let mut most = MOST.min(made.len());
    while !made.is_char_boundary(most) {
        most -= 1;
    }
    made.truncate(most);
    let made = made.trim_start_matches(['.', '-']).trim_end_matches(['.', '-']);
    if made.is_empty() {
        "untitled".to_owned()
    } else {
        made.to_owned()
    }
}

/// The name of a file with its extension, whose case servers and systems take differently, in lower case.
pub(super) fn clean_file(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => {
            format!("{}.{}", clean(stem), clean(extension).to_lowercase())
        }
        _ => clean(name),
    }
}

/// Paths that are given away, told apart as file systems do that know no case.
#[derive(Debug, Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    /// The path, or the same with a number if it is taken: `a.md`, `a-2.md`. Folder and extension stay.
    pub(super) fn free(&mut self, folder: &str, stem: &str, end: &str) -> (String, bool) {
        let numbered = (2..).map(|number: u32| format!("{stem}-{number}"));
        for (tries, stem) in std::iter::once(stem.to_owned()).chain(numbered).enumerate() {
            if self.0.insert(format!("{folder}{stem}{end}").to_lowercase()) {
                return (stem, tries > 0);
            }
        }
        (stem.to_owned(), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_fit_for_addresses() {
        let cases = [
            ("数控 车床", "数控-车床"),
            ("Hello World (1)", "Hello-World-(1)"),
            ("a: b? #c", "a-b-c"),
            ("..hidden", "hidden"),
            ("-x-", "x"),
            ("C++", "C++"),
            ("???", "untitled"),
            ("1.2 版", "1.2-版"),
        ];
        for (name, expected) in cases {
            assert_eq!(clean(name), expected, "{name}");
            assert!(valid_name(&clean(name)), "{name}");
        }
        assert!(valid_name(&clean(&"数".repeat(500))));
        assert_eq!(clean_file("图 1.PNG"), "图-1.png");
    }

    #[test]
    fn what_differs_in_case_alone_gets_a_number() {
        let mut taken = Taken::default();
        assert_eq!(taken.free("d/", "Readme", ".md"), ("Readme".to_owned(), false));
        assert_eq!(taken.free("d/", "README", ".md"), ("README-2".to_owned(), true));
        assert_eq!(taken.free("e/", "README", ".md"), ("README".to_owned(), false));
    }
}
