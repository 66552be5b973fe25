//! Backup and restore of a PostgreSQL database, by PostgreSQL's own programs.

use std::path::Path;
use std::process::Command;

use percent_encoding::percent_decode_str;
use url::Url;

/// Writes a dump of the database as it is at one moment, while others go on working.
pub(super) fn dump(url: &str, file: &Path) -> Result<(), String> {
    let mut command = Command::new("pg_dump");
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]);
    run(command.arg(file).envs(connection(url)?))
}

/// Brings a dump into an empty database, or changes nothing.
pub(super) fn restore(url: &str, file: &Path) -> Result<(), String> {
    let connection = connection(url)?;
    let name = connection.iter().find(|(name, _)| *name == "PGDATABASE");
    let name = name.map(|(_, name)| name.clone()).unwrap_or_default();
    let mut command = Command::new("pg_restore");
    command.args([
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        "--dbname",
    ]);
    run(command.arg(name).arg(file).envs(connection))
}

/// What the programs are told by variables, since arguments can be seen by everybody on the machine.
fn connection(url: &str) -> Result<Vec<(&'static str, String)>, String> {
    let url = Url::parse(url).map_err(|error| format!("database.url: {error}"))?;
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut variables = vec![
        ("PGHOST", url.host_str().map(plain).unwrap_or_default()),
        (
            "PGPORT",
            url.port().map(|port| port.to_string()).unwrap_or_default(),
        ),
        ("PGUSER", plain(url.username())),
        ("PGPASSWORD", url.password().map(plain).unwrap_or_default()),
        ("PGDATABASE", plain(url.path().trim_start_matches('/'))),
    ];
    for (name, value) in url.query_pairs() {
        match &*name {
            "host" => variables.push(("PGHOST", value.into_owned())),
            "sslmode" => variables.push(("PGSSLMODE", value.into_owned())),
            "sslrootcert" => variables.push(("PGSSLROOTCERT", value.into_owned())),
            _ => {}
        }
    }
    variables.retain(|(_, value)| !value.is_empty());
    Ok(variables)
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output();
    let output = output.map_err(|error| format!("{program}: {error}; is PostgreSQL's client installed?"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program}: {}", said.trim()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_variables() {
        let cases = [
            (
                "postgres://a%40b:p%2F+w%26=@db:5433/intake?sslmode=require",
                "PGHOST=db PGPORT=5433 PGUSER=a@b PGPASSWORD=p/+w&= PGDATABASE=intake PGSSLMODE=require",
            ),
            (
                "postgres:///intake?host=/run/pg",
                "PGDATABASE=intake PGHOST=/run/pg",
            ),
        ];
        for (url, expected) in cases {
            let variables = connection(url).unwrap();
            let written: Vec<String> = variables
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            assert_eq!(written.join(" "), expected);
        }
        assert!(connection("nonsense").is_err());
    }
}
