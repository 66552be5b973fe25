//! What a process costs: wall time, processor time and the most memory it had at once.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4 as _;

use crate::process;
use crate::result::Result;

/// The cost of one run of a process, or the medians of several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cost {
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// Seconds of all cores, in the program and in the system.
    pub(super) cpu: f64,
    /// Most resident bytes.
    pub(super) peak: f64,
}

impl Cost {
    /// Median of each figure by itself; of an even number of runs the mean of the two in the middle.
    pub(super) fn median(runs: &[Self]) -> Self {
        let median = |figure: fn(&Self) -> f64| median(&mut runs.iter().map(figure).collect::<Vec<_>>());
        Self {
            wall: median(|run| run.wall),
            cpu: median(|run| run.cpu),
            peak: median(|run| run.peak),
        }
    }
}

/// Median of a list that is not empty.
pub(super) fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len() % 2 == 1 {
        figures[middle]
    } else {
        f64::midpoint(figures[middle - 1], figures[middle])
    }
}

/// Runs `command` without its output.
///
/// # Errors
/// When it cannot start or fails; what it printed on standard error is shown.
pub(super) fn cost(command: &mut Command) -> Result<Cost> {
    let errors = tempfile::NamedTempFile::new()?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(errors.reopen()?);
    let started = Instant::now();
    let used = command.spawn()?.wait4()?;
    let wall = started.elapsed().as_secs_f64();
    if !used.status.success() {
        let printed = fs::read_to_string(errors.path())?;
        return Err(format!("{}: {}\n{printed}", process::line(command), used.status).into());
    }
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok(Cost {
        wall,
        cpu: cpu.as_secs_f64(),
        peak: used.rusage.maxrss as f64,
    })
}

/// A piece of work that is measured several times.
pub(super) type Task<'a> = &'a mut dyn FnMut() -> Result<Cost>;

/// Runs each task in turn, so that whatever disturbs the machine disturbs all alike. Returns their medians.
pub(super) fn in_turn(runs: usize, tasks: &mut [Task<'_>]) -> Result<Vec<Cost>> {
    let mut costs = vec![Vec::new(); tasks.len()];
    for _ in 0..runs {
        for (task, costs) in tasks.iter_mut().zip(&mut costs) {
            costs.push(task()?);
        }
    }
    Ok(costs.iter().map(|costs| Cost::median(costs)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]).to_bits(), 2.5_f64.to_bits());
    }
}
