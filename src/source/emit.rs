//! Writes front matter that [`parse`](super::parse) reads back.

use std::fmt::Write as _;

use serde_json::Value;

/// A content file: the fields in their order, then the body. Texts are quoted as in JSON, which is YAML too.
pub fn emit(fields: &[(String, Value)], body: &str) -> String {
    let mut file = String::from("---\n");
    for (name, value) in fields {
        match value {
            Value::Array(items) if items.iter().any(Value::is_object) => {
                let _ = writeln!(file, "{name}:");
                for item in items {
                    let _ = writeln!(file, "  - {item}");
                }
            }
            _ => {
                let _ = writeln!(file, "{name}: {value}");
            }
        }
    }
    file.push_str("---\n\n");
    file.push_str(body.trim_end());
    file.push('\n');
    file
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Node, parse, split};
    use super::*;

    #[test]
    fn what_is_emitted_reads_back() {
        let fields = vec![
            (
                "title".to_owned(),
                Value::from("引号 \" 冒号: 井号 # \\ 换行\n完"),
            ),
            ("tags".to_owned(), serde_json::json!(["一", "no", "2026-01-01"])),
            (
                "attachments".to_owned(),
                serde_json::json!([{"name": "a.pdf", "size": 3}]),
            ),
        ];
        let file = emit(&fields, "正文\n\n");
        let parts = split(&file).unwrap();
        let front = parse(
            &file[parts.front.start as usize..parts.front.end as usize],
            parts.front.start,
        )
        .unwrap();
        assert_eq!(front.len(), 3);
        let Node::Scalar { text, plain: false } = &front[0].1.value else {
            panic!("{front:?}")
        };
        assert_eq!(text, "引号 \" 冒号: 井号 # \\ 换行\n完");
        assert!(file.ends_with("---\n\n正文\n"));
    }
}
