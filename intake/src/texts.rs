//! The words of the interface, from one file a language.

use toml::{Table, Value};

/// The words of a language.
#[derive(Debug, Clone)]
pub struct Texts {
    table: Table,
}

const CHINESE: &str = include_str!("../i18n/zh-CN.toml");

impl Texts {
    /// Simplified Chinese.
    ///
    /// # Panics
    /// Never outside of tests: the file is compiled in and a test reads it.
    pub fn chinese() -> Self {
        let table = CHINESE
            .parse()
            .unwrap_or_else(|error| panic!("compiled-in texts: {error}"));
        Self { table }
    }

    /// All of them, for templates.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The text `section.key`; the key itself when there is none, so that it is noticed.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        let (section, name) = key.split_once('.').unwrap_or(("", key));
        let section = self.table.get(section).and_then(Value::as_table);
        section
            .and_then(|section| section.get(name))
            .and_then(Value::as_str)
            .unwrap_or(key)
    }

    /// The text `section.key` with `{name}` filled in.
    pub fn fill(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        let mut parts = self.get(key).split('{');
        let mut text = parts.next().unwrap_or_default().to_owned();
        // In one go: what is filled in may have braces itself.
        for part in parts {
            let named = part.split_once('}').and_then(|(name, rest)| {
                let (_, value) = arguments.iter().find(|(known, _)| *known == name)?;
                Some((*value, rest))
            });
            match named {
                Some((value, rest)) => text.extend([value, rest]),
                None => text.extend(["{", part]),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Action;
    use crate::domain::{audit_acts, declarations, submission::State};

    #[test]
    fn everything_that_has_a_name_has_words() {
        let texts = Texts::chinese();
        let names = State::ALL.iter().map(|state| format!("state.{}", state.name()));
        let names = names.chain(declarations::ALL.iter().map(|name| format!("declaration.{name}")));
        let groups = audit_acts::GROUPS.iter().map(|group| group.name);
        let names = names.chain(groups.map(|name| format!("audit.group-{name}")));
        let tried = Action::ALL.iter();
        let names = names.chain(tried.map(|action| format!("audit.tried-{}", action.name())));
        for name in names {
            assert_ne!(texts.get(&name), name);
        }
        for act in audit_acts::GROUPS.iter().flat_map(|group| group.acts) {
            let keys = ["step", "happened"].map(|section| format!("{section}.{act}"));
            assert!(keys.iter().any(|key| texts.get(key) != key), "{act}");
        }
        assert_eq!(texts.get("no.such"), "no.such");
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        let texts = Texts::chinese();
        let arguments = [("part", "“{limit}”"), ("length", "3"), ("limit", "{part}")];
        assert_eq!(
            texts.fill("finding.too-long", &arguments),
            "“{limit}”有 3 字，最多 {part} 字。"
        );
        assert_eq!(
            texts.fill("finding.too-long", &[("limit", "2")]),
            "{part}有 {length} 字，最多 2 字。"
        );
    }

    #[test]
    fn every_text_that_templates_and_scripts_name_is_there() {
        let texts = Texts::chinese();
        let mut count = 0;
        for (file, source) in crate::templates::SOURCES {
            for (position, _) in source.match_indices("t.") {
                let before = source[..position].chars().next_back().unwrap_or(' ');
                let name: String = source[position + 2..]
                    .chars()
                    .take_while(|character| {
                        character.is_ascii_alphanumeric() || matches!(character, '.' | '_')
                    })
                    .collect();
                if before.is_ascii_alphanumeric()
                    || matches!(before, '_' | '.' | '-' | '/')
                    || !name.contains('.')
                {
                    continue;
                }
                assert_ne!(texts.get(&name), name, "{file}");
                count += 1;
            }
        }
        assert!(count > 50, "{count}");
    }
}
