//! Gives the program an identity that changes with its sources, so that caches of another build are not trusted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// FNV-1a: enough to tell two states of the sources apart, and needs no dependency.
fn hash(bytes: &[u8], mut state: u64) -> u64 {
    for byte in bytes {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    state
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) {
    if path.is_dir() {
        let Ok(items) = fs::read_dir(path) else { return };
        for item in items.flatten() {
            collect(&item.path(), files);
        }
    } else {
        files.insert(path.to_path_buf());
    }
}

/// What the program is made of: its own sources and those of the workspace's libraries.
fn places() -> Vec<PathBuf> {
    let libraries = fs::read_dir("crates").into_iter().flatten().flatten();
    let mut places: Vec<PathBuf> = libraries.map(|library| library.path().join("src")).collect();
    places.extend(["src", "themes/default", "Cargo.toml", "Cargo.lock"].map(PathBuf::from));
    places
}

fn main() {
    let mut files = BTreeSet::new();
    for place in places() {
        println!("cargo::rerun-if-changed={}", place.display());
        collect(&place, &mut files);
    }
    let mut state = 0xcbf2_9ce4_8422_2325;
    for file in files {
        state = hash(file.to_string_lossy().as_bytes(), state);
        state = hash(&fs::read(&file).unwrap_or_default(), state);
    }
    let profile = env::var("PROFILE").unwrap_or_default();
    println!("cargo::rustc-env=JIXIA_BUILD={state:016x}-{profile}");
}
