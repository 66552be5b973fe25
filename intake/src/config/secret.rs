//! Settings that nobody is shown.

use std::fmt;
use std::path::Path;

use serde::Deserialize;

/// A text that is not shown.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Secret(String);

impl Secret {
    /// A text that is not shown.
    pub(super) fn of(text: String) -> Self {
        Self(text)
    }

    /// The text itself.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// What a file holds if one is named, else the text itself. `setting` names the file in the settings.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn or_file(&self, setting: &str, file: &Path) -> Result<String, String> {
        if file.as_os_str().is_empty() {
            return Ok(self.0.clone());
        }
        let text = std::fs::read_to_string(file);
        let text = text.map_err(|error| format!("{setting}: {}: {error}", file.display()))?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() { "none" } else { "hidden" })
    }
}
