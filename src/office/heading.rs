//! Headings of tables as people write them.

/// A heading without what people put around it: blanks, marks of what must be filled in, and remarks in brackets.
pub fn bare(heading: &str) -> String {
    let mut depth = 0_usize;
    let mut bare = String::new();
    for character in heading.chars() {
        match character {
            '（' | '(' | '【' | '[' => depth += 1,
            '）' | ')' | '】' | ']' => depth = depth.saturating_sub(1),
            '*' | '＊' | ':' | '：' | '/' | '／' | '、' => {}
            character if depth > 0 || character.is_whitespace() => {}
            character => bare.extend(character.to_lowercase()),
        }
    }
    bare
}

/// The headings of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headings {
    /// What stands above each column.
    pub cells: Vec<String>,
    /// The place of their row.
    pub row: usize,
    /// The place of the first row below them.
    pub below: usize,
}

/// Finds the headings: the first row with a cell that `is_key`. What stands above it, such as a title, is passed over. A second
/// row of headings stands below one that groups columns: it has the key again (merged cells), or no key and nothing but cells
/// that `is_heading` understands. Returns `None` if no row has the key.
pub fn find_headings(
    rows: &[Vec<String>],
    is_key: &dyn Fn(&str) -> bool,
    is_heading: &dyn Fn(&str) -> bool,
) -> Option<Headings> {
    let row = rows.iter().position(|row| row.iter().any(|cell| is_key(cell)))?;
    let upper = &rows[row];
    let lower = rows.get(row + 1).filter(|lower| {
        let key = upper.iter().position(|cell| is_key(cell));
        let below = key.and_then(|key| lower.get(key)).map_or("", String::as_str);
        let mut filled = lower.iter().filter(|cell| !cell.is_empty()).peekable();
        is_key(below) || below.is_empty() && filled.peek().is_some() && filled.all(|cell| is_heading(cell))
    });
    let Some(lower) = lower else {
        let cells = upper.clone();
        return Some(Headings {
            cells,
            row,
            below: row + 1,
        });
    };
    let heading = |place: usize| {
        let of = |row: &Vec<String>| row.get(place).filter(|cell| !cell.is_empty()).cloned();
        of(lower).or_else(|| of(upper)).unwrap_or_default()
    };
    let cells = (0..upper.len().max(lower.len())).map(heading).collect();
    Some(Headings {
        cells,
        row,
        below: row + 2,
    })
}

/// A column as spreadsheets call it: A to Z, then AA.
pub fn letters(place: usize) -> String {
    let letter = |number: usize| char::from(b'A' + (number % 26) as u8);
    match place {
        place if place < 26 => letter(place).to_string(),
        place => [letter(place / 26 - 1), letter(place)].iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_heading_goes() {
        let cases = [
            ("姓 名", "姓名"),
            ("*标题（必填）：", "标题"),
            ("E-mail", "e-mail"),
            ("职务/职称", "职务职称"),
            ("（空）", ""),
        ];
        for (heading, expected) in cases {
            assert_eq!(bare(heading), expected, "{heading}");
        }
        assert_eq!([0, 25, 26, 51].map(letters), ["A", "Z", "AA", "AZ"]);
    }
}
