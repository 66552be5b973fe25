//! `cargo xtask release`: the generator as it is given to others, compiled with a profile of its own work.
//!
//! The compiler lays code out by what a training run did: clean builds and edits of an invented portal. That takes a
//! tenth off the time of a build; the pages are the same.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench;
use crate::process;
use crate::result::Result;
use crate::workspace::Workspace;

/// Builds twice, with a training run between, and says where the program is.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let program = build(workspace)?;
    println!("{}", program.display());
    Ok(())
}

/// Builds the generator with a profile and returns its path.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    let host = rustc(&["-vV"])?
        .lines()
        .find_map(|line| line.strip_prefix("host: ").map(str::to_owned))
        .ok_or("rustc does not say what it compiles for")?;
    let merge = profdata(&host)?;
    let directory = workspace.target().join("release-profile");
    let raw = directory.join("raw");
    if raw.exists() {
        fs::remove_dir_all(&raw)?;
    }
    fs::create_dir_all(&raw)?;
    let trained = compile(workspace, &host, &format!("-Cprofile-generate={}", raw.display()))?;
    bench::train(&trained)?;
    let merged = directory.join("merged.profdata");
    process::run(Command::new(merge).arg("merge").arg("-o").arg(&merged).arg(&raw))?;
    compile(workspace, &host, &format!("-Cprofile-use={}", merged.display()))
}

/// Compiles for a named target, so that build scripts and macros are compiled without the flags.
fn compile(workspace: &Workspace, host: &str, flags: &str) -> Result<PathBuf> {
    let target = workspace.target().join("release-profile");
    let mut cargo = workspace.cargo(&[
        "build",
        "--release",
        "--locked",
        "--bin",
        "jixia",
        "--target",
        host,
    ]);
    // The generator ends with whatever it panics of; the intake, of the same profile, answers the next request.
    cargo.env("CARGO_PROFILE_RELEASE_PANIC", "abort");
    process::run(cargo.env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", &target))?;
    let program = format!("jixia{}", env::consts::EXE_SUFFIX);
    Ok(target.join(host).join("release").join(program))
}

fn rustc(arguments: &[&str]) -> Result<String> {
    let output = process::output(Command::new("rustc").args(arguments))?;
    Ok(String::from_utf8(output.stdout)?)
}

/// The compiler's own tool that reads its profiles; another version's may not understand them.
fn profdata(host: &str) -> Result<PathBuf> {
    let sysroot = rustc(&["--print", "sysroot"])?;
    let tool = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(host)
        .join("bin")
        .join(format!("llvm-profdata{}", env::consts::EXE_SUFFIX));
    if !tool.exists() {
        process::run(Command::new("rustup").args(["component", "add", "llvm-tools"]))?;
    }
    if tool.exists() {
        Ok(tool)
    } else {
        Err("missing: llvm-profdata of this compiler. With rustup: rustup component add llvm-tools".into())
    }
}
