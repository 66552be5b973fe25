//! `[metrics]`

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::secret::Secret;

/// Fewest characters of a token: nobody guesses 16 random ones.
const SHORTEST: usize = 16;

/// `[metrics]`: who may read counts, and what is wrong with the server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    token: Secret,
    /// File with the token.
    pub token_file: PathBuf,
}

impl Metrics {
    /// What who asks must show: that of `token_file` if one is named, else `token`. Returns `None` if there is none, so that only
    /// the machine itself may ask.
    ///
    /// # Errors
    /// When the file cannot be read, or the token is short enough to be guessed.
    pub fn token(&self) -> Result<Option<String>, String> {
        let token = self.token.or_file("metrics.token_file", &self.token_file)?;
        match token.chars().count() {
            0 => Ok(None),
            1..SHORTEST => Err(format!("metrics.token: expected at least {SHORTEST} characters")),
            _ => Ok(Some(token)),
        }
    }

    /// Makes relative paths those from the directory of the settings.
    pub(super) fn resolve(&mut self, directory: &Path) {
        if !self.token_file.as_os_str().is_empty() {
            self.token_file = directory.join(&self.token_file);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Metrics;

    #[test]
    fn a_token_is_long_and_not_shown() {
        let read = |text: &str| toml::from_str::<Metrics>(text).unwrap();
        assert_eq!(read("").token(), Ok(None));
        assert!(
            read("token = \"short\"")
                .token()
                .unwrap_err()
                .contains("metrics.token")
        );
        let metrics = read("token = \"0123456789abcdef\"");
        assert_eq!(metrics.token().unwrap().as_deref(), Some("0123456789abcdef"));
        assert!(!format!("{metrics:?}").contains("0123456789abcdef"));
        let missing = read("token_file = \"/no/such/file\"").token().unwrap_err();
        assert!(missing.contains("metrics.token_file: /no/such/file"), "{missing}");
    }
}
