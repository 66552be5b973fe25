//! TOML files read into types: every mistake reported at once, and the place of every value kept.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};

use crate::diag::{Code, Diagnostic, Span, nearest};

/// Most mistakes that are reported of one file.
const MOST_MISTAKES: usize = 100;

/// Where the keys and values of a TOML file stand.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Key and value by path, such as `fields.2.name`.
    places: BTreeMap<String, (Span, Span)>,
}

impl Places {
    /// Where the value at a path such as `fields.2.name` stands; of an absent one, what would hold it.
    pub fn value(&self, path: &str) -> Span {
        self.nearest(path).map_or(0..0, |(_, value)| value.clone())
    }

    /// Where the key at a path stands; of an absent one, what would hold it.
    pub fn key(&self, path: &str) -> Span {
        self.nearest(path).map_or(0..0, |(key, _)| key.clone())
    }

    fn nearest(&self, path: &str) -> Option<&(Span, Span)> {
        let above = || path.rsplit_once('.').and_then(|(above, _)| self.nearest(above));
        self.places.get(path).or_else(above)
    }

    fn add_table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            self.add(format!("{prefix}{}", key.get_ref()), &key.span(), value);
        }
    }

    fn add(&mut self, path: String, key: &Range<usize>, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.add_table(&format!("{path}."), table),
            DeValue::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.add(format!("{path}.{position}"), &item.span(), item);
                }
            }
            _ => {}
        }
        self.places.insert(path, (span(key), span(&value.span())));
    }
}

fn span(range: &Range<usize>) -> Span {
    range.start as u32..range.end as u32
}

/// Reads a TOML file. What is wrong is reported, in the order of the file, and left out; there is no value when what is
/// left does not suffice.
pub fn declaration<T: DeserializeOwned>(
    path: &Arc<str>,
    text: &str,
) -> (Option<(T, Places)>, Vec<Diagnostic>) {
    let mut written = Written::parse(path, text);
    let parsed = written.read();
    (parsed, written.diagnostics())
}

/// A TOML file as it was written, on the way to a value.
#[derive(Debug)]
pub struct Written<'a> {
    path: &'a Arc<str>,
    text: &'a str,
    /// Its table; [`Written::read`] takes out what is wrong in it.
    pub root: Spanned<DeTable<'a>>,
    /// Where lines end.
    ends: Vec<usize>,
    /// Lines with a mistake of syntax: what follows in the same line is mostly its consequence.
    lines: BTreeSet<usize>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Written<'a> {
    /// Parses a file.
    pub fn parse(path: &'a Arc<str>, text: &'a str) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut written = Self {
            path,
            text,
            root,
            ends: text.match_indices('\n').map(|(end, _)| end).collect(),
            lines: BTreeSet::new(),
            diagnostics: Vec::new(),
        };
        for error in &errors {
            let line = written.line_of(error.span().map_or(0, |span| span.start));
            if written.lines.insert(line) {
                written.diagnostics.push(config_syntax(path, error));
            }
        }
        written
    }

    /// Reads the table into a type. What is wrong is taken out of it; `None` if what is left does not suffice.
    pub fn read<T: DeserializeOwned>(&mut self) -> Option<(T, Places)> {
        let mut reader = Reader {
            path: self.path,
            text: self.text,
            left_out: BTreeSet::new(),
        };
        for _ in 0..MOST_MISTAKES {
            match T::deserialize(Deserializer::from(self.root.clone())) {
                Ok(value) => {
                    let mut places = Places::default();
                    places.add_table("", self.root.get_ref());
                    return Some((value, places));
                }
                Err(error) => {
                    let (diagnostic, is_mended) = reader.mend(&mut self.root, &error);
                    let is_new =
                        |diagnostic: &Diagnostic| !self.lines.contains(&self.line_of(start(diagnostic)));
                    let diagnostic = diagnostic.filter(is_new);
                    self.diagnostics.extend(diagnostic);
                    if !is_mended {
                        break;
                    }
                }
            }
        }
        None
    }

    /// Everything that was wrong, in the order of the file.
    pub fn diagnostics(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(start);
        self.diagnostics
    }

    fn line_of(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end < at)
    }
}

fn start(diagnostic: &Diagnostic) -> usize {
    diagnostic.span.as_ref().map_or(0, |span| span.start as usize)
}

/// A TOML error with its place.
pub fn config_syntax(path: &Arc<str>, error: &Error) -> Diagnostic {
    let range = error.span().unwrap_or(0..0);
    Diagnostic::new(Code::ConfigSyntax)
        .in_file(path)
        .at(span(&range))
        .with("reason", error.message())
}

struct Reader<'a> {
    path: &'a Arc<str>,
    text: &'a str,
    /// Keys that were reported and taken out, with where their table begins.
    left_out: BTreeSet<(usize, String)>,
}

