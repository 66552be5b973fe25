//! A backup that is damaged is refused with words and leaves nothing behind; one that is whole comes back whole.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Server, command, database};

/// A backup of a server with a file.
fn backup(directory: &Path) -> (PathBuf, Vec<u8>) {
    let server = Server::start_in(&directory.join("first"), &[]);
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    let file = "备份里的文件。".repeat(300);
    teacher.uploads(&id, "a.txt", file.as_bytes());
    let archive = directory.join("backup.tar");
    let written = command(server.data(), &["backup", archive.to_str().unwrap()]);
    assert!(
        written.status.success(),
        "{}",
        String::from_utf8_lossy(&written.stderr)
    );
    let bytes = fs::read(&archive).unwrap();
    (archive, bytes)
}

/// Restores into a directory; what was said if that was refused.
fn restore(data: &Path, archive: &Path) -> Option<String> {
    let restored = command(data, &["restore", archive.to_str().unwrap()]);
    (!restored.status.success()).then(|| String::from_utf8(restored.stderr).unwrap())
}

fn names(data: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(data)
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Where some bytes stand first.
fn place(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes
        .windows(wanted.len())
        .position(|part| part == wanted)
        .unwrap()
}

#[test]
fn a_damaged_backup_leaves_nothing_behind() {
    let directory = tempfile::tempdir().unwrap();
    if database(directory.path()).is_some() {
        // There the database is elsewhere, and is restored in one transaction.
        return;
    }
    let (archive, whole) = backup(directory.path());
    let in_file = place(&whole, "备份里的文件。".as_bytes());
    let object = place(&whole, b"repository.git/objects/");
    // The first object's bytes come after its name, in a block of their own.
    let in_object = object + (place(&whole[object..], b"\x78\x01")..).next().unwrap() + 20;
    let cut_between = place(&whole, b"blob/") / 512 * 512;
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        bytes
    };
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("half of it", whole[..whole.len() / 2].to_vec(), "cut short"),
        (
            "cut between two members",
            whole[..cut_between].to_vec(),
            "cut short",
        ),
        ("no backup", b"hello".to_vec(), "cut short"),
        ("nothing", Vec::new(), "cut short"),
        ("a damaged file", flipped(in_file), "files are damaged"),
        ("a damaged object", flipped(in_object), "repository is damaged"),
    ];
    let data = directory.path().join("data");
    for (what, bytes, expected) in cases {
        fs::write(&archive, bytes).unwrap();
        let said = restore(&data, &archive).unwrap_or_else(|| panic!("{what} was restored"));
        assert!(
            said.contains(expected) && said.contains("nothing was restored"),
            "{what}: {said}"
        );
        assert_eq!(names(&data), ["lock"], "{what}");
    }
    // What a killed restore left is no hindrance; anything else is.
    fs::create_dir_all(data.join("restoring-abc/blob")).unwrap();
    fs::write(&archive, &whole).unwrap();
    fs::write(data.join("notes.txt"), "mine").unwrap();
    let said = restore(&data, &archive).unwrap();
    assert!(said.contains("not empty, notes.txt is there"), "{said}");
    assert_eq!(names(&data), ["lock", "notes.txt", "restoring-abc"]);
    fs::remove_file(data.join("notes.txt")).unwrap();
    assert_eq!(restore(&data, &archive), None);
    assert_eq!(
        names(&data),
        ["blob", "intake.db", "lock", "repository.git", "upload"]
    );
}
