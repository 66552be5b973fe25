//! Licences, sources and bans of what the programs are built from, as `deny.toml` says. What only tests need is left out.
//!
//! The part of `cargo deny` that needs nothing but what cargo has fetched anyway, so that it runs wherever the tests do;
//! advisories are those of the list that the repository keeps. Other platforms' dependencies and the rest of that program
//! are looked at before a release.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::advisories;
use crate::process;
use crate::result::Result;
use crate::workspace::Workspace;

/// Where cargo says that a package of crates.io comes from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What `deny.toml` allows and forbids.
struct Rules {
    /// Licences by their SPDX names, with exceptions.
    licences: Vec<String>,
    /// Packages that must not be there.
    banned: Vec<String>,
    /// Advisories that do not concern us, each with its reason beside it.
    ignored: Vec<String>,
}

/// Looks at every package that this machine compiles.
///
/// # Errors
/// Names all that is not as `deny.toml` says.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let rules = Rules::read(&fs::read_to_string(workspace.root().join("deny.toml"))?)?;
    let packages = packages(workspace)?;
    let problems = packages.iter().flat_map(|package| rules.problems(package));
    let mut wrong: Vec<String> = problems.collect();
    wrong.extend(advisories::check(workspace, &rules.ignored)?);
    if wrong.is_empty() {
        println!("{} packages compiled here", packages.len());
        Ok(())
    } else {
        Err(wrong.join("; ").into())
    }
}

/// What `cargo metadata` says of each package.
fn packages(workspace: &Workspace) -> Result<Vec<Value>> {
    let version = process::output(Command::new("rustc").arg("-vV"))?;
    let version = String::from_utf8(version.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("rustc does not say what it compiles for")?;
    let metadata = process::output(&mut workspace.cargo(&[
        "metadata",
        "--format-version=1",
        "--locked",
        "--filter-platform",
        host,
    ]))?;
    if !metadata.status.success() {
        return Err(String::from_utf8_lossy(&metadata.stderr).into_owned().into());
    }
    let metadata: Value = serde_json::from_slice(&metadata.stdout)?;
    let compiled = compiled(&metadata);
    let packages = metadata["packages"].as_array();
    let packages = packages.ok_or("cargo metadata names no packages")?.iter();
    let is_compiled = |package: &&Value| compiled.contains(package["id"].as_str().unwrap_or_default());
    Ok(packages.filter(is_compiled).cloned().collect())
}

/// Ids of what the programs are built from: the packages of this repository, and all that they depend on other than for
/// tests.
fn compiled(metadata: &Value) -> BTreeSet<&str> {
    let nodes = metadata["resolve"]["nodes"].as_array().into_iter().flatten();
    let nodes: BTreeMap<&str, &Value> = nodes
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let members = metadata["workspace_members"].as_array().into_iter().flatten();
    let mut left: Vec<&str> = members.filter_map(Value::as_str).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = left.pop() {
        if !found.insert(id) {
            continue;
        }
        let dependencies = nodes.get(id).and_then(|node| node["deps"].as_array());
        let is_built = |dependency: &&Value| {
            let kinds = dependency["dep_kinds"].as_array();
            kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"] != "dev"))
        };
        let built = dependencies.into_iter().flatten().filter(is_built);
        left.extend(built.filter_map(|dependency| dependency["pkg"].as_str()));
    }
    found
}

impl Rules {
    fn read(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse()?;
        let names = |section: &str, list: &str, key: Option<&str>| -> Vec<String> {
            let items = table
                .get(section)
                .and_then(|section| section.get(list)?.as_array());
            let items = items.into_iter().flatten();
            let name = |item: &toml::Value| match key {
                Some(key) => Some(item.get(key)?.as_str()?.to_owned()),
                None => Some(item.as_str()?.to_owned()),
            };
            items.filter_map(name).collect()
        };
        Ok(Self {
            licences: names("licenses", "allow", None),
            banned: names("bans", "deny", Some("crate")),
            ignored: names("advisories", "ignore", Some("id")),
        })
    }

    /// What is wrong with a package; each begins with its name and version.
    fn problems(&self, package: &Value) -> Vec<String> {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let mut wrong = Vec::new();
        if self.banned.iter().any(|banned| banned == text("name")) {
            wrong.push("is banned".to_owned());
        }
        match package["source"].as_str() {
            None => wrong.extend(wildcards(package)),
            Some(CRATES_IO) => wrong.extend(self.licence(text("license"))),
            Some(other) => wrong.push(format!("comes from {other}")),
        }
        let about = |problem| format!("{} {} {problem}", text("name"), text("version"));
        wrong.into_iter().map(about).collect()
    }

    /// Why a package under this licence may not be used.
    fn licence(&self, licence: &str) -> Option<String> {
        let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
            return Some(format!("has a licence that nobody can read: {licence:?}"));
        };
        let is_allowed = expression.evaluate(|needed| {
            let needed = needed.to_string();
            self.licences.contains(&needed)
        });
        (!is_allowed).then(|| format!("is under {licence}"))
    }
}

