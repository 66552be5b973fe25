//! `jixia next-change`

use std::process::ExitCode;

use clap::Args;

use super::Common;
use crate::build::{Options, load};
use crate::cache::Cache;

/// Prints when the output changes next without an edit, as RFC 3339 on one line; nothing when it never does.
#[derive(Debug, Args)]
pub(super) struct NextChange {
    #[command(flatten)]
    common: Common,
}

impl NextChange {
    pub(super) fn run(&self) -> ExitCode {
        let world = match self.common.world() {
            Ok(world) => world,
            Err(diagnostic) => {
                self.common.print(None, None, &[diagnostic]);
                return ExitCode::FAILURE;
            }
        };
        let loaded = load(&world, Options::default(), &mut Cache::default());
        match loaded.catalog.next_change() {
            Some(instant) => {
                let zone = &loaded.site().zone;
                println!("{}", instant.display_with_offset(zone.to_offset(instant)));
            }
            None => self.common.say("no-change-due", &[]),
        }
        ExitCode::SUCCESS
    }
}
