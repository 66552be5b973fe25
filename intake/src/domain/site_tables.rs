//! Units and terms of a declaration, changed one at a time; comments, order and everything else in the file stay as they
//! are.

use serde::Serialize;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value};

/// A unit as a form shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UnitRow {
    /// Its id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// Name of its level.
    pub level: String,
    /// Term of the vocabulary `city`.
    pub city: String,
    /// Id of the unit above.
    pub parent: String,
}

/// A term of a vocabulary as a form shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TermRow {
    /// Its id.
    pub id: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    pub label_en: String,
}

/// Why a row cannot be put into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The file is no TOML, or holds its rows in another way than one table each.
    Unreadable,
    /// The row has no id.
    NoId,
}

/// Where a term comes to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// Where it is; a new one at the end.
    AsItIs,
    /// Before all others.
    First,
    /// Behind the one with this id.
    Behind(&'a str),
}

const UNITS: &str = "units";
const TERMS: &str = "terms";

/// The units of a file, in their order; none if it cannot be read.
pub fn units(text: &str) -> Vec<UnitRow> {
    rows(text, UNITS, |table| UnitRow {
        id: field(table, "id"),
        name: field(table, "name"),
        short_name: field(table, "short_name"),
        level: field(table, "level"),
        city: field(table, "city"),
        parent: field(table, "parent"),
    })
}

/// The terms of a file, in their order; none if it cannot be read.
pub fn terms(text: &str) -> Vec<TermRow> {
    rows(text, TERMS, |table| TermRow {
        id: field(table, "id"),
        label: field(table, "label"),
        label_en: field(table, "label_en"),
    })
}

/// The file with a unit added, or changed where there is one of that id.
///
/// # Errors
/// See [`Fault`].
pub fn put_unit(text: &str, unit: &UnitRow) -> Result<String, Fault> {
    let fields = [
        ("name", &unit.name),
        ("short_name", &unit.short_name),
        ("level", &unit.level),
        ("city", &unit.city),
        ("parent", &unit.parent),
    ];
    put(text, UNITS, (&unit.id, &fields), Place::AsItIs)
}

/// The file with a term added, or changed and moved where there is one of that id.
///
/// # Errors
/// See [`Fault`].
pub fn put_term(text: &str, term: &TermRow, place: Place<'_>) -> Result<String, Fault> {
    let fields = [("label", &term.label), ("label_en", &term.label_en)];
    put(text, TERMS, (&term.id, &fields), place)
}

fn rows<T>(text: &str, key: &str, row: impl Fn(&Table) -> T) -> Vec<T> {
    let Ok(document) = text.parse::<DocumentMut>() else {
        return Vec::new();
    };
    let tables = document.get(key).and_then(Item::as_array_of_tables);
    tables.into_iter().flatten().map(row).collect()
}

fn field(table: &Table, key: &str) -> String {
    let value = table.get(key).and_then(Item::as_str);
    value.unwrap_or_default().to_owned()
}

fn put(
    text: &str,
    key: &str,
    (id, fields): (&str, &[(&str, &String)]),
    place: Place<'_>,
) -> Result<String, Fault> {
    let id = id.trim();
    if id.is_empty() {
        return Err(Fault::NoId);
    }
    let mut document: DocumentMut = text.parse().map_err(|_| Fault::Unreadable)?;
    let item = document
        .entry(key)
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let tables = item.as_array_of_tables_mut().ok_or(Fault::Unreadable)?;
    let position =
        |tables: &ArrayOfTables, id: &str| tables.iter().position(|table| field(table, "id") == id);
    let at = match position(tables, id) {
        Some(at) => at,
        None => {
            let mut table = Table::new();
            table.decor_mut().set_prefix("\n");
            set(&mut table, "id", id);
            tables.push(table);
            tables.len() - 1
        }
    };
    if let Some(table) = tables.get_mut(at) {
        for (key, value) in fields {
            set(table, key, value.trim());
        }
    }
    match place {
        Place::AsItIs => {}
        Place::First => move_behind(tables, at, None),
        // Behind itself is where it is.
        Place::Behind(other) => {
            if let Some(behind) = position(tables, other).filter(|behind| *behind != at) {
                move_behind(tables, at, Some(behind));
            }
        }
    }
    Ok(document.to_string())
}

/// Gives a key its text; what stands beside the old one stays. An empty text changes nothing: who knows an id need not
/// type everything else again.
fn set(table: &mut Table, key: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(value) if value.as_str() == Some(text) => {}
        Some(value) => {
            let decor = value.decor().clone();
            *value = Value::from(text);
            *value.decor_mut() = decor;
        }
        None => {
            table.insert(key, toml_edit::value(text));
        }
    }
}

