//! Where the settings come from.

use std::path::PathBuf;

use clap::Args;

use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct Settings {
    /// Settings; without it defaults and variables JIXIA_INTAKE_… hold
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Settings {
    /// Reads the file, and what variables say beside it.
    pub(super) fn load(&self) -> Result<Config, String> {
        Config::load(self.config.as_deref(), std::env::vars())
    }
}
