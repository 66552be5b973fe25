//! Highlighting of code by classes: `<span class="k">`, for a style sheet to colour, light and dark.
//!
//! The lexers are our own and table-driven. syntect with two-face's grammars takes 1.5–4 ms a snippet, which is
//! several seconds for a site of 2,000 snippets, and a cache helps only the second build; these take microseconds
//! (150 to 290 MB/s, see `examples/markdown_speed.rs`). They know comments, strings, numbers, keywords, types, calls
//! and a few marks of each language, not its grammar: enough to read by, and they never change the text.
//!
//! Classes: `c` comment, `s` string, `n` number, `k` keyword, `t` type, `f` function, `m` directive, tag or
//! decorator, `a` attribute, key or variable, `i` inserted, `d` deleted.

mod code;
mod language;
mod languages;
mod lines;
mod markup;

use super::escape;

/// How a language is read.
#[derive(Clone, Copy)]
enum Lexer {
    Code(&'static language::Language),
    Markup,
    Keys,
    Diff,
    Markdown,
    Machine,
}

/// Highlights a snippet; nothing for a language we do not know, which is then shown plain.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    let mut out = String::with_capacity(code.len() * 2);
    write(language, code, &mut out).then_some(out)
}

/// Writes a highlighted snippet, or nothing and `false` for a language we do not know.
pub(super) fn write(language: &str, code: &str, out: &mut String) -> bool {
    let Some(lexer) = lexer(language) else {
        return false;
    };
    let mut sink = Sink { code, done: 0, out };
    match lexer {
        Lexer::Code(language) => code::lex(language, &mut sink),
        Lexer::Markup => markup::lex(&mut sink),
        Lexer::Keys => lines::keys(&mut sink),
        Lexer::Diff => lines::diff(&mut sink),
        Lexer::Markdown => lines::markdown(&mut sink),
        Lexer::Machine => lines::machine(&mut sink),
    }
    sink.finish();
    true
}

fn lexer(language: &str) -> Option<Lexer> {
    if language.is_empty() || language.len() > 24 {
        return None;
    }
    let name = language.to_ascii_lowercase();
    Some(match name.as_str() {
        "html" | "xml" | "svg" | "xhtml" | "vue" | "xaml" | "xsd" | "htm" => Lexer::Markup,
        "yaml" | "yml" | "toml" | "ini" | "conf" | "cfg" | "properties" | "dotenv" | "env"
        | "editorconfig" => Lexer::Keys,
        "diff" | "patch" => Lexer::Diff,
        "md" | "markdown" => Lexer::Markdown,
        "gcode" | "g-code" | "nc" | "cnc" => Lexer::Machine,
        name => Lexer::Code(languages::find(name)?),
    })
}

/// Takes tokens in order and writes what lies between them as it is.
struct Sink<'c, 'o> {
    code: &'c str,
    done: usize,
    out: &'o mut String,
}

impl Sink<'_, '_> {
    /// Marks `start..end` with a class. Both ends must be character boundaries, in order.
    fn mark(&mut self, start: usize, end: usize, class: &str) {
        let (Some(plain), Some(token)) = (self.code.get(self.done..start), self.code.get(start..end)) else {
            return;
        };
        if token.is_empty() {
            return;
        }
        escape::text(plain, self.out);
        self.out.push_str("<span class=\"");
        self.out.push_str(class);
        self.out.push_str("\">");
        escape::text(token, self.out);
        self.out.push_str("</span>");
        self.done = end;
    }

    fn finish(&mut self) {
        escape::text(self.code.get(self.done..).unwrap_or_default(), self.out);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 34] = [
        "c",
        "cpp",
        "csharp",
        "java",
        "python",
        "js",
        "ts",
        "json",
        "html",
        "css",
        "sql",
        "bash",
        "powershell",
        "go",
        "rust",
        "yaml",
        "toml",
        "ini",
        "st",
        "gcode",
        "matlab",
        "r",
        "php",
        "kotlin",
        "dart",
        "vb",
        "diff",
        "md",
        "lua",
        "ruby",
        "swift",
        "ebnf",
        "dockerfile",
        "scl",
    ];

