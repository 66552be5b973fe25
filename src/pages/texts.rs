//! Interface texts of a theme, in one language.

use std::collections::BTreeMap;

/// Interface texts by key, such as `nav.home`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// Language tag.
    pub language: String,
    /// By dotted key.
    pub texts: BTreeMap<String, String>,
}

impl Texts {
    /// Reads the one-level tables of an `i18n/*.toml`; later files win over earlier ones key by key.
    ///
    /// # Errors
    /// What TOML says.
    pub fn add(&mut self, toml: &str) -> Result<(), toml::de::Error> {
        let tables: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(toml)?;
        for (table, entries) in tables {
            for (key, text) in entries {
                self.texts.insert(format!("{table}.{key}"), text);
            }
        }
        Ok(())
    }

    /// The text of a key; the key itself when the theme lacks it.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// The texts as nested tables, for templates: `t.nav.home`.
    pub fn nested(&self) -> BTreeMap<&str, BTreeMap<&str, &str>> {
        let mut nested: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for (key, text) in &self.texts {
            if let Some((table, key)) = key.split_once('.') {
                nested.entry(table).or_default().insert(key, text);
            }
        }
        nested
    }
}
