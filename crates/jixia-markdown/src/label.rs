//! Beginnings of quotes that make them admonitions.

/// Kinds of admonition, as GitHub has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admonition {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
}

/// Bold words at the start of a quote that name an admonition.
const LABELS: [(&str, Admonition); 20] = [
    ("注意", Admonition::Note),
    ("说明", Admonition::Note),
    ("备注", Admonition::Note),
    ("注", Admonition::Note),
    ("note", Admonition::Note),
    ("提示", Admonition::Tip),
    ("建议", Admonition::Tip),
    ("技巧", Admonition::Tip),
    ("小贴士", Admonition::Tip),
    ("tip", Admonition::Tip),
    ("重要", Admonition::Important),
    ("重要提示", Admonition::Important),
    ("important", Admonition::Important),
    ("警告", Admonition::Warning),
    ("warning", Admonition::Warning),
    ("小心", Admonition::Caution),
    ("当心", Admonition::Caution),
    ("危险", Admonition::Caution),
    ("caution", Admonition::Caution),
    ("危险提示", Admonition::Caution),
];

/// Reads the source of a quote that begins with a bold label: `> **注意：** 正文` or the label alone on its line.
/// The label has a colon inside or after the bold, or its line to itself. Gives the kind and the label as written.
pub(super) fn admonition(quote: &str) -> Option<(Admonition, &str)> {
    let rest = quote
        .trim_start_matches(' ')
        .strip_prefix('>')?
        .trim_start_matches(' ');
    let rest = rest.strip_prefix("**")?.trim_start_matches('\u{FDD0}');
    // The longest label has four letters.
    let (bold, after) = rest.split_at_checked(rest.bytes().take(40).position(|byte| byte == b'*')?)?;
    let after = after.strip_prefix("**")?.trim_start_matches('\u{FDD0}');
    let bold = bold.trim_matches('\u{FDD0}').trim();
    let label = bold.trim_end_matches(['：', ':']).trim_end();
    let (_, kind) = LABELS.iter().find(|(name, _)| label.eq_ignore_ascii_case(name))?;
    let marked = label.len() < bold.len()
        || after.starts_with(['：', ':'])
        || after.trim_start_matches(' ').starts_with(['\n', '\r']);
    (marked || after.trim().is_empty()).then_some((*kind, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        let cases = [
            ("> **注意：**\n>\n> 文字", Some((Admonition::Note, "注意"))),
            ("> **警告:** 文字", Some((Admonition::Warning, "警告"))),
            (">**提示**：文字", Some((Admonition::Tip, "提示"))),
            ("> **小心**\n> 文字", Some((Admonition::Caution, "小心"))),
            ("> **Note:** text", Some((Admonition::Note, "Note"))),
            ("> **注意**安全", None),
            ("> **其他：** 文字", None),
            ("> 注意：文字", None),
        ];
        for (quote, expected) in cases {
            assert_eq!(admonition(quote), expected, "{quote}");
        }
    }
}
