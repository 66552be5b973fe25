//! Text cases of each language and its modes, and what holds for all.

use proptest::prelude::*;

use super::grammar::GRAMMARS;
use super::*;

const CASES: [&str; 6] = [
    include_str!("cases/data.txt"),
    include_str!("cases/grammars.txt"),
    include_str!("cases/machine.txt"),
    include_str!("cases/native.txt"),
    include_str!("cases/script.txt"),
    include_str!("cases/shell.txt"),
];

/// Every name that a snippet can have.
fn names() -> Vec<&'static str> {
    let lexers = LEXERS.iter().map(|(names, _)| *names);
    let all = lexers.chain(languages::all().map(|language| language.names));
    all.flat_map(|names| names.split(' ')).collect()
}

/// One name of each.
fn tables() -> Vec<&'static str> {
    let lexers = LEXERS.iter().map(|(names, _)| *names);
    let all = lexers.chain(languages::all().map(|language| language.names));
    all.filter_map(|names| names.split(' ').next()).collect()
}

/// Markup in the notation of the cases: `‹k:if›` is a keyword.
fn notation(html: &str) -> String {
    html.replace("<span class=\"", "‹")
        .replace("\">", ":")
        .replace("</span>", "›")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// The text of a case without its marks.
fn unmarked(case: &str) -> String {
    let mut text = String::new();
    let mut rest = case;
    while let Some((before, after)) = rest.split_once('‹') {
        text.push_str(before);
        rest = after.split_once(':').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.replace('›', "")
}

#[test]
fn cases() {
    let mut wrong = String::new();
    for case in CASES.iter().flat_map(|file| file.split("== ").skip(1)) {
        let (title, text) = case.split_once('\n').unwrap_or((case, ""));
        let (language, _) = title.split_once(':').unwrap_or((title, ""));
        let text = text.trim_end();
        let html = highlight(language, &unmarked(text)).unwrap_or_default();
        // Two marks of a class side by side are one.
        let (shown, text) = (notation(&html), joined(text));
        if shown != text {
            wrong.push_str(&format!("\n== {title}\n{shown}\n-- expected\n{text}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn joined(case: &str) -> String {
    ["c", "s", "n", "k", "t", "f", "m", "a", "i", "d"]
        .iter()
        .fold(case.to_owned(), |case, class| {
            let between = format!("›‹{class}:");
            let mut parts = case.split(between.as_str());
            let mut text = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let open = text.rsplit('‹').next().and_then(|open| open.split(':').next());
                if open != Some(*class) {
                    text.push_str(&between);
                }
                text.push_str(part);
            }
            text
        })
}

#[test]
fn names_are_unique_and_known_in_any_case() {
    let mut names = names();
    for name in &names {
        assert!(lexer(&name.to_uppercase()).is_some(), "{name}");
    }
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    // PHP has a table and a lexer that finds it in HTML.
    assert_eq!(names.len(), all - 1);
    for name in ["ladder", "text", "mermaid", "", "a name longer than any language"] {
        assert!(highlight(name, "x").is_none(), "{name}");
    }
}

#[test]
fn grammars_are_there_and_none_is_of_a_language_with_a_table() {
    let own = names();
    let mut aliases = Vec::new();
    for (name, list) in GRAMMARS.lines().filter_map(|line| line.rsplit_once(": ")) {
        assert!(grammar::has(name), "{name}");
        aliases.extend(list.split(' '));
    }
    for alias in &aliases {
        assert!(!own.contains(alias), "{alias}");
        assert_eq!(alias.to_lowercase(), *alias);
        assert!(alias.len() <= LONGEST_NAME, "{alias}");
    }
    let all = aliases.len();
    aliases.sort_unstable();
    aliases.dedup();
    assert_eq!(aliases.len(), all);
}

#[test]
fn the_documentation_names_every_language() {
    let document = include_str!("../../../../docs/content-model.md");
    let part = document
        .split("<!-- languages -->")
        .nth(1)
        .and_then(|part| part.split("<!-- end of languages -->").next())
        .unwrap_or_default();
    let mut written: Vec<&str> = part.split('`').skip(1).step_by(2).collect();
    let grammars = GRAMMARS.lines().filter_map(|line| line.rsplit_once(": "));
    let mut known = names();
    known.extend(grammars.flat_map(|(_, aliases)| aliases.split(' ')));
    for names in [&mut written, &mut known] {
        names.sort_unstable();
        names.dedup();
    }
    assert_eq!(written, known);
}

/// A memory that counts.
#[derive(Debug, Default)]
struct Counting {
    known: std::sync::Mutex<std::collections::BTreeMap<String, std::sync::Arc<str>>>,
}

impl Memo for Counting {
    fn recall(&self, language: &str, code: &str) -> Option<std::sync::Arc<str>> {
        let known = self.known.lock().ok()?;
        known.get(&format!("{language} {code}")).cloned()
    }

    fn remember(&self, language: &str, code: &str, markup: &str) {
        if let Ok(mut known) = self.known.lock() {
            known.insert(format!("{language} {code}"), markup.into());
        }
    }
}

#[test]
fn what_a_grammar_made_is_remembered_and_what_a_table_made_is_not() {
    let memo = Counting::default();
    let written = |language: &str| {
        let mut out = "<p>".to_owned();
        write(language, "-- a", Some(&memo), &mut out);
        out
    };
    written("sql");
    assert_eq!(memo.known.lock().map(|known| known.len()).ok(), Some(0));
    let first = written("hs");
    memo.remember("Haskell", "-- a", "known");
    assert_eq!(first, "<p><span class=\"c\">-- a</span>");
    // All aliases of a language are one.
    assert_eq!(written("Haskell"), "<p>known");
}

#[test]
fn what_is_too_long_for_a_grammar_is_plain() {
    let line = "a".repeat(grammar::LONGEST_LINE);
    assert!(highlight("haskell", &line).is_some());
    assert!(highlight("haskell", &format!("{line}a")).is_none());
    assert!(highlight("haskell", &"a\n".repeat(grammar::LONGEST)).is_none());
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

/// Pieces of syntax from which hostile text is made.
const PIECES: [&str; 64] = [
    "\n",
    " ",
    "\t",
    "\r\n",
    "a",
    "字",
    "R",
    "r",
    "f",
    "q",
    "e",
    "1",
    "\"",
    "'",
    "`",
    "\"\"\"",
    "'''",
    "\\",
    "#",
    "##",
    "$",
    "$$",
    "@",
    "%",
    "%{",
    "/",
    "//",
    "/*",
    "*/",
    "(*",
    "*)",
    "{",
    "}",
    "(",
    "((",
    ")",
    "[",
    "]",
    "[[",
    "[=[",
    "<",
    "<<A",
    "<<-A",
    "<<~A",
    "<<<A",
    "<!--",
    "<![CDATA[",
    "<?php",
    "?>",
    "<script>",
    "<style>",
    "<!DOCTYPE [",
    "${",
    "$(",
    "#{",
    "\\(",
    "|",
    ":",
    ": ",
    "- ",
    "---\n",
    "url(",
    "@\"\n",
    "=",
];

proptest! {
    #[test]
    fn text_never_changes(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        name in prop::sample::select(names()),
    ) {
        let code = pieces.concat();
        let html = highlight(name, &code).unwrap_or_default();
        prop_assert_eq!(shown(&html), code);
    }

    #[test]
    fn a_grammar_never_changes_the_text(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        name in prop::sample::select(&["haskell", "elixir", "perl", "latex", "lisp", "terraform"][..]),
    ) {
        let code = pieces.concat();
        let html = highlight(name, &code).unwrap_or_default();
        prop_assert_eq!(shown(&html), code);
    }

    #[test]
    fn text_of_any_kind_never_changes(code in "(\\PC|[\\n\"'#/*<>&;$@\\\\-]){0,80}", name in prop::sample::select(names())) {
        let html = highlight(name, &code).unwrap_or_default();
        prop_assert_eq!(shown(&html), code);
    }
}

/// No lexer looks at a byte more than so many times, on average.
const LOOKS: usize = 12;

/// What a lexer does with a text that repeats itself.
fn looks(name: &str, start: &str, again: &str) -> (usize, usize) {
    let code = format!("{start}{}", again.repeat(2000 / again.len().max(1)));
    (scan::count(|| drop(highlight(name, &code))), code.len())
}

#[test]
fn steps_grow_with_the_text() {
    for name in tables() {
        for piece in PIECES {
            for start in ["", "x ", "\"", "$(", "#define ", "<a ", "a: [", "`${"] {
                let (steps, bytes) = looks(name, start, piece);
                assert!(
                    steps <= LOOKS * bytes,
                    "{name}: {start:?} {piece:?} takes {steps} for {bytes}"
                );
            }
        }
    }
}

#[test]
fn lines_that_begin_nothing_are_looked_at_once() {
    for piece in ["\n\\", "#\n", "\\\n#\n"] {
        let (steps, bytes) = looks("dockerfile", "", piece);
        assert!(steps <= LOOKS * bytes, "{piece:?} takes {steps} for {bytes}");
    }
}

proptest! {
    #[test]
    fn steps_grow_with_any_text(
        start in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..4),
        again in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..5),
        name in prop::sample::select(names()),
    ) {
        let (steps, bytes) = looks(name, &start.concat(), &again.concat());
        prop_assert!(steps <= LOOKS * bytes, "{} for {}", steps, bytes);
    }
}
