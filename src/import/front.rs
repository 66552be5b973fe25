//! Front matter of others: YAML, also without its first line, TOML, JSON; and what does not parse, line by line.

use serde_json::{Map, Value as Json};

use super::recipe::field;
use crate::source::{Mapping, Node, parse};

/// A file of another generator in its two parts.
#[derive(Debug, PartialEq)]
pub(super) struct Parts<'a> {
    /// In their order; of a field that is given twice the first.
    pub(super) fields: Vec<(String, Json)>,
    pub(super) body: &'a str,
    /// Lines before the body.
    pub(super) lines: u32,
    /// Whether front matter is there that does not parse.
    pub(super) is_loose: bool,
}

/// Front matter that was found: its fields, and how many bytes it takes.
type Found = (Option<Vec<(String, Json)>>, usize);

/// Takes a file apart. A file without front matter is all body.
pub(super) fn split(text: &str) -> Parts<'_> {
    let start = text.len() - text.trim_start_matches(['\n', '\r', ' ', '\u{feff}']).len();
    let rest = &text[start..];
    let found = fenced(rest)
        .or_else(|| json(rest))
        .or_else(|| unopened(rest))
        .or_else(|| bare(rest));
    let Some((fields, length)) = found else {
        return Parts {
            fields: Vec::new(),
            body: text,
            lines: 0,
            is_loose: false,
        };
    };
    let end = start + length;
    let front = &text[start..end];
    Parts {
        is_loose: fields.is_none(),
        fields: fields.unwrap_or_else(|| by_lines(front)),
        body: &text[end..],
        lines: text[..end].matches('\n').count() as u32,
    }
}