/// Moves a table behind another one, or before all.
fn move_behind(tables: &mut ArrayOfTables, at: usize, behind: Option<usize>) {
    let mut ordered: Vec<Table> = tables.iter().cloned().collect();
    let moved = ordered.remove(at);
    let to = match behind {
        None => 0,
        // What stood before the place has moved up by one.
        Some(behind) if behind > at => behind,
        Some(behind) => behind + 1,
    };
    ordered.insert(to, moved);
    tables.clear();
    for mut table in ordered {
        // Where it stood in the text before.
        table.set_position(None);
        tables.push(table);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const CITIES: &str = r#"# 示例
id = "city"
label = "市"

[[terms]]
id = "jinan"
label = "济南市" # 省会
aliases = ["济南"]

# 港口
[[terms]]
id = "qingdao"
label = "青岛市"

[[terms]]
id = "zibo"
label = "淄博市"
"#;

    fn term(id: &str, label: &str) -> TermRow {
        TermRow {
            id: id.to_owned(),
            label: label.to_owned(),
            label_en: String::new(),
        }
    }

    fn order(text: &str) -> Vec<String> {
        terms(text).into_iter().map(|term| term.id).collect()
    }

    #[test]
    fn a_label_changes_and_everything_else_stays() {
        let changed = put_term(CITIES, &term("jinan", "济南"), Place::AsItIs).unwrap();
        assert_eq!(changed, CITIES.replace("\"济南市\" #", "\"济南\" #"));
        let same = put_term(CITIES, &term("jinan", "济南市"), Place::Behind("jinan")).unwrap();
        assert_eq!(same, CITIES);
    }

    #[test]
    fn terms_are_added_and_moved() {
        let cases = [
            (
                "yantai",
                Place::AsItIs,
                ["jinan", "qingdao", "zibo", "yantai"].as_slice(),
            ),
            ("yantai", Place::First, &["yantai", "jinan", "qingdao", "zibo"]),
            (
                "yantai",
                Place::Behind("jinan"),
                &["jinan", "yantai", "qingdao", "zibo"],
            ),
            (
                "yantai",
                Place::Behind("none"),
                &["jinan", "qingdao", "zibo", "yantai"],
            ),
            ("zibo", Place::First, &["zibo", "jinan", "qingdao"]),
            ("zibo", Place::Behind("jinan"), &["jinan", "zibo", "qingdao"]),
            ("jinan", Place::Behind("zibo"), &["qingdao", "zibo", "jinan"]),
            ("jinan", Place::Behind("qingdao"), &["qingdao", "jinan", "zibo"]),
        ];
        for (id, place, expected) in cases {
            let text = put_term(CITIES, &term(id, "新"), place).unwrap();
            assert_eq!(order(&text), expected, "{id} {place:?}: {text}");
            for kept in [
                "# 示例\nid = \"city\"",
                "# 港口\n[[terms]]\nid = \"qingdao\"",
                "aliases = [\"济南\"]",
            ] {
                assert!(text.contains(kept), "{kept} is gone from {text}");
            }
        }
    }

    #[test]
    fn units_are_added_renamed_and_moved() {
        let text = "# 树\n\n[[units]]\nid = \"a\"\nname = \"甲\"\nlevel = \"province\"\n";
        let mut unit = UnitRow {
            id: "b".to_owned(),
            name: "乙".to_owned(),
            level: "city".to_owned(),
            parent: "a".to_owned(),
            ..UnitRow::default()
        };
        let added = put_unit(text, &unit).unwrap();
        let expected = "\n[[units]]\nid = \"b\"\nname = \"乙\"\nlevel = \"city\"\nparent = \"a\"\n";
        assert_eq!(added, format!("{text}{expected}"));
        let renamed = UnitRow {
            id: "b".to_owned(),
            name: "丙".to_owned(),
            ..UnitRow::default()
        };
        let changed = put_unit(&added, &renamed).unwrap();
        assert_eq!(changed, added.replace("乙", "丙"));
        unit.name = "丙".to_owned();
        assert_eq!(units(&changed)[1], unit);
    }

    #[test]
    fn what_is_no_list_of_tables_is_left_alone() {
        let cases = [
            ("terms = [{ id = \"a\" }]", "a", Fault::Unreadable),
            ("[[terms]", "a", Fault::Unreadable),
            ("terms = 1", "a", Fault::Unreadable),
            (CITIES, "  ", Fault::NoId),
        ];
        for (text, id, fault) in cases {
            assert_eq!(
                put_term(text, &term(id, "新"), Place::First),
                Err(fault),
                "{text}"
            );
        }
        assert!(terms("[[terms]").is_empty());
        assert_eq!(
            order(&put_term("", &term("a", "甲"), Place::First).unwrap()),
            ["a"]
        );
    }
}
