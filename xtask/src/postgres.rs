//! A PostgreSQL of one's own, for as long as the tests need it.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use crate::process;
use crate::result::Result;
use crate::tools::{self, Need};

const NEEDS: &[Need] = &[Need {
    what: "PostgreSQL's server and client",
    present: || program("initdb").is_some() && tools::find("psql").is_some(),
    packages: &["postgresql", "postgresql-client"],
}];

/// Where Debian keeps the programs of the server, by version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The user that Debian's package makes: the server refuses to run as root.
const USER: &str = "postgres";

/// A running server that listens at a socket in a directory of its own.
pub(crate) struct Cluster {
    directory: PathBuf,
    is_root: bool,
}

impl Cluster {
    /// Makes and starts one; installs PostgreSQL where it is missing.
    ///
    /// # Errors
    /// When it is missing or does not start.
    pub(crate) fn start() -> Result<Self> {
        tools::ensure(NEEDS)?;
        // The path of a socket must be short, which that of a target directory may not be.
        let directory = env::temp_dir().join(format!("jixia-postgres-{}", std::process::id()));
        fs::create_dir_all(&directory)?;
        let user = process::output(Command::new("id").arg("-u"))?;
        let cluster = Self {
            is_root: user.stdout.trim_ascii() == b"0",
            directory,
        };
        fs::set_permissions(&cluster.directory, fs::Permissions::from_mode(0o755))?;
        if cluster.is_root {
            process::run(Command::new("chown").arg(USER).arg(&cluster.directory))?;
        }
        let data = cluster.directory.join("data");
        process::run(
            cluster
                .command("initdb")?
                .args([
                    "--auth=trust",
                    "--no-instructions",
                    "--username",
                    USER,
                    "--encoding=UTF8",
                ])
                .arg(&data),
        )?;
        // What it holds is thrown away, so nothing waits for the disk.
        let options = format!(
            "-k {} -c listen_addresses= -c fsync=off",
            cluster.directory.display()
        );
        let mut start = cluster.command("pg_ctl")?;
        start
            .args(["start", "--wait", "--silent", "--log"])
            .arg(cluster.directory.join("log"));
        process::run(start.arg("--pgdata").arg(data).arg("--options").arg(options))?;
        Ok(cluster)
    }

    /// Address of its databases, with `NAME` in the place of a name.
    pub(crate) fn address(&self) -> String {
        format!(
            "postgres://{USER}@localhost/NAME?host={}",
            self.directory.display()
        )
    }

    fn command(&self, name: &str) -> Result<Command> {
        let program = program(name).ok_or_else(|| format!("{name} has gone"))?;
        let mut command = Command::new(if self.is_root {
            "runuser".into()
        } else {
            program.clone()
        });
        if self.is_root {
            command.args(["--user", USER, "--"]).arg(program);
        }
        command.current_dir(&self.directory);
        Ok(command)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Ok(mut stop) = self.command("pg_ctl") {
            stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"]);
            // Left running it would do no harm but to the next person who looks.
            let _ = process::run(stop.arg(self.directory.join("data")));
        }
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// A program of the server: on the path, or of the newest version that Debian has installed.
fn program(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path())))
        .collect();
    versions.sort();
    let of_debian = versions
        .into_iter()
        .rev()
        .map(|(_, path)| path.join("bin").join(name));
    tools::find(name).or_else(|| of_debian.into_iter().find(|program| program.is_file()))
}
