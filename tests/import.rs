//! `jixia import` on small sources of each generator: what is written, what is told, and that the result builds.
#![allow(clippy::unwrap_used)]

#[path = "import/addresses.rs"]
mod addresses;
#[path = "import/moving.rs"]
mod moving;
#[path = "import/tables.rs"]
mod tables;

use std::fs;

use moving::{GIF, Move};

#[test]
fn a_hexo_blog_moves_in_and_builds() {
    let post = "title: 你好\ndate: 2020-01-02 03:04:05\ncategories:\n  - 教改动态\n  - [工具, 编程]\ntags: 数控, 铣工\nlayout: post\ncomments: false\ndescription: 第一篇\npermalink: https://old.example/2020/hello/\n---\n{% asset_img a.gif 图 %}\n<!-- more -->\n见 {% post_link second 第二篇 %}、[旧地址](/2020/01/02/second/)。\n\n{% note warning %}\n小心\n{% endnote %}\n";
    let moving = Move::of(&[
        ("_config.yml", b"title: x\n"),
        ("scaffolds/post.md", b"---\ntitle: {{ title }}\n---\n"),
        ("source/_posts/hello.md", post.as_bytes()),
        ("source/_posts/hello/a.gif", GIF),
        (
            "source/_posts/second.md",
            "---\ntitle: 第二篇\ndate: 2020-01-03\ncover: /img/c.gif\n---\n![图](/img/c.gif)\n".as_bytes(),
        ),
        (
            "source/_drafts/later.md",
            "---\ntitle: 以后\ndate: 2020-01-04\n---\n文\n".as_bytes(),
        ),
        ("source/about/index.md", "---\ntitle: 关于\n---\n文\n".as_bytes()),
        ("source/img/c.gif", GIF),
        ("source/img/unused.gif", GIF),
    ]);
    let told = moving.import(&[]);
    let hello = moving.read("news/hello.md");
    assert!(
        hello.contains("title: \"你好\"\ndate: \"2020-01-02 03:04\"\nsummary: \"第一篇\"\n"),
        "{hello}"
    );
    assert!(
        hello.contains("tags: [\"教改动态\",\"工具\",\"编程\",\"数控\",\"铣工\"]"),
        "{hello}"
    );
    assert!(hello.contains("aliases: [\"/2020/hello/\"]"), "{hello}");
    assert!(
        hello.contains("![图](hello/a.gif)") && hello.contains("[第二篇](second.md)、[旧地址](second.md)"),
        "{hello}"
    );
    assert!(hello.contains("> [!WARNING]\n> 小心"), "{hello}");
    let second = moving.read("news/second.md");
    assert!(
        second.contains("cover: \"img/c.gif\"") && second.contains("![图](img/c.gif)"),
        "{second}"
    );
    assert!(moving.read("news/later.md").contains("draft: true"));
    assert!(moving.read("pages/about/index.md").contains("关于"));
    assert_eq!(
        told.last["dropped"],
        serde_json::json!({"layout": 1, "comments": 1})
    );
    assert_eq!((told.totals["category-as-tag"], told.totals["file-left"]), (3, 1));
    moving.builds();
    let mended = moving.import(&["--dry-run", "--category", "教改动态=reform"]);
    assert_eq!(
        mended.last["existing"], 1,
        "what is there is never overwritten: {:?}",
        mended.lines
    );
}

