//! The program itself, on small sites in temporary directories: exit codes, what it prints, what it leaves on the disk.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

/// The moment that all these sites are for.
const NOW: &str = "2026-10-15T04:00:00Z";

/// A site in a temporary directory.
struct Site(TempDir);

/// What a run of the program did.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Site {
    /// A site with a name and one page that has nothing wrong.
    fn new() -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        site.write("site.toml", "[site]\ntitle = \"示例\"\n");
        site.write("content/pages/a.md", &page("甲", ""));
        site
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Runs `jixia` with arguments between blanks, on this site, at [`NOW`], in Chinese.
    fn run(&self, arguments: &str) -> Run {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &str, input: &str) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jixia"));
        command
            .args(arguments.split_whitespace())
            .arg("--root")
            .arg(self.0.path());
        if !arguments.contains("--now") {
            command.args(["--now", NOW]);
        }
        command
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", "zh_CN.UTF-8");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that reads nothing may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    fn builds(&self, arguments: &str) -> Run {
        let run = self.run(&format!("build {arguments}"));
        assert_eq!(run.code, 0, "{run:#?}");
        run
    }

    /// The codes of the diagnostics of a run in JSON, with their paths.
    fn codes(&self, arguments: &str) -> Vec<String> {
        let run = self.run(&format!("{arguments} --format json"));
        let codes = lines_of_json(&run.out)
            .into_iter()
            .filter(|line| !is_advice(line) && line["summary"].is_null())
            .map(|line| {
                let path = line["path"].as_str().unwrap_or_default();
                format!("{} {path}", line["code"].as_str().unwrap())
                    .trim_end()
                    .to_owned()
            });
        codes.collect()
    }

    /// Every file of the output with its bytes.
    fn output(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.path("public"))
    }
}

fn page(title: &str, front: &str) -> String {
    format!("---\ntitle: {title}\n{front}---\n\n正文一段。\n")
}

fn lines_of_json(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// Small sites have empty sections.
fn is_advice(line: &Value) -> bool {
    line["code"] == "empty-section"
}

fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![directory.to_path_buf()];
    while let Some(current) = waiting.pop() {
        for item in fs::read_dir(current).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(directory).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// Whether permissions bind the user who runs the tests; they do not bind root.
fn permissions_bind(path: &Path) -> bool {
    fs::read_dir(path).is_err()
}

#[test]
fn exit_codes_tell_warnings_from_errors() {
    let site = Site::new();
    site.write("content/notices/n.md", &page("通知", "date: 2026-10-01\n"));
    let warned = site.run("build");
    assert_eq!(warned.code, 0);
    assert!(warned.err.contains("警告[advised-field]"), "{}", warned.err);
    assert_eq!(site.run("check").code, 0);
    assert_eq!(site.run("check --strict").code, 1);
    assert_eq!(site.run("build --strict").code, 1);
    site.write("content/notices/n.md", &page("通知", "date: 2026-02-30\n"));
    assert_eq!(site.run("check").code, 1);
    assert_eq!(site.run("build").code, 1);
    let nowhere = site.run("build --root /nowhere/at/all");
    assert_eq!(nowhere.code, 2, "clap refuses a second --root: {nowhere:?}");
}

#[test]
fn a_root_that_is_not_there_is_reported() {
    let output = Command::new(env!("CARGO_BIN_EXE_jixia"))
        .args(["build", "--lang", "en", "--root", "/nowhere/at/all"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("error[unreadable]")
    );
}

#[test]
fn json_is_one_object_a_line() {
    let site = Site::new();
    site.write("content/pages/b.md", &page("乙", "tilte: 错\nweight: 先\n"));
    let run = site.run("check --format json --lang en");
    assert_eq!(run.code, 1);
    assert_eq!(run.err, "", "people's sentences are for people");
    let lines: Vec<Value> = lines_of_json(&run.out)
        .into_iter()
        .filter(|line| !is_advice(line))
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["code"], "unknown-field");
    assert_eq!((&lines[0]["line"], &lines[0]["column"]), (&3.into(), &1.into()));
    assert_eq!(lines[0]["suggestion"], "title");
    assert_eq!(lines[1]["expected"], "expected a whole number");
}

#[test]
fn both_languages_are_spoken() {
    let site = Site::new();
    site.write("content/pages/b.md", &page("乙", "weight: 先\n"));
    let english = site.run("check --lang en").err;
    assert!(
        english.contains("error[wrong-type]") && english.contains("a whole number"),
        "{english}"
    );
    let chinese = site.run("check --lang zh-CN").err;
    assert!(
        chinese.contains("错误[wrong-type]") && chinese.contains("整数"),
        "{chinese}"
    );
    assert_eq!(
        site.run("check").err,
        chinese,
        "the locale's language without --lang"
    );
}

#[test]
fn links_out_of_the_root_are_refused_and_inside_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), page("秘密", "")).unwrap();
    let site = Site::new();
    symlink(
        outside.path().join("secret.md"),
        site.path("content/pages/out.md"),
    )
    .unwrap();
    symlink(outside.path(), site.path("content/pages/directory")).unwrap();
    symlink(
        site.path("content/pages/nothing.md"),
        site.path("content/pages/dangling.md"),
    )
    .unwrap();
    assert_eq!(
        site.codes("check"),
        [
            "unreadable content/pages/dangling.md",
            "outside-root content/pages/directory",
            "outside-root content/pages/out.md"
        ]
    );
    for name in ["out.md", "directory", "dangling.md"] {
        fs::remove_file(site.path("content/pages").join(name)).unwrap();
    }
    symlink(
        site.path("content/pages/a.md"),
        site.path("content/pages/same.md"),
    )
    .unwrap();
    site.builds("");
    assert!(site.read("public/pages/same/index.html").contains("甲"));
}

#[test]
fn an_unreadable_directory_is_reported() {
    let site = Site::new();
    let closed = site.path("content/notices");
    fs::create_dir_all(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let codes = site.codes("check");
    let expected: &[&str] = if permissions_bind(&closed) {
        &["unreadable content/notices"]
    } else {
        &[]
    };
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(codes, expected);
}

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
fn schemas_are_json_and_unknown_kinds_suggest() {
    let site = Site::new();
    let schema: Value = serde_json::from_str(&site.run("schema notice").out).unwrap();
    assert_eq!(schema["type"], "object");
    assert!(schema["properties"]["issuer"].is_object());
    let unknown = site.run("schema notcie");
    assert_eq!((unknown.code, unknown.out.as_str()), (1, ""));
    assert!(
        unknown.err.contains("notice") && unknown.err.contains("是不是"),
        "{}",
        unknown.err
    );
}

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
fn machines_are_told_the_summary_and_the_next_change() {
    let site = Site::new();
    let built = site.run("build --format json");
    let summary = lines_of_json(&built.out).pop().unwrap();
    assert_eq!(summary["summary"]["entries"], 1, "{built:?}");
    assert_eq!(summary["summary"]["warnings"], 0, "{built:?}");
    assert_eq!(
        site.run("next-change --format json").out,
        "{\"next_change\":null}\n"
    );
    site.write(
        "content/pages/b.md",
        &page("乙", "publish_at: 2026-10-20 08:00\n"),
    );
    assert_eq!(
        site.run("next-change --format json").out,
        "{\"next_change\":\"2026-10-20T08:00:00+08:00\"}\n"
    );
}

#[test]
fn languages_that_are_not_spoken_are_refused() {
    let run = Site::new().run("check --lang fr");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("zh-CN, en"), "{}", run.err);
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
