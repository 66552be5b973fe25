//! What a build leaves on disk.

use super::*;

#[test]
fn a_failed_build_leaves_the_output_alone() {
    let site = Site::new();
    site.builds("");
    let before = site.output();
    site.write("content/pages/b.md", &page("乙", "tilte: 错\n"));
    let run = site.run("build");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("原来的输出没有改动"), "{}", run.err);
    assert_eq!(site.output(), before);
    site.write("content/pages/b.md", &page("乙", ""));
    site.write(
        "overrides/templates/page.html",
        "<p>{{ page.nothing.at_all }}</p>\n",
    );
    let run = site.run("build");
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("overrides/templates/page.html:1:12"),
        "{}",
        run.err
    );
    assert_eq!(site.output(), before);
    let left: Vec<_> = fs::read_dir(site.0.path())
        .unwrap()
        .map(|item| item.unwrap().file_name())
        .collect();
    assert!(
        !left.iter().any(|name| name.to_string_lossy().contains("stage")),
        "{left:?}"
    );
}

#[test]
fn foreign_files_are_not_touched() {
    let site = Site::new();
    site.write("public/important.txt", "keep\n");
    assert_eq!(site.codes("build"), ["foreign-output"]);
    assert_eq!(site.output().len(), 1);
    assert_eq!(site.read("public/important.txt"), "keep\n");
    assert_eq!(site.run("build --lang en").code, 1);
}

#[test]
fn an_output_that_cannot_be_written_is_reported() {
    let site = Site::new();
    site.write("file", "no directory\n");
    let out = site.path("file/public");
    assert_eq!(
        site.codes(&format!("build --out {}", out.display())),
        ["output-failed"]
    );
}

#[test]
fn stale_files_go_and_unchanged_ones_stay_as_they_are() {
    let site = Site::new();
    site.write("content/notices/n.md", &page("通知一", "date: 2026-10-01\n"));
    site.write(
        "content/notices/old.md",
        &page("通知二", "date: 2026-10-01\ntags: [一]\n"),
    );
    site.builds("");
    let stamp = |path: &str| {
        let metadata = fs::metadata(site.path(path)).unwrap();
        (metadata.mtime(), metadata.mtime_nsec(), metadata.ino())
    };
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in files(&site.path("public")).keys() {
        fs::File::options()
            .write(true)
            .open(site.path("public").join(path))
            .unwrap()
            .set_modified(old)
            .unwrap();
    }
    let before = stamp("public/pages/a/index.html");
    fs::remove_file(site.path("content/notices/old.md")).unwrap();
    let list = site.path("changed.txt");
    site.builds(&format!("--changed-list {}", list.display()));
    assert!(
        !site.path("public/notices/old").exists(),
        "page and directory are gone"
    );
    assert!(!site.path("public/tags").exists(), "the tag's page too");
    assert_eq!(stamp("public/pages/a/index.html"), before);
    let changed = site.read("changed.txt");
    assert!(changed.contains("-notices/old/index.html\n"), "{changed}");
    assert!(changed.contains("+notices/index.html\n"), "{changed}");
    assert!(!changed.contains("pages/a/index.html"), "{changed}");
}

#[test]
fn a_second_build_writes_nothing() {
    let site = Site::new();
    site.builds("--precompress");
    let before = site.output();
    let list = site.path("changed.txt");
    site.builds(&format!("--precompress --changed-list {}", list.display()));
    assert_eq!(site.read("changed.txt"), "");
    site.builds(&format!(
        "--precompress --no-cache --changed-list {}",
        list.display()
    ));
    assert_eq!(
        site.read("changed.txt"),
        "",
        "nor does one that remembers nothing"
    );
    assert_eq!(site.output(), before);
}

#[test]
fn precompressed_copies_hold_the_same_text() {
    let site = Site::new();
    site.builds("--precompress");
    let output = site.output();
    let plain = &output["pages/a/index.html"];
    let mut unpacked = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(output["pages/a/index.html.gz"].as_slice());
    std::io::copy(&mut decoder, &mut unpacked).unwrap();
    assert_eq!(&unpacked, plain);
    unpacked.clear();
    brotli::BrotliDecompress(&mut output["pages/a/index.html.br"].as_slice(), &mut unpacked).unwrap();
    assert_eq!(&unpacked, plain);
    site.builds("");
    assert!(
        !site.output().contains_key("pages/a/index.html.gz"),
        "without the switch they are stale"
    );
}

#[test]
fn a_damaged_cache_is_ignored() {
    let site = Site::new();
    site.builds("");
    let before = site.output();
    let cache = site.path(".jixia/cache");
    let good = fs::read(&cache).unwrap();
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 0xff;
    let damaged: [&[u8]; 5] = [b"", b"nonsense", &good[..good.len() / 2], &good[..40], &flipped];
    for bytes in damaged {
        fs::write(&cache, bytes).unwrap();
        site.builds("");
        assert_eq!(site.output(), before);
    }
    fs::remove_file(&cache).unwrap();
    fs::create_dir(&cache).unwrap();
    site.builds("");
    assert_eq!(site.output(), before);
}

