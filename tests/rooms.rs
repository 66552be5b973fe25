//! The map in `src/lib.rs`: its table names every room, and a room uses only those above it.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

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
    let map = include_str!("../src/lib.rs");
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