    #[test]
    fn snippets() {
        let cases = [
            (
                "c",
                "int x = 1; // 注\n",
                "<span class=\"t\">int</span> x = <span class=\"n\">1</span>; <span class=\"c\">// 注</span>\n",
            ),
            (
                "cpp",
                "#include <a>\n",
                "<span class=\"m\">#include &lt;a&gt;</span>\n",
            ),
            (
                "python",
                "def f(s):\n  return \"a\\\"b\"",
                "<span class=\"k\">def</span> <span class=\"f\">f</span>(s):\n  <span class=\"k\">return</span> <span class=\"s\">\"a\\\"b\"</span>",
            ),
            (
                "py",
                "'''a\nb''' @x",
                "<span class=\"s\">'''a\nb'''</span> <span class=\"m\">@x</span>",
            ),
            (
                "SQL",
                "select 'it''s' FROM t -- x",
                "<span class=\"k\">select</span> <span class=\"s\">'it'</span><span class=\"s\">'s'</span> <span class=\"k\">FROM</span> t <span class=\"c\">-- x</span>",
            ),
            (
                "st",
                "IF a THEN (* 注 *) b := 16#FF; END_IF",
                "<span class=\"k\">IF</span> a <span class=\"k\">THEN</span> <span class=\"c\">(* 注 *)</span> b := <span class=\"n\">16#FF</span>; <span class=\"k\">END_IF</span>",
            ),
            (
                "bash",
                "echo $HOME # x",
                "<span class=\"k\">echo</span> <span class=\"a\">$HOME</span> <span class=\"c\"># x</span>",
            ),
            (
                "json",
                "{\"a\": true}",
                "{<span class=\"a\">\"a\"</span>: <span class=\"k\">true</span>}",
            ),
            (
                "html",
                "<a href=\"x\">b</a><!-- c -->",
                "<span class=\"m\">&lt;a</span> <span class=\"a\">href</span>=<span class=\"s\">\"x\"</span><span class=\"m\">&gt;</span>b<span class=\"m\">&lt;/a</span><span class=\"m\">&gt;</span><span class=\"c\">&lt;!-- c --&gt;</span>",
            ),
            (
                "yaml",
                "a: 1 # c\n- b: \"x\"\n",
                "<span class=\"a\">a</span>: <span class=\"n\">1</span> <span class=\"c\"># c</span>\n- <span class=\"a\">b</span>: <span class=\"s\">\"x\"</span>\n",
            ),
            (
                "ini",
                "[s]\nk=v\n",
                "<span class=\"m\">[s]</span>\n<span class=\"a\">k</span>=v\n",
            ),
            (
                "diff",
                "+a\n-b\n c\n",
                "<span class=\"i\">+a</span>\n<span class=\"d\">-b</span>\n c\n",
            ),
            (
                "gcode",
                "G01 X10.5 ; 注\n",
                "<span class=\"k\">G01</span> <span class=\"a\">X</span><span class=\"n\">10.5</span> <span class=\"c\">; 注</span>\n",
            ),
        ];
        for (language, code, expected) in cases {
            assert_eq!(highlight(language, code).as_deref(), Some(expected), "{language}");
        }
        assert_eq!(highlight("ladder", "x"), None);
    }

    #[test]
    fn every_name_is_known() {
        for name in NAMES {
            assert!(lexer(name).is_some(), "{name}");
        }
    }

    /// What a browser shows of the markup.
    fn shown(html: &str) -> String {
        let mut text = String::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            text.push_str(&rest[..at]);
            rest = rest[at..].split_once('>').map_or("", |(_, rest)| rest);
        }
        text.push_str(rest);
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    }

    proptest! {
        #[test]
        fn text_never_changes(code in "(\\PC|[\\n\"'#/*<>&;$@\\\\-]){0,80}", name in prop::sample::select(&NAMES[..])) {
            let html = highlight(name, &code).unwrap_or_default();
            prop_assert_eq!(shown(&html), code);
        }
    }
}
