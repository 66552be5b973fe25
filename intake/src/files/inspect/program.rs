//! Other programs: found on the path, run without a shell, with limits of memory, time and output.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Bytes of memory that a program may take, where `prlimit` of util-linux is there to say so.
const MEMORY: &str = "--as=2000000000";

fn is_there(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(name).is_file())
}

/// What a program prints: `most` bytes of it. Nothing when it is not there, fails, or takes longer than `seconds`.
pub(super) fn run(name: &str, arguments: &[&str], most: u64, seconds: u64) -> Option<Vec<u8>> {
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
        output.take(most).read_to_end(&mut bytes).map(|_| bytes)
    });
    let is_done = finish(&mut child, seconds);
    let bytes = reader.join().ok()?.ok()?;
    // A program that was cut off in the middle of too much text told enough.
    (is_done || bytes.len() as u64 == most).then_some(bytes)
}

/// Waits for a program, not for ever; tells whether it ended well.
fn finish(child: &mut Child, seconds: u64) -> bool {
    let limit = Instant::now() + Duration::from_secs(seconds);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < limit => std::thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn programs_are_bounded() {
        assert_eq!(run("no-such-program", &[], 10, 1), None);
        assert_eq!(run("printf", &["abc"], 10, 10).as_deref(), Some(&b"abc"[..]));
        assert_eq!(run("yes", &[], 4, 10).as_deref(), Some(&b"y\ny\n"[..]));
        assert_eq!(run("false", &[], 10, 10), None);
        assert_eq!(run("sleep", &["60"], 10, 0), None);
    }
}
