//! Puts out what is no page: assets, files beside Markdown, attachments, server snippets.

use super::work::{Done, Work};
use crate::diag::{Code, Diagnostic};
use crate::hash::{Hash, hash};
use crate::output;
use crate::pages::PlainFile;
use crate::world::blob_path;

impl Work<'_> {
    /// Puts out every file that is no page and no smaller copy of a picture.
    pub(super) fn files(&self) -> Result<Vec<Done>, Diagnostic> {
        let config = &self.loaded.site().config;
        let mut done = self.assets()?;
        done.extend(self.files_beside()?);
        if config.store.public_url.is_empty() {
            done.extend(self.attachments()?);
        }
        if config.output.server_snippets {
            for (name, text) in output::server_snippets(config.base_path()) {
                let file = PlainFile::Top(name).file();
                done.extend(self.stage(file, hash(text.as_bytes()), text.as_bytes())?);
            }
        }
        Ok(done)
    }

    fn assets(&self) -> Result<Vec<Done>, Diagnostic> {
        let mut done = Vec::new();
        for (name, bytes) in &self.assets.files {
            let file = PlainFile::Asset(name.clone()).file();
            let input = hash(bytes);
            match self.known(&file, input) {
                Some(known) => done.extend(known),
                None => done.extend(self.stage(file, input, bytes)?),
            }
        }
        Ok(done)
    }

    /// Files beside Markdown that pages use.
    fn files_beside(&self) -> Result<Vec<Done>, Diagnostic> {
        let mut done = Vec::new();
        for (path, file_use) in self.loaded.catalog.files.iter_used() {
            let file = PlainFile::beside(path).file();
            let input = hash(&postcard::to_stdvec(&(path, file_use.stamp)).unwrap_or_default());
            match self.known(&file, input) {
                Some(known) => done.extend(known),
                None => done.extend(self.copy(path, file, input)?),
            }
        }
        Ok(done)
    }

    fn copy(&self, path: &str, file: String, input: Hash) -> Result<Vec<Done>, Diagnostic> {
        let bytes = self.world.read(path).map_err(|error| {
            Diagnostic::new(Code::Unreadable)
                .with("what", path)
                .with("reason", error)
        })?;
        self.stage(file, input, &bytes)
    }

    fn attachments(&self) -> Result<Vec<Done>, Diagnostic> {
        let store = &self.loaded.site().config.store.blobs;
        let mut done = Vec::new();
        for (sha256, names) in self.loaded.catalog.files.blobs() {
            for name in names.keys() {
                let blob = PlainFile::Blob {
                    sha256: sha256.to_owned(),
                    name: name.to_string(),
                };
                let file = blob.file();
                let source = self.root.join(blob_path(store, sha256));
                let put = self.output.link(&file, &source)?;
                done.push(Done::put(file, hash(sha256.as_bytes()), put));
            }
        }
        Ok(done)
    }
}
