//! Prepares what tests/browser needs: Node.js, its packages, a Chromium and Chinese fonts.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::process;
use crate::result::Result;
use crate::tools::{self, Need};
use crate::workspace::Workspace;

/// The oldest Node.js whose test runner has all the options used here; that of Debian 12.
const NODE: (u32, u32) = (18, 19);

/// Node.js alone, for the test of the search script.
pub(crate) const NODE_NEED: Need = Need {
    what: "Node.js 18.19 or later",
    present: has_node,
    packages: &["nodejs"],
};

const BROWSER_NEEDS: &[Need] = &[
    NODE_NEED,
    Need {
        what: "npm",
        present: || tools::find("npm").is_some(),
        packages: &["npm"],
    },
    Need {
        what: "Chromium (or name a browser in the variable CHROMIUM)",
        present: || chromium().is_some(),
        packages: &["chromium"],
    },
    Need {
        what: "fonts with Chinese characters (fc-list :lang=zh names none)",
        present: has_chinese_fonts,
        packages: &["fontconfig", "fonts-noto-cjk"],
    },
];

/// Installs what is missing and returns a command that runs `script` of tests/browser/package.json against
/// the generator `jixia` and the content of this repository.
pub(crate) fn npm_script(workspace: &Workspace, jixia: &Path, script: &str) -> Result<Command> {
    let mut command = prepared(workspace, jixia, "tests/browser")?;
    command.args(["run", "--silent", script]);
    Ok(command)
}

/// The same for tests/quality, which measures with the browser tests' tools and Lighthouse besides.
pub(crate) fn quality_script(workspace: &Workspace, jixia: &Path) -> Result<Command> {
    prepared(workspace, jixia, "tests/browser")?;
    let mut command = prepared(workspace, jixia, "tests/quality")?;
    command.args(["run", "--silent", "measure"]);
    Ok(command)
}

/// An npm with the packages of a directory, that knows the generator, the content and the browser.
fn prepared(workspace: &Workspace, jixia: &Path, directory: &str) -> Result<Command> {
    tools::ensure(BROWSER_NEEDS)?;
    let directory = workspace.root().join(directory);
    if !packages_are_installed(&directory) {
        process::run(
            workspace
                .command("npm")
                .current_dir(&directory)
                .args(["ci", "--ignore-scripts"]),
        )?;
    }
    let browser = chromium().ok_or("Chromium has gone")?;
    let mut command = workspace.command("npm");
    command.current_dir(&directory);
    command
        .env("JIXIA_BIN", jixia)
        .env("JIXIA_ROOT", workspace.root())
        .env("CHROMIUM", browser);
    Ok(command)
}

fn has_node() -> bool {
    let Ok(output) = process::output(Command::new("node").arg("--version")) else {
        return false;
    };
    node_version(&String::from_utf8_lossy(&output.stdout)).is_some_and(|version| version >= NODE)
}

/// Major and minor number of what `node --version` prints.
fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn chromium() -> Option<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM") {
        return Some(path.into()).filter(|path: &PathBuf| path.is_file());
    }
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]
    .into_iter()
    .find_map(tools::find)
}

fn has_chinese_fonts() -> bool {
    process::output(Command::new("fc-list").arg(":lang=zh")).is_ok_and(|output| !output.stdout.is_empty())
}

/// Whether npm's record of what it installed is at least as new as the lockfile.
fn packages_are_installed(directory: &Path) -> bool {
    let modified =
        |file: &str| -> Option<SystemTime> { directory.join(file).metadata().ok()?.modified().ok() };
    modified("node_modules/.package-lock.json") >= modified("package-lock.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions() {
        let cases = [
            ("v18.19.0\n", Some((18, 19))),
            ("v20.20.2", Some((20, 20))),
            ("", None),
            ("v20", None),
            ("20.1.0", None),
        ];
        for (text, expected) in cases {
            assert_eq!(node_version(text), expected, "{text:?}");
        }
        assert!(node_version("v18.4.0") < Some(NODE));
        assert!(node_version("v22.1.0") >= Some(NODE));
    }
}
