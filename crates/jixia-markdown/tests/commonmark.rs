//! Every example of the CommonMark specification through our renderer.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jixia_markdown::{Texts, render};
use scraper::{ElementRef, Html, Node};

#[derive(serde::Deserialize)]
struct Example {
    markdown: String,
    html: String,
    example: u32,
    section: String,
}

/// Elements between which white space means nothing.
const BLOCKS: [&str; 20] = [
    "html",
    "body",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "div",
    "section",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figure",
];

/// The page as a text to compare: our additions (ids, classes, wrappers, hints for loading) left out. Headings of the
/// specification take the levels that they have below the `h1` of a page.
fn canonical(html: &str, is_ours: bool) -> String {
    let document = Html::parse_fragment(html);
    let mut out = String::new();
    let mut ranks = (!is_ours).then(Vec::new);
    write(document.root_element(), &mut ranks, false, &mut out);
    out
}

/// The level of a heading among those that were met: one below the nearest of a higher rank.
fn level(ranks: &mut Vec<usize>, written: usize) -> usize {
    ranks.retain(|rank| *rank < written);
    ranks.push(written);
    (ranks.len() + 1).min(6)
}

fn write(node: ElementRef<'_>, ranks: &mut Option<Vec<usize>>, pre: bool, out: &mut String) {
    for child in node.children() {
        match child.value() {
            Node::Text(text) => {
                let block = BLOCKS.contains(&node.value().name());
                let text: &str = &text.text;
                let text = if pre {
                    text.to_owned()
                } else if block
                    && text.trim().is_empty()
                    && !(child.prev_sibling().is_some()
                        && child.next_sibling().is_some()
                        && !text.contains('\n'))
                {
                    String::new()
                } else if block {
                    let first = child.prev_sibling().is_none_or(|s| is_block(s.value()));
                    let last = child.next_sibling().is_none_or(|s| is_block(s.value()));
                    let text = if first {
                        text.trim_start_matches('\n')
                    } else {
                        text
                    };
                    (if last { text.trim_end_matches('\n') } else { text }).to_owned()
                } else {
                    text.to_owned()
                };
                out.push_str(&text);
            }
            Node::Element(element) => {
                let Some(inner) = ElementRef::wrap(child) else {
                    continue;
                };
                let name = element.name();
                let class = element.attr("class").unwrap_or_default();
                if name == "a" && class == "anchor" {
                    continue;
                }
                let unwrapped =
                    name == "html" || class == "table-wrap" || (name == "span" && class.len() == 1);
                if unwrapped {
                    write(inner, ranks, pre, out);
                    continue;
                }
                let written = name.strip_prefix('h').and_then(|level| level.parse().ok());
                let name = match (written, ranks.as_mut()) {
                    (Some(written), Some(ranks)) => format!("h{}", level(ranks, written)),
                    _ => name.to_owned(),
                };
                let mut attributes: Vec<(&str, &str)> = element
                    .attrs()
                    .filter(|(key, _)| !matches!(*key, "loading" | "decoding" | "rel" | "tabindex"))
                    .filter(|(key, _)| !(*key == "id" && name.len() == 2 && name.starts_with('h')))
                    .filter(|(key, value)| !(*key == "class" && *value == "code"))
                    .collect();
                attributes.sort_unstable();
                write!(out, "<{name}").unwrap();
                for (key, value) in attributes {
                    write!(out, " {key}={value:?}").unwrap();
                }
                out.push('>');
                write(inner, ranks, pre || name == "pre", out);
                write!(out, "</{name}>").unwrap();
            }
            _ => {}
        }
    }
}

fn is_block(node: &Node) -> bool {
    node.as_element().is_some_and(|element| {
        BLOCKS.contains(&element.name()) || matches!(element.name(), "pre" | "hr" | "br")
    })
}

#[test]
fn every_example_of_the_specification() {
    let examples: Vec<Example> =
        serde_json::from_str(include_str!("markdown/commonmark-0.31.2.json")).unwrap();
    assert_eq!(examples.len(), 652);
    let exceptions: BTreeMap<u32, &str> = include_str!("markdown/commonmark-exceptions.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            line.split_once(' ')
                .map(|(number, reason)| (number.parse().unwrap(), reason))
                .unwrap()
        })
        .collect();
    let mut report = String::new();
    for example in &examples {
        let ours = render(&example.markdown, &[], &Texts::default());
        let same = canonical(&ours, true) == canonical(&example.html, false);
        match (same, exceptions.get(&example.example)) {
            (false, None) => {
                let Example {
                    markdown,
                    html,
                    example: number,
                    section,
                } = example;
                write!(
                    report,
                    "{number} ({section})\n{markdown}---\n{html}---\n{ours}===\n"
                )
                .unwrap();
            }
            (true, Some(reason)) => {
                writeln!(report, "{} passes, but is listed: {reason}", example.example).unwrap();
            }
            _ => {}
        }
    }
    assert!(report.is_empty(), "{report}");
}
