//! Pieces of a paragraph as Markdown. Marks hold only beside letters: punctuation and blanks at either end stand outside, for
//! emphasis that ends in Chinese punctuation would be none.

/// A piece of text with one set of marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) struck: bool,
    pub(super) link: Option<String>,
    /// Written as it is: a picture, the mark of a footnote, a line break.
    pub(super) is_markup: bool,
}

impl Run {
    fn is_like(&self, other: &Self) -> bool {
        let marks = |run: &Self| (run.bold, run.italic, run.struck, run.is_markup);
        marks(self) == marks(other) && self.link == other.link && !self.is_markup
    }
}

/// Adds a run; Word cuts words into many, and neighbours with the same marks become one.
pub(super) fn add(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if last.is_like(&run) => last.text.push_str(&run.text),
        _ => runs.push(run),
    }
}

/// The Markdown of runs; `all_bold` leaves bold out, as in headings, which are.
pub(super) fn markdown(runs: &[Run], all_bold: bool) -> String {
    let text: String = runs.iter().map(|run| written(run, all_bold)).collect();
    let lines = text
        .split('\n')
        .map(|line| line.trim_matches([' ', '\t', '\u{a0}', '\u{3000}']));
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).map(guarded).collect();
    lines.join("  \n")
}

/// The HTML of runs, for cells of tables that Markdown has no way to write.
pub(super) fn html(runs: &[Run]) -> String {
    let mut made = String::new();
    for run in runs {
        let text = match run.is_markup {
            true if run.text == "\n" => "<br>".to_owned(),
            true => picture(&run.text).unwrap_or_else(|| run.text.clone()),
            false => escaped_html(&run.text),
        };
        match run.bold && !run.is_markup && !text.trim().is_empty() {
            true => made.push_str(&format!("<strong>{text}</strong>")),
            false => made.push_str(&text),
        }
    }
    made.trim().to_owned()
}

/// A picture of Markdown as HTML, within which Markdown means nothing.
fn picture(markup: &str) -> Option<String> {
    let (alt, target) = markup.strip_prefix("![")?.strip_suffix(')')?.split_once("](")?;
    Some(format!("<img src=\"{target}\" alt=\"{}\">", escaped_html(alt)))
}

fn written(run: &Run, all_bold: bool) -> String {
    if run.is_markup {
        return run.text.clone();
    }
    let is_edge = |character: char| !character.is_alphanumeric();
    let inner = run.text.trim_matches(is_edge);
    if inner.is_empty() {
        return escaped(&run.text);
    }
    let start = run.text.len() - run.text.trim_start_matches(is_edge).len();
    let (before, after) = (&run.text[..start], &run.text[start + inner.len()..]);
    let mut mark = String::new();
    mark.push_str(if run.bold && !all_bold { "**" } else { "" });
    mark.push_str(if run.italic { "*" } else { "" });
    mark.push_str(if run.struck { "~~" } else { "" });
    let back: String = mark.chars().rev().collect();
    if let Some(link) = &run.link {
        let link = link.replace(' ', "%20").replace('(', "%28").replace(')', "%29");
        return format!("{mark}[{}]({link}){back}", escaped(run.text.trim()));
    }
    format!(
        "{}{mark}{}{back}{}",
        escaped(before),
        escaped(inner),
        escaped(after)
    )
}

/// Text that means nothing to Markdown.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '$' | '~') {
            made.push('\\');
        }
        made.push(character);
    }
    made
}

fn escaped_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A line whose beginning would mean something to Markdown.
fn guarded(line: &str) -> String {
    let digits = line.len()
        - line
            .trim_start_matches(|character: char| character.is_ascii_digit())
            .len();
    let is_number = digits > 0 && line[digits..].starts_with(['.', ')']);
    if is_number {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    match line.chars().next() {
        Some('#' | '>' | '+' | '-' | '=' | '|') => format!("\\{line}"),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_hold_beside_letters() {
        let bold = |text: &str| Run {
            text: text.to_owned(),
            bold: true,
            ..Run::default()
        };
        let plain = |text: &str| Run {
            text: text.to_owned(),
            ..Run::default()
        };
        let mut runs = Vec::new();
        for run in [plain("一、"), bold("重"), bold("点："), plain("a*b")] {
            add(&mut runs, run);
        }
        assert_eq!(markdown(&runs, false), "一、**重点**：a\\*b");
        assert_eq!(html(&runs), "一、<strong>重点：</strong>a*b");
        let picture = Run {
            is_markup: true,
            ..plain("![图&](a.png)")
        };
        assert_eq!(markdown(std::slice::from_ref(&picture), false), "![图&](a.png)");
        assert_eq!(html(&[picture]), "<img src=\"a.png\" alt=\"图&amp;\">");
        assert_eq!(markdown(&[bold("题")], true), "题");
        assert_eq!(markdown(&[plain("1. 一")], false), "1\\. 一");
        assert_eq!(markdown(&[plain("# 一")], false), "\\# 一");
    }
}