#[test]
fn drafts_are_shown_on_request() {
    let site = Site::new();
    site.write("content/pages/b.md", &page("乙", "draft: true\n"));
    site.write("content/pages/c.md", &page("丙", "publish_at: 2027-01-01\n"));
    site.builds("");
    assert!(!site.path("public/pages/b").exists() && !site.path("public/pages/c").exists());
    site.builds("--drafts");
    assert!(
        site.path("public/pages/b/index.html").exists() && site.path("public/pages/c/index.html").exists()
    );
    site.builds("");
    assert!(!site.path("public/pages/b").exists() && !site.path("public/pages/c").exists());
}

#[test]
fn what_is_taken_down_takes_its_files_with_it() {
    let site = Site::new();
    let front = |cover: &str| {
        format!("cover: {cover}\ncover_alt: 封面\nattachments: [{{name: 共用, path: shared.txt}}]\n")
    };
    for file in ["a.svg", "b.svg"] {
        site.write(
            &format!("content/pages/{file}"),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>",
        );
    }
    site.write("content/pages/shared.txt", "两处都用的文件");
    site.write("content/pages/own.txt", "只在正文里的文件");
    site.write("content/pages/a.md", &page("甲", &front("a.svg")));
    let own = page("乙", &front("b.svg")) + "\n[文件](own.txt)\n";
    site.write("content/pages/b.md", &own);
    site.builds("");
    let published = |site: &Site| -> Vec<String> {
        let files = site.output().into_keys();
        files
            .filter(|file| [".txt", ".svg"].iter().any(|end| file.ends_with(end)))
            .filter(|file| file.starts_with("pages/"))
            .collect()
    };
    let all = ["pages/a.svg", "pages/b.svg", "pages/own.txt", "pages/shared.txt"];
    assert_eq!(published(&site), all);
    let withdrawn = own.replace(
        "title: 乙\n",
        "title: 乙\nwithdrawn: {reason: 质量问题, date: 2026-10-01}\n",
    );
    site.write("content/pages/b.md", &withdrawn);
    site.builds("");
    assert_eq!(published(&site), ["pages/a.svg", "pages/shared.txt"]);
}

#[test]
fn scheduled_entries_appear_and_expire_without_an_edit() {
    let site = Site::new();
    let none = site.run("next-change");
    assert_eq!((none.code, none.out.as_str()), (0, ""));
    assert!(none.err.contains("没有定时"), "{}", none.err);
    let span = "publish_at: 2026-10-20 08:00\nexpires_at: 2026-10-31\n";
    site.write("content/pages/b.md", &page("乙", span));
    site.write(
        "content/pages/c.md",
        &page("丙", "draft: true\npublish_at: 2026-10-16\n"),
    );
    assert_eq!(site.run("next-change").out, "2026-10-20T08:00:00+08:00\n");
    let after = |now: &str| site.run(&format!("next-change --now {now}")).out;
    assert_eq!(
        after("2026-10-20T00:00:00Z"),
        "2026-11-01T00:00:00+08:00\n",
        "that very instant is over"
    );
    assert_eq!(after("2026-11-01T00:00:00Z"), "");
    let exists = |now: &str| {
        assert_eq!(site.run(&format!("build --now {now}")).code, 0);
        site.path("public/pages/b/index.html").exists()
    };
    assert!(!exists("2026-10-19T23:59:59Z"));
    assert!(exists("2026-10-20T00:00:00Z"));
    assert!(exists("2026-10-31T15:59:59Z"));
    assert!(!exists("2026-10-31T16:00:00Z"));
}

#[test]
fn one_template_can_be_overridden() {
    let site = Site::new();
    site.builds("");
    let before = site.output();
    site.write(
        "overrides/templates/page.html",
        "<h1>{{ meta.title }}</h1><p>由站点改写</p>{{ body }}\n",
    );
    site.builds("");
    let changed = site.read("public/pages/a/index.html");
    assert!(
        changed.contains("由站点改写") && changed.contains("正文一段。"),
        "{changed}"
    );
    assert_eq!(
        site.output()["index.html"],
        before["index.html"],
        "other templates are the theme's"
    );
    site.write("themes/plain/templates/page.html", "<p>主题 plain</p>\n");
    site.write("site.toml", "[site]\ntitle = \"示例\"\ntheme = \"plain\"\n");
    site.builds("");
    assert!(
        site.read("public/pages/a/index.html").contains("由站点改写"),
        "overrides lie over the theme"
    );
    fs::remove_dir_all(site.path("overrides")).unwrap();
    site.builds("");
    assert_eq!(site.read("public/pages/a/index.html"), "<p>主题 plain</p>\n");
}
