//! `jixia schema KIND`

use std::process::ExitCode;

use clap::Args;

use super::{Common, print_line};
use crate::content::json_schema;
use crate::diag::nearest;
use crate::pipeline::Options;

/// Prints a kind as JSON Schema.
#[derive(Debug, Args)]
pub(super) struct SchemaCommand {
    /// The kind's id, such as notice
    kind: String,
    #[command(flatten)]
    common: Common,
}

impl SchemaCommand {
    pub(super) fn run(&self) -> ExitCode {
        let (_, loaded) = match self.common.load(Options::default()) {
            Ok(site) => site,
            Err(code) => return code,
        };
        let schema = &loaded.site().schema;
        let Some(kind) = schema.kinds.get(&self.kind) else {
            let known: Vec<&str> = schema.kinds.keys().map(String::as_str).collect();
            self.common.say(
                "unknown-kind",
                &[("kind", &self.kind), ("known", &known.join(" "))],
            );
            if let Some(suggestion) = nearest(&self.kind, known) {
                self.common.say("did-you-mean", &[("suggestion", suggestion)]);
            }
            return ExitCode::FAILURE;
        };
        let language = &loaded.site().config.site.language;
        print_line(&format!("{:#}", json_schema(schema, kind, language)));
        ExitCode::SUCCESS
    }
}
