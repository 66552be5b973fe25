//! Known faults of libraries: the list of RustSec, kept in the repository in a short form so that it is had without the network,
//! and what `Cargo.lock` names held against it. `cargo xtask advisories` fetches a newer list.

use std::fs;
use std::path::Path;
use std::process::Command;

use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

use crate::process;
use crate::result::Result;
use crate::workspace::Workspace;

/// Where the list is kept.
const LIST: &str = "advisories.json";
/// Where the list comes from.
const SOURCE: &str = "https://github.com/RustSec/advisory-db";

/// The list, as of a commit.
#[derive(Serialize, Deserialize)]
struct List {
    source: String,
    /// When the list was last changed, as git writes it.
    as_of: String,
    /// Sorted by id.
    advisories: Vec<Advisory>,
}

/// A fault of a package. Every version has it but those that are patched or were never affected.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Advisory {
    id: String,
    package: String,
    title: String,
    patched: Vec<String>,
    unaffected: Vec<String>,
}

/// Holds `Cargo.lock` against the list. `ignored` are ids with a reason in `deny.toml`.
///
/// # Errors
/// When the list or the lock file cannot be read.
pub(crate) fn check(workspace: &Workspace, ignored: &[String]) -> Result<Vec<String>> {
    let list: List = serde_json::from_slice(&fs::read(workspace.root().join(LIST))?)?;
    let lock: toml::Table = fs::read_to_string(workspace.root().join("Cargo.lock"))?.parse()?;
    let packages = lock["package"].as_array().into_iter().flatten();
    let of_crates_io = packages.filter(|package| package.get("source").is_some());
    let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let locked: Vec<(String, String)> = of_crates_io
        .map(|package| (text(package, "name"), text(package, "version")))
        .collect();
    let count = list.advisories.len();
    println!("{} packages, {count} advisories of {}", locked.len(), list.as_of);
    let mut wrong = Vec::new();
    for (name, version) in &locked {
        let known = list
            .advisories
            .iter()
            .filter(|advisory| advisory.package == *name);
        for advisory in known.filter(|advisory| !ignored.contains(&advisory.id)) {
            if advisory.affects(version)? {
                wrong.push(format!(
                    "{name} {version} has {}: {}",
                    advisory.id, advisory.title
                ));
            }
        }
    }
    Ok(wrong)
}

impl Advisory {
    fn affects(&self, version: &str) -> Result<bool> {
        let version = Version::parse(version)?;
        for range in self.patched.iter().chain(&self.unaffected) {
            let range =
                VersionReq::parse(range).map_err(|error| format!("{}: {range:?}: {error}", self.id))?;
            if range.matches(&version) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads a file of the list: TOML between fences, then Markdown that begins with the title. Returns `None` for what was
    /// withdrawn.
    fn read(text: &str) -> Result<Option<Self>> {
        let fenced = text
            .split_once("```toml\n")
            .and_then(|(_, rest)| rest.split_once("\n```"));
        let (front, body) = fenced.ok_or("an advisory without TOML")?;
        let table: toml::Table = front.parse()?;
        let about = table.get("advisory").ok_or("an advisory without [advisory]")?;
        if about.get("withdrawn").is_some() {
            return Ok(None);
        }
        let text = |key: &str| {
            about
                .get(key)
                .and_then(toml::Value::as_str)
                .map(str::to_owned)
                .ok_or(format!("an advisory without {key}"))
        };
        let ranges = |key: &str| -> Vec<String> {
            let ranges = table
                .get("versions")
                .and_then(|versions| versions.get(key)?.as_array());
            let ranges = ranges.into_iter().flatten().filter_map(toml::Value::as_str);
            ranges.map(str::to_owned).collect()
        };
        let title = body
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .unwrap_or_default();
        Ok(Some(Self {
            id: text("id")?,
            package: text("package")?,
            title: title.trim().to_owned(),
            patched: ranges("patched"),
            unaffected: ranges("unaffected"),
        }))
    }
}

/// Writes the list anew from a repository on this machine, or from the network.
///
/// # Errors
/// When the repository cannot be had or holds an advisory that cannot be read.
pub(crate) fn write(workspace: &Workspace, repository: Option<&Path>) -> Result<()> {
    let cloned = tempfile::tempdir()?;
    let repository = match repository {
        Some(repository) => repository,
        None => {
            let mut clone = Command::new("git");
            process::run(
                clone
                    .args(["clone", "--quiet", "--bare", "--depth=1", SOURCE])
                    .arg(cloned.path()),
            )?;
            cloned.path()
        }
    };
    let git = |arguments: &[&str]| -> Result<String> {
        let output = process::output(Command::new("git").arg("-C").arg(repository).args(arguments))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(String::from_utf8(output.stdout)?)
    };
    let mut advisories = Vec::new();
    for path in git(&["ls-tree", "-r", "--name-only", "HEAD", "crates"])?.lines() {
        let text = git(&["show", &format!("HEAD:{path}")])?;
        let advisory = Advisory::read(&text).map_err(|error| format!("{path}: {error}"))?;
        advisories.extend(advisory);
    }
    advisories.sort_by(|a, b| a.id.cmp(&b.id));
    let list = List {
        source: SOURCE.to_owned(),
        as_of: git(&["log", "-1", "--format=%cs"])?.trim().to_owned(),
        advisories,
    };
    // A line each, so that a newer list shows what came.
    let mut text = serde_json::to_string(&list)?.replace("{\"id\":", "\n{\"id\":");
    text.push('\n');
    fs::write(workspace.root().join(LIST), text)?;
    println!("{} advisories of {}", list.advisories.len(), list.as_of);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXT: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2023-0001\"\npackage = \"some\"\ndate = \"2023-01-01\"\n\n[versions]\n\
        patched = [\">= 1.18.5, < 1.19.0\", \">= 1.24.2\"]\nunaffected = [\"< 0.2.0\"]\n```\n\n# Reads what is gone\n\nMore.\n";

    #[test]
    fn a_version_is_affected_unless_it_is_patched_or_older() {
        let advisory = Advisory::read(TEXT).unwrap().unwrap();
        assert_eq!(advisory.title, "Reads what is gone");
        for (version, affected) in [
            ("0.1.9", false),
            ("0.2.0", true),
            ("1.18.4", true),
            ("1.18.5", false),
            ("1.19.0", true),
            ("1.24.2", false),
            ("2.0.0", false),
        ] {
            assert_eq!(advisory.affects(version).unwrap(), affected, "{version}");
        }
    }

    #[test]
    fn what_was_withdrawn_is_no_fault() {
        let text = TEXT.replace("date =", "withdrawn = \"2023-02-01\"\ndate =");
        assert_eq!(Advisory::read(&text).unwrap(), None);
    }

    #[test]
    fn what_is_no_advisory_is_said() {
        assert!(Advisory::read("# Only a title").is_err());
        assert!(Advisory::read("```toml\n[advisory]\n```\n").is_err());
    }
}
