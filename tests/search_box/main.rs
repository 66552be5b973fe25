//! Runs the script of the search box with Node (`search.test.mjs`).
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

#[test]
fn the_page_asks_the_search_worker() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search_box/search.test.mjs");
    let output = Command::new("node").arg("--test").arg(script).output();
    let output = output.expect("Node.js runs the page's code");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
