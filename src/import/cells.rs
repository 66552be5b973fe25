//! A cell of a table as the value of a field.

use std::collections::BTreeMap;

use serde_json::{Number, Value as Json, json};

use super::dates;
use super::fault::Wrong;
use super::plan::Site;
use crate::content::{Field, FieldType, SEPARATORS};
use crate::diag::nearest;

/// Makes values of cells.
pub(super) struct Cells<'a> {
    site: Site<'a>,
    /// Entries by their titles; `None` where several have one. By kind, for references say which may be meant.
    titles: BTreeMap<(&'a str, &'a str), Option<&'a str>>,
}

impl<'a> Cells<'a> {
    pub(super) fn of(site: Site<'a>) -> Self {
        let mut titles = BTreeMap::new();
        for (_, entry) in site.catalog.iter() {
            let title = (&*entry.id.kind, &*entry.title);
            let known = titles.entry(title);
            known
                .and_modify(|known| *known = None)
                .or_insert(Some(&*entry.id.name));
        }
        Self { site, titles }
    }

    /// The value of a field. `file` gives what is written for a file that a cell names, and whether it names one.
    pub(super) fn value(
        &self,
        field: &Field,
        cell: &str,
        file: &mut dyn FnMut(&str) -> Result<Json, Wrong>,
    ) -> Result<Json, Wrong> {
        if !field.many {
            return self.single(field, cell, file);
        }
        let mut values = Vec::new();
        for part in parts(cell, &|character| matches!(character, '\n' | '；' | ';')) {
            // The whole before its parts: the names of terms and files may hold commas.
            let whole = self.single(field, part, file);
            let is_file = matches!(field.field_type, FieldType::File | FieldType::Image);
            let is_whole = is_file || self.term(field, part).is_some();
            match whole {
                Ok(value) if is_whole || !is_short(field) => values.push(value),
                _ if is_short(field) => {
                    for part in parts(part, &|character| SEPARATORS.contains(&character)) {
                        values.push(self.single(field, part, file)?);
                    }
                }
                whole => values.push(whole?),
            }
        }
        Ok(Json::Array(values))
    }

    fn single(
        &self,
        field: &Field,
        cell: &str,
        file: &mut dyn FnMut(&str) -> Result<Json, Wrong>,
    ) -> Result<Json, Wrong> {
        let number = || {
            cell.replace([',', '，'], "")
                .parse::<Number>()
                .ok()
                .map(Json::Number)
        };
        let blank_free = || json!(cell.split_whitespace().collect::<Vec<_>>().join(" "));
        Ok(match field.field_type {
            FieldType::Boolean => truth(cell).map_or_else(|| json!(cell), Json::Bool),
            FieldType::Integer | FieldType::Number => number().unwrap_or_else(|| json!(cell)),
            FieldType::Date | FieldType::Moment => {
                json!(dates::date(cell, self.site.zone).unwrap_or_else(|| cell.to_owned()))
            }
            FieldType::Term => json!(self.term(field, cell).unwrap_or(cell)),
            FieldType::Unit => json!(self.unit(cell)?),
            FieldType::Reference => json!(self.reference(field, cell)?),
            FieldType::File | FieldType::Image => file(cell)?,
            FieldType::Prose => json!(cell),
            _ => blank_free(),
        })
    }

    fn term<'t>(&'t self, field: &Field, cell: &str) -> Option<&'t str> {
        let vocabulary = self.site.schema.vocabularies.get(field.vocabulary.as_deref()?)?;
        vocabulary.find(cell).map(|term| term.id.as_str())
    }

    /// The id of a unit that a cell names by its id or its full name.
    fn unit(&self, cell: &str) -> Result<&str, Wrong> {
        let units = &self.site.catalog.units;
        let unit = units.get(cell).or_else(|| units.named(cell));
        unit.map(|unit| &*unit.id).ok_or_else(|| {
            let meant = nearest(cell, units.iter().map(|unit| &*unit.name));
            Wrong::NoUnit(cell.to_owned(), meant.map(str::to_owned))
        })
    }

    /// An entry that a cell names by its id or its title, as front matter refers to it.
    fn reference(&self, field: &Field, cell: &str) -> Result<String, Wrong> {
        if self.site.catalog.refer(cell, &field.kinds).is_some() {
            return Ok(cell.to_owned());
        }
        let is_allowed = |kind: &str| field.kinds.is_empty() || field.kinds.iter().any(|known| known == kind);
        let kinds = self.site.schema.kinds.keys().filter(|kind| is_allowed(kind));
        let mut found = kinds.filter_map(|kind| Some((kind, *self.titles.get(&(kind.as_str(), cell))?)));
        match (found.next(), found.next()) {
            (Some((kind, Some(name))), None) => Ok(format!("{kind}/{name}")),
            (None, _) => {
                let titles = self.titles.keys().filter(|(kind, _)| is_allowed(kind));
                let meant = nearest(cell, titles.map(|(_, title)| *title));
                Err(Wrong::NoReferenced(cell.to_owned(), meant.map(str::to_owned)))
            }
            _ => Err(Wrong::Ambiguous(cell.to_owned())),
        }
    }
}

/// What stands between separators.
fn parts<'t>(text: &'t str, is_separator: &dyn Fn(char) -> bool) -> Vec<&'t str> {
    let parts = text.split(is_separator).map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

/// Whether the values of a list are words or names, which are parted as forms do. Sentences may hold commas.
fn is_short(field: &Field) -> bool {
    matches!(
        field.field_type,
        FieldType::Tag
            | FieldType::Person
            | FieldType::Issuer
            | FieldType::Term
            | FieldType::Reference
            | FieldType::Unit
            | FieldType::File
            | FieldType::Image
    )
}

fn truth(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" | "有" | "√" | "✓" => Some(true),
        "false" | "no" | "n" | "0" | "否" | "无" | "×" => Some(false),
        _ => None,
    }
}
