//! Boxes of others to ours: `::: tip` (VuePress, VitePress, Docusaurus), `!!! note` and `???` (MkDocs), `=== "Tab"`, `> [!tip]`
//! with a title (Obsidian), `{% note %}` (Hexo).
//!
//! Ours are quotes that begin with `[!NOTE]` and the like; what folds is `<details>`. One pass over the lines with a stack of what
//! is open: linear, however deep.

use super::code::Fences;
use super::report::NoteKind;
use super::tidy::{Found, shortened};

/// Deeper boxes are taken for text.
const DEEPEST: usize = 12;

/// What is open at a line.
struct Open {
    /// What closes it: so many colons, an indentation, a tag.
    end: End,
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq)]
enum End {
    Colons(usize),
    Indent(usize),
    Tag,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Quote,
    Details,
    Bare,
}

/// The box of ours that a word of theirs means.
fn alert(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "note" | "info" | "default" | "primary" | "abstract" | "summary" | "tldr" | "question" | "help"
        | "faq" | "quote" | "cite" | "example" | "seealso" | "theorem" | "todo" | "details-info" | "注"
        | "说明" => "NOTE",
        "tip" | "hint" | "success" | "check" | "done" | "提示" => "TIP",
        "important" | "attention" | "重要" => "IMPORTANT",
        "warning" | "warn" | "注意" | "警告" => "WARNING",
        "danger" | "caution" | "error" | "failure" | "fail" | "missing" | "bug" | "危险" => "CAUTION",
        _ => return None,
    })
}

/// Turns boxes into ours.
pub(super) fn admonitions(body: &str, found: &mut Vec<Found>) -> String {
    let mut pass = Pass {
        made: String::with_capacity(body.len()),
        open: Vec::new(),
        fences: Fences::default(),
        found,
    };
    for (number, line) in body.lines().enumerate() {
        pass.line(line, number as u32);
    }
    while pass.open.pop().is_some_and(|open| {
        pass.close(&open);
        true
    }) {}
    pass.made
}

struct Pass<'a> {
    made: String,
    open: Vec<Open>,
    fences: Fences,
    found: &'a mut Vec<Found>,
}

