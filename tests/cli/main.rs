//! The program itself, on small sites in temporary directories: exit codes, what it prints, what it leaves on the disk.
#![allow(clippy::unwrap_used)]

mod against;
mod aside;
mod levels;
mod messages;
mod new;
mod output;
mod portal;

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
