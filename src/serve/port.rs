//! The port of a server that people try on their own machine: the one they name, or the usual one when it is free.

use std::io;
use std::net::TcpListener;

/// A socket that listens, and which port it was to have been.
#[derive(Debug)]
pub struct Listening {
    /// The socket.
    pub listener: TcpListener,
    /// The usual port, if another program held it and the system chose one instead.
    pub taken: Option<u16>,
}

/// Listens at the port `named`. Without one, listens at the port `usual`, or, when another program holds it, at one that
/// the system chooses.
///
/// # Errors
/// When the address or the port cannot be had; a port that was named is not exchanged for another.
pub fn listen(host: &str, named: Option<u16>, usual: u16) -> io::Result<Listening> {
    let bound = TcpListener::bind((host, named.unwrap_or(usual)));
    let is_taken = |error: &io::Error| error.kind() == io::ErrorKind::AddrInUse;
    match bound {
        Err(error) if named.is_none() && is_taken(&error) => Ok(Listening {
            listener: TcpListener::bind((host, 0))?,
            taken: Some(usual),
        }),
        bound => Ok(Listening {
            listener: bound?,
            taken: None,
        }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HOST: &str = "127.0.0.1";

    #[test]
    fn the_usual_port_gives_way_and_a_named_one_does_not() {
        let holder = TcpListener::bind((HOST, 0)).unwrap();
        let held = holder.local_addr().unwrap().port();
        let other = listen(HOST, None, held).unwrap();
        assert_ne!(other.listener.local_addr().unwrap().port(), held);
        assert_eq!(other.taken, Some(held));
        let refused = listen(HOST, Some(held), 0).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AddrInUse);
        let chosen = listen(HOST, Some(0), held).unwrap();
        assert_eq!(chosen.taken, None);
    }
}