/// Between two lines `---` (YAML), `+++` (TOML) or `;;;` (JSON).
fn fenced(text: &str) -> Option<Found> {
    let first = text.split_inclusive('\n').next()?;
    let fence = first.trim_end();
    if !matches!(fence, "---" | "+++" | ";;;") {
        return None;
    }
    let mut at = first.len();
    for line in text[at..].split_inclusive('\n') {
        let is_end = line.trim_end() == fence || fence == "---" && line.trim_end() == "...";
        if is_end {
            let front = &text[first.len()..at];
            let fields = match fence {
                "+++" => toml(front),
                ";;;" => object(&format!("{{{front}}}")),
                _ => yaml(front),
            };
            return Some((fields, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// A file of settings, by its name; what does not parse line by line.
pub(super) fn settings(text: &str, name: &str) -> Vec<(String, Json)> {
    let fields = match name.rsplit_once('.') {
        Some((_, "toml")) => toml(text),
        Some((_, "json")) => object(text),
        _ => yaml(text),
    };
    fields.unwrap_or_else(|| by_lines(text))
}

/// A JSON object that the file begins with.
fn json(text: &str) -> Option<Found> {
    if !text.starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Map<String, Json>>();
    let fields = values.next()?.ok()?;
    Some((Some(fields.into_iter().collect()), values.byte_offset()))
}

/// YAML that ends in `---` and begins without, as Hexo takes it.
fn unopened(text: &str) -> Option<Found> {
    let (key, _) = text.lines().next()?.split_once(':')?;
    let is_key = key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if key.is_empty() || !is_key {
        return None;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n').take(100) {
        if line.trim_end() == "---" {
            let fields = yaml(&text[..at])?;
            return Some((Some(fields), at + line.len()));
        }
        at += line.len();
    }
    None
}

/// Lines `key: value` up to an empty one, as MkDocs takes them, if every key is one that front matter has: a text may begin so too.
fn bare(text: &str) -> Option<Found> {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(20) {
        if line.trim().is_empty() {
            break;
        }
        let (key, _) = line.split_once(':')?;
        field(key)?;
        at += line.len();
    }
    (at > 0).then(|| (Some(by_lines(&text[..at])), at))
}

fn yaml(front: &str) -> Option<Vec<(String, Json)>> {
    let fields = parse(front, 0).ok()?;
    Some(of_mapping(&fields))
}

fn of_mapping(mapping: &Mapping<'_>) -> Vec<(String, Json)> {
    let mut fields: Vec<(String, Json)> = Vec::new();
    for (key, value) in mapping {
        if fields.iter().all(|(known, _)| *known != *key.value) {
            fields.push((key.value.clone().into_owned(), of_node(&value.value)));
        }
    }
    fields
}

fn of_node(node: &Node<'_>) -> Json {
    match node {
        Node::Null => Json::Null,
        Node::Scalar { text, plain: true } if matches!(&**text, "true" | "True" | "yes") => Json::Bool(true),
        Node::Scalar { text, plain: true } if matches!(&**text, "false" | "False" | "no") => {
            Json::Bool(false)
        }
        Node::Scalar { text, .. } => Json::String(text.clone().into_owned()),
        Node::List(items) => Json::Array(items.iter().map(|item| of_node(&item.value)).collect()),
        Node::Mapping(fields) => Json::Object(of_mapping(fields).into_iter().collect()),
    }
}

fn toml(front: &str) -> Option<Vec<(String, Json)>> {
    let table: toml::Table = front.parse().ok()?;
    Some(
        table
            .into_iter()
            .map(|(key, value)| (key, of_toml(value)))
            .collect(),
    )
}

fn of_toml(value: toml::Value) -> Json {
    match value {
        toml::Value::Boolean(truth) => Json::Bool(truth),
        toml::Value::Array(items) => Json::Array(items.into_iter().map(of_toml).collect()),
        toml::Value::Table(table) => Json::Object(
            table
                .into_iter()
                .map(|(key, value)| (key, of_toml(value)))
                .collect(),
        ),
        toml::Value::String(text) => Json::String(text),
        other => Json::String(other.to_string()),
    }
}

fn object(text: &str) -> Option<Vec<(String, Json)>> {
    let fields: Map<String, Json> = serde_json::from_str(text).ok()?;
    Some(fields.into_iter().collect())
}

/// `key: value` at the beginning of lines, and lists below a key: what people meant who wrote `title: [通知] 关于…`.
fn by_lines(front: &str) -> Vec<(String, Json)> {
    let mut fields: Vec<(String, Json)> = Vec::new();
    let unquoted = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    for line in front.lines() {
        if let Some(item) = line.trim_start().strip_prefix("- ") {
            if let Some((_, value)) = fields.last_mut() {
                if !value.is_array() {
                    *value = Json::Array(Vec::new());
                }
                if let Json::Array(items) = value {
                    items.push(Json::String(unquoted(item)));
                }
            }
            continue;
        }
        let Some((key, value)) = line
            .split_once([':', '='])
            .filter(|_| !line.starts_with([' ', '\t']))
        else {
            continue;
        };
        let key = key.trim();
        let is_key = key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if is_key && !key.is_empty() && !key.bytes().all(|byte| byte == b'-') {
            fields.push((key.to_owned(), Json::String(unquoted(value))));
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (String, String, bool) {
        let parts = split(text);
        let fields: Map<String, Json> = parts.fields.into_iter().collect();
        (
            Json::Object(fields).to_string(),
            parts.body.to_owned(),
            parts.is_loose,
        )
    }

    #[test]
    fn front_matter_of_others_is_read() {
        let cases = [
            (
                "---\ntitle: 甲\ndraft: true\n---\n正文\n",
                r#"{"title":"甲","draft":true}"#,
                "正文\n",
                false,
            ),
            (
                "\n\n---\ntitle: 甲\n---\n正文\n",
                r#"{"title":"甲"}"#,
                "正文\n",
                false,
            ),
            (
                "title: 甲\ntags:\n- 乙\n---\n正文\n",
                r#"{"title":"甲","tags":["乙"]}"#,
                "正文\n",
                false,
            ),
            (
                "+++\ntitle = '甲'\ndate = 2026-03-01\n+++\n正文",
                r#"{"date":"2026-03-01","title":"甲"}"#,
                "正文",
                false,
            ),
            ("{\"title\": \"甲\"}\n正文", r#"{"title":"甲"}"#, "\n正文", false),
            (
                ";;;\n\"title\": \"甲\"\n;;;\n正文",
                r#"{"title":"甲"}"#,
                "正文",
                false,
            ),
            (
                "---\ntitle: [通知] 关于 \"x\"\ntags:\n  - 一\n---\n正文",
                r#"{"title":"[通知] 关于 \"x","tags":["一"]}"#,
                "正文",
                true,
            ),
            ("# 标题\n\n---\n文", "{}", "# 标题\n\n---\n文", false),
            ("注意：见下。\n\n---\n文", "{}", "注意：见下。\n\n---\n文", false),
            ("---\nnever closed", "{}", "---\nnever closed", false),
            ("{% note %}", "{}", "{% note %}", false),
            (
                "author: 甲, 乙\ntitle: 题\n\n正文",
                r#"{"author":"甲, 乙","title":"题"}"#,
                "\n正文",
                false,
            ),
            (
                "author: 甲\nnote: 文\n\n正文",
                "{}",
                "author: 甲\nnote: 文\n\n正文",
                false,
            ),
            ("", "{}", "", false),
        ];
        for (text, fields, body, is_loose) in cases {
            assert_eq!(
                shown(text),
                (fields.to_owned(), body.to_owned(), is_loose),
                "{text}"
            );
        }
    }
}
