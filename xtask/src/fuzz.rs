//! Runs the fuzz targets of `fuzz/`, one after another, on corpora made of the test cases.
//!
//! They are those of cargo-fuzz, which needs not be installed: the flags are the ones it gives the compiler when it is told to
//! use no sanitizer, and these are stable. Our code has no `unsafe`, so that panics, overflows, memory and time are what there is to
//! find.

mod corpus;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process;
use crate::result::Result;
use crate::workspace::Workspace;

/// What the compiler is told: count the edges that are taken, and tell of comparisons.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Cdebug-assertions";
/// Most bytes of an input.
const LARGEST: &str = "-max_len=65536";
/// Seconds for one input, and megabytes: more is a finding.
const BOUNDS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=2048"];

/// Runs the target that is named, or all of them, for so many minutes each.
///
/// # Errors
/// When a target cannot be built, or finds something.
pub(crate) fn run(workspace: &Workspace, options: &[&str]) -> Result<()> {
    let (mut minutes, mut wanted) = (10_u64, None);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--minutes" => minutes = options.next().ok_or("--minutes: how many?")?.parse()?,
            target => wanted = Some(target),
        }
    }
    let known = corpus::TARGETS.iter().map(|(name, _)| *name);
    let targets: Vec<&str> = known
        .filter(|name| wanted.is_none_or(|wanted| wanted == *name))
        .collect();
    if targets.is_empty() {
        return Err(format!("no target is called {}", wanted.unwrap_or_default()).into());
    }
    let room = workspace.root().join("fuzz");
    corpus::write(workspace.root(), &room.join("corpus"))?;
    // What is fuzzed is built from what the programs are built from; cargo adds what only the targets need.
    fs::copy(workspace.root().join("Cargo.lock"), room.join("Cargo.lock"))?;
    let host = host()?;
    for target in targets {
        println!("{target}: {minutes} minutes");
        process::run(&mut command(workspace, &room, &host, target, minutes))?;
    }
    Ok(())
}

/// Builds a target and runs it. What it finds is kept in `artifacts`.
fn command(workspace: &Workspace, room: &Path, host: &str, target: &str, minutes: u64) -> Command {
    let mut command = workspace.cargo(&["run", "--release", "--target", host, "--bin", target, "--"]);
    command.current_dir(room).env("RUSTFLAGS", FLAGS);
    command.env("CARGO_TARGET_DIR", room.join("target"));
    command.arg(format!("corpus/{target}"));
    command.arg(format!("-artifact_prefix=artifacts/{target}-"));
    command.arg(format!("-max_total_time={}", 60 * minutes));
    command.args([LARGEST, "-print_final_stats=1"]).args(BOUNDS);
    command
}

/// What rustc compiles for. It has to be named: flags go to build scripts too otherwise.
fn host() -> Result<String> {
    let version = process::output(Command::new("rustc").arg("-vV"))?;
    let version = String::from_utf8(version.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc does not say what it compiles for")?.to_owned())
}
