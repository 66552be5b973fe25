//! `cargo xtask test`: every test, in phases. A phase that fails does not keep the next from running.
//!
//! All phases share one target directory and the dev profile. What a phase cannot do on this machine it
//! either fails with, saying what is missing, or skips when the tool only repeats what others check.

use std::time::{Duration, Instant};

use crate::attack;
use crate::browser;
use crate::deny;
use crate::docs;
use crate::postgres::Cluster;
use crate::process;
use crate::readme;
use crate::result::Result;
use crate::tools;
use crate::workspace::{Profile, Workspace};

/// One part of the tests.
pub(crate) struct Phase {
    name: &'static str,
    what: &'static str,
    run: fn(&Workspace) -> Result<Outcome>,
}

enum Outcome {
    Passed,
    /// Did not run, and why that is no failure.
    Skipped(&'static str),
}

const PHASES: &[Phase] = &[
    Phase {
        name: "fmt",
        what: "source is formatted",
        run: fmt,
    },
    Phase {
        name: "clippy",
        what: "no lint complains",
        run: clippy,
    },
    Phase {
        name: "doc",
        what: "documentation builds without warnings",
        run: doc,
    },
    Phase {
        name: "docs",
        what: "tables of the documentation are current",
        run: tables,
    },
    Phase {
        name: "deny",
        what: "licences, sources and known faults of dependencies",
        run: deny,
    },
    Phase {
        name: "unit",
        what: "unit tests, text cases, the programs, search in Node.js",
        run: unit,
    },
    Phase {
        name: "attack",
        what: "what an attacker, a crash or a full disk would do, in short",
        run: attack,
    },
    Phase {
        name: "postgres",
        what: "the intake's tests on PostgreSQL instead of SQLite",
        run: postgres,
    },
    Phase {
        name: "doctest",
        what: "examples in the documentation",
        run: doctest,
    },
    Phase {
        name: "readme",
        what: "the README's commands in a clone of what was committed",
        run: readme,
    },
    Phase {
        name: "browser",
        what: "the demonstration portal in Chromium",
        run: portal,
    },
    Phase {
        name: "intake",
        what: "the story of a submission in Chromium, from a draft to the portal",
        run: intake,
    },
];

/// Phases that run only when they are named: they build the programs a second time.
const ON_REQUEST: &[&str] = &["readme"];

/// Every phase, in order, but those on request.
pub(crate) fn all() -> Vec<&'static Phase> {
    PHASES
        .iter()
        .filter(|phase| !ON_REQUEST.contains(&phase.name))
        .collect()
}

/// The phases that `names` lists, separated by commas, in the order they run.
///
/// # Errors
/// When a name is no phase.
pub(crate) fn named(names: &str) -> Result<Vec<&'static Phase>> {
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    if let Some(unknown) = names
        .iter()
        .find(|name| PHASES.iter().all(|phase| phase.name != **name))
    {
        let known: Vec<&str> = PHASES.iter().map(|phase| phase.name).collect();
        return Err(format!("not a phase: {unknown:?}, expected some of {}", known.join(",")).into());
    }
    Ok(PHASES
        .iter()
        .filter(|phase| names.contains(&phase.name))
        .collect())
}

/// Runs `phases` one after the other and prints a summary.
///
/// # Errors
/// When a phase failed.
pub(crate) fn run(workspace: &Workspace, phases: &[&Phase]) -> Result<()> {
    let mut rows = Vec::new();
    for phase in phases {
        println!("\n==> {}: {}", phase.name, phase.what);
        let start = Instant::now();
        let result = (phase.run)(workspace);
        let time = start.elapsed();
        println!("<== {}", row(phase.name, &result, time));
        rows.push((phase.name, result, time));
    }
    println!("\nSummary");
    for (name, result, time) in &rows {
        println!("  {}", row(name, result, *time));
    }
    let failed: Vec<&str> = rows
        .iter()
        .filter(|(_, result, _)| result.is_err())
        .map(|(name, ..)| *name)
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")).into())
    }
}

fn row(name: &str, result: &Result<Outcome>, time: Duration) -> String {
    let seconds = time.as_secs_f32();
    match result {
        Ok(Outcome::Passed) => format!("{name:8} passed  {seconds:7.1} s"),
        Ok(Outcome::Skipped(why)) => format!("{name:8} skipped {seconds:7.1} s  {why}"),
        Err(error) => format!("{name:8} FAILED  {seconds:7.1} s  {error}"),
    }
}

fn fmt(workspace: &Workspace) -> Result<Outcome> {
    component(workspace, "fmt", "rustfmt")?;
    process::run(&mut workspace.cargo(&["fmt", "--all", "--check"]))?;
    Ok(Outcome::Passed)
}

fn clippy(workspace: &Workspace) -> Result<Outcome> {
    component(workspace, "clippy", "clippy")?;
    process::run(&mut workspace.cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))?;
    Ok(Outcome::Passed)
}

