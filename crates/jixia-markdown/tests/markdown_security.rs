//! Hostile bodies: whatever is written, the page holds nothing forbidden and what stands around it stays whole.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use jixia_markdown::{Address, MAX_DEPTH, Target, Texts, classify, facts, render};
use proptest::prelude::*;
use scraper::{ElementRef, Html, Selector};

/// Elements a rendered body may hold: what Markdown and our own markup write, and the raw ones that are allowed.
const ELEMENTS: &str = "a abbr annotation aside audio b bdi bdo blockquote br caption center cite code col colgroup dd \
    del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img input ins kbd li mark math menclose mfrac mi \
    mn mo mover mphantom mroot mrow mspace msqrt msub msubsup msup mtable mtd mtext mtr munder munderover ol p pre q rb \
    rp rt ruby s samp section semantics small source span strike strong sub summary sup table tbody td tfoot th thead \
    time tr track tt u ul var video wbr";

/// Attributes a rendered body may hold.
const ATTRIBUTES: &str = "accent accentunder align alt aria-label checked class colspan controls datetime decoding \
    default dir disabled display download encoding fence height href id kind label lang linethickness loading \
    mathvariant notation open playsinline poster preload rel reversed role rowspan scope sizes span src srclang srcset \
    start stretchy tabindex title type value width";

/// What is wrong with a page around a rendered body, if anything.
fn faults(html: &str) -> Vec<String> {
    let page = format!("<main><div id=\"wrapper\">{html}</div><p id=\"after\">end</p></main>");
    let document = Html::parse_document(&format!("<!DOCTYPE html><html><body>{page}</body></html>"));
    let mut faults = Vec::new();
    let select = |selector: &str| document.select(&Selector::parse(selector).unwrap()).count();
    for (selector, count) in [
        ("body > main", 1),
        ("main > div#wrapper", 1),
        ("div#wrapper + p#after", 1),
        ("main > *", 2),
        ("body > *", 1),
    ] {
        if select(selector) != count {
            faults.push(format!("{selector}: {}", select(selector)));
        }
    }
    if select("p#after") == 1 {
        let after = document
            .select(&Selector::parse("p#after").unwrap())
            .next()
            .unwrap();
        if after.inner_html() != "end" {
            faults.push(format!("after: {}", after.inner_html()));
        }
    }
    for wrapper in document.select(&Selector::parse("div#wrapper").unwrap()) {
        wrapper
            .descendent_elements()
            .skip(1)
            .for_each(|element| check_element(element, &mut faults));
    }
    faults
}

fn check_element(element: ElementRef<'_>, faults: &mut Vec<String>) {
    let name = element.value().name();
    if !ELEMENTS.split_whitespace().any(|allowed| allowed == name) {
        faults.push(format!("<{name}>"));
    }
    if name == "input" && element.value().attr("type") != Some("checkbox") {
        faults.push("input".to_owned());
    }
    for (attribute, value) in element.value().attrs() {
        if !ATTRIBUTES.split_whitespace().any(|allowed| allowed == attribute) {
            faults.push(format!("{name} {attribute}={value}"));
        }
        if matches!(attribute, "href" | "src" | "poster") && classify(value) == Address::Forbidden {
            faults.push(format!("{name} {attribute}={value}"));
        }
        let known = "code table-wrap left center right anchor broken-link footnote-ref footnote-back footnotes \
                     admonition admonition-title note tip important warning caution media media-video media-audio \
                     media-pdf media-file media-size math-error nowrap small c s n k t f m a i d";
        let ours =
            |class: &str| known.split_whitespace().any(|k| k == class) || class.starts_with("language-");
        if attribute == "class" && !value.split(' ').all(ours) {
            faults.push(format!("{name} class={value}"));
        }
    }
}

