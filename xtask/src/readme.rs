//! The commands of the README, in its order, as somebody runs them who has just cloned the repository.

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::process;
use crate::result::Result;
use crate::tools::{self, Need};
use crate::workspace::Workspace;

const NEEDS: &[Need] = &[Need {
    what: "git",
    present: || tools::find("git").is_some(),
    packages: &["git"],
}];

/// The longest that a program may take to be built and to say where it is, on a slow machine.
const START: Duration = Duration::from_secs(1800);
/// The longest that it may take to answer, while it builds the portal.
const ANSWER: Duration = Duration::from_secs(300);
/// The longest that it may take to end.
const END: Duration = Duration::from_secs(60);

/// Tries the commands in a clone of what was committed.
///
/// # Errors
/// When a command does not do what the README says, and when the two languages name different ones.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    tools::ensure(NEEDS)?;
    let named = |file: &str| -> Result<Vec<String>> {
        let text = fs::read_to_string(workspace.root().join(file))?;
        Ok(commands(&text))
    };
    let (english, chinese) = (named("README.md")?, named("README.zh-CN.md")?);
    if english != chinese || english.is_empty() {
        return Err(format!("README.md has {english:?}, README.zh-CN.md {chinese:?}").into());
    }
    let clone = Clone::make(workspace)?;
    for command in &english {
        println!("$ {command}");
        clone.tries(command)?;
    }
    Ok(())
}

/// The lines of the blocks marked `sh`, without their comments.
fn commands(text: &str) -> Vec<String> {
    let (mut found, mut is_inside) = (Vec::new(), false);
    for line in text.lines() {
        if line.starts_with("```") {
            is_inside = line == "```sh";
        } else if is_inside && !line.starts_with('#') {
            let command = line.split(" #").next().unwrap_or_default().trim();
            found.extend(Some(command.to_owned()).filter(|command| !command.is_empty()));
        }
    }
    found
}

/// A clone of the repository that shares nothing with it but what cargo has downloaded. What is built for it stays
/// between two runs.
struct Clone<'w> {
    workspace: &'w Workspace,
    root: PathBuf,
    target: PathBuf,
}

impl<'w> Clone<'w> {
    fn make(workspace: &'w Workspace) -> Result<Self> {
        let target = workspace.target().join("readme");
        // Always at the same place, so that cargo finds what it built for the last one.
        let name = target.to_string_lossy().replace('/', "-");
        let root = std::env::temp_dir().join(format!("jixia{name}"));
        remove(&root)?;
        remove(&target.join("demo-data"))?;
        let clone = Self {
            workspace,
            root,
            target,
        };
        let mut git = workspace.command("git");
        git.args(["clone", "--quiet"]).arg(workspace.root());
        process::run(git.arg(&clone.root))?;
        Ok(clone)
    }

    /// Runs a command as far as time allows.
    fn tries(&self, command: &str) -> Result<()> {
        match command {
            "cargo demo" => self.serves(&["demo"], &["/", "/intake/"]),
            "cargo xtask demo" => self.serves(&["xtask", "demo"], &["/"]),
            // Of the tests that run this one, those that take little and need what lies in the clone listed.
            "cargo xtask test" => {
                process::run(&mut self.cargo(&["xtask", "test", "--only", "fmt,deny"]))?;
                self.lists()
            }
            "cargo install --path . --locked" => self.lists(),
            _ => Err(format!("{command:?} is in the README, and xtask/src/readme.rs cannot try it").into()),
        }
    }

    /// Has cargo list the files of each package, as it does to document and to package them.
    fn lists(&self) -> Result<()> {
        process::run(
            self.cargo(&["package", "--workspace", "--list"])
                .stdout(Stdio::null()),
        )
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = self.workspace.cargo(arguments);
        cargo
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        cargo
    }

    /// Starts a server, asks for `paths` and ends it as a person does.
    fn serves(&self, arguments: &[&str], paths: &[&str]) -> Result<()> {
        let cargo = self.cargo(arguments);
        // A shell that runs the tests in the background may have told them to ignore this signal.
        let mut command = Command::new("env");
        command.arg("--default-signal=INT").arg(cargo.get_program());
        command.args(cargo.get_args()).current_dir(&self.root);
        for (name, value) in cargo.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut server = Server::start(&mut command)?;
        let address = server.address()?;
        for path in paths {
            let status = status(address, path).map_err(|error| format!("{address}{path}: {error}"))?;
            if !(200..400).contains(&status) {
                return Err(format!("{address}{path} answers {status}").into());
            }
        }
        let status = server.interrupt()?;
        // By itself or of the signal: anything but an error.
        if status.code().is_some_and(|code| code != 0) {
            return Err(format!("{arguments:?} ended with {status}").into());
        }
        Ok(())
    }
}

impl Drop for Clone<'_> {
    fn drop(&mut self) {
        let _ = remove(&self.root);
    }
}

/// Removes a directory; does nothing if it is missing.
fn remove(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    Ok(())
}

/// A running program whose lines are passed on.
struct Server {
    child: Child,
    lines: Receiver<String>,
}

impl Server {
    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (sender, lines) = channel();
        pass_on(child.stdout.take(), sender.clone());
        pass_on(child.stderr.take(), sender);
        Ok(Self { child, lines })
    }

    /// Waits until it says where it is.
    fn address(&self) -> Result<SocketAddr> {
        let end = Instant::now() + START;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    if let Some(address) = address_in(&line) {
                        return Ok(address);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Err("it did not say where it is".into()),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err("it ended without saying where it is".into());
                }
            }
        }
    }

    /// Sends what Ctrl-C sends and waits for the end.
    fn interrupt(&mut self) -> Result<ExitStatus> {
        let id = self.child.id().to_string();
        process::run(Command::new("sh").args(["-c", "kill -INT \"$0\"", &id]))?;
        let end = Instant::now() + END;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(100));
        }
        Err("it did not end at Ctrl-C".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Prints what a program prints, and tells of it.
fn pass_on(from: Option<impl Read + Send + 'static>, to: Sender<String>) {
    let Some(from) = from else { return };
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(std::io::Result::ok) {
            println!("{line}");
            // Nobody listens any more once the address is known.
            let _ = to.send(line);
        }
    });
}

/// The address of this machine in a line.
fn address_in(line: &str) -> Option<SocketAddr> {
    let rest = line.split("http://").nth(1)?;
    rest.split(['/', ' ', '，']).next()?.parse().ok()
}

/// The status with which a path is answered.
fn status(address: SocketAddr, path: &str) -> Result<u16> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(ANSWER))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    let code = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    code.ok_or_else(|| format!("no answer of a web server: {line:?}").into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn commands_stand_in_marked_blocks() {
        let text = "a\n```sh\ncargo x    # does\n\n# only a comment\ncargo y -- z#1\n```\n```toml\nq = 1\n```\n```sh\nlast\n```\n";
        assert_eq!(commands(text), ["cargo x", "cargo y -- z#1", "last"]);
    }

    #[test]
    fn addresses_are_found_in_what_programs_print() {
        let cases = [
            ("门户：http://127.0.0.1:8090/", Some("127.0.0.1:8090")),
            ("正在 http://127.0.0.1:80/p/ 提供服务", Some("127.0.0.1:80")),
            ("see https://example.org/", None),
            ("http://example.org/", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(
                address_in(line),
                expected.map(|text| text.parse().unwrap()),
                "{line}"
            );
        }
    }
}
