//! Which parts of a Markdown text are code: nothing in them is anybody's markup.

/// Follows fenced code through lines.
#[derive(Debug, Default)]
pub(super) struct Fences {
    open: Option<(char, usize)>,
}

impl Fences {
    /// Whether the line belongs to fenced code, its fences included.
    pub(super) fn holds(&mut self, line: &str) -> bool {
        let mut line = line.trim_start_matches([' ', '\t', '>']);
        // A fence may follow the mark of a list item.
        if self.open.is_none()
            && let Some(rest) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "))
        {
            line = rest.trim_start();
        }
        let fence = line.chars().next().filter(|first| matches!(first, '`' | '~'));
        let length = fence.map_or(0, |fence| line.chars().take_while(|c| *c == fence).count());
        match (self.open, fence) {
            (None, Some(fence)) if length >= 3 && !(fence == '`' && line[length..].contains('`')) => {
                self.open = Some((fence, length));
                true
            }
            (None, _) => false,
            (Some((open, least)), Some(fence))
                if open == fence && length >= least && line[length..].trim().is_empty() =>
            {
                self.open = None;
                true
            }
            (Some(_), _) => true,
        }
    }
}

/// Replaces parts of a line that are no inline code. `make` gets each such part.
pub(super) fn outside_code(line: &str, make: impl FnMut(&str) -> String) -> String {
    in_and_outside_code(line, str::to_owned, make)
}

/// Replaces the pieces of inline code of a line, their backticks included, and what is between them.
pub(super) fn in_and_outside_code(
    line: &str,
    mut make_code: impl FnMut(&str) -> String,
    mut make: impl FnMut(&str) -> String,
) -> String {
    let mut made = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let ticks = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let after = start + ticks;
        let Some(end) = closing(&rest[after..], ticks) else {
            break;
        };
        made.push_str(&make(&rest[..start]));
        made.push_str(&make_code(&rest[start..after + end]));
        rest = &rest[after + end..];
    }
    made.push_str(&make(rest));
    made
}

/// Where a run of exactly so many backticks ends.
fn closing(text: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let length = text[start..].len() - text[start..].trim_start_matches('`').len();
        if length == ticks {
            return Some(start + length);
        }
        at = start + length;
    }
    None
}

/// Makes each line that is no code anew; code stays. `make` gets the line without its end, and its number from 0.
pub(super) fn lines_outside_code(text: &str, mut make: impl FnMut(&str, u32) -> Option<String>) -> String {
    let mut fences = Fences::default();
    let mut made = String::with_capacity(text.len());
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\r', '\n']);
        if fences.holds(line) {
            made.push_str(whole);
        } else if let Some(line) = make(line, number as u32) {
            made.push_str(&line);
            made.push_str(if whole.ends_with('\n') { "\n" } else { "" });
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_left_alone() {
        let text = "a\n```js\na\n``\n```\na `a` ``a`a`` a\n~~~\na\n```\n~~~\n> ```\n> a\n> ```\na";
        let made = lines_outside_code(text, |line, _| {
            Some(outside_code(line, |part| part.replace('a', "b")))
        });
        assert_eq!(
            made,
            "b\n```js\na\n``\n```\nb `a` ``a`a`` b\n~~~\na\n```\n~~~\n> ```\n> a\n> ```\nb"
        );
        let lone = outside_code("a ` a", |part| part.replace('a', "b"));
        assert_eq!(lone, "b ` b");
    }
}
