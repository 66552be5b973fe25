//! Values that YAML reads as something else than a text, since they begin with one of its signs.

use crate::diag::{Argument, Code, Diagnostic};

/// What a text cannot begin with unless it stands in quotation marks.
const SIGNS: &[char] = &['[', '{', '"', '\'', '#', '>', '|', '*', '&', '!', '%', '@', '`'];

/// Lines above a mistake that can be its cause: what a bracket opens is missed on the next.
const MOST_LINES: usize = 3;

/// Adds to a mistake in front matter that the value wants quotation marks, if that is what is wrong with it.
pub(super) fn advise(text: &str, diagnostic: Diagnostic) -> Diagnostic {
    let Some(start) = diagnostic.span.as_ref().map(|span| span.start as usize) else {
        return diagnostic;
    };
    let reason = diagnostic
        .arguments
        .iter()
        .find_map(|(name, argument)| match argument {
            Argument::Phrase(key) if name == "reason" => Some(key.to_string()),
            _ => None,
        });
    let reason = reason.as_deref();
    let mut lines = lines_up_to(text, start);
    let line = match diagnostic.code {
        // An escape means nothing between single quotation marks.
        Code::YamlSyntax if reason == Some("yaml-escape") => {
            return match lines.next().and_then(unescaped) {
                Some(line) => diagnostic.suggest(Some(line)),
                None => diagnostic,
            };
        }
        Code::YamlSyntax if reason == Some("yaml-quote") => None,
        Code::YamlSyntax => lines
            .take(MOST_LINES)
            .find_map(|line| quoted(line, reason == Some("yaml-colon")))
            .filter(|line| reason != Some("yaml-bracket") || line.contains([']', '}'])),
        // A text in brackets is a list to YAML; one behind `#` is a remark, so that nothing is left.
        Code::WrongType if is_for_text(&diagnostic) => lines.next().and_then(|line| quoted(line, false)),
        Code::EmptyValue => lines
            .next()
            .filter(|line| {
                line.split_once(": ")
                    .is_some_and(|(_, value)| value.trim_start().starts_with('#'))
            })
            .and_then(|line| quoted(line, false)),
        _ => None,
    };
    match line {
        Some(line) if diagnostic.code == Code::YamlSyntax => {
            say(diagnostic, "yaml-begins").suggest(Some(line))
        }
        Some(line) => diagnostic.suggest(Some(line)),
        None => diagnostic,
    }
}

/// Whether the field of a mistake holds words.
fn is_for_text(diagnostic: &Diagnostic) -> bool {
    let is_text = |argument: &Argument| matches!(argument, Argument::Phrase(key) if matches!(&**key, "text" | "prose" | "issuer"));
    let mut arguments = diagnostic.arguments.iter();
    arguments.any(|(name, argument)| name == "expected" && is_text(argument))
}

/// A line whose value stands between double quotation marks, between single ones.
fn unescaped(line: &str) -> Option<String> {
    let (name, value) = line.trim().split_once(": ")?;
    let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    (!value.contains('"')).then(|| format!("{name}: '{}'", value.replace('\'', "''")))
}

fn say(mut diagnostic: Diagnostic, phrase: &'static str) -> Diagnostic {
    diagnostic.arguments.retain(|(name, _)| name != "reason");
    diagnostic.say("reason", phrase)
}

/// The line at an offset and those above it, upwards.
fn lines_up_to(text: &str, at: usize) -> impl Iterator<Item = &str> {
    let at = text.floor_char_boundary(at.min(text.len()));
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    text[..end].rsplit('\n').filter(|line| !line.trim().is_empty())
}

/// A line `name: value` with its value in quotation marks, if it begins with a sign, or has a colon of its own.
fn quoted(line: &str, has_colon: bool) -> Option<String> {
    let (name, value) = line.trim_end().split_once(": ")?;
    let value = value.trim();
    let is_meant = value.starts_with(SIGNS) || has_colon && value.contains(':');
    if !is_meant || name.contains(['"', '\'', '[', '{', '#']) {
        return None;
    }
    let quoted = if value.contains(['"', '\\']) {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{value}\"")
    };
    Some(format!("{}: {quoted}", name.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_quoted() {
        let cases = [
            ("title: [转载] 实训安全", Some("title: \"[转载] 实训安全\"")),
            ("title: \"引号\"开头", Some("title: '\"引号\"开头'")),
            ("title: # 一号", Some("title: \"# 一号\"")),
            ("title: > it's", Some("title: \"> it's\"")),
            ("title: 甲", None),
            ("title:", None),
        ];
        for (line, expected) in cases {
            assert_eq!(quoted(line, false).as_deref(), expected, "{line}");
        }
        assert_eq!(
            quoted("title: 关于: 通知", true).as_deref(),
            Some("title: \"关于: 通知\"")
        );
    }
}
