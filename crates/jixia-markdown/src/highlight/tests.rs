//! Text cases of each language and its modes, and what holds for all.

use proptest::prelude::*;

use super::*;

const CASES: [&str; 5] = [
    include_str!("cases/data.txt"),
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
    assert!(highlight("ladder", "x").is_none());
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
