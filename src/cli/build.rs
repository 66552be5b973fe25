//! `jixia build`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::common::{Common, exit_code, print_line};
use super::error::{Error, ErrorKind, Failure};
use super::progress::with_progress;
use crate::cache::{Cache, Lock};
use crate::diag::{self, Diagnostic, Format, Severity, count};
use crate::pipeline::{Options, Outcome, Task, build, build_if_changed};
use crate::world::World;

/// Builds the portal.
#[derive(Debug, Args)]
pub(super) struct Build {
    #[command(flatten)]
    pub(super) common: Common,
    /// The output directory; by default `public` in the root
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Show drafts, scheduled and expired entries
    #[arg(long)]
    drafts: bool,
    /// Also write .gz and .br copies of text files
    #[arg(long)]
    precompress: bool,
    /// Require advised fields
    #[arg(long)]
    strict: bool,
    /// Leave entries out that cannot be published, instead of writing nothing
    #[arg(long)]
    set_aside: bool,
    /// Read everything anew instead of what the last build remembered
    #[arg(long)]
    no_cache: bool,
    /// Write the paths of changed and removed files there, one a line after `+` or `-`
    #[arg(long, value_name = "FILE")]
    changed_list: Option<PathBuf>,
}

impl Build {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        // The summary says how long it took; no output depends on it.
        let started = Instant::now();
        let world = self.common.world()?;
        let root = world.root().to_path_buf();
        let out = self.out.clone().unwrap_or_else(|| root.join("public"));
        let lock = Lock::take(&root);
        let options = Options {
            drafts: self.drafts,
            precompress: self.precompress,
            strict: self.strict,
            set_aside: self.set_aside,
        };
        let outcome = with_progress(&self.common, |progress| {
            let task = Task {
                root: &root,
                out: &out,
                options,
                progress: Some(progress),
            };
            if self.no_cache {
                build(&world, task, &mut Cache::default())
            } else {
                build_if_changed(&world, task, &lock)
            }
        });
        self.report(&world, &outcome, started.elapsed())
    }

    fn report(&self, world: &dyn World, outcome: &Outcome, elapsed: Duration) -> Result<ExitCode, Failure> {
        let mut shown: Vec<Diagnostic> = outcome
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error || !diagnostic.code.is_advice())
            .cloned()
            .collect();
        diag::merge_advised(&mut shown);
        self.common.print(world, None, &shown);
        let (errors, warnings) = count(&shown);
        let Some(changes) = &outcome.changes else {
            let arguments = [("errors", errors.to_string()), ("warnings", warnings.to_string())];
            self.common.say("failed", &arguments);
            return Ok(ExitCode::FAILURE);
        };
        if let Some(path) = &self.changed_list
            && let Err(error) = std::fs::write(path, changes.list())
        {
            let wrong = Error::new(ErrorKind::CannotWrite).with("path", path.display());
            return Err(wrong.with("reason", error).into());
        }
        let arguments = [
            ("entries", outcome.entries.to_string()),
            ("pages", outcome.pages.to_string()),
            ("written", changes.written.len().to_string()),
            ("unchanged", outcome.unchanged.to_string()),
            ("removed", changes.removed.len().to_string()),
            ("warnings", warnings.to_string()),
            ("time", format!("{:.0} ms", elapsed.as_secs_f64() * 1000.0)),
        ];
        if !outcome.set_aside.is_empty() {
            self.common
                .say("set-aside", &[("count", outcome.set_aside.len().to_string())]);
        }
        if !outcome.damaged.is_empty() {
            self.common
                .say("damaged", &[("count", outcome.damaged.len().to_string())]);
        }
        self.common.say("built", &arguments);
        if self.common.format == Format::Json {
            let summary = json!({
                "entries": outcome.entries,
                "pages": outcome.pages,
                "written": changes.written.len(),
                "unchanged": outcome.unchanged,
                "removed": changes.removed.len(),
                "warnings": warnings,
                "set_aside": outcome.set_aside.iter().map(|entry| &*entry.path).collect::<Vec<_>>(),
                "damaged": outcome.damaged.iter().map(|entry| &*entry.path).collect::<Vec<_>>(),
                "milliseconds": u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            });
            print_line(&json!({ "summary": summary }).to_string());
        }
        debug_assert!(
            shown
                .iter()
                .all(|diagnostic| diagnostic.severity == Severity::Warning)
        );
        Ok(exit_code(&shown))
    }
}