#[test]
fn documentation_of_vuepress_moves_in_with_its_links() {
    let page = "# 指南 {#top}\n\n::: tip 提示\n见[配置](../config.html#a)、[首页](/)、[同级](./Two%20Words.md)与[大小写](CASE.md)。\n:::\n\n![图](/logo.gif) <img src=\"./b c.gif\">\n\n[[toc]]\n\n```\n[x](../config.html)\n```\n";
    let moving = Move::of(&[
        ("docs/.vuepress/config.js", b"module.exports = {}"),
        ("docs/.vuepress/public/logo.gif", GIF),
        ("docs/README.md", "---\nhome: true\n---\n# 首页\n".as_bytes()),
        ("docs/guide/README.md", page.as_bytes()),
        (
            "docs/guide/Two Words.md",
            "# 两个词\n![空格](b c.gif)\n".as_bytes(),
        ),
        ("docs/guide/Case.md", "# 大小写\n".as_bytes()),
        ("docs/guide/b c.gif", GIF),
        ("docs/config.md", "# 配置\n\n## a\n[坏](gone.md)\n".as_bytes()),
        ("docs/node_modules/x/README.md", b"# no\n"),
    ]);
    let told = moving.import(&[]);
    let guide = moving.read("pages/guide/index.md");
    assert!(
        guide.contains("title: \"指南\"") && !guide.contains("# 指南"),
        "{guide}"
    );
    assert!(guide.contains("> **提示**\n>\n> 见[配置](../config.md#a)、[首页](../index.md)、[同级](Two-Words.md)与[大小写](Case.md)。"), "{guide}");
    assert!(
        guide.contains("![图](../logo.gif) <img src=\"b-c.gif\">"),
        "{guide}"
    );
    assert!(
        guide.contains("```\n[x](../config.html)\n```") && !guide.contains("[[toc]]"),
        "{guide}"
    );
    assert!(
        moving
            .read("pages/guide/Two-Words.md")
            .contains("![空格](b-c.gif)")
    );
    assert_eq!(
        (
            told.totals["link-unresolved"],
            told.totals["link-case"],
            told.totals["renamed"]
        ),
        (1, 1, 1)
    );
    assert_eq!(told.last["entries"], 5);
    let broken = told
        .lines
        .iter()
        .find(|line| line["code"] == "link-unresolved")
        .unwrap();
    assert_eq!(
        (&broken["file"], &broken["line"]),
        (&"docs/config.md".into(), &4.into())
    );
}

/// Files of a site, what it was made with, and what is said.
type Case<'a> = (&'a [(&'a str, &'a [u8])], &'a str, &'a str);

#[test]
fn each_generator_is_known_by_its_marks() {
    let cases: &[Case<'_>] = &[
        (
            &[("mkdocs.yml", b"site_name: x"), ("docs/a.md", "# 甲\n\n!!! note \"题\"\n    [乙](b.md)\n\n??? tip\n    文\n".as_bytes()), ("docs/b.md", "# 乙\n".as_bytes())],
            "pages/a.md",
            "> [!NOTE]\n> **题**\n>\n> [乙](b.md)\n>\n\n<details><summary>tip</summary>\n\n文",
        ),
        (
            &[("hugo.toml", b""), ("content/posts/a/index.md", "+++\ntitle = '甲'\ndate = 2020-01-02T00:00:00Z\ndraft = true\n+++\n{{< figure src=\"x.gif\" caption=\"题\" >}}\n".as_bytes()), ("content/posts/a/x.gif", GIF)],
            "news/a.md",
            "![题](a/x.gif \"题\")",
        ),
        (
            &[("_layouts/x.html", b""), ("_posts/2020-01-02-a.md", "---\nlayout: post\npublished: false\n---\n# 甲\n[关于]({{ site.baseurl }}/about.html){:target=\"_blank\"}\n".as_bytes()), ("about.md", "# 关于\n".as_bytes())],
            "news/2020-01-02-a.md",
            "title: \"甲\"\ndate: \"2020-01-02\"\ndraft: true\n---\n\n[关于](../pages/about.md)\n",
        ),
        (
            &[("docs/.vitepress/config.ts", b""), ("docs/a.md", "# 甲\n> [!tip] 题\n> [乙](/b)\n\n::: code-group\n```sh\nx\n```\n:::\n".as_bytes()), ("docs/b.md", "# 乙\n".as_bytes())],
            "pages/a.md",
            "> [!TIP]\n> **题**\n>\n> [乙](b.md)\n\n```sh\nx\n```",
        ),
    ];
    for (files, path, expected) in cases {
        let moving = Move::of(files);
        moving.import(&[]);
        let text = moving.read(path);
        assert!(text.contains(expected), "{path}: {text}");
        moving.builds();
    }
}

