//! What elements are, as far as an allow-list has to know.

/// Elements that may stand in a page.
pub(super) const ALLOWED: [&str; 74] = [
    "a",
    "abbr",
    "acronym",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "menu",
    "nobr",
    "ol",
    "p",
    "pre",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements whose content goes with them.
pub(super) const HIDDEN: [&str; 19] = [
    "applet",
    "audio",
    "canvas",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "xmp",
];

/// Further elements that HTML has or had. A tag of any other name is a mistake.
const KNOWN: [&str; 58] = [
    "acronym", "address", "area", "article", "base", "basefont", "bgsound", "big", "blink", "body", "button",
    "data", "datalist", "dialog", "dir", "embed", "fieldset", "font", "footer", "form", "frame", "frameset",
    "head", "header", "hgroup", "html", "input", "isindex", "keygen", "label", "legend", "link", "listing",
    "main", "map", "marquee", "menu", "menuitem", "meta", "meter", "multicol", "nav", "nobr", "optgroup",
    "option", "output", "param", "picture", "portal", "progress", "rtc", "search", "slot", "source",
    "spacer", "track", "nextid", "xml",
];

/// Whether HTML has, or had, an element of this name.
pub(crate) fn is_element(name: &str) -> bool {
    let is = |list: &'static [&'static str]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    is(&ALLOWED) || is(&HIDDEN) || is(&KNOWN)
}

/// Elements without content.
pub(crate) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "col" | "hr" | "img" | "wbr")
}

/// Whether an element is a heading.
pub(crate) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// The element that must be open directly around `name`, if the parser would otherwise rearrange the page.
pub(crate) fn parents(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "caption" | "colgroup" | "thead" | "tbody" | "tfoot" => Some(&["table"]),
        "col" => Some(&["colgroup", "table"]),
        "tr" => Some(&["thead", "tbody", "tfoot", "table"]),
        "td" | "th" => Some(&["tr"]),
        "li" => Some(&["ol", "ul"]),
        "dt" | "dd" => Some(&["dl"]),
        "rt" | "rp" => Some(&["ruby"]),
        "summary" => Some(&["details"]),
        "figcaption" => Some(&["figure"]),
        _ => None,
    }
}

/// Whether an element holds nothing but parts of a table. Anything else in it would be moved out by the browser, and
/// a table in it would end it, with end tags left over that reach the page around.
pub(crate) fn is_frame(name: &str) -> bool {
    matches!(name, "table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup")
}

/// Whether the beginning of `next` ends an open `open`, as HTML lets authors leave out end tags.
pub(crate) fn ends(open: &str, next: &str) -> bool {
    match next {
        "td" | "th" => matches!(open, "td" | "th" | "caption"),
        "tr" => matches!(open, "td" | "th" | "tr" | "caption" | "colgroup"),
        "thead" | "tbody" | "tfoot" => {
            matches!(
                open,
                "td" | "th" | "tr" | "caption" | "colgroup" | "thead" | "tbody" | "tfoot"
            )
        }
        "rt" | "rp" => matches!(open, "rt" | "rp"),
        "li" => open == "li",
        "dt" | "dd" => matches!(open, "dt" | "dd"),
        _ => is_block(next) && holds_words(open) && !is_heading(open),
    }
}

/// What an element is today that HTML had once, and the class that says the rest. Empty for one that is gone without a trace.
pub(crate) fn today(name: &'static str) -> (&'static str, &'static str) {
    match name {
        "acronym" => ("abbr", ""),
        "big" => ("strong", ""),
        "center" => ("div", "center"),
        "dir" | "menu" => ("ul", ""),
        "nobr" => ("span", "nowrap"),
        "strike" => ("s", ""),
        // It may stand before other rows.
        "tfoot" => ("tbody", ""),
        "tt" => ("code", ""),
        "rb" | "rtc" | "col" | "colgroup" => ("", ""),
        name => (name, ""),
    }
}

/// Whether an element is a block: it stands in no line of text.
pub(crate) fn is_block(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "aside"
                | "blockquote"
                | "center"
                | "details"
                | "dir"
                | "div"
                | "dl"
                | "figure"
                | "hr"
                | "menu"
                | "ol"
                | "p"
                | "pre"
                | "section"
                | "table"
                | "ul"
        )
}

/// Whether an element holds words of a text and no blocks.
pub(crate) fn holds_words(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "abbr"
                | "acronym"
                | "b"
                | "bdi"
                | "bdo"
                | "big"
                | "cite"
                | "code"
                | "dfn"
                | "em"
                | "i"
                | "kbd"
                | "mark"
                | "nobr"
                | "p"
                | "pre"
                | "q"
                | "rt"
                | "ruby"
                | "s"
                | "samp"
                | "small"
                | "span"
                | "strike"
                | "strong"
                | "sub"
                | "sup"
                | "time"
                | "tt"
                | "u"
                | "var"
        )
}

pub(super) fn known(list: &'static [&'static str], name: &str) -> Option<&'static str> {
    if name.len() > 10 {
        return None;
    }
    let mut lower = [0; 10];
    let lower = &mut lower[..name.len()];
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    let lower = std::str::from_utf8(lower).ok()?;
    list.binary_search(&lower).ok().map(|at| list[at])
}
