//! Puts out what is no page: assets, files beside Markdown, attachments, server snippets.

use super::failure::uses_file;
use super::work::{Done, Work};
use crate::catalog::{Catalog, Ix};
use crate::content::Attachment;
use crate::diag::{Code, Diagnostic};
use crate::hash::{Hash, hash};
use crate::output;
use crate::pages::PlainFile;
use crate::world::blob_path;

impl Work<'_> {
    /// Puts out every file that is no page and no smaller copy of a picture.
    ///
    /// # Errors
    /// What cannot be read or written, as the mistake of the entries that use it where there are any.
    pub(super) fn files(&self) -> Result<Vec<Done>, Vec<Diagnostic>> {
        let config = &self.loaded.site().config;
        let mut done = self.own_files().map_err(|wrong| vec![wrong])?;
        done.extend(self.files_beside()?);
        if config.store.public_url.is_empty() {
            done.extend(self.attachments()?);
        }
        Ok(done)
    }

    /// Assets of the theme and server snippets.
    fn own_files(&self) -> Result<Vec<Done>, Diagnostic> {
        let config = &self.loaded.site().config;
        let mut done = Vec::new();
        if config.output.server_snippets {
            for (name, text) in output::server_snippets(config.base_path()) {
                let file = PlainFile::Top(name).file();
                done.extend(self.stage(file, hash(text.as_bytes()), text.as_bytes())?);
            }
        }
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
    fn files_beside(&self) -> Result<Vec<Done>, Vec<Diagnostic>> {
        let mut done = Vec::new();
        for (path, file_use) in self.loaded.catalog.files.iter_used() {
            let file = PlainFile::beside(path).file();
            let input = hash(&postcard::to_stdvec(&(path, file_use.stamp)).unwrap_or_default());
            match self.known(&file, input) {
                Some(known) => done.extend(known),
                None => {
                    let copied = self.copy(path, file, input);
                    let uses = |catalog: &Catalog, ix| uses_file(catalog, ix, path);
                    done.extend(copied.map_err(|wrong| self.of_file(path, uses, wrong))?);
                }
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

    fn attachments(&self) -> Result<Vec<Done>, Vec<Diagnostic>> {
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
                let uses = |catalog: &Catalog, ix: Ix| {
                    let mut offered = catalog.entry(ix).files().flat_map(Attachment::with_poster);
                    offered.any(|offered| offered.name == *name && offered.sha256.as_deref() == Some(sha256))
                };
                let put = self.output.link(&file, &source);
                let put = put.map_err(|wrong| self.of_file(name, uses, wrong))?;
                done.push(Done::put(file, hash(sha256.as_bytes()), put));
            }
        }
        Ok(done)
    }
}
