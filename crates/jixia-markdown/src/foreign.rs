//! Markup of other programs, and near misses of ours: what they stay is text on the page, which nobody meant.
//!
//! Each rule looks at one line or one run of text and knows nothing of what is around it, so that whoever converts the
//! bodies of other generators can ask the same functions.

use memchr::memmem;

use super::chars;

/// Markup that is none here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Foreign {
    /// `::: tip 标题` of VuePress, VitePress, Pandoc.
    Container,
    /// `!!! note "标题"`, `??? note`, `=== "标签"` of MkDocs.
    Admonition,
    /// `> [!tip] 标题` of Obsidian: with a title, or a kind that GitHub does not have.
    Callout,
    /// `{% note %}` of Hexo and Jekyll.
    Tag,
    /// `{{< notice >}}` of Hugo, `{{ page.title }}` of templates.
    Shortcode,
    /// `[TOC]`, `[[toc]]`.
    Contents,
    /// `<!-- @include: ./x.md -->`, `--8<-- "x.md"`, `<<< @/x.js`.
    Include,
    /// `\(x\)`, `\[x\]`: formulas of LaTeX documents.
    Formula,
    /// `==重点==`.
    Mark,
    /// `[[页面]]`, `![[图.png]]`.
    WikiLink,
    /// `{: .class }` of kramdown.
    Attributes,
    /// `##标题` without a blank.
    Heading,
    /// `![图](屏幕 截图.png)`: a blank in an address.
    Blank,
    /// `[说明]（a.md）` or `[说明] (a.md)`: brackets that are full-width or apart.
    Brackets,
}

/// The markup that a line begins with. `line` has no indentation and ends with the line or where other markup begins.
pub fn at_line_start(line: &str) -> Option<Foreign> {
    let bytes = line.as_bytes();
    match bytes.first()? {
        b':' => {
            let name = line.trim_start_matches(':');
            (bytes.starts_with(b":::") && !name.trim().is_empty()).then_some(Foreign::Container)
        }
        b'!' | b'?' | b'=' => is_admonition(line).then_some(Foreign::Admonition),
        b'[' | b'@' | b'$' => {
            let name = line.trim_end().to_ascii_lowercase();
            let is_contents = matches!(
                name.as_str(),
                "[toc]" | "[[toc]]" | "[[_toc_]]" | "@[toc]" | "${toc}"
            );
            is_contents.then_some(Foreign::Contents)
        }
        b'-' => bytes.starts_with(b"--8<--").then_some(Foreign::Include),
        b'<' => bytes.starts_with(b"<<< ").then_some(Foreign::Include),
        b'{' => match line.trim_end() {
            "{:toc}" | "{{toc}}" => Some(Foreign::Contents),
            line => (line.starts_with("{:") && line.ends_with('}')).then_some(Foreign::Attributes),
        },
        b'#' => is_heading(line).then_some(Foreign::Heading),
        _ => None,
    }
}

fn is_admonition(line: &str) -> bool {
    let Some(rest) = ["!!!", "???", "==="]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
    else {
        return false;
    };
    let name = rest
        .trim_start_matches(['+', '!'])
        .strip_prefix(' ')
        .unwrap_or_default()
        .trim_start();
    name.starts_with(|c: char| c == '"' || c.is_ascii_alphabetic() && !line.starts_with('='))
}

/// Two signs or more are a heading's; one may be a topic (`#技能大赛#`) or a number.
fn is_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let letter = text
        .chars()
        .next()
        .is_some_and(|first| first.is_alphanumeric() || chars::is_cjk(first));
    letter && level <= 6 && (level > 1 || (text.starts_with(chars::is_cjk) && !text.contains('#')))
}

/// The kind of a callout, if a quote's first line begins one that is not GitHub's.
pub fn callout(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("[!")?.split_once(']')?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name.then_some(name)
}

/// Whether a comment asks for another file.
pub fn is_include(comment: &str) -> bool {
    memmem::find(comment.as_bytes(), b"@include").is_some()
}

