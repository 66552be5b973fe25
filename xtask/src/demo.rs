//! `cargo xtask demo` and `cargo demo`: the demonstration, built and served.
//!
//! One build makes both programs, so that whoever tries the second after the first waits for nothing.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use crate::process;
use crate::result::Result;
use crate::workspace::Workspace;

/// Port of the portal, when it is free and none is asked for.
const PORT: &str = "8080";

/// Builds the portal and serves it, and again at every change, until it is interrupted. `options` are those of
/// `jixia serve`.
pub(crate) fn portal(workspace: &Workspace, options: &[&str]) -> Result<()> {
    say_how_long();
    let mut serve = Command::new(workspace.build_demo()?.jixia);
    serve.args(["serve", "--usual-port", PORT]);
    if !is_given("--root", options) {
        serve.arg("--root").arg(workspace.root());
    }
    become_program(serve.args(options))
}

/// Serves portal and intake until it is interrupted. `options` are those of `jixia-intake demo`.
pub(crate) fn intake(workspace: &Workspace, options: &[&str]) -> Result<()> {
    say_how_long();
    let mut demo = Command::new(workspace.build_demo()?.intake);
    demo.arg("demo");
    if !is_given("--content", options) {
        demo.arg("--content").arg(workspace.root());
    }
    if !is_given("--data", options) {
        demo.arg("--data").arg(data(workspace));
    }
    become_program(demo.args(options))
}

/// Where the demonstration keeps its data: cargo and git list the files of a checkout, and would take the repositories
/// among the data for parts of it, but look for nothing below the target directory.
pub(crate) fn data(workspace: &Workspace) -> PathBuf {
    workspace.target().join("demo-data")
}

fn say_how_long() {
    println!("Building the programs of the demonstration: some minutes the first time, seconds later.");
}

fn is_given(option: &str, options: &[&str]) -> bool {
    let of_option = |given: &&str| {
        given
            .strip_prefix(option)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    };
    options.iter().any(of_option)
}

/// Goes on as another program, so that signals to this process reach it and its status is this one's.
fn become_program(command: &mut Command) -> Result<()> {
    let error = command.exec();
    Err(format!("{}: {error}", process::line(command)).into())
}

#[cfg(test)]
mod tests {
    use super::is_given;

    #[test]
    fn options_are_given_in_two_spellings() {
        let cases = [
            (vec!["--data", "d"], true),
            (vec!["--json", "--data=d"], true),
            (vec!["--database", "d"], false),
            (vec![], false),
        ];
        for (options, expected) in cases {
            assert_eq!(is_given("--data", &options), expected, "{options:?}");
        }
    }
}
