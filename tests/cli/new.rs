//! `jixia new`.

use super::*;

#[test]
fn new_writes_an_entry_from_arguments() {
    let site = Site::new();
    let run = site.run("new notice autumn --no-input --set title=秋季教研活动 --set category=通知 --set issuer=甲单位，乙单位 --set weight=3");
    assert_eq!(run.code, 0, "{run:?}");
    let text = site.read("content/notices/autumn.md");
    assert!(text.contains("date: \"2026-10-15\""), "{text}");
    assert!(
        text.contains("issuer: [\"甲单位\",\"乙单位\"]") && text.contains("weight: 3"),
        "{text}"
    );
    site.builds("--strict");
    assert!(
        site.read("public/notices/autumn/index.html")
            .contains("秋季教研活动")
    );
    let again = site.run("new notice autumn --no-input --set title=别的");
    assert_eq!(again.code, 1);
    assert!(again.err.contains("已存在"), "{}", again.err);
    assert_eq!(site.read("content/notices/autumn.md"), text);
}

#[test]
fn new_courses_are_folders_and_chapters_lie_in_them() {
    let site = Site::new();
    for (arguments, path) in [
        (
            "course cc --no-input --set title=数控入门",
            "content/courses/cc/index.md",
        ),
        (
            "chapter cc/01 --no-input --set title=第一章",
            "content/courses/cc/01.md",
        ),
    ] {
        let run = site.run(&format!("new {arguments}"));
        assert_eq!(run.code, 0, "{run:?}");
        assert!(site.path(path).exists(), "{path}: {run:?}");
    }
    site.builds("");
    assert!(site.path("public/courses/cc/01/index.html").exists());
}

#[test]
fn new_asks_for_what_is_missing() {
    let site = Site::new();
    // The id, a title after an empty answer, the category, the issuers.
    let run = site.run_with("new notice", "winter\n\n冬季安排: “一”\n公示\n示例单位\n");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.err.contains("标题") && run.err.contains("服务公示"),
        "{}",
        run.err
    );
    site.builds("--strict");
    assert!(
        site.read("public/notices/winter/index.html")
            .contains("冬季安排: “一”")
    );
}

#[test]
fn new_refuses_what_would_not_build() {
    let site = Site::new();
    let cases = [
        ("new notice ../x --no-input --set title=甲", "文件名不能以点开头"),
        ("new notice a/b --no-input --set title=甲", "bad-file-name"),
        ("new chapter x --no-input --set title=甲", "COURSE/x"),
        ("new chapter lost/x --no-input --set title=甲", "orphan-chapter"),
        (
            "new notice x --no-input --set title=甲 --set category=天气",
            "unknown-term",
        ),
        (
            "new notice x --no-input --set title=甲 --set date=2026-02-30",
            "bad-date",
        ),
        ("new notice x --no-input", "missing-field"),
        ("new notcie x --no-input --set title=甲", "notice"),
        ("new notice x --no-input --set title=甲 --set titel=乙", "titel"),
        ("new notice x --no-input --set title", "--set title"),
    ];
    for (arguments, expected) in cases {
        let run = site.run(arguments);
        assert_eq!(run.code, 1, "{arguments}: {run:?}");
        assert!(run.err.contains(expected), "{arguments}: {}", run.err);
        assert!(!site.path("content/notices").exists(), "{arguments}");
    }
    assert_eq!(site.run_with("new notice x", "").code, 1, "no answers");
}
