//! Cells of raw tables that span more columns or rows than their table has.
//!
//! A column in which no cell begins is not seen and no valid HTML: it is taken out of the cells that span it. Cells end
//! with the part of the table they stand in, and do not run into one that reaches down from above.

use std::ops::Range;

use memchr::{memchr, memmem};

/// Most cells from above that are passed over on the way to the places of a table's cells: a table that needs more is too
/// tangled, and its cells span nothing.
const MOST_STEPS: usize = 1_000_000;

/// A cell, with the places of its attributes in the page; empty where it has none.
struct Cell {
    columns: u32,
    rows: u32,
    columns_at: Range<usize>,
    rows_at: Range<usize>,
}

/// A table that is being read.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<Cell>>,
    /// Rows at which a head, body or foot begins or ends.
    borders: Vec<usize>,
}

/// Makes the spans of a page's raw tables fit. `html` is as this crate writes it: in it `<` begins a tag.
pub(super) fn fit(html: String) -> String {
    if memmem::find(html.as_bytes(), b"span=\"").is_none() {
        return html;
    }
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut open: Vec<Table> = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr(b'<', &html.as_bytes()[at..]) {
        let start = at + found;
        let end = memchr(b'>', &html.as_bytes()[start..]).map_or(html.len(), |length| start + length);
        at = end;
        let tag = &html[start + 1..end];
        match (tag.split(' ').next().unwrap_or_default(), open.last_mut()) {
            ("table", _) => open.push(Table::default()),
            ("/table", Some(_)) => changes.extend(open.pop().into_iter().flat_map(Table::changes)),
            ("thead" | "tbody" | "tfoot" | "/thead" | "/tbody" | "/tfoot", Some(table)) => {
                table.borders.push(table.rows.len());
            }
            ("tr", Some(table)) => table.rows.push(Vec::new()),
            ("td" | "th", Some(table)) => {
                if let Some(row) = table.rows.last_mut() {
                    row.push(Cell::read(tag, start + 1));
                }
            }
            _ => {}
        }
    }
    changes.sort_by_key(|(range, _)| range.start);
    changed(&html, &changes)
}

fn changed(html: &str, changes: &[(Range<usize>, String)]) -> String {
    let mut fitted = String::with_capacity(html.len());
    let mut done = 0;
    for (range, written) in changes {
        fitted.push_str(&html[done..range.start]);
        fitted.push_str(written);
        done = range.end;
    }
    fitted.push_str(&html[done..]);
    fitted
}

impl Cell {
    /// Of a tag that begins at a place of the page.
    fn read(tag: &str, start: usize) -> Self {
        let (columns, columns_at) = attribute(tag, " colspan=\"", start);
        let (rows, rows_at) = attribute(tag, " rowspan=\"", start);
        Self {
            columns: columns.max(1),
            rows,
            columns_at,
            rows_at,
        }
    }
}

/// A number, with the place of its attribute; 1 if there is none.
fn attribute(tag: &str, name: &str, start: usize) -> (u32, Range<usize>) {
    let found = memmem::find(tag.as_bytes(), name.as_bytes()).and_then(|at| {
        let value = &tag[at + name.len()..];
        let length = value.find('"')?;
        let end = start + at + name.len() + length + 1;
        Some((value[..length].parse().ok()?, start + at..end))
    });
    found.unwrap_or((1, start..start))
}

/// Columns that a cell of a row above takes, up to a row.
struct Above {
    columns: Range<u32>,
    until: usize,
}

impl Table {
    /// What has to be written differently in the page.
    fn changes(mut self) -> Vec<(Range<usize>, String)> {
        self.borders.push(self.rows.len());
        let cells = self.rows.iter().map(Vec::len).sum();
        let placed = self.place().unwrap_or_else(|| vec![(0..1, 1); cells]);
        let mut begun: Vec<u32> = placed.iter().map(|(columns, _)| columns.start).collect();
        begun.sort_unstable();
        begun.dedup();
        let before = |column: u32| begun.partition_point(|begun| *begun < column);
        let mut changes = Vec::new();
        for (cell, (columns, rows)) in self.rows.into_iter().flatten().zip(placed) {
            let columns = before(columns.end) - before(columns.start);
            let written = [
                ("colspan", cell.columns as usize, columns, cell.columns_at),
                // Zero stands for all that follow.
                ("rowspan", cell.rows as usize, rows, cell.rows_at),
            ];
            for (name, asked, fitting, at) in written {
                if asked != fitting && asked != 0 && !at.is_empty() {
                    let text = format!(" {name}=\"{fitting}\"");
                    changes.push((at, if fitting == 1 { String::new() } else { text }));
                }
            }
        }
        changes
    }