/// Adds a component of the toolchain when `cargo SUBCOMMAND` is not there.
fn component(workspace: &Workspace, subcommand: &str, name: &str) -> Result<()> {
    if process::succeeds(&mut workspace.cargo(&[subcommand, "--version"])) {
        return Ok(());
    }
    if tools::find("rustup").is_none() {
        return Err(
            format!("missing: {name}, a component of the Rust toolchain, and no rustup to add it").into(),
        );
    }
    process::run(workspace.command("rustup").args(["component", "add", name]))
}

fn doc(workspace: &Workspace) -> Result<Outcome> {
    // Private items too, and links to them: the reader is who works on the crate.
    let mut command = workspace.cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--locked",
    ]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"))?;
    Ok(Outcome::Passed)
}

fn tables(workspace: &Workspace) -> Result<Outcome> {
    docs::check(workspace)?;
    Ok(Outcome::Passed)
}

fn deny(workspace: &Workspace) -> Result<Outcome> {
    deny::check(workspace)?;
    Ok(Outcome::Passed)
}

fn readme(workspace: &Workspace) -> Result<Outcome> {
    if !workspace.root().join(".git").exists() {
        return Ok(Outcome::Skipped("no repository to clone"));
    }
    readme::check(workspace)?;
    Ok(Outcome::Passed)
}

/// Runs the tests with nextest where it is installed; building it would take longer than it saves. One of them runs
/// the page's search script in Node.js.
fn unit(workspace: &Workspace) -> Result<Outcome> {
    tools::ensure(&[browser::NODE_NEED])?;
    if tools::find("cargo-nextest").is_some() {
        let rest = format!("not ({})", attack::tests());
        process::run(&mut attack::nextest(workspace, &rest))?;
        return Ok(Outcome::Passed);
    }
    println!("no cargo-nextest, so `cargo test` runs the same tests, and the attacks");
    process::run(&mut workspace.cargo(&[
        "test",
        "--workspace",
        "--bins",
        "--lib",
        "--tests",
        "--locked",
        "--no-fail-fast",
    ]))?;
    Ok(Outcome::Passed)
}

/// Runs the attacks in their short form.
fn attack(workspace: &Workspace) -> Result<Outcome> {
    if tools::find("cargo-nextest").is_none() {
        return Ok(Outcome::Skipped("no cargo-nextest: the phase `unit` ran them"));
    }
    process::run(&mut attack::nextest(workspace, &attack::tests()))?;
    Ok(Outcome::Passed)
}

/// Runs what tests the whole server again with the other database.
fn postgres(workspace: &Workspace) -> Result<Outcome> {
    let cluster = Cluster::start()?;
    // Of the whole workspace, so that what the other phases compiled serves here.
    let arguments: &[&str] = if tools::find("cargo-nextest").is_some() {
        &[
            "nextest",
            "run",
            "--workspace",
            "--filterset",
            "package(jixia-intake) and kind(test)",
            "--locked",
            "--no-fail-fast",
        ]
    } else {
        &[
            "test",
            "--package",
            "jixia-intake",
            "--test",
            "*",
            "--locked",
            "--no-fail-fast",
        ]
    };
    let mut command = workspace.cargo(arguments);
    process::run(command.env("JIXIA_TEST_POSTGRES", cluster.address()))?;
    Ok(Outcome::Passed)
}

fn doctest(workspace: &Workspace) -> Result<Outcome> {
    process::run(&mut workspace.cargo(&["test", "--workspace", "--doc", "--locked"]))?;
    Ok(Outcome::Passed)
}

fn intake(workspace: &Workspace) -> Result<Outcome> {
    let intake = workspace.build_intake()?;
    let mut command = browser::npm_script(workspace, &intake, "intake")?;
    process::run(command.env("INTAKE_BIN", &intake))?;
    Ok(Outcome::Passed)
}

fn portal(workspace: &Workspace) -> Result<Outcome> {
    let jixia = workspace.build_jixia(Profile::Tested)?;
    process::run(&mut browser::npm_script(workspace, &jixia, "test")?)?;
    Ok(Outcome::Passed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(phases: &[&Phase]) -> Vec<&'static str> {
        phases.iter().map(|phase| phase.name).collect()
    }

    #[test]
    fn phases_by_name() {
        assert_eq!(names(&named("unit, fmt").unwrap()), ["fmt", "unit"]);
        assert_eq!(names(&named("browser").unwrap()), ["browser"]);
        for wrong in ["", "fmt,", "fmt,units"] {
            assert!(named(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_on_request_is_a_phase_and_runs_when_named() {
        for name in ON_REQUEST {
            assert!(!names(&all()).contains(name));
            assert_eq!(names(&named(name).unwrap()), [*name]);
        }
    }

    #[test]
    fn rows_say_what_happened() {
        let time = Duration::from_millis(1500);
        assert_eq!(
            row("fmt", &Ok(Outcome::Passed), time),
            "fmt      passed      1.5 s"
        );
        assert_eq!(
            row("deny", &Ok(Outcome::Skipped("absent")), time),
            "deny     skipped     1.5 s  absent"
        );
        assert_eq!(
            row("unit", &Err("2 failed".into()), time),
            "unit     FAILED      1.5 s  2 failed"
        );
    }
}
