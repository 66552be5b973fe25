//! Where the repository and what cargo builds of it lie.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::result::Result;

/// The repository this chore works on, and its target directory.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

/// Which of cargo's profiles a binary is built with.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// What the tests build anyway: with the tests, so that no dependency is compiled a second time with
    /// other features.
    Tested,
    /// What a user would install.
    Release,
}

/// Where the programs lie that were built.
pub(crate) struct Programs {
    /// The generator.
    pub(crate) jixia: PathBuf,
    /// The intake server.
    pub(crate) intake: PathBuf,
}

impl Workspace {
    /// Finds the repository through the variable that `cargo run` sets, and the target directory through
    /// the place of the running program.
    pub(crate) fn find() -> Result<Self> {
        let own = env::var_os("CARGO_MANIFEST_DIR").ok_or("run it as `cargo xtask`")?;
        let root = Path::new(&own)
            .parent()
            .ok_or("the crate of the chores lies in no workspace")?;
        let program = env::current_exe()?;
        let target = program
            .ancestors()
            .nth(2)
            .ok_or("the program lies in no target directory")?;
        Ok(Self {
            root: root.to_owned(),
            target: target.to_owned(),
        })
    }

    /// The directory of the repository.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What cargo builds, and chores keep between two runs.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// A command that runs `program` in the repository.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The cargo that runs this chore, with `arguments`.
    ///
    /// What `cargo run` told this program about its own crate is kept from it: build scripts that look at
    /// these variables (ring's) would run anew each time a chore and a plain `cargo` take turns.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(name);
            }
        }
        command.args(arguments);
        command
    }

    /// Builds the generator and returns its path.
    pub(crate) fn build_jixia(&self, profile: Profile) -> Result<PathBuf> {
        let (arguments, directory): (&[&str], _) = match profile {
            Profile::Tested => (
                &["build", "--workspace", "--bins", "--tests", "--locked"],
                "debug",
            ),
            Profile::Release => (&["build", "--release", "--bin", "jixia", "--locked"], "release"),
        };
        process::run(&mut self.cargo(arguments))?;
        Ok(self
            .target
            .join(directory)
            .join(format!("jixia{}", env::consts::EXE_SUFFIX)))
    }

    /// Builds both programs for trying them out: one build whichever is wanted, or what they share would be compiled
    /// twice, with the features that each needs.
    pub(crate) fn build_demo(&self) -> Result<Programs> {
        process::run(&mut self.cargo(&[
            "build",
            "--profile",
            "demo",
            "--package",
            "jixia",
            "--package",
            "jixia-intake",
            "--bins",
            // The allocator that a server is to have takes minutes to build.
            "--no-default-features",
            "--locked",
        ]))?;
        let program = |name: &str| {
            let directory = self.target.join("demo");
            directory.join(format!("{name}{}", env::consts::EXE_SUFFIX))
        };
        Ok(Programs {
            jixia: program("jixia"),
            intake: program("jixia-intake"),
        })
    }

    /// Builds the intake server as the tests build it and returns its path.
    pub(crate) fn build_intake(&self) -> Result<PathBuf> {
        let jixia = self.build_jixia(Profile::Tested)?;
        Ok(jixia.with_file_name(format!("jixia-intake{}", env::consts::EXE_SUFFIX)))
    }
}
