//! A corpus on disk and the generator that builds it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::result::Result;

use super::corpus::Corpus;
use super::files;
use super::measure::{self, Cost};

/// The moment every build is for: after the last date of the corpus.
const NOW: &str = "2026-11-01T00:00:00+08:00";

/// A portal that is built again and again.
pub(super) struct Portal {
    root: PathBuf,
    jixia: PathBuf,
}

impl Portal {
    /// Writes a corpus into `root`.
    pub(super) fn write(corpus: Corpus, root: &Path, jixia: &Path) -> Result<Self> {
        corpus.write(root)?;
        Ok(Self::at(root, jixia))
    }

    /// The portal that lies in `root` already.
    pub(super) fn at(root: &Path, jixia: &Path) -> Self {
        Self {
            root: root.to_owned(),
            jixia: jixia.to_owned(),
        }
    }

    /// Where it lies.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where its pages are.
    pub(super) fn out(&self) -> PathBuf {
        self.root.join("public")
    }

    /// Switches kinds of output off that are on by default.
    pub(super) fn without(self, outputs: &[&str]) -> Result<Self> {
        let path = self.root.join("site.toml");
        let mut settings = fs::read_to_string(&path)?;
        for output in outputs {
            settings.push_str(&format!("{output} = false\n"));
        }
        fs::write(path, settings)?;
        Ok(self)
    }

    /// The generator's command `name` for this portal.
    pub(super) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.jixia);
        command
            .args([name, "--lang", "en", "--now", NOW, "--root"])
            .arg(&self.root);
        command
    }

    /// Builds without output and cache of before.
    pub(super) fn build_clean(&self) -> Result<Cost> {
        files::remove(&self.out())?;
        files::remove(&self.root.join(".jixia"))?;
        measure::cost(&mut self.command("build"))
    }

    /// Builds with what is there. Returns also how many files were written or removed.
    pub(super) fn build_again(&self) -> Result<(Cost, usize)> {
        let list = self.root.join("changed.txt");
        let cost = measure::cost(self.command("build").arg("--changed-list").arg(&list))?;
        Ok((cost, fs::read_to_string(&list)?.lines().count()))
    }
}
