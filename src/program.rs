//! Other programs: found on the path, run without a shell, with limits of memory, time and output.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::stop::Stop;

/// Bytes of memory that a program may take, where `prlimit` of util-linux is there to say so.
const MEMORY: &str = "--as=2000000000";

/// What a program may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes that are read of what it prints.
    pub output: u64,
    /// How long it may run.
    pub time: Duration,
}

/// Whether a program is on the path.
pub fn is_there(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(name).is_file())
}

/// What a program prints, cut off at the bound. Returns `None` if it is not there, fails, or takes too long.
///
/// # Panics
/// When it is to stop, as [`Stop::check`] does; the program has ended then.
pub fn output(name: &str, arguments: &[&str], bounds: Bounds, stop: &Stop) -> Option<Vec<u8>> {
    if !is_there(name) {
        return None;
    }
    let mut command = if is_there("prlimit") {
        let mut limited = Command::new("prlimit");
        limited.args([MEMORY, "--core=0", "--", name]);
        limited
    } else {
        Command::new(name)
    };
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let output = child.stdout.take()?;
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        output.take(bounds.output).read_to_end(&mut bytes).map(|_| bytes)
    });
    let is_done = ends_well(&mut child, bounds.time, stop);
    let bytes = reader.join().ok()?.ok()?;
    stop.check();
    // A program that was cut off in the middle of too much told enough.
    (is_done || bytes.len() as u64 == bounds.output).then_some(bytes)
}

/// Waits for a program, not for ever; tells whether it ended well.
fn ends_well(child: &mut Child, time: Duration, stop: &Stop) -> bool {
    let limit = Instant::now() + time;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < limit && !stop.is_asked() => {
                std::thread::sleep(Duration::from_millis(10));
            }
            _ => {
                // Either it is gone already, or it goes now; both end the wait.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Duration, Stop};

    #[test]
    fn programs_are_bounded() {
        let printed = |name: &str, arguments: &[&str], output: u64, seconds: u64| {
            let time = Duration::from_secs(seconds);
            super::output(name, arguments, Bounds { output, time }, &Stop::default())
        };
        assert_eq!(printed("no-such-program", &[], 10, 1), None);
        assert_eq!(printed("printf", &["abc"], 10, 10).as_deref(), Some(&b"abc"[..]));
        assert_eq!(printed("yes", &[], 4, 10).as_deref(), Some(&b"y\ny\n"[..]));
        assert_eq!(printed("false", &[], 10, 10), None);
        assert_eq!(printed("sleep", &["60"], 10, 0), None);
    }

    #[test]
    fn a_program_ends_when_nobody_waits() {
        let stop = Stop::default();
        let bounds = Bounds {
            output: 10,
            time: Duration::from_secs(3600),
        };
        let done = stop.run(|| {
            // As soon as it runs.
            stop.ask();
            super::output("sleep", &["3600"], bounds, &stop)
        });
        assert_eq!(done, None);
    }
}
