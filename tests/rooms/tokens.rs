//! As much of the grammar of Rust as it takes to see what a file defines, imports and names.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::slice::Iter;

/// What one leaf of an import brings in.
pub(crate) struct Used {
    /// How the file calls it; `*` for everything that the path holds.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) path: Vec<String>,
}

/// Words and marks of a text, without comments, literals and what is compiled only for tests.
pub(crate) fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("::") => 2,
            _ if raw_string(rest).is_some() => raw_string(rest).unwrap(),
            '"' => string(rest),
            '\'' => character(rest),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        let is_literal = token.len() > 1 && token.ends_with(['"', '\'', '#']);
        if !first.is_whitespace() && !token.starts_with("//") && !is_literal {
            tokens.push(token);
        }
        rest = after;
    }
    without_tests(&tokens)
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The length of `r"…"`, `br#"…"#` and the like.
fn raw_string(text: &str) -> Option<usize> {
    let hashes = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let body = hashes.trim_start_matches('#');
    let count = hashes.len() - body.len();
    let end = format!("\"{}", "#".repeat(count));
    let length = body.strip_prefix('"')?.find(&end)? + 1 + end.len();
    Some(text.len() - body.len() + length)
}

/// The length of a string with its quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    let end = text[1..].find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

/// The length of a character with its quotes, or of the mark of a lifetime.
fn character(text: &str) -> usize {
    let mut characters = text[1..].char_indices();
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some((after, c))) => {
            let from = 1 + after + c.len_utf8();
            text[from..].find('\'').map_or(1, |end| from + end + 1)
        }
        (Some(_), Some((end, '\''))) => end + 2,
        _ => 1,
    }
}

/// Leaves out every item below `#[cfg(test)]`.
fn without_tests<'t>(tokens: &[&'t str]) -> Vec<&'t str> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at..].starts_with(&mark) {
            kept.push(tokens[at]);
            at += 1;
            continue;
        }
        let mut depth = 0_usize;
        while let Some(&token) = tokens.get(at) {
            match token {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                _ => {}
            }
            at += 1;
            if depth == 0 && matches!(token, ";" | "}") {
                break;
            }
        }
    }
    kept
}

/// The modules that a file declares, and what it defines.
pub(crate) fn items(tokens: &[&str]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut children, mut items) = (BTreeSet::new(), BTreeSet::new());
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        let name = |from: usize| tokens.get(from).map(|name| (*name).to_owned());
        match *token {
            "{" => depth += 1,
            "}" => depth -= 1,
            "mod" if depth == 0 && tokens.get(at + 2) == Some(&";") => children.extend(name(at + 1)),
            "macro_rules" => items.extend(name(at + 2)),
            "mod" | "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" if depth == 0 => {
                items.extend(name(at + 1));
            }
            "impl" if depth == 0 => items.extend(name(at)),
            _ => {}
        }
    }
    (children, items)
}

/// Whether an import begins here: `use<'a>` says what a type captures.
fn is_import(tokens: &[&str]) -> bool {
    matches!(tokens, ["use", next, ..] if *next != "<")
}

/// Every leaf of the imports of a file.
pub(crate) fn imports(tokens: &[&str]) -> Vec<Used> {
    let mut imports = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        if is_import(pair) {
            leaves(&mut tokens[at + 1..].iter().peekable(), &[], &mut imports);
        }
    }
    imports
}

/// Reads one branch of a tree of imports, up to the comma or bracket after it.
fn leaves(tokens: &mut Peekable<Iter<'_, &str>>, prefix: &[String], found: &mut Vec<Used>) {
    let mut path = prefix.to_vec();
    let mut name = None;
    while let Some(token) = tokens.next_if(|token| !matches!(**token, "," | "}" | ";")) {
        match *token {
            "::" => {}
            "{" => {
                while tokens.next_if(|token| **token == "}").is_none() {
                    leaves(tokens, &path, found);
                    tokens.next_if(|token| **token == ",");
                }
                return;
            }
            "*" => name = Some("*".to_owned()),
            "as" => name = tokens.next().map(|name| (*name).to_owned()),
            "self" if !path.is_empty() => {}
            word => path.push(word.to_owned()),
        }
    }
    let name = name.or_else(|| path.last().cloned());
    found.extend(name.map(|name| Used { name, path }));
}

/// Paths of at least two names that the code writes, imports left out.
pub(crate) fn paths(tokens: &[&str]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_import(&tokens[at..]) {
            at += tokens[at..].iter().position(|token| *token == ";").unwrap_or(1);
        }
        let start = at;
        while tokens.get(at + 1) == Some(&"::")
            && tokens.get(at + 2).is_some_and(|next| next.starts_with(is_word))
        {
            at += 2;
        }
        // `pub(in super::super)` says who may use, and uses nothing.
        let is_visibility = tokens[..start].ends_with(&["(", "in"]);
        if at > start && !is_visibility && tokens[start].starts_with(is_word) {
            let path = tokens[start..=at].iter().step_by(2);
            paths.push(path.map(|name| (*name).to_owned()).collect());
        }
        at += 1;
    }
    paths
}