impl Reader<'_> {
    /// Says what an error is about and takes the cause out of the table. A required key that is missing because it
    /// was taken out is not reported again.
    fn mend(&mut self, root: &mut Spanned<DeTable<'_>>, error: &Error) -> (Option<Diagnostic>, bool) {
        let range = error.span().unwrap_or_else(|| root.span());
        let found = find(root, &range);
        let message = error.message();
        if let Some(missing) = between(message, "missing field `", "`") {
            let start = found
                .as_ref()
                .map_or(root.span().start, |found| found.value.start);
            let diagnostic = Diagnostic::new(Code::MissingSetting)
                .in_file(self.path)
                .at(span(&first_line(self.text, &range)));
            let diagnostic = diagnostic.with("key", missing);
            let is_new = !self.left_out.contains(&(start, missing.to_owned()));
            let is_mended = found.is_some_and(|found| self.take_out(root, &found));
            return (is_new.then_some(diagnostic), is_mended);
        }
        let Some(found) = found else {
            return (Some(config_syntax(self.path, error)), false);
        };
        let diagnostic = if found.is_key {
            self.unknown_key(&found, message)
        } else {
            self.wrong_value(&found, message)
        };
        (Some(diagnostic), self.take_out(root, &found))
    }

    fn take_out(&mut self, root: &mut Spanned<DeTable<'_>>, found: &Found) -> bool {
        self.left_out.insert((found.table, found.key.clone()));
        let table = root.get_mut();
        match found.path.as_slice() {
            [Step::Key(key)] => table.remove(key.as_str()).is_some(),
            [Step::Key(key), rest @ ..] => table
                .get_mut(key.as_str())
                .is_some_and(|value| take_out(value.get_mut(), rest)),
            _ => false,
        }
    }

    fn unknown_key(&mut self, found: &Found, message: &str) -> Diagnostic {
        let known: Vec<&str> = expected_words(message);
        let suggestion = nearest(&found.key, known.iter().copied());
        // What was meant is not missing.
        self.left_out
            .extend(suggestion.map(|meant| (found.table, meant.to_owned())));
        let mut diagnostic = Diagnostic::new(Code::UnknownSetting)
            .in_file(self.path)
            .at(span(&found.key_span))
            .with("key", &found.key)
            .suggest(suggestion);
        if suggestion.is_none() {
            diagnostic = diagnostic.with("known", known.join(" "));
        }
        diagnostic
    }

    fn wrong_value(&self, found: &Found, message: &str) -> Diagnostic {
        let shown = first_line(self.text, &found.value);
        let written = self.text.get(shown.clone()).unwrap_or_default();
        let diagnostic = Diagnostic::new(Code::ConfigValue)
            .in_file(self.path)
            .at(span(&shown))
            .with("key", &found.key)
            .with("value", written);
        if message.starts_with("unknown variant") {
            let known = expected_words(message);
            let word = written.trim_matches(['"', '\'']);
            let suggestion = nearest(word, known.iter().copied());
            return diagnostic.with("expected", known.join(" ")).suggest(suggestion);
        }
        let expected = message
            .split_once("expected ")
            .map_or("", |(_, expected)| expected.trim());
        match expected {
            "a string" => diagnostic.say("expected", "text"),
            "a boolean" => diagnostic.say("expected", "boolean"),
            "a sequence" => diagnostic.say("expected", "list"),
            "f64" => diagnostic.say("expected", "number"),
            "i64" => diagnostic.say("expected", "integer"),
            "u32" | "u64" | "usize" => diagnostic.say("expected", "positive-integer"),
            table if table.starts_with("struct") || table == "a map" => diagnostic.say("expected", "table"),
            "" => diagnostic.with("expected", message),
            other => diagnostic.with("expected", other),
        }
    }
}

/// A step on the way to a value.
#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Item(usize),
}

/// The part of a table that an error is about.
#[derive(Debug, Clone)]
struct Found {
    path: Vec<Step>,
    /// The last key on the way.
    key: String,
    key_span: Range<usize>,
    value: Range<usize>,
    /// Where the table that holds the key begins.
    table: usize,
    /// The error is about the key, not its value.
    is_key: bool,
}

/// Finds the key or value that stands exactly at a range.
fn find(root: &Spanned<DeTable<'_>>, range: &Range<usize>) -> Option<Found> {
    find_in_table(root.get_ref(), root.span().start, &mut Vec::new(), range)
}

