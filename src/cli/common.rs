//! What commands share: arguments, and the one place that prints.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::error::{Error, Failure};
use crate::cache::Cache;
use crate::diag::{Code, Diagnostic, Format, Language, Printer, Total, count, interface_text, print_totals};
use crate::pipeline::{Loaded, Options, load};
use crate::render::Theme;
use crate::world::{Disk, World};

/// The language that a tag asks for: `zh-CN`, `en`, or one of them in another spelling.
fn language(tag: &str) -> Result<Language, String> {
    match tag.to_ascii_lowercase().split(['-', '_']).next() {
        Some("zh" | "en") => Ok(Language::from_tag(tag)),
        _ => Err("zh-CN, en".to_owned()),
    }
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(super) struct Common {
    /// The site: the directory with site.toml and content/
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub(super) root: PathBuf,
    /// Language of messages: zh-CN or en; by default that of the locale
    #[arg(long, value_name = "LANG", value_parser = language)]
    pub(super) lang: Option<Language>,
    /// How messages are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// The moment the site is for, instead of the present, such as 2026-03-05T09:00:00+08:00
    #[arg(long, value_name = "TIME")]
    pub(super) now: Option<Timestamp>,
}

impl Common {
    /// The language asked for, else that of the locale.
    pub(super) fn language(&self) -> Language {
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
    pub(super) fn world(&self) -> Result<Disk, Diagnostic> {
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

    /// Reads the site without a cache.
    pub(super) fn load(&self, options: Options) -> Result<(Disk, Loaded), Diagnostic> {
        let world = self.world()?;
        let loaded = load(&world, options, &mut Cache::default());
        Ok((world, loaded))
    }

    /// Prints diagnostics of a site.
    pub(super) fn print(&self, world: &dyn World, theme: Option<&Theme>, diagnostics: &[Diagnostic]) {
        self.print_from(diagnostics, &|path: &str| {
            let from_theme = || theme.and_then(|theme| theme.source(path));
            world.read(path).ok().or_else(from_theme)
        });
    }

    /// Prints diagnostics of files whose text `read` gives.
    fn print_from(&self, diagnostics: &[Diagnostic], read: &dyn Fn(&str) -> Option<Vec<u8>>) {
        let printer = Printer {
            format: self.format,
            language: self.language(),
            color: std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
            read,
        };
        self.write(&printer.print(diagnostics));
    }

    /// Prints how often what came: lines for people, one object `{"summary": {"totals": […]}}` for machines.
    pub(super) fn print_totals(&self, totals: &[Total]) {
        self.write(&match self.format {
            Format::Human => print_totals(totals, self.language()),
            Format::Json => format!("{}\n", json!({ "summary": { "totals": totals } })),
        });
    }

    /// Prints why a command failed.
    pub(super) fn print_failure(&self, failure: &Failure) {
        match failure {
            Failure::Error(error) => self.write(&self.words(error)),
            Failure::Content(diagnostics) => self.print_from(diagnostics, &|_| None),
            Failure::Draft(diagnostics, text) => {
                self.print_from(diagnostics, &|_| Some(text.clone().into_bytes()));
            }
        }
    }

    /// An error in the form of a diagnostic without a place.
    fn words(&self, error: &Error) -> String {
        let language = self.language();
        let (message, hints) = (error.message(language), error.hints(language));
        let named = |key: &str, text: &str| format!("{}: {text}\n", interface_text(language, key, &[]));
        match self.format {
            Format::Human => {
                let hints = hints.iter().map(|hint| named("help", hint));
                named("error", &message) + &hints.collect::<String>()
            }
            Format::Json => {
                let code = error.kind().name();
                let line =
                    json!({"severity": "error", "code": code, "message": message, "help": hints.join(" ")});
                format!("{line}\n")
            }
        }
    }

    /// Writes to standard error, or to standard output for machines.
    fn write(&self, text: &str) {
        // A closed pipe is no reason to fail.
        let _ = match self.format {
            Format::Human => std::io::stderr().write_all(text.as_bytes()),
            Format::Json => std::io::stdout().write_all(text.as_bytes()),
        };
    }

    /// Prints a sentence of the interface for people; machines get none.
    pub(super) fn say(&self, key: &str, arguments: &[(&str, String)]) {
        if self.format == Format::Human {
            let arguments = arguments.iter();
            let arguments: Vec<(&str, &str)> =
                arguments.map(|(name, value)| (*name, value.as_str())).collect();
            let text = interface_text(self.language(), key, &arguments);
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }
}

/// Prints a line to standard output. Ignores a reader that went away, as `head` does.
pub(super) fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Failure when one of the diagnostics is an error.
pub(super) fn exit_code(diagnostics: &[Diagnostic]) -> ExitCode {
    if count(diagnostics).0 > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
