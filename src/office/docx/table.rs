//! Tables of documents: of plain ones a table of Markdown, of those with merged cells one of HTML.

/// A cell with how far it reaches.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    /// For Markdown, without line breaks.
    pub(super) markdown: String,
    pub(super) html: String,
    /// Columns that it takes, at least 1.
    pub(super) across: usize,
    /// Whether it goes on the cell above.
    pub(super) goes_on: bool,
}

/// Most columns that a cell is believed to take.
pub(super) const MOST_ACROSS: usize = 60;

/// A table from its rows.
pub(super) fn table(rows: &[Vec<Cell>]) -> String {
    let is_merged = rows.iter().flatten().any(|cell| cell.across > 1 || cell.goes_on);
    if is_merged { html(rows) } else { markdown(rows) }
}

fn markdown(rows: &[Vec<Cell>]) -> String {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let line = |row: &Vec<Cell>| {
        let cell = |place: usize| {
            row.get(place)
                .map_or("", |cell| cell.markdown.as_str())
                .replace('|', "\\|")
        };
        let cells: Vec<String> = (0..width).map(cell).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut lines = rows.iter().map(line);
    let head = lines.next().unwrap_or_default();
    format!("{head}|{}\n{}", " --- |".repeat(width), lines.collect::<String>())
        .trim_end()
        .to_owned()
}

fn html(rows: &[Vec<Cell>]) -> String {
    // Rows that each cell reaches down, by its row and the column in which it begins.
    let placed: Vec<Vec<(usize, &Cell)>> = rows
        .iter()
        .map(|row| {
            let starts = row.iter().scan(0, |next, cell| {
                let start = *next;
                *next += cell.across;
                Some((start, cell))
            });
            starts.collect()
        })
        .collect();
    let mut down: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    let mut below: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
    for (at, row) in placed.iter().enumerate().rev() {
        let mut here = std::collections::HashMap::new();
        for (start, cell) in row {
            let reach = 1 + below.get(start).copied().unwrap_or(0);
            down[at].push(reach);
            if cell.goes_on {
                here.insert(*start, reach);
            }
        }
        below = here;
    }
    let mut made = String::from("<table>\n");
    for (at, row) in placed.iter().enumerate() {
        made.push_str("<tr>");
        let name = if at == 0 { "th" } else { "td" };
        for ((_, cell), reach) in row.iter().zip(&down[at]).filter(|((_, cell), _)| !cell.goes_on) {
            let across = if cell.across > 1 {
                format!(" colspan=\"{}\"", cell.across)
            } else {
                String::new()
            };
            let reach = if *reach > 1 {
                format!(" rowspan=\"{reach}\"")
            } else {
                String::new()
            };
            made.push_str(&format!("<{name}{across}{reach}>{}</{name}>", cell.html));
        }
        made.push_str("</tr>\n");
    }
    made.push_str("</table>");
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_cells_keep_their_reach() {
        let cell = |text: &str, across: usize, goes_on: bool| Cell {
            markdown: text.to_owned(),
            html: text.to_owned(),
            across,
            goes_on,
        };
        let plain = [
            vec![cell("甲", 1, false), cell("乙|", 1, false)],
            vec![cell("1", 1, false)],
        ];
        assert_eq!(table(&plain), "| 甲 | 乙\\| |\n| --- | --- |\n| 1 |  |");
        let merged = [
            vec![cell("甲", 2, false)],
            vec![cell("一", 1, false), cell("2", 1, false)],
            vec![cell("", 1, true), cell("3", 1, false)],
            vec![cell("", 1, true), cell("4", 1, false)],
        ];
        let made = table(&merged);
        assert!(
            made.contains("<th colspan=\"2\">甲</th>")
                && made.contains("<td rowspan=\"3\">一</td><td>2</td>"),
            "{made}"
        );
        assert_eq!(made.matches("<td").count(), 4);
    }
}
