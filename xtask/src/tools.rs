//! Programs the chores need beside Rust: found, installed where that is possible, or named plainly.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::process;
use crate::result::Result;

/// Something that must be on the machine.
pub(crate) struct Need {
    /// What it is, for the message when it is missing.
    pub what: &'static str,
    /// Whether it is there.
    pub present: fn() -> bool,
    /// Debian's packages that bring it.
    pub packages: &'static [&'static str],
}

/// Makes sure that every need is met; installs what is missing on a Debian where this user may.
///
/// # Errors
/// Names all that is still missing.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    let installed = install(&packages);
    let absent: Vec<&str> = missing
        .iter()
        .filter(|need| !(need.present)())
        .map(|need| need.what)
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    let reason = installed
        .err()
        .map_or_else(String::new, |error| format!(" ({error})"));
    Err(format!(
        "missing: {}{reason}. On Debian: apt-get install {}",
        absent.join("; "),
        packages.join(" ")
    )
    .into())
}

fn install(packages: &[&str]) -> Result<()> {
    let sudo = administrator()?;
    println!("installing {}", packages.join(" "));
    process::run(&mut apt_get(sudo, &["update", "-q"]))?;
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    process::run(&mut apt_get(sudo, &arguments))
}

/// Whether apt-get must run through sudo.
///
/// # Errors
/// When it cannot be run at all.
fn administrator() -> Result<bool> {
    if find("apt-get").is_none() {
        return Err("this is no Debian, so nothing was installed".into());
    }
    let user = process::output(Command::new("id").arg("-u"))?;
    if user.stdout.trim_ascii() == b"0" {
        return Ok(false);
    }
    if process::succeeds(Command::new("sudo").args(["-n", "true"])) {
        return Ok(true);
    }
    Err("this user may not install packages".into())
}

fn apt_get(sudo: bool, arguments: &[&str]) -> Command {
    let mut command = Command::new(if sudo { "sudo" } else { "env" });
    if sudo {
        command.args(["-n", "env"]);
    }
    command
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .args(arguments);
    command
}

/// Finds `program` in the directories of PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}
