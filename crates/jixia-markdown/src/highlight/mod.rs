//! Highlighting of code by classes: `<span class="k">`, for a style sheet to colour, light and dark.
//!
//! What a language is, is data (`languages`): its words, comments, quotes and traits. A trait names a small scanner of
//! `code` where the language has a mode: here-documents, regular expressions, strings with code in them. What is not
//! made of words has a lexer of its own: markup, style sheets, YAML, TOML, keys and values, lines. They know where
//! comments, strings and embedded code begin and end, and words by their lists; they do not parse.
//!
//! Languages that have no table are read by syntect with two-face's grammars (`grammar`), some hundred times slower,
//! which is why the tables come first.
//!
//! Every scan is one pass: whatever looks ahead either takes what it saw or remembers that it is not there. Text is
//! never changed: with the tags taken away it is as it was. What is not closed goes on to the end.
//!
//! Classes: `c` comment, `s` string, `n` number, `k` keyword, `t` type, `f` function, `m` directive, tag or
//! decorator, `a` attribute, key or variable, `i` inserted, `d` deleted.

mod code;
mod css;
mod cursor;
mod grammar;
mod keys;
mod language;
mod languages;
mod lines;
mod markdown;
mod markup;
mod memo;
mod scan;
mod sink;
mod toml;
mod yaml;

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

pub use grammar::has_loaded_grammars;
pub use memo::Memo;
use sink::Sink;

/// How a language is read.
#[derive(Clone, Copy)]
enum Lexer {
    Code(&'static language::Language),
    Markup(markup::Kind),
    Style(css::Flavour),
    Yaml,
    Toml,
    Keys(keys::Kind),
    Diff,
    Markdown,
    Machine,
    Console,
    Dockerfile,
}

impl Lexer {
    /// Marks a whole snippet.
    fn lex(self, sink: &mut Sink<'_, '_>) {
        let whole = 0..sink.code.len();
        match self {
            // A snippet of PHP often comes without the tag that a file begins with.
            Lexer::Markup(markup::Kind::Php) if !sink.code.contains("<?") => {
                if let Some(language) = languages::find("php") {
                    code::lex(language, sink, whole);
                }
            }
            Lexer::Diff => lines::diff(sink),
            Lexer::Markdown => markdown::lex(sink, embedded),
            Lexer::Machine => lines::machine(sink),
            Lexer::Console => lines::console(sink),
            Lexer::Dockerfile => lines::dockerfile(sink),
            _ => self.lex_part(sink, whole),
        }
    }

    /// Marks a part of a snippet, for a language in which others are embedded. What can only be read whole stays plain.
    fn lex_part(self, sink: &mut Sink<'_, '_>, range: Range<usize>) {
        match self {
            Lexer::Code(language) => {
                code::lex(language, sink, range);
            }
            Lexer::Markup(kind) => markup::lex(kind, sink, range),
            Lexer::Style(flavour) => css::lex(flavour, sink, range),
            Lexer::Yaml => yaml::lex(sink, range),
            Lexer::Toml => toml::lex(sink, range),
            Lexer::Keys(kind) => keys::lex(kind, sink, range),
            Lexer::Diff | Lexer::Markdown | Lexer::Machine | Lexer::Console | Lexer::Dockerfile => {}
        }
    }
}

/// Marks a part that is in a language of its own, if that is known.
fn embedded(name: &str, sink: &mut Sink<'_, '_>, range: Range<usize>) {
    if let Some(lexer) = lexer(name) {
        lexer.lex_part(sink, range);
    }
}

/// Highlights a snippet. Returns `None` for a language that is not known; it is then shown plain.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    let mut out = String::with_capacity(code.len() * 2);
    write(language, code, None, &mut out).then_some(out)
}

/// Writes a highlighted snippet. Writes nothing and returns `false` for a language that is not known.
pub(super) fn write(language: &str, code: &str, memo: Option<&dyn Memo>, out: &mut String) -> bool {
    if language.is_empty() || language.len() > LONGEST_NAME {
        return false;
    }
    let Some(lexer) = lexer(language) else {
        return grammar::write(language, code, memo, out);
    };
    let mut sink = Sink::new(code, out);
    lexer.lex(&mut sink);
    sink.finish();
    true
}

/// Languages that are not made of words, with their names.
const LEXERS: [(&str, Lexer); 16] = [
    ("html htm xhtml vue vue-html", Lexer::Markup(markup::Kind::Html)),
    ("xml svg xaml xsd xsl xslt", Lexer::Markup(markup::Kind::Xml)),
    ("php", Lexer::Markup(markup::Kind::Php)),
    ("css", Lexer::Style(css::Flavour::Css)),
    ("scss less", Lexer::Style(css::Flavour::Braces)),
    ("sass", Lexer::Style(css::Flavour::Lines)),
    ("yaml yml", Lexer::Yaml),
    ("toml", Lexer::Toml),
    ("ini conf cfg editorconfig", Lexer::Keys(keys::Kind::Ini)),
    ("properties", Lexer::Keys(keys::Kind::Properties)),
    ("dotenv env", Lexer::Keys(keys::Kind::Env)),
    ("diff patch", Lexer::Diff),
    ("md markdown", Lexer::Markdown),
    ("gcode g-code nc cnc", Lexer::Machine),
    ("console shell-session", Lexer::Console),
    ("dockerfile docker", Lexer::Dockerfile),
];

/// The longest name that is looked up.
const LONGEST_NAME: usize = 24;

fn lexer(language: &str) -> Option<Lexer> {
    static KNOWN: OnceLock<FxHashMap<&str, Lexer>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let tables = languages::all().map(|language| (language.names, Lexer::Code(language)));
        // The lexers come last: that of PHP finds the code in HTML before its table reads it.
        let all = tables.chain(LEXERS);
        all.flat_map(|(names, lexer)| names.split(' ').map(move |name| (name, lexer)))
            .collect()
    });
    if language.bytes().any(|byte| byte.is_ascii_uppercase()) {
        known.get(language.to_ascii_lowercase().as_str()).copied()
    } else {
        known.get(language).copied()
    }
}

#[cfg(test)]
mod tests;