#[test]
fn nothing_is_overwritten_and_a_second_run_changes_nothing() {
    let gb: &[u8] = b"# \xca\xfd\xbf\xd8\n\n\xb3\xb5\xb4\xb2\n";
    let data = format!(
        "# 图\n![点](data:image/gif;base64,{})\n![坏](data:image/png;base64,AAAA)\n",
        data_encoding::BASE64.encode(GIF)
    );
    let utf16: Vec<u8> = "\u{feff}# 宽\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let moving = Move::of(&[
        ("own.md", "# 别的\n".as_bytes()),
        ("gb.md", gb),
        ("wide.md", &utf16),
        ("data.md", data.as_bytes()),
        ("a/Same.md", "# 一\n".as_bytes()),
        ("a/same.md", "# 二\n[一](Same.md)\n".as_bytes()),
        ("a.md", "# 三\n".as_bytes()),
        ("a/README.md", "# 四\n".as_bytes()),
        ("bin.md", b"\0\0\0\0\xff\xff"),
        ("../escape.md", b"# out of the source\n"),
    ]);
    let before = moving.files();
    let dry = moving.import(&["--dry-run"]);
    assert_eq!(moving.files(), before);
    let told = moving.import(&[]);
    assert_eq!(
        (&told.last["new"], &told.last["existing"]),
        (&dry.last["new"], &1.into())
    );
    assert!(moving.read("pages/own.md").contains("自己的"));
    assert!(
        moving.read("pages/gb.md").contains("title: \"数控\"") && moving.read("pages/gb.md").contains("车床")
    );
    assert!(moving.read("pages/wide.md").contains("title: \"宽\""));
    assert!(
        moving
            .read("pages/data.md")
            .contains("![点](data-图.gif)\n![坏]()"),
        "{}",
        moving.read("pages/data.md")
    );
    assert!(moving.read("pages/a/same-2.md").contains("[一](Same.md)"));
    assert!(moving.read("pages/a-2.md").contains("四"));
    assert_eq!(
        (
            told.totals["decoded"],
            told.totals["collision"],
            told.totals["not-text"]
        ),
        (2, 2, 1)
    );
    let after = moving.files();
    let again = moving.import(&[]);
    assert_eq!((&again.last["new"], moving.files()), (&0.into(), after));
    let outside: Vec<_> = fs::read_dir(moving.site.path())
        .unwrap()
        .map(|item| item.unwrap().file_name())
        .collect();
    assert_eq!(outside.len(), 2, "{outside:?}");
}

#[test]
fn a_link_out_of_the_content_is_not_written_through() {
    let moving = Move::of(&[("a/b.md", "# 甲\n".as_bytes())]);
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), moving.site.path().join("content/pages/a")).unwrap();
    let (code, _, err) = moving.jixia(&["import", moving.source.path().to_str().unwrap()]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    let (code, _, err) = moving.jixia(&["import", "/no/such/folder"]);
    assert!(code == 1 && err.contains("/no/such/folder"), "{err}");
    let source = moving.source.path().to_str().unwrap();
    let (code, _, err) = moving.jixia(&["import", source, "--from", "hexxo"]);
    assert!(code == 2 && err.contains("similar value exists: 'hexo'"), "{err}");
    let (code, _, err) = moving.jixia(&["import", source, "--kind", "nwes"]);
    assert!(code == 1 && err.contains("news"), "{err}");
}

