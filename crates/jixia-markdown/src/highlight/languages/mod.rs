//! The languages, as data.

mod command;
mod database;
mod machine;
mod native;
mod script;

use super::language::Language;

/// All tables.
pub(super) fn all() -> impl Iterator<Item = &'static Language> {
    native::LANGUAGES
        .iter()
        .chain(&script::LANGUAGES)
        .chain(&database::LANGUAGES)
        .chain(&command::LANGUAGES)
        .chain(&machine::LANGUAGES)
}

/// Finds a language by a name in lower case.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    all().find(|language| language.names.split(' ').any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use super::super::language::flag;
    use super::*;

    #[test]
    fn words_are_sorted_and_names_unique() {
        let mut names = Vec::new();
        for language in all() {
            names.extend(language.names.split(' '));
            for list in [&language.keywords, &language.types] {
                let mut words: Vec<&str> = list.text.split(' ').collect();
                let caseless = language.has(flag::CASELESS);
                assert!(
                    !caseless || list.text.to_ascii_lowercase() == list.text,
                    "{}",
                    language.names
                );
                let all = words.len();
                words.dedup();
                assert!(words.is_sorted() && words.len() == all, "{}", language.names);
            }
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
