//! `cargo xtask docs`: the tables of the documentation that follow from the source, written between marks.
//!
//! A part begins after the line `<!-- NAME: written by cargo xtask docs -->` and ends before `<!-- end of NAME -->`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::result::Result;
use crate::workspace::Workspace;

/// A part of a document that is made from the source.
struct Part {
    file: &'static str,
    name: &'static str,
    make: fn(&Path) -> Result<String>,
}

const PARTS: &[Part] = &[
    Part {
        file: "docs/content-model.md",
        name: "kinds",
        make: kinds,
    },
    Part {
        file: "docs/content-model.md",
        name: "vocabularies",
        make: vocabularies,
    },
    Part {
        file: "docs/content-model.md",
        name: "rubrics",
        make: rubrics,
    },
    Part {
        file: "docs/settings.md",
        name: "codes",
        make: codes,
    },
];

/// Writes every part anew.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    for (path, text) in stale(workspace.root())? {
        fs::write(&path, text)?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// Makes sure that every part is what [`write()`] would write.
///
/// # Errors
/// Names the documents that are not current.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let stale = stale(workspace.root())?;
    if stale.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = stale.keys().map(|path| path.display().to_string()).collect();
    Err(format!("not current, run `cargo xtask docs`: {}", names.join(", ")).into())
}

