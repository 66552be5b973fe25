//! Our own Markdown cases: texts with the HTML they must give.

#![allow(clippy::unwrap_used)]

use jixia_markdown::{
    BlockKind, Body, Captions, Media, MediaKind, ProblemKind, Role, Target, Texts, facts, render,
};

/// Cases of one file: name, Markdown, HTML.
fn cases(file: &str) -> Vec<(String, String, String)> {
    let mut cases: Vec<(String, String, String)> = Vec::new();
    let mut in_html = false;
    let names: Vec<&str> = file.lines().collect();
    for (at, line) in names.iter().enumerate() {
        // A case begins at the first line or after a block of HTML; inside Markdown `###` is a heading.
        if let Some(name) = line.strip_prefix("### ").filter(|_| at == 0 || in_html) {
            cases.push((name.to_owned(), String::new(), String::new()));
            in_html = false;
        } else if *line == "---" {
            in_html = true;
        } else if let Some((_, markdown, html)) = cases.last_mut() {
            let part = if in_html { html } else { markdown };
            part.push_str(line);
            part.push('\n');
        }
    }
    cases
}

#[test]
fn cases_give_their_html() {
    let files = [
        include_str!("markdown/cases/emphasis.txt"),
        include_str!("markdown/cases/breaks.txt"),
        include_str!("markdown/cases/blocks.txt"),
        include_str!("markdown/cases/links.txt"),
    ];
    let mut failures = String::new();
    for (name, markdown, html) in files.into_iter().flat_map(cases) {
        let ours = render(&markdown, &[], &Texts::default());
        if ours != html {
            failures.push_str(&format!(
                "### {name}\n{markdown}--- expected\n{html}--- got\n{ours}\n"
            ));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn targets_replace_what_was_written() {
    let body = "[甲](a.md) ![乙](b.png) <a href=\"c.md\">丙</a> [丁](d.md) https://e.cn";
    let facts = facts(body, &mut |_| {});
    let written: Vec<&str> = facts.links.iter().map(|link| link.target.as_str()).collect();
    assert_eq!(written, ["a.md", "b.png", "c.md", "d.md", "https://e.cn"]);
    let targets = [
        Target::Url("/甲/".to_owned()),
        Target::Picture {
            url: "/b.1.webp".to_owned(),
            width: Some(640),
            height: Some(480),
            srcset: Some("/b.1.webp 640w".to_owned()),
        },
        Target::Url("/c/#x".to_owned()),
        Target::Broken,
        Target::External("https://e.cn/".to_owned()),
    ];
    let html = render(body, &targets, &Texts::default());
    assert_eq!(
        html,
        "<p><a href=\"/%E7%94%B2/\">甲</a> <img src=\"/b.1.webp\" alt=\"乙\" width=\"640\" height=\"480\" \
         srcset=\"/b.1.webp 640w\" sizes=\"(max-width: 640px) 100vw, 640px\" loading=\"lazy\" decoding=\"async\"> <a href=\"/c/#x\">丙</a> \
         <span class=\"broken-link\">丁</span> <a href=\"https://e.cn/\" rel=\"noopener\">https://e.cn</a></p>\n"
    );
}

#[test]
fn players_have_posters_and_captions() {
    let media = Media {
        url: "/m/lesson.1.mp4".to_owned(),
        kind: MediaKind::Video,
        media_type: "video/mp4".to_owned(),
        poster: Some("/m/lesson.jpg".to_owned()),
        captions: vec![Captions {
            url: "/m/lesson.vtt".to_owned(),
            lang: "zh-CN".to_owned(),
            label: "中文".to_owned(),
        }],
        size: Some(1 << 20),
    };
    let html = render(
        "![第一课](lesson)",
        &[Target::Media(media.clone())],
        &Texts::default(),
    );
    for part in [
        " poster=\"/m/lesson.jpg\"",
        "<track kind=\"captions\" src=\"/m/lesson.vtt\" srclang=\"zh-CN\" label=\"中文\" default>",
        "<figcaption>第一课</figcaption>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let file = Target::Media(Media {
        kind: MediaKind::File,
        ..media
    });
    let html = render("![课件](a.pptx)", &[file], &Texts::default());
    assert!(
        html.contains("下载 课件</a> <span class=\"media-size\">1 MB</span>"),
        "{html}"
    );
}

#[test]
fn facts_of_a_body() {
    let body = "# 题目\n\n前言**重点：**内容\n接着 Rust 语言。\n\n## 小节 {#part}\n\n[甲`乙`](a.md \"题\") ![丙](b.png)\n\n\
                ![课](c.mp4)\n\n```c\nint a;\n```\n\n| 子 | 丑 |\n|-|-|\n| 寅 | 卯 |\n\n$\\nosuch$\n\n<div id=\"raw\">文</div>\n";
    let mut blocks = Vec::new();
    let facts = facts(body, &mut |block| {
        blocks.push((block.kind, block.text.to_owned(), block.anchor.map(str::to_owned)));
    });
    let block = |kind, text: &str, anchor: &str| (kind, text.to_owned(), Some(anchor.to_owned()));
    use BlockKind::{Code, Heading, Text};
    assert_eq!(
        blocks,
        [
            block(Heading, "题目", "题目"),
            block(Text, "前言重点：内容接着 Rust 语言。", "题目"),
            block(Heading, "小节", "part"),
            block(Text, "甲乙 丙", "part"),
            block(Text, "课", "part"),
            block(Code, "int a;", "part"),
            block(Text, "子", "part"),
            block(Text, "丑", "part"),
            block(Text, "寅", "part"),
            block(Text, "卯", "part"),
            block(Text, "\\nosuch", "part"),
            block(Text, "文", "part"),
        ]
    );
    let headings: Vec<(u8, &str, &str)> = facts
        .headings
        .iter()
        .map(|h| {
            (
                h.level,
                h.id.as_str(),
                &body[h.span.start as usize..h.span.end as usize],
            )
        })
        .collect();
    assert_eq!(
        headings,
        [(2, "题目", "# 题目\n"), (3, "part", "## 小节 {#part}\n")]
    );
    assert_eq!(facts.summary, "前言重点：内容接着 Rust 语言。");
    let links: Vec<(Role, &str, &str, &str)> = facts
        .links
        .iter()
        .map(|l| {
            (
                l.role,
                l.target.as_str(),
                l.label.as_str(),
                &body[l.span.start as usize..l.span.end as usize],
            )
        })
        .collect();
    assert_eq!(
        links,
        [
            (Role::Link, "a.md", "甲乙", "[甲`乙`](a.md \"题\")"),
            (Role::Image, "b.png", "丙", "![丙](b.png)"),
            (Role::Media, "c.mp4", "课", "![课](c.mp4)"),
        ]
    );
    assert_eq!(
        (facts.counts.characters, facts.counts.words, facts.counts.images),
        (23, 2, 1)
    );
    assert_eq!(facts.counts.minutes, 1);
    assert_eq!(facts.anchors, ["raw"]);
    assert!(facts.has_raw_html && facts.has_code && facts.has_math);
    let problem = &facts.problems[0];
    assert_eq!(
        (problem.kind, problem.detail.as_str()),
        (ProblemKind::Formula, "\\nosuch")
    );
    assert_eq!(
        &body[problem.span.start as usize..problem.span.end as usize],
        "$\\nosuch$"
    );
}

#[test]
fn reading_time() {
    let cases = [
        ("", 1),
        ("字", 1),
        (&"字".repeat(400), 1),
        (&"字".repeat(401), 2),
        (&"word ".repeat(1000), 5),
    ];
    for (body, minutes) in cases {
        assert_eq!(facts(body, &mut |_| {}).counts.minutes, minutes);
    }
}

#[test]
fn breaks_and_comments_are_no_raw_html() {
    let cases = [
        ("a<br>b", false),
        ("<!-- x -->", false),
        ("a <!-- x --> b", false),
        ("<b>x</b>", true),
        ("<script>", true),
    ];
    for (body, expected) in cases {
        assert_eq!(facts(body, &mut |_| {}).has_raw_html, expected, "{body}");
    }
}

#[test]
fn a_heading_that_repeats_the_title_is_shown_once() {
    let cases = [
        ("# 计算属性\n\n## 一节\n", "计算属性", ["一节"].as_slice()),
        ("[TOC]\n\n计算  属性\n===\n\n## 一节\n", "计算 属性", &["一节"]),
        (
            "# **计算**`属性` {#a}\n\n# 一节\n\n# 计算属性\n",
            "计算属性",
            &["一节", "计算属性"],
        ),
        ("# 另一个\n\n# 计算属性\n", "计算属性", &["另一个", "计算属性"]),
        ("## 计算属性\n", "计算属性", &["计算属性"]),
    ];
    for (text, title, expected) in cases {
        let body = Body { text, title };
        let headings = facts(body, &mut |_| {}).headings;
        let shown: Vec<&str> = headings.iter().map(|heading| heading.text.as_str()).collect();
        assert_eq!(shown, expected, "{text}");
        let html = render(body, &[], &Texts::default());
        assert_eq!(html.matches("<h").count(), expected.len(), "{html}");
        for heading in headings {
            let tag = format!("<h{} id=\"{}\">", heading.level, heading.id);
            assert!(html.contains(&tag), "{tag} in {html}");
        }
    }
}
