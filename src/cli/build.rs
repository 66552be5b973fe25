//! `jixia build`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::common::{Common, exit_code, print_line};
use super::error::{Error, ErrorKind, Failure};
use crate::cache::{Cache, Lock};
use crate::diag::{Diagnostic, Format, Language, Severity, count, interface_text};
use crate::output::Changes;
use crate::pipeline::{Options, Outcome, Progress, Task, build, build_if_changed};
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
        };
        let outcome = with_progress(self.common.language(), |progress| {
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
        let shown: Vec<Diagnostic> = outcome
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error || !diagnostic.code.is_advice())
            .cloned()
            .collect();
        self.common.print(world, None, &shown);
        let (errors, warnings) = count(&shown);
        let Some(changes) = &outcome.changes else {
            let arguments = [("errors", errors.to_string()), ("warnings", warnings.to_string())];
            self.common.say("failed", &arguments);
            return Ok(ExitCode::FAILURE);
        };
        if let Some(path) = &self.changed_list
            && let Err(error) = write_changes(path, changes)
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
        self.common.say("built", &arguments);
        if self.common.format == Format::Json {
            let summary = json!({
                "entries": outcome.entries,
                "pages": outcome.pages,
                "written": changes.written.len(),
                "unchanged": outcome.unchanged,
                "removed": changes.removed.len(),
                "warnings": warnings,
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

/// Shows a bar on a terminal when the work takes more than a moment.
fn with_progress<T>(language: Language, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    std::thread::scope(|scope| {
        // The scope waits for the bar, and the bar for the end of this sender, which comes after a panic too.
        let (working, is_over) = channel();
        let progress = &progress;
        scope.spawn(move || draw(language, progress, &is_over));
        let outcome = work(progress);
        drop(working);
        outcome
    })
}

fn draw(language: Language, progress: &Progress, is_over: &Receiver<()>) {
    let bar = ProgressBar::hidden();
    let label = interface_text(language, "rendering", &[]);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    let mut is_shown = false;
    for tick in 0u32.. {
        if is_over.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Disconnected) {
            break;
        }
        let pages = progress.pages.load(Ordering::Relaxed);
        if tick >= 5 && pages > 0 && !is_shown {
            is_shown = true;
            bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
            bar.set_message(label.clone());
        }
        bar.set_length(pages as u64);
        bar.set_position(progress.done.load(Ordering::Relaxed) as u64);
    }
    bar.finish_and_clear();
}

fn write_changes(path: &Path, changes: &Changes) -> std::io::Result<()> {
    let written = changes.written.iter().map(|file| format!("+{file}\n"));
    let removed = changes.removed.iter().map(|file| format!("-{file}\n"));
    std::fs::write(path, written.chain(removed).collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn the_bar_ends_with_the_work() {
        let result = with_progress(Language::English, |progress| {
            progress.pages.store(3, Ordering::Relaxed);
            7
        });
        assert_eq!(result, 7);
    }

    #[test]
    fn a_panic_of_the_work_comes_out() {
        let work = |_: &Progress| -> usize { panic!("expected by this test") };
        let caught = catch_unwind(AssertUnwindSafe(|| with_progress(Language::English, work)));
        assert!(caught.is_err());
    }
}
