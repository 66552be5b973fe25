//! `cargo xtask check-shared PATH`: builds real documents that are no part of the project.
//!
//! PATH holds `notices/` (real notices, built beside the demonstration content) and `docs-cn/` (a thousand
//! documents whose links often lead nowhere, built as plain pages). Prints which diagnostics came how often.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::process;
use crate::result::Result;
use crate::workspace::{Profile, Workspace};

/// What a copy of this repository's portal consists of.
const PORTAL: &[&str] = &["site.toml", "content", "themes"];

/// The configuration of the portal made of plain pages: what leads nowhere in them is known and only warned of.
const PAGES_SITE: &str = r#"[site]
title = "文档"
base_url = "https://pages.example.org"

[check.levels]
broken-link = "warn"
broken-anchor = "warn"
missing-media = "warn"
missing-front-matter = "warn"
unknown-field = "warn"
bad-alias = "warn"
duplicate-url = "warn"
"#;

/// Builds both sets and prints what the generator said.
///
/// # Errors
/// When one of the builds fails.
pub(crate) fn run(workspace: &Workspace, shared: &Path) -> Result<()> {
    let shared = shared
        .canonicalize()
        .map_err(|error| format!("{}: {error}", shared.display()))?;
    let jixia = workspace.build_jixia(Profile::Tested)?;

    let notices = tempfile::tempdir()?;
    for part in PORTAL {
        let from = workspace.root().join(part);
        if from.exists() {
            copy(&from, &notices.path().join(part))?;
        }
    }
    copy(&shared.join("notices"), &notices.path().join("content/notices"))?;
    let notices = build(workspace, &jixia, "notices", notices.path());

    let pages = tempfile::tempdir()?;
    fs::write(pages.path().join("site.toml"), PAGES_SITE)?;
    copy(&shared.join("docs-cn"), &pages.path().join("content/pages"))?;
    let pages = build(workspace, &jixia, "docs-cn", pages.path());

    notices.and(pages)
}

fn build(workspace: &Workspace, jixia: &Path, name: &str, root: &Path) -> Result<()> {
    println!("\n==> {name}");
    let mut command = workspace.command(&jixia.to_string_lossy());
    command
        .args(["build", "--format", "json", "--root"])
        .arg(root)
        .arg("--out")
        .arg(root.join("public"));
    let Output {
        status,
        stdout,
        stderr,
    } = process::output(&mut command)?;
    let printed = [stdout, stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat();
    let (counts, rest) = diagnostics_by_code(&printed);
    for ((severity, code), count) in &counts {
        println!("{count:6} {severity:8} {code}");
    }
    for line in rest {
        println!("{line}");
    }
    if status.success() {
        Ok(())
    } else {
        Err(format!("{name}: {status}").into())
    }
}

/// How often each pair of severity and code was reported.
type Counts = BTreeMap<(String, String), usize>;

/// Separates what `jixia --format json` prints: diagnostics, an object a line, are counted; other lines are
/// returned as they are.
fn diagnostics_by_code(printed: &str) -> (Counts, Vec<&str>) {
    let mut counts = Counts::new();
    let mut rest = Vec::new();
    for line in printed.lines() {
        let diagnostic: Value = serde_json::from_str(line).unwrap_or_default();
        let text = |field: &str| diagnostic.get(field).and_then(Value::as_str).map(str::to_owned);
        match text("severity").zip(text("code")) {
            Some(key) => *counts.entry(key).or_default() += 1,
            None => rest.push(line),
        }
    }
    (counts, rest)
}

/// Copies a file, or the files of a directory into another that may exist. Symbolic links are left out.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let kind = fs::symlink_metadata(from)
        .map_err(|error| format!("{}: {error}", from.display()))?
        .file_type();
    if kind.is_file() {
        fs::copy(from, to)?;
    } else if kind.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn diagnostics_are_counted_and_other_lines_kept() {
        let link = r#"{"severity":"warning","code":"broken-link","message":"a \"code\":\"x\""}"#;
        let date = r#"{"severity":"error","code":"bad-date"}"#;
        let printed = format!("{link}\n{date}\n12 entries, 3 written\n{link}\n[1]\n");
        let (counts, rest) = diagnostics_by_code(&printed);
        let expected = [(("error", "bad-date"), 1), (("warning", "broken-link"), 2)];
        let counts: Vec<_> = counts
            .iter()
            .map(|((severity, code), count)| ((&**severity, &**code), *count))
            .collect();
        assert_eq!(counts, expected);
        assert_eq!(rest, ["12 entries, 3 written", "[1]"]);
    }

    #[test]
    fn copies_merge_into_what_is_there() {
        let from = tempfile::tempdir().unwrap();
        let to = tempfile::tempdir().unwrap();
        fs::create_dir(from.path().join("a")).unwrap();
        fs::create_dir(to.path().join("a")).unwrap();
        fs::write(from.path().join("a/new.md"), "new").unwrap();
        fs::write(to.path().join("a/old.md"), "old").unwrap();
        copy(from.path(), to.path()).unwrap();
        assert_eq!(fs::read_to_string(to.path().join("a/new.md")).unwrap(), "new");
        assert_eq!(fs::read_to_string(to.path().join("a/old.md")).unwrap(), "old");
    }
}
