//! `jixia serve`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::Common;
use super::error::{Error, ErrorKind, Failure};
use crate::config::Config;
use crate::pipeline::Options;
use crate::serve::{Server, Settings, listen};

/// Builds, serves and rebuilds at every change.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    pub(super) common: Common,
    /// The output directory; by default `public` in the root
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Port to listen on, 0 for any; without it 8000, or any when that is taken
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Port to listen on unless it is taken, instead of 8000
    #[arg(long, value_name = "N", default_value_t = 8000, hide = true)]
    usual_port: u16,
    /// Show drafts, scheduled and expired entries
    #[arg(long)]
    drafts: bool,
}

impl Serve {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        let world = self.common.world()?;
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
        let server = self.server(settings, config.base_path())?;
        self.common.say("serving", &[("url", server.url())]);
        let world = || self.common.world();
        server.run(&world, &|world, loaded_diagnostics| {
            self.common.print(world, None, loaded_diagnostics);
        });
        Ok(ExitCode::SUCCESS)
    }

    /// Takes a port, and says which one when it is not the usual one.
    fn server(&self, settings: Settings, base_path: &str) -> Result<Server, Error> {
        let listening = listen(&self.host, self.port, self.usual_port).and_then(|listening| {
            let server = Server::new(listening.listener, settings, base_path)?;
            Ok((server, listening.taken))
        });
        let (server, taken) = listening.map_err(|error| {
            let port = self.port.unwrap_or(self.usual_port);
            Error::new(ErrorKind::CannotListen)
                .with("port", port)
                .with("reason", error)
        })?;
        if let Some(taken) = taken {
            self.common.say("port-taken", &[("port", taken.to_string())]);
        }
        Ok(server)
    }
}
