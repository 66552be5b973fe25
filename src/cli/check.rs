//! `jixia check`

use std::process::ExitCode;

use clap::Args;

use super::common::{Common, exit_code};
use super::error::Failure;
use super::progress::with_progress;
use crate::check_external::check_external;
use crate::diag::{self, count};
use crate::pipeline::{Options, check_watched};

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
    /// Print the totals alone
    #[arg(long)]
    summary: bool,
}

impl Check {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        let options = Options {
            drafts: self.drafts,
            precompress: self.precompress,
            strict: self.strict,
            set_aside: false,
        };
        let (world, mut loaded) = self.common.load(options)?;
        with_progress(&self.common, |progress| {
            check_watched(&world, &mut loaded, Some(progress));
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
