//! `jixia next-change`

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::common::{Common, print_line};
use super::error::Failure;
use crate::diag::Format;
use crate::pipeline::Options;

/// Prints when the output changes next without an edit, as RFC 3339 on one line; prints nothing if it never does. As JSON: `next_change`, that or null.
#[derive(Debug, Args)]
pub(super) struct NextChange {
    #[command(flatten)]
    pub(super) common: Common,
}

impl NextChange {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        let (_, loaded) = self.common.load(Options::default())?;
        let zone = &loaded.site().zone;
        let next = loaded.catalog.next_change();
        let next = next.map(|instant| instant.display_with_offset(zone.to_offset(instant)).to_string());
        match (self.common.format, next) {
            (Format::Json, next) => print_line(&json!({ "next_change": next }).to_string()),
            (Format::Human, Some(next)) => print_line(&next),
            (Format::Human, None) => self.common.say("no-change-due", &[]),
        }
        Ok(ExitCode::SUCCESS)
    }
}