/// Calls `found` for each piece of markup in a text, with its bytes. The text is what stays when ours is read.
pub fn inside<'t>(text: &'t str, found: &mut dyn FnMut(Foreign, &'t str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr::memchr3(b'{', b'[', b'=', &bytes[at..]) {
        let start = at + next;
        let piece = match bytes[start] {
            b'{' => template(&text[start..]),
            b'=' => mark(&text[start..], text[..start].chars().next_back()),
            _ => bracket(&text[start..]),
        };
        at = start + 1;
        if let Some((foreign, piece)) = piece {
            found(foreign, piece);
            at = start + piece.len();
        } else if bytes[start] == b'=' {
            at += bytes[at..].iter().take_while(|&&byte| byte == b'=').count();
        }
    }
}

/// Longest piece that is looked at for its end, in bytes.
const LONGEST: usize = 400;

/// The beginning of a text up to and with `end`.
fn up_to<'t>(text: &'t str, end: &str) -> Option<&'t str> {
    let near = &text.as_bytes()[..text.floor_char_boundary(LONGEST)];
    memmem::find(near, end.as_bytes()).map(|at| &text[..at + end.len()])
}

fn template(text: &str) -> Option<(Foreign, &str)> {
    if text.starts_with("{%") {
        let piece = up_to(text, "%}")?;
        return Some((Foreign::Tag, piece));
    }
    text.strip_prefix("{{")?;
    let piece = up_to(text, "}}")?;
    Some((Foreign::Shortcode, piece))
}

fn mark(text: &str, before: Option<char>) -> Option<(Foreign, &str)> {
    let inner = text.strip_prefix("==")?;
    let end = up_to(inner, "==")?.len() - 2;
    let marked = &inner[..end];
    let is_marked = !marked.is_empty() && marked.trim() == marked && marked.contains(chars::is_cjk);
    let is_comparison = before.is_some_and(|before| before.is_ascii_alphanumeric());
    (is_marked && !is_comparison).then(|| (Foreign::Mark, &text[..end + 4]))
}

/// What begins with a bracket: a link of a wiki, or a link whose address has a blank or the wrong brackets.
fn bracket(text: &str) -> Option<(Foreign, &str)> {
    if text.starts_with("[[") {
        let piece = up_to(text, "]]")?;
        let name = &piece[2..piece.len() - 2];
        let is_name = !name.trim().is_empty() && !name.contains(['[', ']']);
        return is_name.then_some((Foreign::WikiLink, piece));
    }
    let label = up_to(text, "]")?;
    if label[1..].contains('[') {
        return None;
    }
    let rest = &text[label.len()..];
    let (foreign, open, close) = [
        (Foreign::Brackets, "（", "）"),
        (Foreign::Brackets, "(", "）"),
        (Foreign::Brackets, "（", ")"),
        (Foreign::Brackets, " (", ")"),
        (Foreign::Blank, "(", ")"),
    ]
    .into_iter()
    .find(|(_, open, close)| rest.starts_with(open) && up_to(rest, close).is_some())?;
    let piece = up_to(rest, close)?;
    let target = &piece[open.len()..piece.len() - close.len()];
    let is_target = match foreign {
        Foreign::Blank => target.trim().contains([' ', '\t', '\u{3000}']) && is_address(target),
        _ => is_address(target) && !target.contains(char::is_whitespace),
    };
    is_target.then(|| (foreign, &text[..label.len() + piece.len()]))
}

/// Whether what stands in brackets is an address and no remark.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let has_extension = path.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && (1..=5).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && extension.bytes().any(|byte| byte.is_ascii_alphabetic())
    });
    has_extension
        || text.contains("://")
        || text.starts_with("www.")
        || (text.starts_with(['/', '#']) && text.len() > 1)
        || text.starts_with("./")
        || text.starts_with("../")
}

/// Calls `found` for formulas in the brackets of LaTeX, in the source of a paragraph.
pub fn formulas<'t>(source: &'t str, found: &mut dyn FnMut(&'t str)) {
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'\\', &source.as_bytes()[at..]) {
        let start = at + next;
        let rest = &source[start..];
        at = start + 1;
        let close = match rest.as_bytes().get(1) {
            Some(b'(') => "\\)",
            Some(b'[') => "\\]",
            Some(_) => {
                // What a backslash escapes escapes nothing.
                at += 1;
                while !source.is_char_boundary(at) {
                    at += 1;
                }
                continue;
            }
            None => break,
        };
        let Some(piece) = up_to(&rest[2..], close).map(|inner| &rest[..inner.len() + 2]) else {
            continue;
        };
        let inner = piece[2..piece.len() - 2].trim();
        let has_signs = inner.contains(['\\', '^', '_', '=', '+', '<', '>']);
        let is_formula = !inner.is_empty() && (has_signs || close == "\\)" && !inner.contains(chars::is_cjk));
        if is_formula {
            found(piece);
            at = start + piece.len();
        }
    }
}

