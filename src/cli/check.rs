//! `jixia check`

use std::process::ExitCode;

use clap::Args;

use super::common::{Common, exit_code};
use super::error::{Error, ErrorKind, Failure};
use super::progress::with_progress;
use crate::check_external::check_external;
use crate::check_reserved::check_reserved;
use crate::diag::{self, count, nearest};
use crate::pipeline::{Loaded, Options, check_watched};
use crate::world::{Changed, Disk};

/// Reports everything that is wrong.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) common: Common,
    /// Also check drafts, scheduled and expired entries as if they were published
    #[arg(long)]
    drafts: bool,
    /// Require advised fields
    #[arg(long)]
    strict: bool,
    /// Count compressed copies among the files that links may name, as `build --precompress` writes them
    #[arg(long)]
    precompress: bool,
    /// Also ask outward links whether they answer; the only use of the network
    #[arg(long)]
    external: bool,
    /// With `--external`, also ask addresses of this machine and its network, and use the proxy that the environment names
    #[arg(long, requires = "external")]
    allow_private: bool,
    /// Report what changed since this commit and was not for its author to change: reserved fields, new entries of kinds that not
    /// every unit begins
    #[arg(long, value_name = "REF")]
    against: Option<String>,
    /// With `--against`, the unit of whoever made the changes; without it each entry counts as changed by its own unit
    #[arg(long, value_name = "ID", requires = "against")]
    unit: Option<String>,
    /// Print the totals alone
    #[arg(long)]
    summary: bool,
}

impl Check {
    /// What changed since the commit that is named.
    fn changes(&self, world: &Disk, loaded: &Loaded) -> Result<Vec<Changed>, Error> {
        let Some(commit) = self.against.as_deref() else {
            return Ok(Vec::new());
        };
        let units = &loaded.catalog.units;
        if let Some(unit) = self.unit.as_deref().filter(|unit| units.get(unit).is_none()) {
            let known = units.iter().map(|unit| &*unit.id);
            let error = Error::new(ErrorKind::UnknownUnit).with("unit", unit);
            return Err(error.suggest(nearest(unit, known)));
        }
        let changes = world.changed_since(commit);
        changes.ok_or_else(|| Error::new(ErrorKind::UnknownCommit).with("commit", commit))
    }

    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        let options = Options {
            drafts: self.drafts,
            precompress: self.precompress,
            strict: self.strict,
            set_aside: false,
        };
        let (world, mut loaded) = self.common.load(options)?;
        let changes = self.changes(&world, &loaded)?;
        with_progress(&self.common, |progress| {
            check_watched(&world, &mut loaded, Some(progress));
            if !changes.is_empty() {
                let mut wrong = check_reserved(&loaded.catalog, &changes, self.unit.as_deref());
                loaded.site().config.judge(&mut wrong);
                loaded.diagnostics.append(&mut wrong);
                diag::sort(&mut loaded.diagnostics);
            }
            if self.external {
                let mut wrong = check_external(&loaded.catalog, self.allow_private, Some(progress));
                loaded.site().config.judge(&mut wrong);
                loaded.diagnostics.append(&mut wrong);
                diag::sort(&mut loaded.diagnostics);
            }
        });
        let totals = diag::totals(&loaded.diagnostics);
        diag::merge_advised(&mut loaded.diagnostics);
        if !self.summary {
            self.common
                .print(&world, Some(&loaded.theme), &loaded.diagnostics);
        }
        self.common.print_totals(&totals);
        let (errors, warnings) = count(&loaded.diagnostics);
        let arguments = [
            ("entries", loaded.catalog.iter().count().to_string()),
            ("errors", errors.to_string()),
            ("warnings", warnings.to_string()),
        ];
        self.common.say("checked", &arguments);
        Ok(exit_code(&loaded.diagnostics))
    }
}
