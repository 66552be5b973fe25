//! Links to addresses that texts had in their source: permalinks of entries and of settings, the site's own host.

use super::moving::{GIF, Move};

#[test]
fn addresses_of_posts_are_followed() {
    let body = "[一](/2019/05/01/first/) [二](https://old.example/blog/posts/x.html#h) [三](/blog/archives/9/) [四](/2019/05/01/nowhere/) [五](https://other.example/posts/x.html) [六](https://old.example/blog/gone/)\n";
    let moving = Move::of(&[
        (
            "_config.yml",
            b"url: https://old.example/blog\nroot: /blog/\npermalink: :year/:month/:day/:title/\n",
        ),
        ("scaffolds/post.md", b""),
        (
            "source/_posts/first.md",
            "---\ntitle: 一\ndate: 2019-5-1 10:00:00\n---\n文\n".as_bytes(),
        ),
        (
            "source/_posts/2019-05-02-second.md",
            "---\ntitle: 二\ndate: 2019-05-02\npermalink: /posts/x.html\n---\n文\n".as_bytes(),
        ),
        (
            "source/about/index.md",
            "---\ntitle: 关于\npermalink: archives/9\n---\n文\n".as_bytes(),
        ),
        (
            "source/_posts/links.md",
            format!("---\ntitle: 链接\ndate: 2019-05-03\n---\n{body}").as_bytes(),
        ),
    ]);
    let told = moving.import(&[]);
    let text = moving.read("news/links.md");
    let expected = "[一](first.md) [二](2019-05-02-second.md#h) [三](../pages/about/index.md) [四](/2019/05/01/nowhere/) [五](https://other.example/posts/x.html) [六](https://old.example/blog/gone/)\n";
    assert!(text.ends_with(expected), "{text}");
    let unresolved: Vec<&str> = told
        .lines
        .iter()
        .filter(|line| line["code"] == "link-unresolved")
        .map(|line| line["detail"].as_str().unwrap())
        .collect();
    assert_eq!(
        unresolved,
        ["/2019/05/01/nowhere/", "https://old.example/blog/gone/"]
    );
}

#[test]
fn each_generator_addresses_its_texts_in_its_own_way() {
    let post = "---\ntitle: 目标\ndate: 2020-03-04\n---\n文\n";
    let with = |field: &str| format!("---\ntitle: 目标\ndate: 2020-03-04\n{field}\n---\n文\n");
    let link = |target: &str| format!("---\ntitle: 链接\ndate: 2020-03-05\n---\n[见]({target})\n");
    // Settings, the target with its text, the text that links, the link, and what becomes of it.
    let cases: &[(&str, &str, &str, String, &str, &str, &str)] = &[
        (
            "_config.yml",
            "permalink: pretty\nbaseurl: /b\n",
            "_posts/2020-03-04-a-b.md",
            with("categories: [x, y]"),
            "_posts/2020-03-05-z.md",
            "/b/x/y/2020/03/04/a-b/",
            "2020-03-04-a-b.md",
        ),
        (
            "_config.yml",
            "title: x\n",
            "_posts/2020-03-04-a-b.md",
            post.to_owned(),
            "_posts/2020-03-05-z.md",
            "/2020/03/04/a-b.html",
            "2020-03-04-a-b.md",
        ),
        (
            "hugo.toml",
            "baseURL = \"https://h.example/\"\n[permalinks]\nposts = \"/:year/:month/:slug/\"\n",
            "content/posts/a.md",
            with("slug: neu"),
            "content/posts/z.md",
            "https://h.example/2020/03/neu/",
            "a.md",
        ),
        (
            "hugo.toml",
            "title = \"x\"\n",
            "content/docs/a.md",
            with("slug: neu"),
            "content/docs/z.md",
            "/docs/neu/",
            "a.md",
        ),
        (
            "hugo.toml",
            "title = \"x\"\n",
            "content/docs/a.md",
            with("url: /ganz/woanders.html"),
            "content/docs/z.md",
            "/ganz/woanders.html#x",
            "a.md#x",
        ),
        (
            ".vuepress/theme.ts",
            "  hostname: \"https://v.example/\",\n",
            "g/a.md",
            post.to_owned(),
            "g/z.md",
            "https://v.example/g/a.html",
            "a.md",
        ),
        (
            "mkdocs.yml",
            "site_url: https://m.example/docs/\n",
            "docs/g/a.md",
            post.to_owned(),
            "docs/g/z.md",
            "https://m.example/docs/g/a/",
            "a.md",
        ),
    ];
    for (settings, said, target, text, from, address, expected) in cases {
        let link = link(address);
        let mut files = vec![
            (*settings, said.as_bytes()),
            (*target, text.as_bytes()),
            (*from, link.as_bytes()),
        ];
        if *settings == "_config.yml" {
            files.push(("_layouts/x.html", b""));
        }
        let moving = Move::of(&files);
        let told = moving.import(&["--kind", "news"]);
        let name = from.rsplit('/').next().unwrap();
        let made = moving.read(&format!("news/{name}"));
        assert!(
            made.contains(&format!("[见]({expected})")),
            "{address}: {made} {:?}",
            told.lines
        );
    }
}

#[test]
fn headings_are_named_as_they_are_called_here() {
    let moving = Move::of(&[
        ("a.md", "# 甲\n\n## Hello World_x\n\n## 1. 简介\n\n文\n".as_bytes()),
        (
            "b.md",
            "# 乙\n\n## Own One\n\n[一](a.md#Hello-World-x) [二](a.md#_1-%E7%AE%80%E4%BB%8B) [三](a.md#gone) [四](#Own-One) [五](a.md#1-简介) [六](<a.md#Hello-World-x>) [七](a.md#甲) [八](#乙)\n"
                .as_bytes(),
        ),
    ]);
    let told = moving.import(&[]);
    let text = moving.read("pages/b.md");
    assert!(
        text.contains("[一](a.md#hello-world_x) [二](a.md#1-简介) [三](a.md#gone) [四](#own-one) [五](a.md#1-简介) [六](a.md#hello-world_x) [七](a.md) [八](#top)"),
        "{text}"
    );
    assert_eq!(told.totals["heading-unresolved"], 1);
}

#[test]
fn pictures_come_along_as_what_they_are() {
    let font = r#"<svg><style>@font-face{src:url("https://e.example/V.woff2")}</style></svg>"#;
    let moving = Move::of(&[
        (
            "a.md",
            "# 甲\n\n![图](图.png) ![画](画.svg)\n\n退\u{8}格\n".as_bytes(),
        ),
        (
            "b.md",
            "<script setup>\nimport x from 'y'\n\n# no heading\n</script>\n\n# 乙 {#b}\n\n文\n".as_bytes(),
        ),
        ("图.png", GIF),
        ("画.svg", font.as_bytes()),
    ]);
    let told = moving.import(&[]);
    assert!(
        moving
            .read("pages/a.md")
            .ends_with("![图](图.gif) ![画](画.svg)\n\n退格\n")
    );
    assert_eq!(moving.files()["pages/图.gif"], GIF);
    assert_eq!(moving.files()["pages/画.svg"], b"<svg><style></style></svg>");
    assert!(moving.read("pages/b.md").starts_with("---\ntitle: \"乙\"\n"));
    let totals = ["renamed", "drawing-cleaned", "control-removed"].map(|name| told.totals[name]);
    assert_eq!(totals, [1, 1, 1]);
    moving.builds();
}
