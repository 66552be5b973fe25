//! Commands. Exit code 0 for success, 1 for everything else, with the reason on standard error.

mod audit;
mod backup;
mod demo;
mod durable;
mod hold;
mod output;
mod postgres;
mod purge;
mod rebuild;
mod restore;
mod seed;
mod settings;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::output::print;
use self::settings::Settings;
use crate::app::App;
use crate::clock;
use crate::config::Config;
use crate::domain::policy::Role;
use crate::ids;
use crate::portal::building;
use crate::server;
use crate::services::invitation;
use crate::store::Account;

/// Intake server of Jixia: takes what people submit, has it reviewed, merges it and rebuilds the portal
#[derive(Debug, Parser)]
#[command(name = "jixia-intake", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves portal and intake on one port
    Serve(Settings),
    /// Makes everything from the demonstration content, prints sign-ins and serves
    Demo(demo::Demo),
    /// Makes the repository and the store of files from a content directory
    Init {
        #[command(flatten)]
        settings: Settings,
        /// A directory with site.toml and content/
        content: PathBuf,
    },
    /// Accounts that no page can make
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// The audit log
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
    /// Writes everything that cannot be made again into one file, while the server runs
    Backup {
        #[command(flatten)]
        settings: Settings,
        /// The file, which must not exist
        file: PathBuf,
    },
    /// Removes a file or an attachment from everything there is: history, database, store, portal
    Purge(purge::Purge),
    /// Builds the portal of what is published now; a running server is asked to do it
    Rebuild(Settings),
    /// Builds the portal from a checkout: what the server calls itself with
    #[command(name = building::COMMAND, hide = true)]
    BuildPortal {
        /// The checkout
        root: PathBuf,
        /// Where the portal's files belong
        out: PathBuf,
        /// Where the lists of what changed belong
        changed: PathBuf,
    },
    /// Brings back what `backup` wrote, into an empty data directory
    Restore {
        #[command(flatten)]
        settings: Settings,
        /// The file
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Makes an account and prints the link that opens it
    Create {
        #[command(flatten)]
        settings: Settings,
        /// What its holder types to sign in
        #[arg(long)]
        login: String,
        /// The holder's name
        #[arg(long)]
        name: String,
        /// Id of the unit
        #[arg(long)]
        unit: String,
        /// Role
        #[arg(long, default_value = "province-admin")]
        role: String,
    },
}

#[derive(Debug, Subcommand)]
enum Audit {
    /// Checks that no event was changed or left out
    Verify(Settings),
}

/// Does what the arguments say.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    // Database, backups and uploads are nobody else's on this machine.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string()),
    };
    let result = runtime.block_on(async {
        match arguments.command {
            Command::Serve(settings) => serve(settings.load()?).await,
            Command::Demo(demo) => demo.run().await,
            Command::BuildPortal { root, out, changed } => {
                let answer = building::here(&root, &out, &changed);
                answer
                    .map(|answer| print(&answer))
                    .map_err(|error| format!("{}: {error}", root.display()))
            }
            Command::Purge(purge) => purge.run().await,
            Command::Rebuild(settings) => rebuild::rebuild(&settings.load()?).await,
            Command::Init { settings, content } => {
                seed::from_directory(&settings.load()?.data, &content).map(|_| ())
            }
            Command::Admin { command } => create(command).await,
            Command::Audit {
                command: Audit::Verify(settings),
            } => audit::print_state(&settings.load()?).await,
            Command::Backup { settings, file } => backup::write(&settings.load()?, &file).await,
            Command::Restore { settings, file } => restore::restore(&settings.load()?, &file).await,
        }
    });
    // What blocks a thread, such as a build, is not waited for: it is done again at the next start.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => fail(&reason),
    }
}

async fn serve(config: Config) -> Result<(), String> {
    let _hold = hold::Hold::take(&config.data)?;
    let (host, port) = (config.server.host.as_str(), config.server.port);
    let listening = server::listen(host, Some(port), port)?;
    let address = server::address(&listening)?;
    let app = server::start(config).await?;
    print(&format!("http://{address}/ and http://{address}/intake/"));
    server::serve(app, listening).await
}

fn fail(reason: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "jixia-intake: {reason}");
    ExitCode::FAILURE
}

async fn create(command: Admin) -> Result<(), String> {
    let Admin::Create {
        settings,
        login,
        name,
        unit,
        role,
    } = command;
    let app = App::open(settings.load()?).await?;
    let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    let role =
        Role::from_name(&role).ok_or_else(|| format!("--role: expected one of {}", names.join(", ")))?;
    let snapshot = app.portal.snapshot();
    if snapshot.units.get(&unit).is_none() {
        let known: Vec<&str> = snapshot.units.iter().map(|unit| unit.id.as_str()).collect();
        return Err(format!(
            "--unit: {unit} is no unit of the site; there are {}",
            known.join(", ")
        ));
    }
    let account = Account::new(ids::name(), &login, &name, &unit, role, clock::now());
    let failed = |error: crate::store::Error| error.to_string();
    let mut change = app.store.change().await.map_err(failed)?;
    change
        .add_account(&account)
        .await
        .map_err(|error| format!("--login: {login} cannot be had: {error}"))?;
    let hours = app.config.sessions.invitation_hours;
    let opened = invitation::invite(&mut change, &account, clock::now(), hours)
        .await
        .map_err(failed)?;
    change.commit().await.map_err(failed)?;
    app.store.close().await;
    print(&format!(
        "{} — holds for {hours} hours, shown only now",
        opened.link
    ));
    Ok(())
}
