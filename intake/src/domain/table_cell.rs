//! What may stand in a cell of a table that is opened with a spreadsheet program.

/// A text as it can stand in a cell of a CSV file: spreadsheet programs take what begins with one of these signs for a
/// formula and run it, and people hand in titles.
pub fn harmless(text: &str) -> String {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let text = text.replace(['\r', '\n', '\0'], " ");
    if begins { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn nothing_is_run_by_a_spreadsheet_program() {
        for (text, expected) in [
            ("关于评选的通知", "关于评选的通知"),
            ("=HYPERLINK(\"http://a\")", "'=HYPERLINK(\"http://a\")"),
            ("+1", "'+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("第一行\n=1", "第一行 =1"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), expected);
        }
    }
}
