//! What tells one language from another.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

/// A string's quotes.
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// A backslash escapes.
    pub(super) escapes: bool,
    /// It may go on over lines.
    pub(super) lines: bool,
}

/// A list of words, separated by spaces; made a set when first used.
pub(super) struct Words {
    pub(super) text: &'static str,
    set: OnceLock<FxHashSet<&'static str>>,
}

impl Words {
    pub(super) const fn new(text: &'static str) -> Self {
        Words {
            text,
            set: OnceLock::new(),
        }
    }

    /// Whether the list has a word.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.set
            .get_or_init(|| self.text.split_ascii_whitespace().collect())
            .contains(word)
    }
}

/// What tells a language apart.
pub(super) struct Language {
    /// Names and aliases, separated by spaces.
    pub(super) names: &'static str,
    pub(super) keywords: Words,
    pub(super) types: Words,
    /// What begins a comment to the end of the line.
    pub(super) line: &'static [&'static str],
    /// What begins and ends a comment.
    pub(super) block: &'static [(&'static str, &'static str)],
    /// The longest first.
    pub(super) quotes: &'static [Quote],
    pub(super) flags: u16,
}

impl Language {
    /// Whether the language has a trait of [`flag`].
    pub(super) fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// Traits of languages.
pub(super) mod flag {
    /// Words in any case; the lists are in lower case.
    pub(in super::super) const CASELESS: u16 = 1;
    /// `#` at the start of a line is a directive.
    pub(in super::super) const DIRECTIVES: u16 = 2;
    /// `@name` is a decorator or the like.
    pub(in super::super) const DECORATORS: u16 = 4;
    /// `$name` is a variable.
    pub(in super::super) const VARIABLES: u16 = 8;
    /// A word before `(` is a function.
    pub(in super::super) const CALLS: u16 = 16;
    /// A word with a capital is a type.
    pub(in super::super) const CAPITALS: u16 = 32;
    /// Words may hold `-`.
    pub(in super::super) const DASHES: u16 = 64;
    /// A comment's mark must follow a space.
    pub(in super::super) const SPACED_COMMENTS: u16 = 128;
    /// A string or word before `:` is a key.
    pub(in super::super) const KEYS: u16 = 256;
    /// Numbers may name their base: `16#FF`.
    pub(in super::super) const BASES: u16 = 512;
}

/// A string rule, for the tables.
pub(super) const fn quote(open: &'static str, close: &'static str, escapes: bool, lines: bool) -> Quote {
    Quote {
        open,
        close,
        escapes,
        lines,
    }
}