#[test]
fn hostile_snippets_give_harmless_pages() {
    let snippets: Vec<&str> = include_str!("markdown/hostile.txt").split("\n%%%\n").collect();
    assert!(snippets.len() >= 60, "{}", snippets.len());
    let mut report = String::new();
    for snippet in snippets {
        for body in [
            snippet.to_owned(),
            format!("> - {snippet}\n\n[a](b)\n"),
            format!("文 {snippet} 字"),
            format!("**{snippet}**：x"),
        ] {
            let html = render(&body, &[], &Texts::default());
            let faults = faults(&html);
            if !faults.is_empty() {
                writeln!(report, "{body}\n---\n{html}\n{faults:?}\n===").unwrap();
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn resolved_targets_are_judged_too() {
    let targets = [
        Target::Url("javascript:alert(1)".to_owned()),
        Target::External("data:text/html,x".to_owned()),
        Target::Picture {
            url: "/a\" onerror=\"x".to_owned(),
            width: None,
            height: None,
            srcset: Some("\"><script>".to_owned()),
        },
    ];
    let html = render("[a](b) [c](d) ![e](f)", &targets, &Texts::default());
    assert_eq!(faults(&html), Vec::<String>::new(), "{html}");
    assert!(!html.contains("href=\"javascript"), "{html}");
}

#[test]
fn deep_nesting_is_flattened() {
    let deep = 10_000;
    let bodies = [
        ">".repeat(deep) + " a",
        "- ".repeat(deep) + "a",
        "<div>\n".repeat(deep) + "a",
        "<b>".repeat(deep) + "a",
        "text <b>".repeat(deep) + "a",
        "*a **b ".repeat(deep),
        "[".repeat(deep) + "a" + &"](b)".repeat(deep),
        "![".repeat(deep) + "a" + &"](b)".repeat(deep),
        "<script>".repeat(deep),
        "</div>".repeat(deep),
        "<!--".repeat(deep),
        "<a b=\"".repeat(deep),
        "<table><tr><td>".repeat(deep),
        "$".repeat(deep) + "{",
        format!("${}$", "{".repeat(deep)),
        "**：**中".repeat(deep),
        "`".repeat(deep) + " a",
        "| a ".repeat(deep) + "|\n" + &"|-".repeat(deep) + "|\n|\n|\n|\n",
        "|a|b|c|\n|-|-|-|\n".to_owned() + &"|一|二|三|\n".repeat(deep),
        "[^a]".repeat(deep) + "\n\n[^a]: b",
        "# a\n".repeat(deep),
        "www.".repeat(deep) + "a@".repeat(deep).as_str(),
        "> ".repeat(100) + &"- ".repeat(100) + "x",
        "&".repeat(deep) + &"\\".repeat(deep),
        "<".repeat(deep) + &"</".repeat(deep),
    ];
    for body in bodies {
        let html = render(&body, &[], &Texts::default());
        facts(&body, &mut |_| {});
        let start: String = body.chars().take(20).collect();
        assert_eq!(faults(&html), Vec::<String>::new(), "{start}");
        let deepest = Html::parse_fragment(&html)
            .tree
            .nodes()
            .filter(|node| node.value().is_text())
            .map(|node| node.ancestors().take(1000).count())
            .max()
            .unwrap_or_default();
        assert!(deepest < 4 * MAX_DEPTH as usize, "{start}: {deepest}");
    }
}

/// Ammonia with the same list, as a second opinion: it must find nothing to take away.
fn ammonia_agrees(html: &str) -> bool {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(ELEMENTS.split_whitespace().collect())
        .generic_attributes(ATTRIBUTES.split_whitespace().collect())
        .url_schemes(["http", "https", "mailto", "tel", "ftp", "sms"].into())
        .link_rel(None);
    let cleaned = builder.clean(html).to_string();
    Html::parse_fragment(&cleaned).html()
        == Html::parse_fragment(&Html::parse_fragment(html).root_element().inner_html()).html()
}

#[test]
fn ammonia_finds_nothing_in_hostile_pages() {
    for snippet in include_str!("markdown/hostile.txt").split("\n%%%\n") {
        let html = render(snippet, &[], &Texts::default());
        assert!(ammonia_agrees(&html), "{snippet}\n---\n{html}");
    }
}

/// Bodies made of the parts that matter to the parser and to us.
fn body() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "**",
        "*",
        "_",
        "~~",
        "`",
        "[",
        "](",
        ")",
        "![",
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<p>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<a href=x>",
        "</a>",
        "<img src=y>",
        "<",
        ">",
        "\"",
        "\n",
        "\n\n",
        "- ",
        "> ",
        "1. ",
        "# ",
        "|",
        "\n|-|\n",
        "```\n",
        "$",
        "$$",
        "\\",
        "&lt;",
        "&",
        "中",
        "文，",
        "：",
        "（",
        "”",
        " ",
        "    ",
        "https://a.cn/",
        "a@b.cn",
        "www.x.cn",
        "[^1]",
        "\n[^1]: ",
        "{#id}",
        "x.mp4",
        "> [!NOTE]\n> ",
        "> **注意：** ",
        "\u{FDD0}",
        "\0",
        "\u{202E}",
        "é",
        "🀄",
        "<br>",
        "\\frac{",
        "}",
        "^",
        "<summary>",
        "<h1>",
        "<li>",
        "<ul>",
    ]);
    prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat())
}

