//! `cargo xtask demo`: the demonstration portal, built and served.

use std::net::{Ipv4Addr, TcpListener};

use crate::Result;
use crate::process;
use crate::workspace::{Profile, Workspace};

/// The port when none is asked for.
pub(crate) const PORT: u16 = 8080;

/// Reads a port number.
pub(crate) fn port(text: &str) -> Result<u16> {
    text.parse()
        .map_err(|_| format!("not a port: {text:?}, expected 1 to 65535").into())
}

/// Builds the generator for release and serves this repository's content until it is interrupted.
pub(crate) fn run(workspace: &Workspace, port: u16) -> Result<()> {
    println!("Building the generator; the first time takes some minutes.");
    let jixia = workspace.build_jixia(Profile::Release)?;
    let port = free(port)?;
    println!("The demonstration portal: http://127.0.0.1:{port}/ (Ctrl-C ends it)");
    let mut serve = workspace.command(&jixia.to_string_lossy());
    process::run(serve.args(["serve", "--root", ".", "--port", &port.to_string()]))
}

/// `port`, or one the system chooses when another program holds it.
fn free(port: u16) -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_gives_way_to_another() {
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let held = holder.local_addr().unwrap().port();
        assert_ne!(free(held).unwrap(), held);
    }

    #[test]
    fn ports_are_numbers() {
        assert_eq!(port("8000").unwrap(), 8000);
        assert!(port("65536").is_err());
    }
}
