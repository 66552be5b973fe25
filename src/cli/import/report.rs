//! What an import says of what it did, or of why it did nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::super::common::print_line;
use super::Import;
use crate::diag::{Format, interface_text};
use crate::import::{Fault, Note, Plan, Written};

/// Files of one kind of note that are named to people; machines get all.
const SHOWN: usize = 10;
/// Faults of a table that are shown to people: all that anybody would mend before trying again.
const FAULTS: usize = 100;

/// Characters of a row's title that are shown.
const TITLE: usize = 40;

/// How often each thing is wrong.
fn totals(faults: &[Fault]) -> BTreeMap<&str, usize> {
    let mut totals = BTreeMap::new();
    for fault in faults {
        *totals.entry(fault.wrong.name()).or_default() += 1;
    }
    totals
}

/// How often each thing is wrong in each column.
fn totals_by_column(faults: &[Fault]) -> BTreeMap<(&str, &str), usize> {
    let mut totals = BTreeMap::new();
    for fault in faults {
        *totals
            .entry((fault.wrong.name(), fault.column.as_str()))
            .or_default() += 1;
    }
    totals
}

impl Import {
    /// What is wrong with a table of which nothing was written.
    pub(super) fn refuse(&self, table: &str, plan: &Plan) {
        for note in &plan.report.notes {
            match self.common.format {
                Format::Json => note_for_machines(note),
                Format::Human => self.for_people(note.kind.name(), &[note]),
            }
        }
        let shown = match self.common.format {
            Format::Json => usize::MAX,
            Format::Human => FAULTS,
        };
        for fault in plan.faults.iter().take(shown) {
            self.fault(table, fault);
        }
        if plan.faults.len() > shown {
            let more = (plan.faults.len() - shown).to_string();
            self.common.say("import-more", &[("count", more)]);
        }
        match self.common.format {
            Format::Json => {
                let line = json!({ "faults": plan.faults.len(), "totals": totals(&plan.faults), "new": 0 });
                print_line(&line.to_string());
            }
            Format::Human => {
                for ((name, column), count) in totals_by_column(&plan.faults) {
                    let total = [
                        ("name", name.to_owned()),
                        ("column", column.to_owned()),
                        ("count", count.to_string()),
                    ];
                    self.common.say("table-total", &total);
                }
                let count = plan.faults.len().to_string();
                self.common.say("table-refused", &[("count", count)]);
            }
        }
    }

    /// A line of what is wrong where, and what to do.
    fn fault(&self, table: &str, fault: &Fault) {
        let language = self.common.language();
        let (message, help) = fault.wrong.words(language);
        if self.common.format == Format::Json {
            let line = json!({
                "severity": "error", "code": fault.wrong.name(), "file": table, "row": fault.row, "title": fault.title, "column": fault.column,
                "message": message, "help": help, "suggestion": fault.wrong.meant(),
            });
            return print_line(&line.to_string());
        }
        let title = match fault.title.chars().take(TITLE).collect::<String>() {
            title if title.is_empty() => title,
            title => interface_text(language, "table-title", &[("title", &title)]),
        };
        let meant = fault.wrong.meant();
        let meant = meant.map(|meant| interface_text(language, "did-you-mean", &[("suggestion", meant)]));
        let place = [
            ("file", table.to_owned()),
            ("row", fault.row.to_string()),
            ("title", title),
            ("column", fault.column.clone()),
            ("message", message),
        ];
        self.common.say("table-fault", &place);
        for help in meant.into_iter().chain([help]).filter(|help| !help.is_empty()) {
            self.common.say("table-help", &[("help", help)]);
        }
    }

    pub(super) fn report(&self, plan: &Plan, written: &Written) {
        let mut notes: BTreeMap<_, Vec<&Note>> = BTreeMap::new();
        for note in plan.report.notes.iter().chain(&written.others) {
            notes.entry(note.kind).or_default().push(note);
        }
        match self.common.format {
            Format::Json => self.for_machines(plan, written),
            Format::Human => {
                for (kind, notes) in &notes {
                    self.for_people(kind.name(), notes);
                }
                for (field, count) in &plan.report.dropped {
                    self.common.say(
                        "import-dropped",
                        &[("field", field.clone()), ("count", count.to_string())],
                    );
                }
            }
        }
        let key = if self.dry_run {
            "import-would"
        } else {
            "import-done"
        };
        let numbers = [
            ("entries", plan.report.entries),
            ("files", plan.files.len() - plan.report.entries),
            ("new", written.new),
            ("same", written.same),
            ("others", written.others.len()),
            ("notes", plan.report.notes.len()),
        ];
        let numbers = numbers.map(|(name, number)| (name, number.to_string()));
        self.common.say(key, &numbers);
    }

    fn for_people(&self, name: &str, notes: &[&Note]) {
        let title = interface_text(self.common.language(), &format!("import-{name}"), &[]);
        self.common.say(
            "import-kind",
            &[
                ("name", name.to_owned()),
                ("count", notes.len().to_string()),
                ("title", title),
            ],
        );
        for note in notes.iter().take(SHOWN) {
            let line = if note.line > 0 {
                format!(":{}", note.line)
            } else {
                String::new()
            };
            let place = format!("{}{line}", note.file);
            self.common.say(
                "import-place",
                &[("place", place), ("detail", note.detail.clone())],
            );
        }
        if notes.len() > SHOWN {
            self.common
                .say("import-more", &[("count", (notes.len() - SHOWN).to_string())]);
        }
        let advice: BTreeSet<&str> = notes.iter().filter_map(|note| note.advice()).collect();
        for key in advice {
            self.common.say(key, &[]);
        }
    }

    /// A line a note, then one with the totals.
    fn for_machines(&self, plan: &Plan, written: &Written) {
        for note in plan.report.notes.iter().chain(&written.others) {
            note_for_machines(note);
        }
        let totals: BTreeMap<&str, usize> = plan
            .report
            .totals()
            .into_iter()
            .map(|(kind, count)| (kind.name(), count))
            .collect();
        print_line(&json!({
            "entries": plan.report.entries, "new": written.new, "same": written.same, "existing": written.others.len(),
            "dropped": plan.report.dropped, "totals": totals, "dry_run": self.dry_run,
        }).to_string());
    }
}

fn note_for_machines(note: &Note) {
    let line = json!({
        "code": note.kind.name(), "file": &*note.file, "line": note.line, "detail": note.detail,
    });
    print_line(&line.to_string());
}
