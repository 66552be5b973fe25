//! What a run has to say, added up: by code, and by field where a code is about fields.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::message::{self, Language};
use super::{Code, Diagnostic, Severity};

/// How often a code came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Total {
    /// The code's name.
    pub code: &'static str,
    /// The highest severity with which it came.
    pub severity: Severity,
    /// Diagnostics.
    pub count: usize,
    /// Files in which they are.
    pub files: usize,
    /// The fields that they are about, the most frequent first.
    pub fields: Vec<FieldTotal>,
}

/// How often a field was wrong in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldTotal {
    /// Its name as written.
    pub field: String,
    /// What people call it; empty if no kind has it.
    pub label: String,
    /// Entries in which it was.
    pub entries: usize,
    /// The field that was meant, if there is one that was nearly always meant.
    pub suggestion: Option<String>,
}

/// Adds diagnostics up: errors first, then what came most often.
pub fn totals(diagnostics: &[Diagnostic]) -> Vec<Total> {
    let mut by_code: BTreeMap<Code, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        by_code.entry(diagnostic.code).or_default().push(diagnostic);
    }
    let mut totals: Vec<Total> = by_code
        .into_iter()
        .map(|(code, found)| total(code, &found))
        .collect();
    totals.sort_by(|left, right| {
        let key = |total: &Total| (total.severity, std::cmp::Reverse(total.count));
        key(left).cmp(&key(right)).then_with(|| left.code.cmp(right.code))
    });
    totals
}

fn total(code: Code, found: &[&Diagnostic]) -> Total {
    let files: BTreeSet<&str> = found.iter().filter_map(|one| one.path.as_deref()).collect();
    let mut by_field: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in found {
        if let Some(field) = diagnostic.text("field") {
            by_field.entry(field).or_default().push(diagnostic);
        }
    }
    let mut fields: Vec<FieldTotal> = by_field
        .into_iter()
        .map(|(field, found)| of_field(code, field, &found))
        .collect();
    fields.sort_by(|left, right| {
        right
            .entries
            .cmp(&left.entries)
            .then_with(|| left.field.cmp(&right.field))
    });
    Total {
        code: code.name(),
        severity: found
            .iter()
            .map(|one| one.severity)
            .min()
            .unwrap_or(code.severity()),
        count: found.len(),
        files: files.len(),
        fields,
    }
}

fn of_field(code: Code, field: &str, found: &[&Diagnostic]) -> FieldTotal {
    let entries: BTreeSet<&str> = found.iter().filter_map(|one| one.path.as_deref()).collect();
    let mut meant: BTreeMap<&str, usize> = BTreeMap::new();
    // Of other codes the suggestion is a value.
    for suggestion in found
        .iter()
        .filter(|_| code == Code::UnknownField)
        .filter_map(|one| one.suggestion.as_deref())
    {
        *meant.entry(suggestion).or_default() += 1;
    }
    let meant = meant.into_iter().max_by_key(|(_, times)| *times);
    FieldTotal {
        field: field.to_owned(),
        label: found
            .iter()
            .find_map(|one| one.text("label"))
            .unwrap_or_default()
            .to_owned(),
        entries: entries.len(),
        suggestion: meant
            .filter(|(_, times)| times * 2 > found.len())
            .map(|(name, _)| name.to_owned()),
    }
}

/// Most fields of a code that are printed for people.
const MOST_FIELDS: usize = 20;

