//! The tables, and their place in `docs/performance.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::result::Result;

use super::measure::Cost;

const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";

/// A table with its heading and, below it, what has no columns.
pub(super) struct Table {
    heading: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// A table without rows.
    pub(super) fn new(heading: impl Into<String>, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Self {
            heading: heading.into(),
            columns,
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a row: its name and its figures.
    pub(super) fn row(&mut self, name: impl Into<String>, figures: impl IntoIterator<Item = String>) {
        self.rows
            .push(std::iter::once(name.into()).chain(figures).collect());
    }

    /// Adds a sentence below the table.
    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// The table as Markdown.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!("### {}\n\n", self.heading);
        if !self.rows.is_empty() {
            let _ = writeln!(text, "| {} |", self.columns.join(" | "));
            let _ = writeln!(text, "|---|{}", "---:|".repeat(self.columns.len() - 1));
            for row in &self.rows {
                let _ = writeln!(text, "| {} |", row.join(" | "));
            }
            text.push('\n');
        }
        for note in &self.notes {
            let _ = writeln!(text, "{note}\n");
        }
        text
    }
}

/// The three figures of a cost.
pub(super) fn figures(cost: Cost) -> [String; 3] {
    [seconds(cost.wall), seconds(cost.cpu), megabytes(cost.peak)]
}

/// How much of `other` a cost is, figure by figure, as `1/12` or `1.5×`.
pub(super) fn ratios(cost: Cost, other: Cost) -> [String; 3] {
    [
        ratio(cost.wall, other.wall),
        ratio(cost.cpu, other.cpu),
        ratio(cost.peak, other.peak),
    ]
}

/// A part of something as a fraction, a multiple as a factor.
pub(super) fn ratio(figure: f64, other: f64) -> String {
    if figure < other {
        format!("1/{:.1}", other / figure)
    } else {
        format!("{:.1}×", figure / other)
    }
}

/// Seconds or milliseconds, with two or three digits.
pub(super) fn seconds(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1000.0)
    } else {
        format!("{seconds:.2} s")
    }
}

/// Megabytes (10^6).
pub(super) fn megabytes(bytes: f64) -> String {
    format!("{:.0} MB", bytes / 1e6)
}

/// Puts the tables between the markers of a document.
///
/// # Errors
/// When the document lacks the markers.
pub(super) fn write(document: &Path, tables: &str) -> Result<()> {
    let text = fs::read_to_string(document)?;
    let text =
        replace(&text, tables).ok_or_else(|| format!("{} lacks {BEGIN} and {END}", document.display()))?;
    Ok(fs::write(document, text)?)
}

fn replace(text: &str, tables: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", tables.trim()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_replace_those_of_before() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let once = replace(&text, "new").unwrap();
        assert_eq!(once, format!("a\n{BEGIN}\n\nnew\n\n{END}\nb\n"));
        assert_eq!(replace(&once, "new").unwrap(), once);
        assert_eq!(replace("no markers", "new"), None);
    }

    #[test]
    fn ratios_are_fractions_or_factors() {
        assert_eq!(ratio(1.0, 12.0), "1/12.0");
        assert_eq!(ratio(3.0, 2.0), "1.5×");
    }

    #[test]
    fn rows_stand_below_their_columns() {
        let mut table = Table::new("Title", &["work", "wall"]);
        table.row("build", ["1 ms".to_owned()]);
        table.note("Note.");
        assert_eq!(
            table.markdown(),
            "### Title\n\n| work | wall |\n|---|---:|\n| build | 1 ms |\n\nNote.\n\n"
        );
    }
}
