//! `jixia serve`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::Common;
use crate::config::Config;
use crate::pipeline::Options;
use crate::serve::{Server, Settings};

/// Builds, serves and rebuilds at every change.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    common: Common,
    /// The output directory; by default `public` in the root
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Port to listen on
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// Show drafts, scheduled and expired entries
    #[arg(long)]
    drafts: bool,
}

impl Serve {
    pub(super) fn run(&self) -> ExitCode {
        let world = match self.common.world() {
            Ok(world) => world,
            Err(diagnostic) => {
                self.common.print(None, None, &[diagnostic]);
                return ExitCode::FAILURE;
            }
        };
        let root = world.root().to_path_buf();
        let settings = Settings {
            out: self.out.clone().unwrap_or_else(|| root.join("public")),
            root,
            options: Options {
                drafts: self.drafts,
                ..Options::default()
            },
            language: self.common.language(),
        };
        let (config, ..) = Config::load(&world);
        let server = match Server::bind(&self.host, self.port, settings, config.base_path()) {
            Ok(server) => server,
            Err(error) => {
                let port = self.port.to_string();
                self.common
                    .say("port-in-use", &[("port", &port), ("reason", &error.to_string())]);
                return ExitCode::FAILURE;
            }
        };
        self.common.say("serving", &[("url", &server.url())]);
        let world = || self.common.world();
        server.run(&world, &|world, loaded_diagnostics| {
            self.common.print(Some(world), None, loaded_diagnostics);
        });
        ExitCode::SUCCESS
    }
}