/// The totals for people, a line each, with a line for each field below.
pub fn print_totals(totals: &[Total], language: Language) -> String {
    let mut printed = String::new();
    let mut line = |key: &str, arguments: &[(&str, &str)]| {
        printed.push_str(&message::text(language, key, arguments));
        printed.push('\n');
    };
    if !totals.is_empty() {
        line("totals", &[]);
    }
    for total in totals {
        let severity = message::severity_name(total.severity, language);
        let (count, files) = (total.count.to_string(), total.files.to_string());
        let arguments = [
            ("code", total.code),
            ("severity", severity.as_str()),
            ("count", &count),
            ("files", &files),
        ];
        line("total", &arguments);
        for field in total.fields.iter().take(MOST_FIELDS) {
            let entries = field.entries.to_string();
            let key = match (total.code, &field.suggestion) {
                ("unknown-field", Some(_)) => "total-renamed",
                ("unknown-field", None) => "total-unknown",
                ("advised-field" | "missing-field", _) => "total-missing",
                _ => "total-field",
            };
            let suggestion = field.suggestion.as_deref().unwrap_or_default();
            let named = match field.label.as_str() {
                "" => field.field.clone(),
                label => message::text(
                    language,
                    "field-named",
                    &[("field", &field.field), ("label", label)],
                ),
            };
            line(
                key,
                &[("count", &entries), ("field", &named), ("suggestion", suggestion)],
            );
        }
        if let Some(more) = total
            .fields
            .len()
            .checked_sub(MOST_FIELDS)
            .filter(|more| *more > 0)
        {
            line("total-more", &[("count", &more.to_string())]);
        }
    }
    printed
}

/// Makes one of all fields that one entry should have and has not: a message for each would bury the others.
pub fn merge_advised(diagnostics: &mut Vec<Diagnostic>) {
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics.drain(..) {
        let is_same = |last: &&mut Diagnostic| {
            let key = |one: &Diagnostic| (one.code, one.severity, one.path.clone(), one.span.clone());
            diagnostic.code == Code::AdvisedField && key(last) == key(&diagnostic)
        };
        match kept.last_mut().filter(is_same) {
            Some(last) => join(last, &diagnostic),
            None => kept.push(diagnostic),
        }
    }
    *diagnostics = kept;
}

fn join(into: &mut Diagnostic, other: &Diagnostic) {
    for (name, argument) in &mut into.arguments {
        if let (super::Argument::Text(text), "field" | "label") = (argument, &**name) {
            text.push('、');
            text.push_str(other.text(name).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(code: Code, path: &str, field: &str, suggestion: Option<&str>) -> Diagnostic {
        let diagnostic = Diagnostic::new(code).in_file(&path.into()).at(0..3);
        diagnostic
            .with("field", field)
            .with("label", "")
            .suggest(suggestion)
    }

    #[test]
    fn totals_are_by_code_and_field() {
        let found = [
            wrong(Code::AdvisedField, "a.md", "summary", None),
            wrong(Code::UnknownField, "a.md", "description", Some("summary")),
            wrong(Code::UnknownField, "b.md", "description", Some("summary")),
            wrong(Code::UnknownField, "b.md", "layout", None),
        ];
        let printed = print_totals(&totals(&found), Language::Chinese);
        let lines: Vec<&str> = printed.lines().map(str::trim).collect();
        assert_eq!(
            lines,
            [
                "合计：",
                "unknown-field（错误）：3 处，在 2 个文件里",
                "2 个条目有 description：改名为 summary",
                "1 个条目有 layout：没有这个字段，请删去",
                "advised-field（警告）：1 处，在 1 个文件里",
                "1 个条目没有写 summary",
            ]
        );
    }

    #[test]
    fn advised_fields_of_an_entry_are_one_message() {
        let mut found = vec![
            wrong(Code::AdvisedField, "a.md", "summary", None),
            wrong(Code::AdvisedField, "a.md", "tags", None),
            wrong(Code::AdvisedField, "b.md", "tags", None),
            wrong(Code::MissingField, "b.md", "title", None),
            wrong(Code::MissingField, "b.md", "date", None),
        ];
        merge_advised(&mut found);
        let fields: Vec<Option<&str>> = found.iter().map(|one| one.text("field")).collect();
        assert_eq!(
            fields,
            [Some("summary、tags"), Some("tags"), Some("title"), Some("date")]
        );
    }
}
