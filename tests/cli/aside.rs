//! What cannot be published is set aside on request, and everything else appears.

use super::*;

/// The files that `--set-aside` left out, by its summary.
fn set_aside(site: &Site) -> Vec<String> {
    let run = site.run("build --set-aside --format json");
    assert_eq!(run.code, 0, "{run:#?}");
    let summary = lines_of_json(&run.out).pop().unwrap();
    let paths = summary["summary"]["set_aside"].as_array().unwrap();
    paths
        .iter()
        .map(|path| path.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn only_on_request_and_said_so() {
    let site = Site::new();
    site.write("content/pages/bad.md", "---\ntitle: \"坏\n---\n");
    let run = site.run("build");
    assert_eq!((run.code, site.path("public").exists()), (1, false));
    let run = site.builds("--set-aside");
    assert!(run.err.contains("整条内容没有发布到门户"), "{}", run.err);
    assert!(run.err.contains("有 1 个条目发布不了"), "{}", run.err);
    assert!(site.path("public/pages/a/index.html").exists());
    assert!(!site.path("public/pages/bad").exists());
    site.write("content/pages/bad.md", &page("好", ""));
    assert_eq!(set_aside(&site), [""; 0]);
    assert!(site.path("public/pages/bad/index.html").exists());
}

#[test]
fn each_kind_of_fault_takes_its_entry_alone() {
    let site = Site::new();
    site.write(
        "content/pages/index-like.md",
        &page("附件", "attachments:\n  - name: 缺.pdf\n    sha256: e3b0\n"),
    );
    site.write("content/pages/field.md", &page("字段", "tilte: 错\n"));
    site.write(
        "content/pages/link.md",
        &(page("链接", "") + "[无](nowhere.md)\n"),
    );
    site.write("content/pages/control.md", &(page("控制", "") + "a\u{8}b\n"));
    site.write(
        "content/pages/alias.md",
        &page("旧址", "aliases: [/feed.xml/, /search/index.bin, /pages/a/]\n"),
    );
    site.write("content/pages/good.md", &(page("好", "") + "[坏](field.md)\n"));
    symlink("/nowhere/at/all.md", site.path("content/pages/dangling.md")).unwrap();
    fs::write(site.path("content/pages/gbk.md"), b"---\ntitle: \xd6\xd0\n---\n").unwrap();
    let expected = [
        "content/pages/alias.md",
        "content/pages/control.md",
        "content/pages/dangling.md",
        "content/pages/field.md",
        "content/pages/gbk.md",
        "content/pages/index-like.md",
        "content/pages/link.md",
    ];
    assert_eq!(set_aside(&site), expected);
    for name in ["a", "good"] {
        assert!(
            site.path(&format!("public/pages/{name}/index.html")).exists(),
            "{name}"
        );
    }
    for path in expected {
        let name = path.trim_start_matches("content/pages/").trim_end_matches(".md");
        assert!(
            !site.path(&format!("public/pages/{name}/index.html")).exists(),
            "{name}"
        );
    }
    let feed = site.read("public/feed.xml");
    assert!(feed.starts_with("<?xml") && !feed.contains("字段"));
    // The same again, and whole once it is mended.
    assert_eq!(set_aside(&site), expected);
}

#[test]
fn a_page_that_fails_takes_its_entry_along() {
    let site = Site::new();
    site.write("content/pages/b.md", &page("坏", ""));
    site.write(
        "overrides/templates/page.html",
        "<p>{{ page.title }}{% if page.title == \"坏\" %}{{ page.nothing.at_all }}{% endif %}</p>\n",
    );
    assert_eq!(site.run("build").code, 1);
    assert_eq!(set_aside(&site), ["content/pages/b.md"]);
    assert!(site.read("public/pages/a/index.html").contains("甲"));
}

#[test]
fn a_file_that_cannot_be_written_takes_its_entry_along() {
    let site = Site::new();
    let alias = vec!["old".repeat(24); 4].join("/");
    site.write(
        "content/pages/b.md",
        &page("乙", &format!("aliases: [/{alias}]\n")),
    );
    site.builds("");
    // The same output so much deeper that only the path of that page is longer than the 4096 bytes that the system takes.
    let mut out = site.path("public");
    while out.as_os_str().len() < 3830 {
        out.push("d".repeat(30));
    }
    let run = site.run(&format!("build --out {}", out.display()));
    assert_eq!(run.code, 1, "{run:#?}");
    let run = site.builds(&format!("--set-aside --out {}", out.display()));
    assert!(run.err.contains("发布不了"), "{}", run.err);
    assert!(out.join("pages/a/index.html").exists() && !out.join("pages/b").exists());
}

#[test]
fn what_is_no_entrys_fault_still_refuses() {
    let site = Site::new();
    site.builds("");
    let before = site.output();
    for (path, text) in [
        ("site.toml", "[site]\ntitel = \"示例\"\n"),
        ("content/kinds/x.toml", "id = \"X y\"\nlabel = \"x\"\n"),
        (
            "overrides/templates/page.html",
            "<p>{{ page.nothing.at_all }}</p>\n",
        ),
    ] {
        let old = fs::read(site.path(path)).ok();
        site.write(path, text);
        for number in 0..40 {
            site.write(&format!("content/pages/p{number}.md"), &page("页", ""));
        }
        assert_eq!(site.run("build --set-aside").code, 1, "{path}");
        assert_eq!(site.output(), before, "{path}");
        match old {
            Some(old) => fs::write(site.path(path), old).unwrap(),
            None => fs::remove_file(site.path(path)).unwrap(),
        }
    }
}

#[test]
fn when_too_much_is_wrong_the_last_portal_stays() {
    let site = Site::new();
    site.builds("");
    let before = site.output();
    for number in 0..30 {
        site.write(&format!("content/pages/p{number}.md"), &page("页", "tilte: 错\n"));
    }
    assert_eq!(site.run("build --set-aside").code, 1);
    assert_eq!(site.output(), before);
}

/// SHA-256 of `示例附件`, and of nothing else that is here.
const BLOB: &str = "a053548b27a7c8f5bf2868bc94573fb4e522a0cb0decb4160ab00af18159ad75";

/// The entries of which `--set-aside` replaced a file by a notice, by its summary.
fn damaged(site: &Site) -> Vec<String> {
    let run = site.run("build --set-aside --format json");
    assert_eq!(run.code, 0, "{run:#?}");
    let summary = lines_of_json(&run.out).pop().unwrap();
    assert_eq!(
        summary["summary"]["set_aside"].as_array().unwrap().len(),
        0,
        "{summary}"
    );
    let paths = summary["summary"]["damaged"].as_array().unwrap();
    paths
        .iter()
        .map(|path| path.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_damaged_file_is_replaced_by_a_notice_alone_until_it_is_whole_again() {
    let site = Site::new();
    let front = format!(
        "attachments:\n  - name: 表.txt\n    sha256: {BLOB}\n    size: 12\n  - name: 好.txt\n    path: good.txt\n"
    );
    site.write(
        "content/pages/b.md",
        &(page("乙", &front) + "见[这张表](表.txt)。\n"),
    );
    site.write("content/pages/good.txt", "好的\n");
    let blob = format!("content/blobs/{}/{BLOB}", &BLOB[..2]);
    let built = format!("public/files/{}/{BLOB}/表.txt", &BLOB[..2]);
    let page = || site.read("public/pages/b/index.html");
    let notice = "此文件已损坏，正在恢复";
    for round in 0..2 {
        site.write(&blob, "示例附件");
        assert_eq!(damaged(&site), [""; 0], "round {round}");
        assert!(!page().contains(notice) && site.read(&built) == "示例附件");
        // Other bytes of the same size, fewer bytes, none at all.
        for bytes in [Some("示例附仵"), Some("示例"), None] {
            fs::remove_file(site.path(&blob)).unwrap();
            if let Some(bytes) = bytes {
                site.write(&blob, bytes);
            }
            assert_eq!(site.run("build").code, 1, "without --set-aside it is an error");
            assert_eq!(damaged(&site), ["content/pages/b.md"], "{bytes:?}");
            let page = page();
            assert!(
                page.contains(notice) && page.contains("好.txt") && !page.contains(BLOB),
                "{page}"
            );
            assert!(!site.path(&built).exists(), "no wrong bytes can be had");
            if bytes.is_none() {
                site.write(&blob, "");
            }
        }
    }
}