fn find_in_table(
    table: &DeTable<'_>,
    start: usize,
    path: &mut Vec<Step>,
    range: &Range<usize>,
) -> Option<Found> {
    table.iter().find_map(|(key, value)| {
        path.push(Step::Key(key.get_ref().clone().into_owned()));
        let found = |is_key| Found {
            path: path.clone(),
            key: key.get_ref().clone().into_owned(),
            key_span: key.span(),
            value: value.span(),
            table: start,
            is_key,
        };
        // An implicit table stands where its key stands: what is in it goes first.
        let inside = find_in_value(value, &found(false), &mut path.clone(), range);
        let found = inside.or_else(|| {
            (key.span() == *range || value.span() == *range).then(|| found(key.span() == *range))
        });
        path.pop();
        found
    })
}

fn find_in_value(
    value: &Spanned<DeValue<'_>>,
    around: &Found,
    path: &mut Vec<Step>,
    range: &Range<usize>,
) -> Option<Found> {
    match value.get_ref() {
        DeValue::Table(table) => find_in_table(table, value.span().start, path, range),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(position, item)| {
            path.push(Step::Item(position));
            let around = Found {
                path: path.clone(),
                value: item.span(),
                ..around.clone()
            };
            let inside = find_in_value(item, &around, path, range);
            path.pop();
            inside.or_else(|| (item.span() == *range).then_some(around))
        }),
        _ => None,
    }
}

fn take_out(value: &mut DeValue<'_>, path: &[Step]) -> bool {
    match (value, path) {
        (DeValue::Table(table), [Step::Key(key)]) => table.remove(key.as_str()).is_some(),
        (DeValue::Array(items), [Step::Item(position)]) => {
            let all = std::mem::replace(items, DeArray::new()).into_iter().enumerate();
            *items = all
                .filter(|(at, _)| at != position)
                .map(|(_, item)| item)
                .collect();
            true
        }
        (DeValue::Table(table), [Step::Key(key), rest @ ..]) => table
            .get_mut(key.as_str())
            .is_some_and(|value| take_out(value.get_mut(), rest)),
        (DeValue::Array(items), [Step::Item(position), rest @ ..]) => items
            .get_mut(*position)
            .is_some_and(|item| take_out(item.get_mut(), rest)),
        _ => false,
    }
}

/// The first line of a range.
fn first_line(text: &str, range: &Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    range.start..range.start + inside.lines().next().map_or(0, str::len)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.split(after).next()
}

/// The words that serde lists after "expected", each between backticks.
fn expected_words(message: &str) -> Vec<&str> {
    let expected = message
        .split_once(", expected ")
        .map_or("", |(_, expected)| expected);
    expected.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Whole {
        name: String,
        #[serde(default)]
        inner: Inner,
        #[serde(default)]
        items: Vec<Inner>,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        size: u32,
        is_on: bool,
    }

    fn read(text: &str) -> (Option<(Whole, Places)>, Vec<String>) {
        let (value, diagnostics) = declaration::<Whole>(&Arc::from("x.toml"), text);
        let shown = diagnostics.iter().map(|diagnostic| {
            let span = diagnostic.span.clone().unwrap();
            format!(
                "{} {}",
                diagnostic.code.name(),
                &text[span.start as usize..span.end as usize]
            )
        });
        (value, shown.collect())
    }

    #[test]
    fn every_mistake_is_found_with_its_place() {
        let cases: &[(&str, &[&str], bool)] = &[
            ("name = 'a'\n", &[], true),
            ("name = 3\n", &["config-value 3"], false),
            ("", &["missing-setting "], false),
            (
                "name = 'a'\nnmae = 1\n[inner]\nsize = -1\nis_on = 'no'\n",
                &["unknown-setting nmae", "config-value -1", "config-value 'no'"],
                true,
            ),
            (
                "name = 'a'\n[[items]]\nsize = 1\n[[items]]\nsiez = 2\nis_on = 1\n",
                &["unknown-setting siez", "config-value 1"],
                true,
            ),
            (
                "name = 'a'\ninner = 1\nitems = [1, {size = 2}]\n",
                &["config-value 1", "config-value 1"],
                true,
            ),
            (
                "name = 'a\n[inner]\nsize = 'x'\n",
                &["config-syntax ", "config-value 'x'"],
                true,
            ),
            ("name = 'a'\nname = 'b'\n", &["config-syntax name"], true),
        ];
        for (text, expected, has_value) in cases {
            let (value, found) = read(text);
            assert_eq!(found, *expected, "{text}");
            assert_eq!(value.is_some(), *has_value, "{text}");
        }
    }

    #[test]
    fn places_are_found_by_path() {
        let text = "name = 'a'\n[[items]]\nsize = 1\n";
        let (_, places) = read(text).0.unwrap();
        let shown = |span: Span| &text[span.start as usize..span.end as usize];
        assert_eq!(shown(places.value("name")), "'a'");
        assert_eq!(shown(places.key("items.0.size")), "size");
        assert_eq!(shown(places.value("items.0.absent")), "[[items]]");
    }
}
