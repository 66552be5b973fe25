//! A source, a site, and `jixia import` from one to the other.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x00\x00\x00!\xf9\x04\x01\n\x00\x01\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02L\x01\x00;";

/// A source and the site that it moves into.
pub(crate) struct Move {
    pub(crate) source: TempDir,
    pub(crate) site: TempDir,
}

/// What an import said: totals by code, and the last line.
pub(crate) struct Told {
    pub(crate) totals: BTreeMap<String, u64>,
    pub(crate) last: Value,
    pub(crate) lines: Vec<Value>,
}

impl Move {
    pub(crate) fn of(files: &[(&str, &[u8])]) -> Self {
        let (source, site) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (path, bytes) in files {
            let path = source.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        fs::create_dir_all(site.path().join("content/pages")).unwrap();
        fs::write(site.path().join("site.toml"), "[site]\ntitle = \"示例\"\n").unwrap();
        fs::write(
            site.path().join("content/pages/own.md"),
            "---\ntitle: 自己的\n---\n\n正文。\n",
        )
        .unwrap();
        Self { source, site }
    }

    pub(crate) fn jixia(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_jixia"))
            .args(arguments)
            .arg("--root")
            .arg(self.site.path())
            .args(["--now", "2026-10-15T04:00:00Z", "--lang", "zh-CN"])
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    pub(crate) fn import(&self, arguments: &[&str]) -> Told {
        let source = self.source.path().to_str().unwrap();
        let all = [&["import", source, "--format", "json"], arguments].concat();
        let (code, out, err) = self.jixia(&all);
        assert_eq!(code, 0, "{err}");
        let mut lines: Vec<Value> = out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let last = lines.pop().unwrap();
        let totals = serde_json::from_value(last["totals"].clone()).unwrap();
        Told { totals, last, lines }
    }

    pub(crate) fn read(&self, path: &str) -> String {
        let path = self.site.path().join("content").join(path);
        fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}\n{:#?}", path.display(), self.files()))
    }

    /// The content of the site by its paths.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let content = self.site.path().join("content");
        let files = walkdir::WalkDir::new(&content).into_iter().map(Result::unwrap);
        let files = files.filter(|file| file.file_type().is_file());
        let named = |path: &Path| path.strip_prefix(&content).unwrap().to_str().unwrap().to_owned();
        files
            .map(|file| (named(file.path()), fs::read(file.path()).unwrap()))
            .collect()
    }

    pub(crate) fn builds(&self) {
        let (code, _, err) = self.jixia(&["build"]);
        assert_eq!(code, 0, "{err}");
    }
}
