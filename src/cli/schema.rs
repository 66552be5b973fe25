//! `jixia schema KIND`

use std::process::ExitCode;

use clap::Args;

use super::common::{Common, print_line};
use super::error::{Error, ErrorKind, Failure};
use crate::content::json_schema;
use crate::diag::nearest;
use crate::pipeline::Options;

/// Prints a kind as JSON Schema.
#[derive(Debug, Args)]
pub(super) struct SchemaCommand {
    /// The kind's id, such as notice
    kind: String,
    #[command(flatten)]
    pub(super) common: Common,
}

impl SchemaCommand {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        let (_, loaded) = self.common.load(Options::default())?;
        let schema = &loaded.site().schema;
        let Some(kind) = schema.kinds.get(&self.kind) else {
            let known: Vec<&str> = schema.kinds.keys().map(String::as_str).collect();
            let error = Error::new(ErrorKind::UnknownKind)
                .with("kind", &self.kind)
                .with("known", known.join(" "));
            return Err(error.suggest(nearest(&self.kind, known)).into());
        };
        let language = &loaded.site().config.site.language;
        print_line(&format!("{:#}", json_schema(schema, kind, language)));
        Ok(ExitCode::SUCCESS)
    }
}
