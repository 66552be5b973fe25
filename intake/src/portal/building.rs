//! A build in a process of its own: what it takes is given back when it ends, and what it dies of is not the server's end.

use std::path::Path;
use std::process::{Command, Stdio};

use jixia::cache::{Cache, Lock};
use jixia::pipeline::{Options, SetAside, Task, build};
use jixia::world::Disk;
use serde::{Deserialize, Serialize};

use super::changed::Lists;
use super::failure::{BuildError, in_words};
use super::places::Places;

/// The program's command that builds; its arguments are the checkout, where the portal's files belong, and where the lists of
/// what changed do.
pub(crate) const COMMAND: &str = "build-portal";

/// What a build did.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Built {
    /// Files that were written or removed.
    pub(super) changed: usize,
    /// Entries that could not be published.
    pub(super) set_aside: Vec<SetAside>,
    /// Entries that are published without some of their files, whose bytes are damaged or gone.
    pub(super) damaged: Vec<SetAside>,
}

/// What the process says at its end, as a line of JSON.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    /// What was built.
    Built(Built),
    /// What is wrong with the content.
    Problems(Vec<String>),
}

/// Builds in a process of this same program and waits for it.
pub(super) fn elsewhere(places: &Places) -> Result<Built, BuildError> {
    let mut command = Command::new(itself()?);
    command
        .arg(COMMAND)
        .args([&places.root, &places.out, &places.changed]);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    match serde_json::from_slice(&output.stdout) {
        Ok(Answer::Built(built)) => Ok(built),
        Ok(Answer::Problems(problems)) => Err(BuildError::Content(problems)),
        Err(_) => Err(BuildError::Stopped(output.status.to_string())),
    }
}

/// This program's file; on Linux the one that runs, even when an upgrade has put another in its place.
fn itself() -> std::io::Result<std::path::PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return Ok(running.to_path_buf());
    }
    std::env::current_exe()
}

/// Builds, and gives the line to print.
///
/// # Errors
/// When the checkout cannot be read, or the list of what changed not be written.
pub(crate) fn here(root: &Path, out: &Path, changed: &Path) -> std::io::Result<String> {
    let world = Disk::open(root, crate::clock::instant())?;
    let guard = Lock::take(root);
    let lists = Lists::new(changed);
    let everything = lists.begin(out)?;
    let mut cache = Cache::load(root);
    let task = Task {
        root,
        out,
        options: Options {
            set_aside: true,
            ..Options::default()
        },
        progress: None,
    };
    let outcome = build(&world, task, &mut cache);
    let answer = match &outcome.changes {
        Some(changes) => {
            lists.end(changes, everything)?;
            cache.trust_before(&guard);
            // Without the file the next build is slower, nothing else.
            let _ = cache.save(root);
            Answer::Built(Built {
                changed: changes.written.len() + changes.removed.len(),
                set_aside: outcome.set_aside,
                damaged: outcome.damaged,
            })
        }
        None => Answer::Problems(in_words(&outcome.diagnostics)),
    };
    Ok(serde_json::to_string(&answer)?)
}