/// How many cells a row of a table has, by its bars: one in a code span parts cells too, an escaped one does not.
pub(super) fn cells(row: &str) -> usize {
    let row = row.trim();
    let bytes = row.as_bytes();
    let bars = memchr::memchr_iter(b'|', bytes).filter(|&bar| {
        bytes[..bar]
            .iter()
            .rev()
            .take_while(|&&byte| byte == b'\\')
            .count()
            % 2
            == 0
    });
    let (mut count, mut last) = (0, None);
    for bar in bars {
        count += usize::from(bar > 0);
        last = Some(bar);
    }
    count + usize::from(last.is_none_or(|last| last + 1 < bytes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_other_programs_are_known() {
        use Foreign::{Admonition, Attributes, Container, Contents, Heading, Include};
        let cases = [
            (":::tip 提示", Some(Container)),
            ("::: details", Some(Container)),
            (":::", None),
            ("::注", None),
            ("!!! note \"说明\"", Some(Admonition)),
            ("???+ warning", Some(Admonition)),
            ("=== \"标签\"", Some(Admonition)),
            ("!!!太好了", None),
            ("??? 为什么", None),
            ("=== 分隔 ===", None),
            ("[TOC]", Some(Contents)),
            ("[[toc]]", Some(Contents)),
            ("@[toc]", Some(Contents)),
            ("[注]", None),
            ("--8<-- \"a.md\"", Some(Include)),
            ("<<< @/a.js", Some(Include)),
            ("{: .center }", Some(Attributes)),
            ("##没有空格", Some(Heading)),
            ("#一、总则", Some(Heading)),
            ("#技能大赛#", None),
            ("#1 机床", None),
            ("#include", None),
            ("####### 七", None),
        ];
        for (line, expected) in cases {
            assert_eq!(at_line_start(line), expected, "{line}");
        }
        assert_eq!(callout("[!tip] 标题"), Some("tip"));
        assert_eq!(callout("[! 注]"), None);
    }

    #[test]
    fn markup_in_a_line_is_known() {
        use Foreign::{Blank, Brackets, Mark, Shortcode, Tag, WikiLink};
        let cases: &[(&str, &[(Foreign, &str)])] = &[
            ("用 {% asset_img a.png %} 插图", &[(Tag, "{% asset_img a.png %}")]),
            (
                "{{< notice >}} {{ site.x }}",
                &[(Shortcode, "{{< notice >}}"), (Shortcode, "{{ site.x }}")],
            ),
            ("{ 一 } 50{%", &[]),
            ("==重点==和==次要==", &[(Mark, "==重点=="), (Mark, "==次要==")]),
            ("a==b && c==d，a==一==二", &[]),
            (
                "[[首页]] ![[图.png]]",
                &[(WikiLink, "[[首页]]"), (WikiLink, "[[图.png]]")],
            ),
            ("a[[1, 2], [3]]", &[]),
            (
                "![有空格](截屏 上午9.png)",
                &[(Blank, "[有空格](截屏 上午9.png)")],
            ),
            (
                "[全角]（a.md）和[半]（https://a.cn）",
                &[(Brackets, "[全角]（a.md）"), (Brackets, "[半]（https://a.cn）")],
            ),
            ("[x] (a.md)", &[(Brackets, "[x] (a.md)")]),
            ("〔2026〕[3]（第 3 号）、[4]（见附件）", &[]),
            ("[5](见 附件)", &[]),
        ];
        for (text, expected) in cases {
            let mut found = Vec::new();
            inside(text, &mut |foreign, piece| found.push((foreign, piece)));
            assert_eq!(found, *expected, "{text}");
        }
        let mut found = Vec::new();
        formulas(
            r"由 \(x\) 和 \[ a=b \]，\(注\)，\[1\]，\\(y\\)",
            &mut |piece| found.push(piece),
        );
        assert_eq!(found, [r"\(x\)", r"\[ a=b \]"]);
    }

    #[test]
    fn cells_are_counted() {
        let cases = [
            ("| 甲 | 90 | 多 |", 3),
            ("甲|90", 2),
            ("| 甲 |", 1),
            ("|甲\\|乙|丙", 2),
            ("甲", 1),
            ("||", 1),
        ];
        for (row, expected) in cases {
            assert_eq!(cells(row), expected, "{row}");
        }
    }
}