    /// The columns of each cell and how many rows it spans, in order. Returns `None` if it takes too long to say.
    fn place(&self) -> Option<Vec<(Range<u32>, usize)>> {
        let mut placed = Vec::new();
        let mut steps = 0;
        let mut above: Vec<Above> = Vec::new();
        let mut borders = self.borders.iter().copied().peekable();
        for (at, row) in self.rows.iter().enumerate() {
            while borders.next_if(|border| *border <= at).is_some() {}
            let end = borders.peek().copied().unwrap_or(self.rows.len());
            steps += above.len() + row.len();
            if steps > MOST_STEPS {
                return None;
            }
            above.retain(|cell| cell.until > at);
            let mut reaching = Vec::new();
            let mut column = 0;
            let mut next = 0;
            for cell in row {
                while let Some(taken) = above.get(next).filter(|taken| taken.columns.start <= column) {
                    column = column.max(taken.columns.end);
                    next += 1;
                }
                let free = above.get(next).map_or(u32::MAX, |taken| taken.columns.start);
                let columns = column..column.saturating_add(cell.columns).min(free);
                let rows = match cell.rows as usize {
                    0 => end - at,
                    rows => rows.min(end - at),
                };
                column = columns.end;
                if rows > 1 {
                    let columns = columns.clone();
                    reaching.push(Above {
                        columns,
                        until: at + rows,
                    });
                }
                placed.push((columns, rows));
            }
            above.append(&mut reaching);
            above.sort_by_key(|cell| cell.columns.start);
        }
        Some(placed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of rows, in each row cells as `columns×rows`.
    fn table(rows: &str) -> String {
        let mut html = "<table>".to_owned();
        for row in rows.split('/') {
            if let "thead" | "tbody" = row {
                html.push_str(&format!("<{row}>"));
                continue;
            }
            html.push_str("<tr>");
            for cell in row.split_whitespace() {
                let (columns, rows) = cell.split_once('x').unwrap_or((cell, "1"));
                html.push_str("<td");
                for (name, number) in [("colspan", columns), ("rowspan", rows)] {
                    if number != "1" {
                        html.push_str(&format!(" {name}=\"{number}\""));
                    }
                }
                html.push_str(">a</td>");
            }
            html.push_str("</tr>");
        }
        html + "</table>"
    }

    #[test]
    fn spans_fit_their_table() {
        let cases = [
            // Nothing to mend.
            ("1 1/2", "1 1/2"),
            ("1x2 1/1", "1x2 1/1"),
            ("1x0 1/1", "1x0 1/1"),
            // Columns in which nothing begins.
            ("4/1", "1/1"),
            ("1 3/1 1", "1 1/1 1"),
            ("2 2/1 1 1", "2 1/1 1 1"),
            ("1000", "1"),
            // Beyond the last row, and beyond a part of the table.
            ("1x5 1/1", "1x2 1/1"),
            ("thead/1x3 1/tbody/1 1", "thead/1 1/tbody/1 1"),
            // Into a cell from above.
            ("1 1x2 1/3", "1 1x2 1/1"),
        ];
        for (written, expected) in cases {
            assert_eq!(fit(table(written)), table(expected), "{written}");
        }
    }

    #[test]
    fn tables_in_tables_are_apart() {
        let nested = table("1 2/1 1").replacen(">a<", &format!(">{}<", table("3")), 1);
        let expected = table("1 1/1 1").replacen(">a<", &format!(">{}<", table("1")), 1);
        assert_eq!(fit(nested), expected);
    }

    #[test]
    fn a_tangled_table_spans_nothing() {
        let row = "1x9999 ".repeat(3000);
        let rows = "/1".repeat(3000);
        let fitted = fit(table(&format!("{row}{rows}")));
        assert!(!fitted.contains("rowspan"));
    }
}
