//! The map in `src/lib.rs`: its table names every room, a room uses only those above it, and no two files use each other.
#![allow(clippy::unwrap_used)]

mod imports;
mod tokens;

use std::fs;
use std::path::Path;

use imports::{Crate, circles};

/// Every line of a room's source with its file, tests left out.
fn lines(room: &str) -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&src).sort_by_file_name();
    let mut lines = Vec::new();
    for file in files.into_iter().map(Result::unwrap) {
        let path = file.path().strip_prefix(&src).unwrap();
        let first = Path::new(path.iter().next().unwrap_or_default()).with_extension("");
        let is_source = path.extension().is_some_and(|extension| extension == "rs");
        if is_source && first == Path::new(room) && path.file_stem().unwrap() != "tests" {
            let text = fs::read_to_string(file.path()).unwrap();
            let code = text.split("#[cfg(test)]\nmod").next().unwrap();
            let code = code.split("#[cfg(test)]\n#[allow").next().unwrap();
            lines.extend(
                code.lines()
                    .map(|line| (path.display().to_string(), line.to_owned())),
            );
        }
    }
    lines
}

/// The rooms in the order of the table.
fn rooms(map: &str) -> Vec<&str> {
    let rows = map.lines().filter_map(|line| line.strip_prefix("//! | "));
    let names = rows.filter_map(|row| {
        let name = row.strip_prefix("[`").or_else(|| row.strip_prefix('`'))?;
        Some(name.split('`').next().unwrap())
    });
    names.filter(|name| !name.starts_with("jixia_")).collect()
}

#[test]
fn a_room_uses_only_those_above_it() {
    let map = include_str!("../../src/lib.rs");
    let rooms = rooms(map);
    let modules = map
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    for module in modules {
        assert!(
            rooms.contains(&module.trim_end_matches(';')),
            "{module} is not on the map"
        );
    }
    let mut wrong = Vec::new();
    for (position, room) in rooms.iter().enumerate() {
        let lines = lines(room);
        assert!(!lines.is_empty(), "{room} is on the map and nowhere else");
        for (file, line) in lines {
            let code = line.split("//").next().unwrap();
            let used = code.split("crate::").skip(1);
            let used = used.map(|rest| {
                rest.split(|c: char| c != '_' && !c.is_alphanumeric())
                    .next()
                    .unwrap()
            });
            let below = used.filter(|used| rooms[position + 1..].contains(used));
            wrong.extend(below.map(|below| format!("{file} uses {below}, which is below {room}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_two_files_use_each_other() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for root in [
        "src/lib.rs",
        "crates/jixia-markdown/src/lib.rs",
        "crates/jixia-search/src/lib.rs",
        "intake/src/lib.rs",
        "xtask/src/main.rs",
    ] {
        let read = Crate::read(&workspace.join(root));
        let uses = read.uses();
        for circle in circles(&uses) {
            for file in &circle {
                for used in uses[file].intersection(&circle) {
                    let [file, used] =
                        [file, used].map(|file| file.strip_prefix(workspace).unwrap().display());
                    wrong.push(format!("{file} uses {used}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "files that use each other:\n{}",
        wrong.join("\n")
    );
}

/// The files of each circle of a crate of these files.
fn circles_of(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let directory = tempfile::tempdir().unwrap();
    for (file, text) in files {
        let file = directory.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let read = Crate::read(&directory.path().join("lib.rs"));
    let uses = read.uses();
    let name = |file: &&Path| file.strip_prefix(directory.path()).unwrap().display().to_string();
    circles(&uses)
        .iter()
        .map(|circle| circle.iter().map(name).collect())
        .collect()
}

#[test]
fn circles_are_seen_through_what_is_passed_on() {
    let circle = circles_of(&[
        ("lib.rs", "mod a;\nmod b;\npub use a::A;\n"),
        ("a.rs", "use super::b::{self, B};\npub struct A(B);\n"),
        ("b.rs", "use crate::A as Other;\npub struct B(Other);\n"),
    ]);
    assert_eq!(
        circle,
        [["a.rs", "b.rs"]],
        "a parent that passes names on is none of them"
    );
    let circle = circles_of(&[
        ("lib.rs", "mod a;\npub fn own() -> a::A { a::A }\n"),
        ("a/mod.rs", "mod c;\npub use c::*;\n"),
        ("a/c.rs", "pub struct A;\nfn f() { super::super::own(); }\n"),
    ]);
    assert_eq!(circle, [["a/c.rs", "lib.rs"]], "paths count as imports do");
}

#[test]
fn what_is_no_use_makes_no_circle() {
    let lib = "//! use crate::b::B;\nmod a;\nmod b;\n";
    let a = "use crate::b::B;\npub(in super::a) struct A<'b>(&'b B, &'b str);\n";
    let only_named = "// crate::a::A\nfn b() -> &'static str { r#\"crate::a::A \"\"# }\npub struct B;\n";
    let only_tested = "pub struct B;\n#[cfg(test)]\n#[allow(unused)]\nmod tests {\n    use crate::a::A;\n}\n";
    for b in [only_named, only_tested] {
        let circles = circles_of(&[("lib.rs", lib), ("a.rs", a), ("b.rs", b)]);
        assert!(circles.is_empty(), "{circles:?}");
    }
}
