//! What is to go and what takes its place, on disk until all of it is done: whoever is cut short goes on from it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::durable::sync_name;
use crate::forge::Rewritten;

/// A purge that is under way.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    pub(super) id: String,
    /// Milliseconds since 1970.
    pub(super) at: i64,
    /// The account that answers for it.
    pub(super) by: String,
    pub(super) ground: String,
    /// What stands for what goes.
    pub(super) name: String,
    /// Whether one attachment goes, whatever names it.
    pub(super) is_attachment: bool,
    /// The file of the repository.
    pub(super) path: Option<String>,
    pub(super) submissions: Vec<String>,
    pub(super) takedowns: Vec<String>,
    pub(super) uploads: BTreeSet<String>,
    pub(super) attachments: BTreeSet<String>,
    pub(super) rewritten: Rewritten,
}

impl Journal {
    /// The purge that is under way, if one is.
    pub(super) fn read(file: &Path) -> Result<Option<Self>, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        match fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| failed(&error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Notes it, as a whole or not at all. From then on there is no way back.
    pub(super) fn write(&self, file: &Path) -> Result<(), String> {
        let write = || -> io::Result<()> {
            let new = file.with_extension("new");
            let mut written = File::create(&new)?;
            written.write_all(&serde_json::to_vec(self)?)?;
            written.sync_all()?;
            fs::rename(new, file)?;
            sync_name(file)
        };
        write().map_err(|error| format!("{}: {error}", file.display()))
    }
}
