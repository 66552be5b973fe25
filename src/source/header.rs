//! What a file begins with that is no front matter of ours, as other generators and editors write it.

use crate::diag::Span;

/// What stands where front matter should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What it is.
    pub form: Form,
    /// Its bytes; empty if nothing is there.
    pub span: Span,
    /// The body behind it.
    pub body: Span,
}

/// Ways to write front matter, or to miss it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Blank lines, then front matter as it should be.
    Blank,
    /// TOML between `+++`, of Hugo and Zola.
    Toml,
    /// JSON between braces, of Hugo, or before `;;;`, of Hexo.
    Json,
    /// Fields, then a line `---`; or fields and an empty line: of Hexo and MultiMarkdown.
    NoFirstLine,
    /// Dashes of another kind or number, as editors make of three: `——`, `----`, `***`.
    OtherDashes,
    /// A heading, which could be the title.
    Heading,
    /// Text.
    Nothing,
}

impl Form {
    /// The keys of what it is called and of what to do, among the phrases of the messages.
    pub fn phrases(self) -> (&'static str, &'static str) {
        match self {
            Self::Blank => ("header-blank", "advice-header-blank"),
            Self::Toml => ("header-toml", "advice-header-toml"),
            Self::Json => ("header-json", "advice-header-json"),
            Self::NoFirstLine => ("header-no-first-line", "advice-header-no-first-line"),
            Self::OtherDashes => ("header-dashes", "advice-header-dashes"),
            Self::Heading => ("header-nothing", "advice-header-heading"),
            Self::Nothing => ("header-nothing", "advice-header-nothing"),
        }
    }
}

/// Looks at the beginning of a text that has no front matter, from `start` on.
pub fn header(text: &str, start: usize) -> Header {
    let rest = &text[start..];
    let begin = start + rest.len() - rest.trim_start().len();
    let lines = Lines::new(text, begin);
    let first = lines.clone().next().map_or("", |(_, line)| line);
    let (form, end) = match first {
        "---" if begin > start => (Form::Blank, None),
        "+++" => (Form::Toml, lines.clone().skip(1).find(|(_, line)| *line == "+++")),
        "{" => (
            Form::Json,
            lines.clone().find(|(_, line)| matches!(*line, "}" | ";;;")),
        ),
        _ if first.starts_with("{\"") || first.starts_with("\"") => {
            let end = lines
                .clone()
                .find(|(_, line)| *line == ";;;" || line.ends_with('}'));
            (if end.is_some() { Form::Json } else { Form::Nothing }, end)
        }
        _ if is_dashes(first) => {
            let end = lines
                .clone()
                .skip(1)
                .take(MOST_LINES)
                .find(|(_, line)| is_dashes(line));
            let is_front = lines.clone().nth(1).is_some_and(|(_, line)| is_field(line));
            (
                if is_front {
                    Form::OtherDashes
                } else {
                    Form::Nothing
                },
                end.filter(|_| is_front),
            )
        }
        _ if is_field(first) => fields(lines),
        _ if first.starts_with("# ") => (Form::Heading, None),
        _ => (Form::Nothing, None),
    };
    let end = end.map_or(begin, |(end, _)| end);
    Header {
        form,
        span: begin as u32..end as u32,
        body: end as u32..text.len() as u32,
    }
}

/// Lines in which a header ends, if it does.
const MOST_LINES: usize = 200;

/// Fields without a line before them: where they end, if that can be known.
fn fields(lines: Lines<'_>) -> (Form, Option<(usize, &str)>) {
    let mut last = None;
    for (end, line) in lines.take(MOST_LINES) {
        if is_dashes(line) {
            return (Form::NoFirstLine, Some((end, line)));
        }
        let goes_on = line.is_empty() || line.starts_with(['-', ' ', '#', '\t']);
        if line.is_empty() && last.is_some() {
            break;
        }
        if !is_field(line) && !goes_on {
            return (Form::Nothing, None);
        }
        last = Some((end, line));
    }
    // One line with a colon is the beginning of a letter.
    (Form::Nothing, None)
}

/// Whether a line is `name: value` with a name of letters.
fn is_field(line: &str) -> bool {
    let Some((name, value)) = line.split_once(':') else {
        return false;
    };
    let is_name = !name.is_empty()
        && name.len() <= 40
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    is_name && (value.is_empty() || value.starts_with([' ', '\t']))
}

/// Whether a line is what editors make of three dashes.
fn is_dashes(line: &str) -> bool {
    let mut signs = line.chars().filter(|sign| !sign.is_whitespace());
    let Some(first) = signs.next() else { return false };
    let length = line.chars().count();
    let is_sign = matches!(first, '-' | '—' | '–' | '－' | '─' | '*' | '=' | '~' | '`');
    is_sign && (length >= 3 || first == '—') && signs.all(|sign| sign == first)
}

/// Trimmed lines of a text with the offset behind each.
#[derive(Clone)]
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let line = rest.split_inclusive('\n').next()?;
        self.at += line.len();
        Some((self.at, line.trim_end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_others_are_known() {
        let cases = [
            ("+++\ntitle = \"甲\"\n+++\n正文", Form::Toml, "正文"),
            ("{\n\"title\": \"甲\"\n}\n\n正文", Form::Json, "\n正文"),
            ("\"title\": \"甲\"\n;;;\n正文", Form::Json, "正文"),
            (
                "title: 甲\ndate: 2016-07-12\ntags:\n- 一\n---\n正文",
                Form::NoFirstLine,
                "正文",
            ),
            (
                "\n\n---\ntitle: 甲\n---\n正文",
                Form::Blank,
                "---\ntitle: 甲\n---\n正文",
            ),
            ("———\ntitle: 甲\n———\n正文", Form::OtherDashes, "正文"),
            ("----\ntitle: 甲\n----\n正文", Form::OtherDashes, "正文"),
            ("# 标题\n正文", Form::Heading, "# 标题\n正文"),
            ("注意: 正文", Form::Nothing, "注意: 正文"),
            (
                "note: 正文\n接着写。\n---\n",
                Form::Nothing,
                "note: 正文\n接着写。\n---\n",
            ),
            ("正文", Form::Nothing, "正文"),
            ("", Form::Nothing, ""),
        ];
        for (text, form, body) in cases {
            let header = header(text, 0);
            assert_eq!(header.form, form, "{text}");
            assert_eq!(&text[header.body.start as usize..], body, "{text}");
        }
    }
}
