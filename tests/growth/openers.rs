//! Texts that go on and on beginning something: what makes a parser look to the end of the text each time. Who measures work
//! on them gives a way of counting it.

/// What begins something in Markdown, HTML, YAML, TOML, tables, templates, or is a piece of it.
pub(crate) const OPENERS: &[&str] = &[
    "[^",
    "[^a]: ",
    "[",
    "![",
    "[a](",
    "[a]: b\n",
    "]",
    "](",
    "(",
    ")",
    "`",
    "``",
    "```\n",
    "~~~",
    "$",
    "$$",
    "\\(",
    "\\[",
    "\\",
    "<",
    "<a ",
    "<a href=\"",
    "<b>",
    "</b>",
    "<!--",
    "<![CDATA[",
    "<?",
    "&",
    "&#",
    "&lt;",
    "*",
    "**",
    "_",
    "*_",
    "**a",
    "~~",
    "|",
    "|a|\n|-|\n",
    ">",
    "> ",
    "- ",
    "1. ",
    "    ",
    "#",
    "# [",
    ":::",
    "{{<",
    "{%",
    "{",
    "}",
    "\"",
    "'",
    "\"\"\"",
    ":",
    ": ",
    "- - ",
    "? ",
    "!a ",
    "&a ",
    "*a ",
    "[[",
    "[a]\n",
    "[a.b]\n",
    "a=",
    "a.",
    "a = [",
    "a = \"",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    " ",
    "  \n",
    "a",
    "a\n",
    "微课",
    "，",
    "“",
    "http://a",
    "www.",
    "a@",
    "a@b.c ",
    "138",
    "---\n",
    "===\n",
    "-->",
    "\u{301}",
    "<v>",
    "<c t=\"s\">",
    "\u{0}",
];

/// Bytes of the smaller of two texts.
const SMALL: usize = 3000;
/// At most so many times the work for twice the text.
const GROWTH: u64 = 25;

/// A text of at least so many bytes.
fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes.div_ceil(piece.len()))
}

/// Makes a text of a length.
type Make<'a> = Box<dyn Fn(usize) -> String + 'a>;

/// Ways of making a text of two openers, each with its name: by turns, and many of one before many of the other.
fn texts<'a>(first: &'a str, second: &'a str) -> [(String, Make<'a>); 3] {
    let apart = |first: &'a str, second: &'a str| -> (String, Make<'a>) {
        let make = move |bytes: usize| repeated(first, bytes / 2) + &repeated(second, bytes / 2);
        (format!("{first:?}…{second:?}…"), Box::new(make))
    };
    let by_turns = move |bytes: usize| repeated(&format!("{first}{second}"), bytes);
    [
        (format!("{first:?} {second:?}"), Box::new(by_turns)),
        apart(first, second),
        apart(second, first),
    ]
}

fn is_faster(less: u64, more: u64, floor: u64) -> bool {
    more > floor && 10 * more > GROWTH * less.max(floor / 2)
}

/// Fails if some work does more than two and a half times as much on twice the text, of any of the openers that it `takes`.
/// `count` gives how much it does; what is less than `floor` is the noise of whatever is done once.
pub(crate) fn grow(what: &str, takes: &[&str], floor: u64, count: &dyn Fn(&str) -> u64) {
    let mut wrong = Vec::new();
    for (place, first) in takes.iter().enumerate() {
        // In debug builds all pairs take minutes: each opener meets itself, the next one and every thirteenth of the others.
        let partners = (place..takes.len()).filter(|other| other - place < 2 || (other + place) % 13 == 0);
        for second in partners {
            for (name, text) in texts(first, takes[second]) {
                let [less, more] = [SMALL, 2 * SMALL].map(|bytes| count(&text(bytes)));
                if !is_faster(less, more, floor) {
                    continue;
                }
                // What another number of quotes makes a mistake is done once, and not again for the next double.
                let most = count(&text(4 * SMALL));
                if is_faster(more, most, floor) {
                    wrong.push(format!("{name}: {less}, {more}, {most}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{what} grows faster than its text:\n{}",
        wrong.join("\n")
    );
}