impl Pass<'_> {
    fn line(&mut self, line: &str, number: u32) {
        let line = self.leave_indented(line);
        if self.fences.holds(line) {
            return self.write(line);
        }
        let trimmed = line.trim();
        let is_deep = self.open.len() >= DEEPEST;
        let colons = trimmed.len() - trimmed.trim_start_matches(':').len();
        let closes = |open: &Open| matches!(open.end, End::Colons(least) if least <= colons);
        if colons >= 3 && trimmed.len() == colons && self.open.iter().any(closes) {
            self.close_to(closes);
        } else if colons >= 3 && trimmed.len() > colons && !is_deep {
            self.open_colons(colons, trimmed[colons..].trim(), number);
        } else if let Some((mark, rest)) = mkdocs(line).filter(|_| !is_deep) {
            self.open_mkdocs(line, mark, rest, number);
        } else if let Some(rest) = tag(trimmed, "note")
            .or_else(|| tag(trimmed, "admonition"))
            .filter(|_| !is_deep)
        {
            let (word, title) = rest.split_once(' ').unwrap_or((rest, ""));
            self.start(End::Tag, alert(word).or(Some("NOTE")), title, false);
        } else if let Some(author) = tag(trimmed, "blockquote").filter(|_| !is_deep) {
            self.open.push(Open {
                end: End::Tag,
                shape: Shape::Quote,
            });
            if !author.is_empty() {
                self.write(&format!("**{author}**"));
                self.write("");
            }
        } else if ["endnote", "endadmonition", "endblockquote"]
            .iter()
            .any(|end| tag(trimmed, end).is_some())
        {
            self.close_to(|open| open.end == End::Tag);
        } else {
            self.write(&obsidian(line));
        }
    }

    /// Leaves MkDocs' boxes whose indentation ends; the line without the indentation that is left.
    fn leave_indented<'l>(&mut self, line: &'l str) -> &'l str {
        let width = line.len() - line.trim_start_matches(' ').len();
        if !line.trim().is_empty() {
            while let Some(Open {
                end: End::Indent(least),
                ..
            }) = self.open.last()
                && width < *least
            {
                if let Some(open) = self.open.pop() {
                    self.close(&open);
                }
            }
        }
        let inside = self.open.iter().rev().find_map(|open| match open.end {
            End::Indent(least) => Some(least),
            _ => None,
        });
        &line[inside.unwrap_or(0).min(width)..]
    }

    fn open_colons(&mut self, colons: usize, rest: &str, number: u32) {
        let rest = rest.trim_start_matches('{').trim_end_matches('}');
        let (word, title) = rest.split_once([' ', '[']).unwrap_or((rest, ""));
        let title = title.trim().trim_end_matches(']');
        let end = End::Colons(colons);
        match (word, alert(word)) {
            ("details" | "collapse" | "spoiler", _) => self.start(end, None, title, true),
            (_, Some(alert)) => self.start(end, Some(alert), title, false),
            _ => {
                self.found
                    .push((NoteKind::ContainerUnwrapped, number, shortened(word)));
                self.open.push(Open {
                    end,
                    shape: Shape::Bare,
                });
            }
        }
    }

    fn open_mkdocs(&mut self, line: &str, mark: &str, rest: &str, number: u32) {
        // The indentation of boxes around was taken off before.
        let around = self.open.iter().rev().find_map(|open| match open.end {
            End::Indent(least) => Some(least),
            _ => None,
        });
        let own = line.len() - line.trim_start_matches(' ').len();
        let end = End::Indent(around.unwrap_or(0) + own + 4);
        let (words, title) = match rest.split_once('"') {
            Some((words, title)) => (words, title.trim_end().trim_end_matches('"')),
            None => (rest, ""),
        };
        let word = words.split_whitespace().next().unwrap_or_default();
        if mark == "===" {
            self.write(&format!("**{}**", title.trim()));
            self.write("");
            self.open.push(Open {
                end,
                shape: Shape::Bare,
            });
        } else if mark.starts_with('?') {
            let title = if title.is_empty() { word } else { title };
            self.start(end, None, title, true);
        } else {
            if alert(word).is_none() {
                self.found
                    .push((NoteKind::ContainerUnwrapped, number, shortened(word)));
            }
            self.start(end, Some(alert(word).unwrap_or("NOTE")), title, false);
        }
    }

    fn start(&mut self, end: End, alert: Option<&str>, title: &str, folds: bool) {
        if folds {
            let title = if title.is_empty() { "详情" } else { title };
            self.write(&format!("<details><summary>{}</summary>", escaped(title)));
            self.write("");
            self.open.push(Open {
                end,
                shape: Shape::Details,
            });
            return;
        }
        if !self.made.is_empty() && !self.made.ends_with("\n\n") {
            self.write("");
        }
        self.open.push(Open {
            end,
            shape: Shape::Quote,
        });
        self.write(&format!("[!{}]", alert.unwrap_or("NOTE")));
        if !title.trim().is_empty() {
            self.write(&format!("**{}**", title.trim().trim_matches('*')));
            self.write("");
        }
    }

    /// Closes boxes up to the innermost one of its kind.
    fn close_to(&mut self, is_it: impl Fn(&Open) -> bool) {
        if !self.open.iter().any(&is_it) {
            return;
        }
        while let Some(open) = self.open.pop() {
            self.close(&open);
            if is_it(&open) {
                return;
            }
        }
    }

    fn close(&mut self, open: &Open) {
        if open.shape == Shape::Details {
            self.write("");
            self.write("</details>");
        }
        if open.shape != Shape::Bare {
            self.write("");
        }
    }

    /// Writes a line within the quotes that are open.
    fn write(&mut self, line: &str) {
        let quotes = self.open.iter().filter(|open| open.shape == Shape::Quote).count();
        for _ in 0..quotes {
            self.made.push_str(if line.is_empty() { ">" } else { "> " });
        }
        self.made.push_str(line);
        self.made.push('\n');
    }
}