/// Bodies of raw tags, which a browser repairs in its own ways.
fn tags() -> impl Strategy<Value = String> {
    let names = "a b i p div span h1 h3 ul ol li dl dt dd table caption colgroup col thead tbody tr td th pre br hr img \
                 details summary ruby rt rp center section figure blockquote script svg select form button textarea";
    let names: Vec<&str> = names.split_whitespace().collect();
    let tag = (prop::sample::select(names), 0..5).prop_map(|(name, form)| match form {
        0 | 1 => format!("<{name}>"),
        2 => format!("<{name} href=x src=y>"),
        _ => format!("</{name}>"),
    });
    let mark = prop::sample::select(vec![
        "\n",
        "\n\n",
        "\n- ",
        "\n> ",
        "x",
        "\n# x\n",
        "\n|a|\n|-|\n|",
        "**",
        "[x](y)",
        "`c`",
    ]);
    let part = prop_oneof![4 => tag, 1 => mark.prop_map(str::to_owned)];
    prop::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn any_text_gives_a_harmless_page(body in prop_oneof![4 => body(), 4 => tags(), 1 => "\\PC{0,60}", 1 => any::<String>()]) {
        let html = render(&body, &[], &Texts::default());
        let faults = faults(&html);
        prop_assert!(faults.is_empty(), "{:?}\n{}\n{}", faults, body, html);
        prop_assert!(!html.contains(char::from_u32(0xFDD0).unwrap()), "sentinel left in");
    }

    #[test]
    fn links_of_facts_and_rendering_are_the_same(body in prop_oneof![body(), tags()]) {
        let facts = facts(&body, &mut |_| {});
        for link in &facts.links {
            prop_assert!(body.get(link.span.start as usize..link.span.end as usize).is_some());
        }
        for heading in &facts.headings {
            prop_assert!(body.get(heading.span.start as usize..heading.span.end as usize).is_some());
        }
        // Each link becomes an address of its own number; those written must stand in order.
        let targets: Vec<Target> = (0..facts.links.len() + 3).map(|number| Target::Url(format!("/t{number}/"))).collect();
        let html = render(&body, &targets, &Texts::default());
        let text = html.split("<section class=\"footnotes\"").next().unwrap();
        let mut last = None;
        for part in text.split("=\"/t").skip(1) {
            let number: usize = part.split('/').next().unwrap().parse().unwrap();
            prop_assert!(number < facts.links.len(), "{} of {}: {}\n{}", number, facts.links.len(), body, html);
            prop_assert!(last.is_none_or(|last| last < number), "{}\n{}", body, html);
            last = Some(number);
        }
    }
}
