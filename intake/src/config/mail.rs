//! `[mail]`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::secret::Secret;

/// `[mail]`. Without a host no mail is written or sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The SMTP server; empty for none.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Security,
    /// Who signs in to it; empty for nobody.
    pub user: String,
    password: Secret,
    /// File with the password.
    pub password_file: PathBuf,
    /// Address that mail comes from.
    pub from: String,
    /// Where people find this server, for links: `https://portal.example.org`.
    pub address: String,
    /// Hour of the portal's day from which the daily digest is sent, 0 to 23.
    pub digest_hour: u8,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Begins in the open and goes on with TLS, or not at all.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// None: for a server on the same machine.
    None,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 587,
            tls: Security::Starttls,
            user: String::new(),
            password: Secret::default(),
            password_file: PathBuf::new(),
            from: String::new(),
            address: String::new(),
            digest_hour: 8,
        }
    }
}

impl Mail {
    /// The password: that of `password_file` if one is named, else of `password`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn password(&self) -> Result<String, String> {
        self.password.or_file("mail.password_file", &self.password_file)
    }

    /// Makes relative paths those from the directory of the settings.
    pub(super) fn resolve(&mut self, directory: &Path) {
        if !self.password_file.as_os_str().is_empty() {
            self.password_file = directory.join(&self.password_file);
        }
    }

    /// What is wrong, a line each.
    pub(super) fn problems(&self) -> String {
        let mut wrong = String::new();
        // Writing to a string never fails.
        if self.digest_hour > 23 {
            let _ = writeln!(wrong, "mail.digest_hour: expected an hour from 0 to 23");
        }
        if self.host.is_empty() {
            return wrong;
        }
        if !self.from.contains('@') {
            let _ = writeln!(wrong, "mail.from: expected an address such as portal@example.org");
        }
        if !(self.address.starts_with("https://") || self.address.starts_with("http://")) {
            let _ = writeln!(
                wrong,
                "mail.address: expected the portal's address, such as https://portal.example.org"
            );
        }
        wrong
    }

    /// The whole address of a path.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.address.trim_end_matches('/'))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Mail {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_server_needs_a_sender_and_an_address() {
        assert_eq!(read("").problems(), "");
        let wrong = read("host = \"mail.example.org\"\ndigest_hour = 24").problems();
        for name in ["mail.from", "mail.address", "mail.digest_hour"] {
            assert!(wrong.contains(name), "{wrong}");
        }
        let whole = read("host = \"h\"\nfrom = \"a@example.org\"\naddress = \"https://example.org/\"");
        assert_eq!(whole.problems(), "");
        assert_eq!(whole.link("/intake/"), "https://example.org/intake/");
    }

    #[test]
    fn the_password_comes_from_a_file_and_is_not_shown() {
        let mut mail = read("password = \"geheim\"");
        assert!(!format!("{mail:?}").contains("geheim"), "{mail:?}");
        assert_eq!(mail.password().unwrap(), "geheim");
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("secret"), "aus der Datei\n").unwrap();
        mail.password_file = "secret".into();
        mail.resolve(directory.path());
        assert_eq!(mail.password().unwrap(), "aus der Datei");
    }
}