/// `!!!`, `???`, `???+` or `===` and what follows.
fn mkdocs(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(' ');
    let (mark, rest) = line.split_once(' ')?;
    let rest = rest.trim();
    let is_box = matches!(mark, "!!!" | "???" | "???+")
        && rest.starts_with(|first: char| first.is_alphabetic() || first == '"');
    let is_tab = mark == "===" && rest.trim_start_matches(['!', '+', ' ']).starts_with('"');
    (is_box || is_tab).then_some((mark, rest))
}

/// What stands in `{% name … %}`.
fn tag<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let inside = line.strip_prefix("{%")?.strip_suffix("%}")?;
    let inside = inside.trim_matches(['-', ' ']);
    let rest = inside.strip_prefix(name)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
}

/// `> [!tip] Title` as two lines, and words of Obsidian as ours.
fn obsidian(line: &str) -> String {
    let Some((before, rest)) = line.split_once("[!") else {
        return line.to_owned();
    };
    let Some((word, title)) = rest
        .split_once(']')
        .filter(|_| before.contains('>') && before.bytes().all(|byte| matches!(byte, b'>' | b' ')))
    else {
        return line.to_owned();
    };
    let title = title.trim_start_matches(['+', '-']).trim();
    match alert(word) {
        Some(alert) if title.is_empty() => format!("{before}[!{alert}]"),
        Some(alert) => format!("{before}[!{alert}]\n{before}**{title}**\n{}", before.trim_end()),
        None => line.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_become_ours() {
        let cases = [
            ("::: tip\n文\n:::\n后\n", "> [!TIP]\n> 文\n\n后\n"),
            (
                "前\n::: warning 小心\n文\n:::\n",
                "前\n\n> [!WARNING]\n> **小心**\n>\n> 文\n\n",
            ),
            (
                ":::: details 看\n::: danger\n```\n::: x\n```\n:::\n::::\n",
                "<details><summary>看</summary>\n\n> [!CAUTION]\n> ```\n> ::: x\n> ```\n\n\n</details>\n\n",
            ),
            ("::: code-group\n```sh\na\n```\n:::\n", "```sh\na\n```\n"),
            (
                "!!! note \"题\"\n    文\n\n    - 项\n后\n",
                "> [!NOTE]\n> **题**\n>\n> 文\n>\n> - 项\n\n后\n",
            ),
            (
                "??? question\n    答\n\n后\n",
                "<details><summary>question</summary>\n\n答\n\n\n</details>\n\n后\n",
            ),
            (
                "=== \"C++\"\n    ```cpp\n    int a;\n    ```\n",
                "**C++**\n\n```cpp\nint a;\n```\n",
            ),
            ("> [!tip] 标题\n> 文\n", "> [!TIP]\n> **标题**\n>\n> 文\n"),
            ("> [!NOTE]\n> 文\n", "> [!NOTE]\n> 文\n"),
            ("{% note info %}\n文\n{% endnote %}\n", "> [!NOTE]\n> 文\n\n"),
            (
                "{% blockquote 某人 %}\n文\n{% endblockquote %}\n",
                "> **某人**\n>\n> 文\n\n",
            ),
            ("没有\n:::\n还是\n", "没有\n:::\n还是\n"),
            ("!!!\n三个\n", "!!!\n三个\n"),
        ];
        for (body, expected) in cases {
            let made = admonitions(body, &mut Vec::new());
            assert_eq!(made, expected, "{body}");
        }
    }

    #[test]
    fn the_depth_of_boxes_is_bounded() {
        let body = "::: tip\n".repeat(5_000);
        let made = admonitions(&body, &mut Vec::new());
        assert!(made.len() < 60 * body.len(), "{}", made.len());
    }
}