/// The documents that differ from what they should be, with their new text.
fn stale(root: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut documents: BTreeMap<PathBuf, String> = BTreeMap::new();
    for part in PARTS {
        let path = root.join(part.file);
        let text = match documents.remove(&path) {
            Some(text) => text,
            None => read(&path)?,
        };
        let text = replace(&text, part.name, &(part.make)(root)?)
            .ok_or_else(|| format!("{}: the marks of {} are missing", part.file, part.name))?;
        documents.insert(path, text);
    }
    let mut stale = BTreeMap::new();
    for (path, text) in documents {
        if read(&path)? != text {
            stale.insert(path, text);
        }
    }
    Ok(stale)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// `document` with `content` between the marks of the part `name`.
fn replace(document: &str, name: &str, content: &str) -> Option<String> {
    let begin = format!("<!-- {name}: written by cargo xtask docs -->\n");
    let end = format!("<!-- end of {name} -->");
    let start = document.find(&begin)? + begin.len();
    let stop = start + document[start..].find(&end)?;
    Some(format!(
        "{}\n{}\n\n{}",
        &document[..start],
        content.trim(),
        &document[stop..]
    ))
}

/// The declarations of a directory by file name.
fn declarations(directory: &Path) -> Result<Vec<(String, Table)>> {
    let mut declarations = Vec::new();
    for item in fs::read_dir(directory)? {
        let path = item?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let table: Table =
                toml::from_str(&read(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
            let stem = path.file_stem().unwrap_or_default();
            declarations.push((stem.to_string_lossy().into_owned(), table));
        }
    }
    declarations.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(declarations)
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn is_on(table: &Table, key: &str) -> bool {
    table.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn tables<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    let items = table.get(key).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_table)
}

/// The texts of a list, each as code.
fn list(table: &Table, key: &str) -> String {
    let items = table.get(key).and_then(Value::as_array).into_iter().flatten();
    let items = items.filter_map(Value::as_str).map(|item| format!("`{item}`"));
    items.collect::<Vec<_>>().join(" ")
}

/// `标签 · Label`.
fn label(table: &Table) -> String {
    match (text(table, "label"), text(table, "label_en")) {
        (chinese, "") => chinese.to_owned(),
        (chinese, english) if chinese == english => chinese.to_owned(),
        (chinese, english) => format!("{chinese} · {english}"),
    }
}

/// Every kind: the fields that all have, then each with its own, in the order of the sections.
fn kinds(root: &Path) -> Result<String> {
    let (mut common, mut others) = (String::new(), String::new());
    let mut declared = declarations(&root.join("src/content/kinds"))?;
    declared.sort_by_key(|(_, kind)| {
        kind.get("position")
            .and_then(Value::as_integer)
            .unwrap_or(i64::MAX)
    });
    for (name, kind) in declared {
        if name == "common" {
            writeln!(common, "### Every kind\n\n{}", fields(&kind))?;
        } else {
            let (label, about) = (label(&kind), about(&kind));
            writeln!(others, "### `{name}` {label}\n\n{about}\n\n{}", fields(&kind))?;
        }
    }
    Ok(common + &others)
}

/// What a declaration says besides its fields, in a line.
fn about(kind: &Table) -> String {
    let mut parts = match text(kind, "section") {
        "" => vec!["Inside the folder of another entry".to_owned()],
        section => vec![format!("`content/{section}/`")],
    };
    let switches = [
        ("nested", "folders are part of the id"),
        ("dated", "`date` required"),
    ];
    let on = switches.iter().filter(|(key, _)| is_on(kind, key));
    parts.extend(on.map(|(_, meaning)| (*meaning).to_owned()));
    let named = [
        ("children", "parts: "),
        ("order", "order: "),
        ("schema_org", "Schema.org: "),
    ];
    for (key, before) in named {
        match text(kind, key) {
            "" => {}
            value => parts.push(format!("{before}`{value}`")),
        }
    }
    if let Some(days) = kind.get("stale_after_days") {
        parts.push(format!("stale after {days} days"));
    }
    match abilities(kind) {
        abilities if abilities.is_empty() => {}
        abilities => parts.push(format!("abilities: {abilities}")),
    }
    match list(kind, "facets") {
        facets if facets.is_empty() => {}
        facets => parts.push(format!("filters: {facets}")),
    }
    parts.join("; ") + "."
}

/// The names of what a kind can do.
fn abilities(kind: &Table) -> String {
    let declared = kind
        .get("abilities")
        .and_then(Value::as_table)
        .into_iter()
        .flatten();
    let on = declared.filter(|(_, value)| value.as_bool() != Some(false));
    on.map(|(name, _)| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The table of a kind's own fields; those of a record follow it.
fn fields(kind: &Table) -> String {
    let mut rows = Vec::new();
    for field in tables(kind, "fields") {
        rows.push(row(field, ""));
        let prefix = format!("{}.", text(field, "name"));
        rows.extend(tables(field, "fields").map(|inner| row(inner, &prefix)));
    }
    if rows.is_empty() {
        return "No fields of its own.\n".to_owned();
    }
    format!(
        "| field | type | need | label |\n|---|---|---|---|\n{}",
        rows.concat()
    )
}

fn row(field: &Table, prefix: &str) -> String {
    let need = text(field, "need");
    format!(
        "| `{prefix}{}` | {} | {need} | {} |\n",
        text(field, "name"),
        type_of(field),
        label(field)
    )
}

/// `text ≤ 60`, `term of format, many`, `number 0–200`.
fn type_of(field: &Table) -> String {
    let mut described = text(field, "type").to_owned();
    match text(field, "vocabulary") {
        "" => {}
        vocabulary => described += &format!(" of `{vocabulary}`"),
    }
    match text(field, "among") {
        "" => {}
        list => described += &format!(" of `{list}`"),
    }
    match list(field, "kinds") {
        kinds if kinds.is_empty() => {}
        kinds => described += &format!(" to {kinds}"),
    }
    described += &match (field.get("min"), field.get("max")) {
        (Some(min), Some(max)) => format!(" {min}–{max}"),
        (None, Some(max)) => format!(" ≤ {max}"),
        (Some(min), None) => format!(" ≥ {min}"),
        (None, None) => String::new(),
    };
    if is_on(field, "many") {
        described += ", many";
        if let Some(most) = field.get("max_items") {
            described += &format!(" (≤ {most})");
        }
    }
    described
}

/// Every built-in vocabulary with its terms.
fn vocabularies(root: &Path) -> Result<String> {
    let mut table = "| vocabulary | terms |\n|---|---|\n".to_owned();
    for (_, vocabulary) in declarations(&root.join("src/content/vocabularies"))? {
        let terms = tables(&vocabulary, "terms").map(|term| {
            let words = [format!("`{}` {}", text(term, "id"), text(term, "label"))];
            let aliases = term
                .get("aliases")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let aliases = aliases.filter_map(Value::as_str).map(str::to_owned);
            words.into_iter().chain(aliases).collect::<Vec<_>>().join("/")
        });
        let terms = terms.collect::<Vec<_>>().join(", ");
        writeln!(
            table,
            "| `{}` {} | {terms} |",
            text(&vocabulary, "id"),
            label(&vocabulary)
        )?;
    }
    Ok(table)
}

fn rubrics(root: &Path) -> Result<String> {
    let mut table = "| rubric | groups |\n|---|---|\n".to_owned();
    for (_, rubric) in declarations(&root.join("src/content/rubrics"))? {
        let groups: Vec<&str> = tables(&rubric, "group")
            .map(|group| text(group, "name"))
            .collect();
        writeln!(
            table,
            "| `{}` {} | {} |",
            text(&rubric, "id"),
            text(&rubric, "title"),
            groups.join(", ")
        )?;
    }
    Ok(table)
}

/// Every code of a diagnostic, from the list in the source.
fn codes(root: &Path) -> Result<String> {
    let source = read(&root.join("src/diag/code.rs"))?;
    let (before, declared) = source
        .split_once("\ncodes! {")
        .ok_or("src/diag/code.rs declares no codes")?;
    let advice = before
        .split_once("fn is_advice")
        .map_or("", |(_, function)| function);
    let messages: Table = toml::from_str(&read(&root.join("src/diag/messages/en.toml"))?)?;
    let words = messages.get("interface").and_then(Value::as_table);
    let words = words.ok_or("src/diag/messages/en.toml has no interface texts")?;
    let mut table = "| code | level | meaning | when lowered |\n|---|---|---|---|\n".to_owned();
    for line in declared.lines() {
        let parts: Vec<&str> = line.split('"').collect();
        if let [variant, name, level, meaning, _] = parts[..] {
            let is_advice = advice
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word == variant.trim());
            let (level, handling) = level.trim().split_once(' ').ok_or("a code without handling")?;
            let mut level = level.to_lowercase();
            if is_advice {
                level += " of `check`";
            }
            let key = handling_key(handling);
            let mut lowered = text(words, &key).to_owned();
            if key.starts_with("fixed-") {
                lowered = format!("cannot be lowered: {lowered}");
            }
            writeln!(table, "| `{name}` | {level} | {meaning} | {lowered} |")?;
        }
    }
    Ok(table)
}

/// The key of the words for a handling as the list of codes writes it: `LeftOut(Entry)` is `left-out-entry`.
fn handling_key(handling: &str) -> String {
    let mut key = String::new();
    for character in handling.chars() {
        if character.is_ascii_uppercase() && !key.is_empty() {
            key.push('-');
        }
        if character.is_ascii_alphanumeric() {
            key.push(character.to_ascii_lowercase());
        }
    }
    key
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_replaced_between_its_marks() {
        let document = "a\n<!-- x: written by cargo xtask docs -->\nold\n<!-- end of x -->\nb\n";
        let expected = "a\n<!-- x: written by cargo xtask docs -->\n\nnew\n\n<!-- end of x -->\nb\n";
        assert_eq!(replace(document, "x", "new\n").as_deref(), Some(expected));
        assert_eq!(replace(expected, "x", "new\n").as_deref(), Some(expected));
        assert_eq!(replace(document, "y", "new"), None);
    }

    #[test]
    fn types_say_their_limits() {
        let cases = [
            ("type = \"text\"\nmax = 60", "text ≤ 60"),
            ("type = \"number\"\nmin = 0\nmax = 200", "number 0–200"),
            (
                "type = \"term\"\nvocabulary = \"format\"\nmany = true\nmax_items = 3",
                "term of `format`, many (≤ 3)",
            ),
            (
                "type = \"reference\"\nkinds = [\"a\", \"b\"]",
                "reference to `a` `b`",
            ),
        ];
        for (declared, expected) in cases {
            let field: Table = toml::from_str(declared).unwrap();
            assert_eq!(type_of(&field), expected);
        }
    }
}
