//! The command line: arguments to command, one file per command.

mod build;
mod check;
mod common;
mod error;
mod import;
mod new;
mod next_change;
mod progress;
mod schema;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds a static portal from a repository of Markdown.
#[derive(Debug, Parser)]
#[command(name = "jixia", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the portal
    Build(build::Build),
    /// Build, serve and rebuild at every change
    Serve(serve::Serve),
    /// Report everything that is wrong, without writing
    Check(check::Check),
    /// Write a new entry, asking for what its kind needs
    New(new::New),
    /// Move in: take over what another generator or Word holds
    Import(import::Import),
    /// Print a kind as JSON Schema
    Schema(schema::SchemaCommand),
    /// Print when the output changes next without an edit
    NextChange(next_change::NextChange),
}

/// Runs the command that the arguments name, and says why if it fails.
pub fn run() -> ExitCode {
    let (common, result) = match Cli::parse().command {
        Command::Build(command) => (command.common.clone(), command.run()),
        Command::Serve(command) => (command.common.clone(), command.run()),
        Command::Check(command) => (command.common.clone(), command.run()),
        Command::New(command) => (command.common.clone(), command.run()),
        Command::Import(command) => (command.common.clone(), command.run()),
        Command::Schema(command) => (command.common.clone(), command.run()),
        Command::NextChange(command) => (command.common.clone(), command.run()),
    };
    result.unwrap_or_else(|failure| {
        common.print_failure(&failure);
        ExitCode::FAILURE
    })
}
