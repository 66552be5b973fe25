//! Telling whoever keeps copies of the portal, such as a CDN, what a build changed: by a program, or by an address.

use std::fs;
use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use ureq::Agent;

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of what a program says at its end that are kept.
const LAST_WORDS: usize = 500;
/// Names of variables that begin so are the server's own settings, secrets among them.
const OWN: &str = "JIXIA_INTAKE_";

/// Who is told.
#[derive(Clone, PartialEq, Eq)]
pub enum After {
    /// A program, which gets the path of the list as its argument and as `JIXIA_CHANGED`.
    Program(PathBuf),
    /// An address, which gets the list as the body of a POST.
    Address(String),
}

impl std::fmt::Debug for After {
    /// An address may hold a secret, which is for no log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Program(path) => write!(formatter, "Program({})", path.display()),
            Self::Address(_) => formatter.write_str("Address(hidden)"),
        }
    }
}

impl After {
    /// Hands a list over and waits, not for ever.
    ///
    /// # Errors
    /// Why it was not taken, in words.
    pub fn tell(&self, list: &Path) -> Result<(), String> {
        match self {
            Self::Program(program) => run(program, list, PATIENCE),
            Self::Address(address) => post(address, list),
        }
    }
}

fn post(address: &str, list: &Path) -> Result<(), String> {
    let bytes = fs::read(list).map_err(|error| format!("{}: {error}", list.display()))?;
    // Where an answer sends us on to, nobody wrote into the settings.
    let config = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false);
    let agent: Agent = config.timeout_global(Some(PATIENCE)).build().into();
    let request = agent
        .post(address)
        .header("content-type", "text/plain; charset=utf-8");
    let answer = request.send(&bytes[..]);
    match answer.map(|answer| answer.status()) {
        Ok(status) if status.is_success() => Ok(()),
        Ok(status) => Err(format!("the address of publish.after answered {status}")),
        Err(error) => Err(format!("the address of publish.after: {error}")),
    }
}

fn run(program: &Path, list: &Path, patience: Duration) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", program.display());
    let (reader, writer) = std::io::pipe().map_err(failed)?;
    let mut command = Command::new(program);
    command.arg(list).env("JIXIA_CHANGED", list).stdin(Stdio::null());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with(OWN)) {
        command.env_remove(name);
    }
    command.stdout(writer.try_clone().map_err(failed)?).stderr(writer);
    // A group of its own, so that what it began ends with it.
    let mut child = command.process_group(0).spawn().map_err(failed)?;
    // The command holds the writing ends: only without them does the reader come to an end.
    drop(command);
    let words = last_words(reader);
    let limit = Instant::now() + patience;
    let status = loop {
        match child.try_wait().map_err(failed)? {
            Some(status) => break Some(status),
            None if Instant::now() < limit => std::thread::sleep(Duration::from_millis(20)),
            None => break None,
        }
    };
    if let Some(group) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        // Nothing of it may be left any more.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.wait();
    let words = words.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("{}: {status}: {words}", program.display())),
        None => Err(format!(
            "{}: not done within {patience:?}: {words}",
            program.display()
        )),
    }
}

/// Reads what a program says to its end, and keeps the last of it.
fn last_words(mut reader: std::io::PipeReader) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut kept, mut piece) = (Vec::new(), [0; 4096]);
        while let Ok(count @ 1..) = reader.read(&mut piece) {
            kept.extend_from_slice(&piece[..count]);
            kept.drain(..kept.len().saturating_sub(LAST_WORDS));
        }
        // Whoever asked may have gone.
        let _ = sender.send(String::from_utf8_lossy(&kept).trim().to_owned());
    });
    receiver
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn script(directory: &Path, text: &str) -> PathBuf {
        let path = directory.join("after");
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        path
    }

    #[test]
    fn a_program_is_bounded_and_its_last_words_are_told() {
        let directory = tempfile::tempdir().unwrap();
        let list = directory.path().join("list.txt");
        let runs = |text: &str, milliseconds: u64| {
            let program = script(directory.path(), text);
            run(&program, &list, Duration::from_millis(milliseconds))
        };
        let copies = "test \"$1\" = \"$JIXIA_CHANGED\" && echo \"$1\" > \"$1\"";
        assert_eq!(runs(copies, 10_000), Ok(()));
        assert_eq!(fs::read_to_string(&list).unwrap().trim(), list.to_str().unwrap());
        let failed = runs("echo begun; echo no such zone >&2; exit 3", 10_000).unwrap_err();
        assert!(failed.contains("exit status: 3: begun\nno such zone"), "{failed}");
        let begun = Instant::now();
        let late = runs("sleep 600 & sleep 600", 100).unwrap_err();
        assert!(
            late.contains("not done within 100ms") && begun.elapsed() < Duration::from_secs(60),
            "{late}"
        );
        let long = runs("yes | head -c 1000000; exit 1", 60_000).unwrap_err();
        assert!(long.len() < 1000, "{long}");
        let none = run(Path::new("/no/such/program"), &list, PATIENCE).unwrap_err();
        assert!(none.starts_with("/no/such/program: "), "{none}");
    }

    #[test]
    fn an_address_is_shown_to_nobody() {
        let after = After::Address("https://cdn.example.org/purge?key=secret".to_owned());
        assert!(!format!("{after:?}").contains("secret"));
    }
}
