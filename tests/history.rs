//! Pages show the versions of their entries from git; builds that know older commits give the same bytes as clean ones.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use jixia::cache::Lock;
use jixia::diag::Code;
use jixia::pipeline::{Options, Task, build_if_changed};
use jixia::world::Disk;

/// Builds the way the command does and tells the codes of what it said.
fn build(root: &Path) -> Vec<Code> {
    let lock = Lock::take(root);
    let world = Disk::open(root, "2026-10-15T04:00:00Z".parse().unwrap()).unwrap();
    let out = root.join("public");
    let task = Task {
        root,
        out: &out,
        options: Options::default(),
        progress: None,
    };
    let outcome = build_if_changed(&world, task, &lock);
    assert!(outcome.changes.is_some(), "{:?}", outcome.diagnostics);
    outcome
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn write_site(root: &Path) {
    write(root, "site.toml", "[output]\nhistory = true\n");
    write(root, ".gitignore", "/public\n/.jixia\n");
}

fn write_entry(root: &Path, name: &str, body: &str) {
    let text = format!("---\ntitle: 甲\ndate: 2026-09-01\ncategory: 教研活动\n---\n\n{body}\n");
    write(root, &format!("content/news/{name}.md"), &text);
}

fn git(root: &Path, day: u8, arguments: &[&str]) {
    let date = format!("2026-09-{day:02}T09:00:00+08:00");
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["-c", "user.name=示例", "-c", "user.email=a@example.org"])
        .args(arguments)
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn commit(root: &Path, day: u8, subject: &str) {
    git(root, day, &["add", "-A"]);
    git(root, day, &["commit", "-q", "-m", subject]);
}

/// A site with two commits of an entry.
fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    let root = site.path();
    git(root, 1, &["init", "-q"]);
    write_site(root);
    write_entry(root, "a", "正文一段。");
    commit(root, 1, "发布甲");
    write_entry(root, "a", "正文一段，改过。");
    commit(root, 2, "改正一处错误 <b>");
    site
}

/// The subjects that a page shows, and whether it says that older versions are missing.
fn shown(root: &Path, name: &str) -> (Vec<String>, bool) {
    let page = fs::read_to_string(root.join(format!("public/news/{name}/index.html"))).unwrap();
    let subjects = page
        .split("<span class=\"history-text\">")
        .skip(1)
        .map(|rest| rest.split("</span>").next().unwrap().to_owned());
    (subjects.collect(), page.contains("更早的版本"))
}

fn output(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(root.join("public")).into_iter().flatten();
    files
        .filter(|file| file.file_type().is_file())
        .map(|file| {
            (
                file.path().to_string_lossy().into_owned(),
                fs::read(file.path()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_page_shows_its_versions_newest_first() {
    let site = site();
    build(site.path());
    let expected = vec!["改正一处错误 &lt;b&gt;".to_owned(), "发布甲".to_owned()];
    assert_eq!(shown(site.path(), "a"), (expected, false));
    let page = fs::read_to_string(site.path().join("public/news/a/index.html")).unwrap();
    assert!(page.contains("2026-09-02 09:00"));
}

#[test]
fn a_build_after_commits_gives_the_same_as_a_clean_one() {
    let site = site();
    let root = site.path();
    build(root);
    git(root, 3, &["mv", "content/news/a.md", "content/news/b.md"]);
    commit(root, 3, "改名");
    write_entry(root, "b", "正文二段。");
    commit(root, 4, "改写");
    build(root);
    let (subjects, _) = shown(root, "b");
    assert_eq!(subjects, ["改写", "改名", "改正一处错误 &lt;b&gt;", "发布甲"]);
    let warm = output(root);
    fs::remove_dir_all(root.join(".jixia")).unwrap();
    fs::remove_dir_all(root.join("public")).unwrap();
    build(root);
    assert!(warm == output(root));
}

#[test]
fn a_commit_alone_changes_the_page() {
    let site = site();
    let root = site.path();
    write_entry(root, "a", "尚未提交的修改。");
    build(root);
    let before = shown(root, "a").0.len();
    commit(root, 5, "提交它");
    build(root);
    assert_eq!((before, shown(root, "a").0.len()), (2, 3));
}

#[test]
fn of_a_shallow_clone_the_page_says_that_versions_are_missing() {
    let site = site();
    write_entry(site.path(), "a", "正文三段。");
    commit(site.path(), 6, "第三版");
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", site.path().display());
    git(clone.path(), 7, &["clone", "-q", "--depth", "2", &from, "."]);
    assert!(!build(clone.path()).contains(&Code::NoHistory));
    assert_eq!(shown(clone.path(), "a"), (vec!["第三版".to_owned()], true));
}

#[test]
fn without_a_repository_pages_have_no_history() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path());
    write_entry(site.path(), "a", "正文一段。");
    assert!(build(site.path()).contains(&Code::NoHistory));
    assert_eq!(shown(site.path(), "a"), (Vec::new(), false));
    // A repository that comes later is seen.
    git(site.path(), 1, &["init", "-q"]);
    commit(site.path(), 1, "发布甲");
    build(site.path());
    assert_eq!(shown(site.path(), "a").0, ["发布甲"]);
}
