//! How far long work has come: a bar on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::common::Common;
use crate::diag::{Format, Language, interface_text};
use crate::progress::{Progress, Stage};

/// How often is looked, and how many looks pass before anything is said: short work ends in silence.
const TICK: Duration = Duration::from_millis(100);
const SILENT_TICKS: u32 = 5;
/// Looks between two lines where there is no terminal.
const TICKS_A_LINE: u32 = 50;

/// Does work and shows how far it has come when it takes more than a moment.
pub(super) fn with_progress<T>(common: &Common, work: impl FnOnce(&Progress) -> T) -> T {
    let is_for_people = common.format == Format::Human;
    shown(common.language(), is_for_people, work)
}

fn shown<T>(language: Language, is_for_people: bool, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    std::thread::scope(|scope| {
        // The scope waits for the bar, and the bar for the end of this sender, which comes after a panic too.
        let (working, is_over) = channel();
        let progress = &progress;
        scope.spawn(move || match std::io::stderr().is_terminal() {
            true => draw(language, progress, &is_over),
            false if is_for_people => tell(language, progress, &is_over),
            false => {}
        });
        let outcome = work(progress);
        drop(working);
        outcome
    })
}

fn name(stage: Stage, language: Language) -> String {
    let key = match stage {
        Stage::Pictures => "making-pictures",
        Stage::Pages => "rendering",
        Stage::Links => "asking-links",
    };
    interface_text(language, key, &[])
}

/// Whether the work is over after another moment.
fn is_done(is_over: &Receiver<()>) -> bool {
    is_over.recv_timeout(TICK) == Err(RecvTimeoutError::Disconnected)
}

fn draw(language: Language, progress: &Progress, is_over: &Receiver<()>) {
    let bar = ProgressBar::hidden();
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    let (mut is_shown, mut named) = (false, None);
    for tick in 0u32.. {
        if is_done(is_over) {
            break;
        }
        let Some((stage, done, total)) = progress.now() else {
            continue;
        };
        if tick >= SILENT_TICKS && !is_shown {
            is_shown = true;
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if named != Some(stage) {
            named = Some(stage);
            bar.set_message(name(stage, language));
        }
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    }
    bar.finish_and_clear();
}

fn tell(language: Language, progress: &Progress, is_over: &Receiver<()>) {
    for tick in 1u32.. {
        if is_done(is_over) {
            break;
        }
        if tick % TICKS_A_LINE > 0 {
            continue;
        }
        if let Some((stage, done, total)) = progress.now() {
            let (what, done, total) = (name(stage, language), done.to_string(), total.to_string());
            let line = interface_text(
                language,
                "progress",
                &[("what", &what), ("done", &done), ("total", &total)],
            );
            // A closed pipe is no reason to fail.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn the_bar_ends_with_the_work() {
        let result = shown(Language::English, true, |progress| {
            progress.begin(Stage::Pictures, 3);
            progress.step();
            assert_eq!(progress.now(), Some((Stage::Pictures, 1, 3)));
            progress.begin(Stage::Pages, 5);
            assert_eq!(progress.now(), Some((Stage::Pages, 0, 5)));
            7
        });
        assert_eq!(result, 7);
    }

    #[test]
    fn a_panic_of_the_work_comes_out() {
        let work = |_: &Progress| -> usize { panic!("expected by this test") };
        let caught = catch_unwind(AssertUnwindSafe(|| shown(Language::English, false, work)));
        assert!(caught.is_err());
    }
}