/// A Word document of these parts.
fn docx(body: &str, relations: &str) -> Vec<u8> {
    use std::io::{Cursor, Write as _};
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let names = "xmlns:w=\"w\" xmlns:r=\"r\" xmlns:a=\"a\"";
    let parts = [
        (
            "word/document.xml",
            format!("<w:document {names}><w:body>{body}</w:body></w:document>").into_bytes(),
        ),
        (
            "word/_rels/document.xml.rels",
            format!("<Relationships>{relations}</Relationships>").into_bytes(),
        ),
        ("word/media/image1.gif", GIF.to_vec()),
    ];
    for (name, bytes) in parts {
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn word_documents_move_in_with_their_pictures() {
    let picture = "<Relationship Id=\"p\" Target=\"media/image1.gif\"/>";
    let notice = docx(
        "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:t>关于评选的通知</w:t></w:r></w:p><w:p><w:r><w:t>各院校：</w:t></w:r></w:p><w:p><w:r><w:drawing><a:blip r:embed=\"p\"/></w:drawing></w:r></w:p>",
        picture,
    );
    let moving = Move::of(&[
        ("2026-03-01 通知.docx", &notice),
        (
            "二/无题.docx",
            &docx("<w:p><w:r><w:t>只有一段话，没有标题。</w:t></w:r></w:p>", ""),
        ),
        ("坏.docx", b"PK\x03\x04"),
        ("~$锁.docx", b"lock"),
    ]);
    let told = moving.import(&["--kind", "news"]);
    let text = moving.read("news/2026-03-01-通知.md");
    assert!(
        text.contains("title: \"关于评选的通知\"") && text.contains("date: \"2026-03-01\""),
        "{text}"
    );
    assert!(
        text.contains("各院校：\n\n![](2026-03-01-通知/image1.gif)"),
        "{text}"
    );
    assert_eq!(moving.files()["news/2026-03-01-通知/image1.gif"], GIF);
    assert!(moving.read("news/无题.md").contains("title: \"无题\""));
    assert_eq!(
        (
            &told.last["entries"],
            told.totals["unreadable"],
            told.totals["no-date"]
        ),
        (&2.into(), 1, 1)
    );
    let again = moving.import(&["--kind", "news"]);
    assert_eq!(
        (&again.last["new"], &again.last["existing"]),
        (&0.into(), &0.into())
    );
    let file = moving.source.path().join("2026-03-01 通知.docx");
    let (code, _, err) = moving.jixia(&["import", file.to_str().unwrap(), "--kind", "page"]);
    assert_eq!(code, 0, "{err}");
    assert!(moving.read("pages/2026-03-01-通知.md").contains("各院校"));
}

#[test]
fn a_document_among_texts_is_one_of_them() {
    let document = docx("<w:p><w:r><w:t>只有一段话。</w:t></w:r></w:p>", "");
    let moving = Move::of(&[
        ("指南.md", "# 指南\n\n见[原文](附件.docx)。\n".as_bytes()),
        ("附件.docx", &document),
        ("指南.docx", &document),
    ]);
    let told = moving.import(&[]);
    assert_eq!(told.last["entries"], 2);
    assert!(moving.read("pages/指南-2.md").contains("只有一段话。"));
    assert!(moving.read("pages/指南.md").contains("[原文](附件.docx)"));
    assert!(moving.files().contains_key("pages/附件.docx"));
    moving.builds();
}

#[test]
fn pictures_that_browsers_do_not_show_are_converted() {
    // A bitmap of one red pixel.
    let mut bitmap = b"BM".to_vec();
    for number in [
        58_u32,
        0,
        54,
        40,
        1,
        1,
        0x0018_0001,
        0,
        4,
        2835,
        2835,
        0,
        0,
        0x00ff_0000,
    ] {
        bitmap.extend(number.to_le_bytes());
    }
    let moving = Move::of(&[
        (
            "index.md",
            "# 甲\n\n![图](扫描.bmp)\n![又](扫描.bmp)\n![坏](坏.bmp)\n[照片](照片.heic)\n[包](包.rar)\n"
                .as_bytes(),
        ),
        ("扫描.bmp", &bitmap),
        ("坏.bmp", b"BM"),
        ("照片.heic", b"x"),
        ("包.rar", b"x"),
    ]);
    let told = moving.import(&[]);
    let of = |code: &str| told.totals.get(code).copied();
    assert_eq!(
        (of("picture-converted"), of("file-refused")),
        (Some(1), Some(3)),
        "{:?}",
        told.lines
    );
    let png = moving
        .files()
        .into_iter()
        .find(|(path, _)| path.ends_with(".png"));
    assert!(png.is_some_and(|(_, bytes)| bytes.starts_with(b"\x89PNG")));
    let source = moving.source.path().to_str().unwrap();
    let (_, _, said) = moving.jixia(&["import", source, "--dry-run"]);
    for advice in ["HEIC 照片", "这种压缩包", "浏览器不显示这种图片"] {
        assert!(said.contains(advice), "{advice}: {said}");
    }
}
