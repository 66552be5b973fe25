//! Snippets of code whose highlighting is dear: kept within a build, and for the next one beside the cache.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jixia_markdown::highlight::Memo;

use crate::cache;
use crate::hash::{Hash, hash};

/// Below [`cache::DIRECTORY`].
const FILE: &str = "snippets";

/// Bytes of markup that are kept although this build did not show them.
const LIMIT: usize = 16 << 20;

/// What is remembered. The file is read when the first such snippet is met, and a site without one has no file.
#[derive(Debug, Default)]
pub(super) struct Snippets {
    /// The site; `None` for a build that writes nothing.
    root: Option<PathBuf>,
    known: OnceLock<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    markup: BTreeMap<Hash, Arc<str>>,
    /// Shown by this build.
    shown: BTreeSet<Hash>,
    /// Whether anything came to it.
    grown: bool,
}

impl Snippets {
    /// The snippets of a site.
    pub(super) fn of(root: &Path) -> Self {
        Self {
            root: Some(root.to_path_buf()),
            known: OnceLock::new(),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        let known = self.known.get_or_init(|| {
            let markup = self.root.as_ref().and_then(|root| cache::read(root, FILE));
            Mutex::new(Known {
                markup: markup.unwrap_or_default(),
                ..Known::default()
            })
        });
        work(&mut known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes what came to it. That it cannot be written costs the next build time and nothing else.
    pub(super) fn save(&self) {
        let (Some(root), Some(_)) = (&self.root, self.known.get()) else {
            return;
        };
        self.with(|known| {
            if !known.grown {
                return;
            }
            if known.markup.values().map(|markup| markup.len()).sum::<usize>() > LIMIT {
                known.markup.retain(|key, _| known.shown.contains(key));
            }
            let _ = cache::write(root, FILE, &known.markup);
        });
    }
}

fn key(language: &str, code: &str) -> Hash {
    hash(format!("{language}\n{code}").as_bytes())
}

impl Memo for Snippets {
    fn recall(&self, language: &str, code: &str) -> Option<Arc<str>> {
        let key = key(language, code);
        self.with(|known| {
            let markup = known.markup.get(&key).cloned();
            if markup.is_some() {
                known.shown.insert(key);
            }
            markup
        })
    }

    fn remember(&self, language: &str, code: &str, markup: &str) {
        let key = key(language, code);
        self.with(|known| {
            known.markup.insert(key, markup.into());
            known.shown.insert(key);
            known.grown = true;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_known_to_the_next_build() {
        let root = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let file = root.path().join(cache::DIRECTORY).join(FILE);
        let first = Snippets::of(root.path());
        first.save();
        assert!(!file.exists());
        assert!(first.recall("Haskell", "x").is_none());
        first.remember("Haskell", "x", "<b>");
        first.save();
        let second = Snippets::of(root.path());
        assert_eq!(second.recall("Haskell", "x").as_deref(), Some("<b>"));
        assert!(second.recall("Haskell", "y").is_none());
        assert!(second.recall("Elixir", "x").is_none());
    }
}
