//! Languages without a table, by syntect with the grammars of two-face.
//!
//! The grammars are loaded when the first snippet of such a language is met: a portal without one pays nothing. They are
//! regular expressions that are tried at every place of a line, which takes milliseconds a snippet. A hostile snippet
//! could make it many times that, because an expression with look-around may go back over the line again and again
//! (each gives up after a million steps, and then counts as not found). What bounds a snippet is therefore its size:
//! no longer than [`LONGEST`] and no line longer than [`LONGEST_LINE`]; one that is stays plain.

use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashMap;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use super::memo::Memo;
use super::sink::Sink;

/// Longest snippet, in bytes.
pub(super) const LONGEST: usize = 8 * 1024;

/// Longest line, in bytes.
pub(super) const LONGEST_LINE: usize = 512;

/// `name: aliases` of each grammar, one a line.
pub(super) const GRAMMARS: &str = include_str!("grammars.txt");

/// The name of the grammar by every alias, in lower case.
static NAMES: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
    let lines = GRAMMARS.lines().filter_map(|line| line.rsplit_once(": "));
    lines
        .flat_map(|(name, aliases)| aliases.split(' ').map(move |alias| (alias, name)))
        .collect()
});

static LOADED: OnceLock<SyntaxSet> = OnceLock::new();

fn grammars() -> &'static SyntaxSet {
    LOADED.get_or_init(two_face::syntax::extra_newlines)
}

/// Whether this process has met a snippet that took a grammar: then all of them were loaded, which takes a good part of
/// the time of a small build.
pub fn has_loaded_grammars() -> bool {
    LOADED.get().is_some()
}

/// What a scope of a grammar is shown as, the longest first where one begins another. Nothing ends the search: code
/// within a string is no string.
const CLASSES: [(&str, Option<&str>); 42] = [
    ("comment", Some("c")),
    ("punctuation.section.interpolation", Some("s")),
    ("punctuation.section.embedded", Some("s")),
    ("meta.interpolation", None),
    ("meta.embedded", None),
    ("source", None),
    ("string.unquoted", None),
    ("string", Some("s")),
    ("constant.character", Some("s")),
    ("constant.numeric", Some("n")),
    ("constant.language", Some("k")),
    ("keyword", Some("k")),
    ("storage.type.primitive", Some("t")),
    ("storage.type.annotation", Some("m")),
    ("storage.type.haskell", Some("t")),
    ("storage", Some("k")),
    ("entity.name.function", Some("f")),
    ("entity.name.macro", Some("f")),
    ("entity.name.tag", Some("m")),
    ("entity.name.section", Some("k")),
    ("entity.name", Some("t")),
    ("entity.other.inherited-class", Some("t")),
    ("entity.other.attribute-name", Some("a")),
    ("support.function", Some("f")),
    ("support.macro", Some("f")),
    ("support.type.property-name", Some("a")),
    ("support.constant", Some("k")),
    ("support.type", Some("t")),
    ("support.class", Some("t")),
    ("support.other.module", Some("t")),
    ("variable.function", Some("f")),
    ("variable.annotation", Some("m")),
    ("variable.language", Some("k")),
    ("variable.other.readwrite.perl", Some("a")),
    ("variable.other.readwrite.tcl", Some("a")),
    ("punctuation.definition.variable", Some("a")),
    ("meta.preprocessor", Some("m")),
    ("markup.inserted", Some("i")),
    ("markup.deleted", Some("d")),
    ("markup.heading", Some("k")),
    ("markup.raw", Some("s")),
    ("markup.quote", Some("c")),
];

static SCOPES: LazyLock<Vec<(Scope, Option<&'static str>)>> = LazyLock::new(|| {
    let known = CLASSES.iter();
    known
        .filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class)))
        .collect()
});

/// Writes a highlighted snippet. Writes nothing and returns `false` for a language that has no grammar, and for a
/// snippet that is too long.
pub(super) fn write(language: &str, code: &str, memo: Option<&dyn Memo>, out: &mut String) -> bool {
    let language = language.to_ascii_lowercase();
    let Some(name) = NAMES.get(language.as_str()) else {
        return false;
    };
    if code.len() > LONGEST || code.lines().any(|line| line.len() > LONGEST_LINE) {
        return false;
    }
    if let Some(known) = memo.and_then(|memo| memo.recall(name, code)) {
        out.push_str(&known);
        return true;
    }
    let start = out.len();
    let mut sink = Sink::new(code, out);
    mark(name, &mut sink);
    sink.finish();
    if let Some(memo) = memo {
        memo.remember(name, code, &out[start..]);
    }
    true
}

/// Whether there is a grammar of this name.
#[cfg(test)]
pub(super) fn has(name: &str) -> bool {
    grammars().find_syntax_by_name(name).is_some()
}

fn mark(name: &str, sink: &mut Sink<'_, '_>) {
    let Some(syntax) = grammars().find_syntax_by_name(name) else {
        return;
    };
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    let mut start = 0;
    for line in sink.code.split_inclusive('\n') {
        // The grammars expect every line to end.
        let ended = format!("{line}{}", if line.ends_with('\n') { "" } else { "\n" });
        let Ok(changes) = state.parse_line(&ended, grammars()) else {
            return;
        };
        let mut at = 0;
        for (place, change) in changes {
            let place = place.min(line.len());
            shown(&scopes, start + at, start + place, sink);
            at = at.max(place);
            if scopes.apply(&change).is_err() {
                return;
            }
        }
        shown(&scopes, start + at, start + line.len(), sink);
        start += line.len();
    }
}

/// Marks what lies between two changes of scope. Blanks at its ends are marked only within strings and comments.
fn shown(scopes: &ScopeStack, start: usize, end: usize, sink: &mut Sink<'_, '_>) {
    let Some(class) = class(scopes) else { return };
    let text = sink.code.get(start..end).unwrap_or_default();
    let text = text.trim_end_matches(['\n', '\r']);
    let inner = text.trim();
    // Grammars call signs keywords that our tables call operators, and mark the sign before a word by itself.
    let sign = class == "k" && !inner.contains(|c: char| c.is_alphabetic() || matches!(c, '\\' | '@' | '#'));
    if inner.is_empty() || sign {
        return;
    }
    if matches!(class, "s" | "c") {
        sink.mark(start, start + text.len(), class);
    } else {
        let from = start + text.len() - text.trim_start().len();
        sink.mark(from, from + inner.len(), class);
    }
}

/// The class of the innermost scope that has one.
fn class(scopes: &ScopeStack) -> Option<&'static str> {
    let known = |scope: &Scope| SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
    scopes
        .as_slice()
        .iter()
        .rev()
        .find_map(known)
        .and_then(|(_, class)| *class)
}
