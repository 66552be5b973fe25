//! The command line: arguments to command, one file per command.

mod build;
mod check;
mod new;
mod next_change;
mod schema;
mod serve;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;

use crate::cache::Cache;
use crate::diag::{Code, Diagnostic, Format, Language, Printer, count, interface_text};
use crate::pipeline::{Loaded, Options, load};
use crate::render::Theme;
use crate::world::{Disk, World};

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
    /// Print a kind as JSON Schema
    Schema(schema::SchemaCommand),
    /// Print when the output changes next without an edit
    NextChange(next_change::NextChange),
}

/// The language that a tag asks for: `zh-CN`, `en`, or one of them in another spelling.
fn language(tag: &str) -> Result<Language, String> {
    match tag.to_ascii_lowercase().split(['-', '_']).next() {
        Some("zh" | "en") => Ok(Language::from_tag(tag)),
        _ => Err("zh-CN, en".to_owned()),
    }
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
struct Common {
    /// The site: the directory with site.toml and content/
    #[arg(long, default_value = ".", value_name = "DIR")]
    root: PathBuf,
    /// Language of messages: zh-CN or en; by default that of the locale
    #[arg(long, value_name = "LANG", value_parser = language)]
    lang: Option<Language>,
    /// How messages are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The moment the site is for, instead of the present, such as 2026-03-05T09:00:00+08:00
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
}

impl Common {
    /// The language asked for, else that of the locale.
    fn language(&self) -> Language {
        if let Some(language) = self.lang {
            return language;
        }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok());
        let locale = locale.into_iter().find(|value| !value.is_empty());
        let tag = locale.unwrap_or_else(|| "zh-CN".to_owned());
        // A machine without a locale says nothing about who reads.
        if matches!(tag.as_str(), "C" | "POSIX" | "C.UTF-8") {
            Language::Chinese
        } else {
            Language::from_tag(&tag)
        }
    }

    /// The site on disk, at the present or the moment asked for.
    fn world(&self) -> Result<Disk, Diagnostic> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where the program asks for the time"
        )]
        let now = self.now.unwrap_or_else(Timestamp::now);
        Disk::open(&self.root, now).map_err(|error| {
            Diagnostic::new(Code::Unreadable)
                .with("what", self.root.display())
                .with("reason", error)
        })
    }

    /// Reads the site without a cache; says why it cannot.
    fn load(&self, options: Options) -> Result<(Disk, Loaded), ExitCode> {
        let world = self.world().map_err(|diagnostic| {
            self.print(None, None, &[diagnostic]);
            ExitCode::FAILURE
        })?;
        let loaded = load(&world, options, &mut Cache::default());
        Ok((world, loaded))
    }

    /// Prints diagnostics to standard error, or to standard output for machines.
    fn print(&self, world: Option<&dyn World>, theme: Option<&Theme>, diagnostics: &[Diagnostic]) {
        let read = |path: &str| {
            let from_theme = || theme.and_then(|theme| theme.source(path));
            world.and_then(|world| world.read(path).ok()).or_else(from_theme)
        };
        let printer = Printer {
            format: self.format,
            language: self.language(),
            color: std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
            read: &read,
        };
        let text = printer.print(diagnostics);
        // A closed pipe is no reason to fail.
        let _ = match self.format {
            Format::Human => std::io::stderr().write_all(text.as_bytes()),
            Format::Json => std::io::stdout().write_all(text.as_bytes()),
        };
    }

    /// Prints a sentence of the interface for people; machines get none.
    fn say(&self, key: &str, arguments: &[(&str, &str)]) {
        if self.format == Format::Human {
            let _ = writeln!(
                std::io::stderr(),
                "{}",
                interface_text(self.language(), key, arguments)
            );
        }
    }
}

/// Prints a line to standard output. A reader that went away, as `head` does, is no error.
fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Failure when one of the diagnostics is an error.
fn exit_code(diagnostics: &[Diagnostic]) -> ExitCode {
    if count(diagnostics).0 > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Build(command) => command.run(),
        Command::Serve(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::New(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::NextChange(command) => command.run(),
    }
}
