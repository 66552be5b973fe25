//! Grammars are loaded by the first snippet that takes one, and by nothing else. Alone in its process: whether they are
//! loaded is a fact of the process.

use std::sync::Arc;

use jixia_markdown::highlight::{Memo, has_loaded_grammars};
use jixia_markdown::{Texts, facts, render, render_with};

/// Knows every snippet already.
#[derive(Debug)]
struct Known;

impl Memo for Known {
    fn recall(&self, _language: &str, _code: &str) -> Option<Arc<str>> {
        Some(Arc::from("known"))
    }

    fn remember(&self, language: &str, _code: &str, _markup: &str) {
        panic!("{language} was known");
    }
}

fn fenced(language: &str, code: &str) -> String {
    format!("```{language}\n{code}\n```\n")
}

#[test]
fn grammars_are_loaded_by_the_first_snippet_that_takes_one() {
    let texts = Texts::default();
    let awk = fenced("awk", "BEGIN { print 1 }");
    let without = [
        "正文 `BEGIN`。\n".to_owned(),
        fenced("", "BEGIN { print 1 }"),
        fenced("rust", "fn main() {}"),
        fenced("html", "<script>let a = 1;</script>"),
        fenced("md", &fenced("python", "import os")),
        fenced("no-such-language", "x"),
        fenced("awk", &"x".repeat(10_000)),
    ];
    for body in &without {
        facts(body, &mut |_| {});
        render(body, &[], &texts);
        assert!(!has_loaded_grammars(), "{body}");
    }
    facts(&awk, &mut |_| {});
    let html = render_with(&awk, &[], &texts, Some(&Known));
    assert!(html.contains("known") && !has_loaded_grammars(), "{html}");
    let html = render(&awk, &[], &texts);
    assert!(html.contains("<span class=") && has_loaded_grammars(), "{html}");
}
