//! `cargo xtask attack`: the tests that do to the programs what an attacker, a crash or a full disk would, on loopback. Each is
//! bounded; `cargo xtask test` runs them in a short form.

use crate::process;
use crate::result::Result;
use crate::tools;
use crate::workspace::Workspace;

/// A way of attacking.
struct Part {
    name: &'static str,
    what: &'static str,
    /// Which tests do it, in the language of `cargo nextest`.
    tests: &'static str,
}

const PARTS: &[Part] = &[
    Part {
        name: "rights",
        what: "every address for everybody, on submissions in every state and on what is somebody else's",
        tests: "binary(rights)",
    },
    Part {
        name: "csrf",
        what: "changes without the secret of a session, or at the wish of another site",
        tests: "binary(walls)",
    },
    Part {
        name: "guesses",
        what: "passwords, codes and logins, many at once",
        tests: "binary(guessing) + binary(totp)",
    },
    Part {
        name: "injection",
        what: "markup in every field of every kind, on every page, in every header",
        tests: "binary(injection) + binary(headers) + binary(markdown_security)",
    },
    Part {
        name: "growth",
        what: "double the input, at most 2.5 times the work, for every parser",
        tests: "test(growth)",
    },
    Part {
        name: "uploads",
        what: "files that are not what they say, half requests, what changes after it was decided on",
        tests: "binary(files) + binary(bounds) + binary(decided)",
    },
    Part {
        name: "kills",
        what: "kill -9 during submitting, uploading, merging and rebuilding",
        tests: "binary(crash) & test(lost)",
    },
    Part {
        name: "backup",
        what: "backups beside all that, restored and compared with what was acknowledged",
        tests: "binary(crash) & test(backup)",
    },
    Part {
        name: "disk",
        what: "a full disk, a damaged database, a removed checkout",
        tests: "binary(standing_up)",
    },
];

/// How often the server is killed in the long form.
const KILLS: &str = "100";

/// The tests of all parts, in the language of `cargo nextest`.
pub(crate) fn tests() -> String {
    union(PARTS.iter())
}

fn union<'p>(parts: impl Iterator<Item = &'p Part>) -> String {
    let each: Vec<String> = parts.map(|part| format!("({})", part.tests)).collect();
    each.join(" + ")
}

/// Runs the parts that the options name, or all of them, in the long form.
///
/// # Errors
/// When an option is unknown, there is no `cargo nextest`, or an attack succeeds.
pub(crate) fn run(workspace: &Workspace, options: &[&str]) -> Result<()> {
    let parts = match options {
        [] => PARTS.iter().collect(),
        ["--only", names] => named(names)?,
        _ => return Err(format!("not options of attack: {:?}", options.join(" ")).into()),
    };
    if tools::find("cargo-nextest").is_none() {
        return Err(
            "missing: cargo-nextest, which picks the tests: cargo install cargo-nextest --locked".into(),
        );
    }
    for part in &parts {
        println!("{:10} {}", part.name, part.what);
    }
    let tests = union(parts.into_iter());
    let mut command = nextest(workspace, &tests);
    process::run(command.env("JIXIA_ATTACK_KILLS", KILLS))
}

/// `cargo nextest` with these tests alone.
pub(crate) fn nextest(workspace: &Workspace, tests: &str) -> std::process::Command {
    // Of the whole workspace, so that what was compiled for other phases serves here.
    workspace.cargo(&[
        "nextest",
        "run",
        "--workspace",
        "--locked",
        "--no-fail-fast",
        "--filterset",
        tests,
    ])
}

fn named(names: &str) -> Result<Vec<&'static Part>> {
    let find = |name: &str| {
        let found = PARTS.iter().find(|part| part.name == name);
        let known = || PARTS.iter().map(|part| part.name).collect::<Vec<_>>().join(",");
        found.ok_or_else(|| format!("not a part: {name:?}, expected some of {}", known()).into())
    };
    names.split(',').map(|name| find(name.trim())).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parts_by_name() {
        let names = |parts: Vec<&Part>| parts.iter().map(|part| part.name).collect::<Vec<_>>();
        assert_eq!(names(named("kills, csrf").unwrap()), ["kills", "csrf"]);
        assert!(named("").is_err() && named("kill").is_err());
    }

    #[test]
    fn every_part_is_among_the_tests_of_all() {
        let all = tests();
        assert!(PARTS.iter().all(|part| all.contains(part.tests)));
    }
}
