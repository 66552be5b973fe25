//! A data directory from a content directory.

use std::fs;
use std::path::{Path, PathBuf};

use super::durable::{sync_name, sync_tree};
use super::hold;
use crate::app::Layout;
use crate::clock;
use crate::forge::{Local, Person};
use crate::texts::Texts;

/// Where attachments lie, seen from the checkout.
const STORE: &str = "../blob";

/// Makes the repository and the store of files. Tells whether there was none before.
///
/// # Errors
/// What cannot be read or written.
pub(super) fn from_directory(data: &Path, content: &Path) -> Result<bool, String> {
    let layout = Layout {
        data: data.to_path_buf(),
    };
    if layout.repository().exists() {
        return Ok(false);
    }
    let settings = content.join("site.toml");
    let text = fs::read_to_string(&settings).map_err(|error| format!("{}: {error}", settings.display()))?;
    hold::make(data).map_err(|error| format!("{}: {error}", data.display()))?;
    let mut files = Files::default();
    for directory in ["content", "themes"] {
        files.collect(content, &content.join(directory))?;
    }
    let blobs = blobs_of(&text, content);
    copy_blobs(&blobs, &data.join("blob"))?;
    files
        .found
        .retain(|(path, _)| !content.join(path).starts_with(&blobs) && !path.starts_with("themes/default/"));
    files
        .found
        .push(("site.toml".to_owned(), with_store(&text).into_bytes()));
    let list = files
        .found
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    let author = Person {
        name: "jixia-intake".to_owned(),
        address: "server@intake.invalid".to_owned(),
    };
    // Made beside and moved: a repository that is there is whole.
    let new = data.join("repository.new");
    let _ = fs::remove_dir_all(&new);
    // The portal shows title and time as the history of what was there from the first.
    let (texts, at) = (Texts::chinese(), clock::now() / 1000);
    let first = (&author, texts.get("commit.first"), at);
    Local::create(&new, list, first).map_err(|error| error.to_string())?;
    let durable = || -> std::io::Result<()> {
        sync_tree(&data.join("blob"))?;
        sync_tree(&new)?;
        fs::rename(&new, layout.repository())?;
        sync_name(&layout.repository())
    };
    durable().map_err(|error| format!("{}: {error}", data.display()))?;
    Ok(true)
}

/// The directory of attachments that the settings name.
fn blobs_of(settings: &str, content: &Path) -> PathBuf {
    let table = settings.parse::<toml::Table>().unwrap_or_default();
    let store = table
        .get("store")
        .and_then(|store| store.get("blobs"))
        .and_then(toml::Value::as_str);
    content.join(store.unwrap_or("content/blobs"))
}

/// The settings with attachments in the intake's store; every other line stays as it is.
fn with_store(settings: &str) -> String {
    let line = format!("blobs = \"{STORE}\"");
    let (mut lines, mut section, mut is_done) = (Vec::new(), String::new(), false);
    for known in settings.lines() {
        if known.trim_start().starts_with('[') {
            section = known.trim().to_owned();
        }
        let is_store =
            section == "[store]" && known.split('=').next().is_some_and(|key| key.trim() == "blobs");
        if is_store {
            is_done = true;
        }
        lines.push(if is_store { line.clone() } else { known.to_owned() });
    }
    if !is_done {
        let store = lines.iter().position(|known| known.trim() == "[store]");
        match store {
            Some(store) => lines.insert(store + 1, line),
            None => lines.extend([String::new(), "[store]".to_owned(), line]),
        }
    }
    lines.join("\n") + "\n"
}

#[derive(Default)]
struct Files {
    found: Vec<(String, Vec<u8>)>,
}

impl Files {
    fn collect(&mut self, root: &Path, directory: &Path) -> Result<(), String> {
        let Ok(items) = fs::read_dir(directory) else {
            return Ok(());
        };
        let mut paths: Vec<PathBuf> = items.flatten().map(|item| item.path()).collect();
        paths.sort();
        for path in paths {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                self.collect(root, &path)?;
                continue;
            }
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let relative = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            self.found.push((relative, bytes));
        }
        Ok(())
    }
}

fn copy_blobs(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    let Ok(directories) = fs::read_dir(from) else {
        return Ok(());
    };
    for directory in directories
        .flatten()
        .map(|item| item.path())
        .filter(|path| path.is_dir())
    {
        let target = to.join(directory.file_name().unwrap_or_default());
        let copy = || -> std::io::Result<()> {
            fs::create_dir_all(&target)?;
            for file in fs::read_dir(&directory)?.flatten() {
                fs::copy(file.path(), target.join(file.file_name()))?;
            }
            Ok(())
        };
        copy().map_err(|error| format!("{}: {error}", directory.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::with_store;

    #[test]
    fn only_the_store_is_changed() {
        let cases = [
            (
                "[site]\ntitle = \"x\"\n\n[store]\nblobs = \"a\"\nmax_entry_mb = 1\n",
                "[site]\ntitle = \"x\"\n\n[store]\nblobs = \"../blob\"\nmax_entry_mb = 1\n",
            ),
            (
                "[store]\nmax_entry_mb = 1\n",
                "[store]\nblobs = \"../blob\"\nmax_entry_mb = 1\n",
            ),
            ("[site]\n", "[site]\n\n[store]\nblobs = \"../blob\"\n"),
        ];
        for (before, after) in cases {
            assert_eq!(with_store(before), after);
        }
    }
}
