//! The corpus: a portal of any size whose text is invented by a seeded generator, so that it is the same
//! bytes on every machine. An entry's text depends on its number alone: the small corpus is the beginning of
//! the large one.

mod code;
mod entry;
mod prose;
mod words;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::result::Result;

pub(crate) use entry::{Flavor, Kind, identity};

/// Of what the numbers are drawn.
const SEED: u64 = 0x5eed;
/// Of so many entries one has code.
const CODE_EVERY: usize = 5;

/// What a corpus is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Corpus {
    /// Entries.
    pub(crate) size: usize,
    /// Whether a fifth of them has code.
    pub(crate) code: bool,
}

impl Corpus {
    /// Writes the site into `root`, which need not exist: settings, units, vocabularies and entries. Returns
    /// the bytes of the entries.
    pub(crate) fn write(self, root: &Path) -> Result<u64> {
        let content = root.join("content");
        fs::create_dir_all(content.join("vocabularies"))?;
        fs::write(root.join("site.toml"), SETTINGS)?;
        fs::write(content.join("units.toml"), units())?;
        fs::write(
            content.join("vocabularies/city.toml"),
            vocabulary("city", "市", &words::CITIES),
        )?;
        let specialties = vocabulary("specialty", "专业", &words::SPECIALTIES);
        fs::write(content.join("vocabularies/specialty.toml"), specialties)?;
        self.write_entries(&content, Flavor::Jixia)
    }

    /// Writes the entries below `content`, one directory a section. Returns their bytes.
    pub(crate) fn write_entries(self, content: &Path, flavor: Flavor) -> Result<u64> {
        for kind in Kind::ALL {
            fs::create_dir_all(content.join(kind.section()))?;
        }
        let words = prose::Words::new();
        let mut bytes = 0;
        for number in 0..self.size {
            let text = self.text(&words, flavor, number);
            bytes += text.len() as u64;
            fs::write(content.join(path(number)), text)?;
        }
        Ok(bytes)
    }

    /// Id and name of every unit that publishes something.
    pub(crate) fn units(self) -> Vec<(String, String)> {
        let words = prose::Words::new();
        let offices = words::CITIES.map(|(city, name)| (entry::office(city), entry::office_name(name)));
        let schools = (0..self.size).filter(|number| identity(SEED, *number).0 == Kind::School);
        let schools = schools
            .map(|number| entry::school(&words, number))
            .map(|school| (school.id, school.name));
        offices.into_iter().chain(schools).collect()
    }

    fn text(self, words: &prose::Words, flavor: Flavor, number: usize) -> String {
        let has_code = self.code && number % CODE_EVERY == 1;
        entry::Writer::new(words, flavor, SEED, number, has_code).text()
    }
}

/// The file of the entry with this number, below `content`.
pub(crate) fn path(number: usize) -> String {
    let (kind, name) = identity(SEED, number);
    format!("{}/{name}.md", kind.section())
}

/// Number of the first news item from `number` on: an entry that lists, feeds and terms show.
pub(crate) fn ordinary(number: usize) -> usize {
    (number..)
        .find(|number| identity(SEED, *number).0 == Kind::News)
        .unwrap_or(number)
}

/// Names of the terms of every vocabulary that the entries use, for a program that does not know them.
pub(crate) fn term_names() -> Vec<(&'static str, &'static [(&'static str, &'static str)])> {
    vec![
        ("cities", &words::CITIES),
        ("specialty", &words::SPECIALTIES),
        ("notice-category", &words::NOTICES),
        ("news-category", &words::NEWS),
        ("resource-category", &words::RESOURCES),
        ("showcase-category", &[("design", "设计")]),
        ("school-category", &words::SCHOOLS),
        ("affiliation", &[("city", "市属")]),
        ("audience", &words::AUDIENCES),
        ("format", &words::FORMATS),
    ]
}

/// Settings of the portal. The JSON interface is off, because the peers write none.
const SETTINGS: &str = r#"# A corpus for measurements; all of it is invented.

[site]
title = "示例教研平台"
base_url = "https://portal.example.org"

[lists]
page_size = 20

[output]
api = false
calendar = false
years = false
statistics = false
"#;

fn units() -> String {
    let mut text = "[[units]]\nid = \"office\"\nname = \"示例省教研室\"\nlevel = \"province\"\n".to_owned();
    for (city, name) in words::CITIES {
        let (id, name) = (entry::office(city), entry::office_name(name));
        let _ = write!(
            text,
            "\n[[units]]\nid = \"{id}\"\nname = \"{name}\"\nlevel = \"city\"\ncity = \"{city}\"\nparent = \"office\"\n"
        );
    }
    text
}

fn vocabulary(id: &str, label: &str, terms: &[(&str, &str)]) -> String {
    let mut text = format!("id = \"{id}\"\nlabel = \"{label}\"\nlabel_en = \"{id}\"\n");
    for (id, label) in terms {
        let _ = write!(
            text,
            "\n[[terms]]\nid = \"{id}\"\nlabel = \"{label}\"\nlabel_en = \"{id}\"\n"
        );
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_small_corpus_is_the_beginning_of_a_large_one() {
        let words = prose::Words::new();
        let small = Corpus { size: 10, code: true };
        let large = Corpus {
            size: 1000,
            code: true,
        };
        for number in 0..10 {
            let texts = [small, large].map(|corpus| corpus.text(&words, Flavor::Jixia, number));
            assert_eq!(texts[0], texts[1]);
        }
    }

    #[test]
    fn the_mean_entry_has_the_bytes_that_the_goals_were_set_for() {
        let words = prose::Words::new();
        for code in [false, true] {
            let corpus = Corpus { size: 2000, code };
            let bytes: usize = (0..2000)
                .map(|number| corpus.text(&words, Flavor::Jixia, number).len())
                .sum();
            let mean = bytes / 2000;
            assert!((5_600..6_200).contains(&mean), "{mean}");
        }
    }

    #[test]
    fn there_are_109_tags() {
        let tags = prose::Words::new().tags;
        assert_eq!(tags.iter().collect::<std::collections::BTreeSet<_>>().len(), 109);
        assert_eq!(tags.len(), 109);
    }
}