/// Dependencies of a package of this repository that take any version; crates.io refuses such a package.
fn wildcards(package: &Value) -> Vec<String> {
    let is_private = package["publish"].as_array().is_some_and(Vec::is_empty);
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let is_any = |dependency: &&Value| {
        let is_own = is_private || dependency["kind"] == "dev";
        dependency["req"] == "*" && (dependency["path"].is_null() || !is_own)
    };
    dependencies
        .filter(is_any)
        .map(|dependency| format!("takes any version of {}", dependency["name"]))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_only_tests_need_is_no_part_of_the_programs() {
        let dependency = |id: &str, kind: Value| json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "workspace_members": ["own"],
            "resolve": { "nodes": [
                { "id": "own", "deps": [dependency("a", Value::Null), dependency("t", json!("dev"))] },
                { "id": "a", "deps": [dependency("b", json!("build"))] },
                { "id": "b", "deps": [] },
                { "id": "t", "deps": [dependency("a", Value::Null)] },
            ] },
        });
        let found: Vec<&str> = compiled(&metadata).into_iter().collect();
        assert_eq!(found, ["a", "b", "own"]);
    }

    #[test]
    fn packages_are_held_against_the_rules() {
        let rules = "[licenses]\nallow = [\"MIT\", \"Apache-2.0 WITH LLVM-exception\"]\n[bans]\ndeny = [{ crate = \"bad\" }]\n";
        let rules = Rules::read(rules).unwrap();
        let foreign = |name: &str, licence: &str| json!({ "name": name, "version": "1.0.0", "source": CRATES_IO, "license": licence });
        let own = |publish: Value, dependency: Value| json!({ "name": "own", "version": "1.0.0", "source": null, "publish": publish, "dependencies": [dependency] });
        let path = json!({ "name": "x", "req": "*", "path": "/x", "kind": null });
        let cases = [
            (foreign("a", "MIT"), ""),
            (foreign("a", "GPL-3.0-only OR MIT"), ""),
            (foreign("a", "Apache-2.0/MIT"), ""),
            (foreign("a", "Apache-2.0 WITH LLVM-exception"), ""),
            (foreign("a", "Apache-2.0"), "a 1.0.0 is under Apache-2.0"),
            (foreign("a", "0BSD AND MIT"), "a 1.0.0 is under 0BSD AND MIT"),
            (
                foreign("a", ""),
                "a 1.0.0 has a licence that nobody can read: \"\"",
            ),
            (foreign("bad", "MIT"), "bad 1.0.0 is banned"),
            (
                json!({ "name": "g", "version": "1.0.0", "source": "git+https://example.org/g" }),
                "g 1.0.0 comes from git+https://example.org/g",
            ),
            (
                own(Value::Null, path.clone()),
                "own 1.0.0 takes any version of \"x\"",
            ),
            (own(json!([]), path), ""),
            (
                own(json!([]), json!({ "name": "x", "req": "*", "kind": "dev" })),
                "own 1.0.0 takes any version of \"x\"",
            ),
            (own(Value::Null, json!({ "name": "x", "req": "^1" })), ""),
        ];
        for (package, expected) in cases {
            assert_eq!(rules.problems(&package).join("; "), expected, "{package}");
        }
    }
}
