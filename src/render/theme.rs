//! The files of a theme, in layers: the built-in default, the site's theme, the site's overrides.

use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::pages::Texts;
use crate::world::World;

static DEFAULT: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");
/// The reader of the search index, which comes with what writes it.
const SEARCH_WORKER: &str = "assets/search-worker.js";
/// A site's own layer over any theme.
const OVERRIDES: &str = "overrides";

/// A file of a theme.
#[derive(Debug, Clone)]
struct ThemeFile {
    /// Where it came from, for diagnostics.
    origin: Arc<str>,
    bytes: Arc<[u8]>,
}

/// All files of a theme by their path in it: `templates/base.html`, `assets/site.css`, `i18n/en.toml`.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    files: BTreeMap<String, ThemeFile>,
}

impl Theme {
    /// The directories whose files make up a site's theme, the later over the earlier.
    pub fn directories(config: &Config) -> [String; 2] {
        [format!("themes/{}", config.site.theme), OVERRIDES.to_owned()]
    }

    /// Reads the layers, file by file.
    pub fn load(world: &dyn World, config: &Config) -> (Self, Vec<Diagnostic>) {
        let mut theme = Self::default();
        theme.add_built_in(&DEFAULT);
        theme.add(SEARCH_WORKER, jixia_search::WORKER.as_bytes());
        let mut diagnostics = Vec::new();
        for directory in Self::directories(config) {
            let listing = world.list(&directory);
            diagnostics.extend(listing.diagnostics);
            for file in listing.files {
                match world.read(&file.path) {
                    Ok(bytes) => {
                        let path = file.path[directory.len() + 1..].to_owned();
                        theme.files.insert(
                            path,
                            ThemeFile {
                                origin: file.path,
                                bytes: bytes.into(),
                            },
                        );
                    }
                    Err(error) => diagnostics.push(
                        Diagnostic::new(Code::Unreadable)
                            .in_file(&file.path)
                            .with("what", &file.path)
                            .with("reason", error),
                    ),
                }
            }
        }
        (theme, diagnostics)
    }

    fn add_built_in(&mut self, directory: &'static Dir<'static>) {
        for file in directory.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            self.add(&path, file.contents());
        }
        directory
            .dirs()
            .for_each(|directory| self.add_built_in(directory));
    }

    /// Adds a file of the default theme.
    fn add(&mut self, path: &str, bytes: &[u8]) {
        let origin = Arc::from(format!("themes/default/{path}"));
        let bytes = Arc::from(bytes);
        self.files.insert(path.to_owned(), ThemeFile { origin, bytes });
    }

    /// Hash of every file.
    pub fn fingerprint(&self) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new();
        for (path, file) in &self.files {
            hasher
                .update(path.as_bytes())
                .update(&[0])
                .update(blake3::hash(&file.bytes).as_bytes());
        }
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        fingerprint
    }

    /// The files below a directory of the theme: path below it, origin, bytes.
    pub(super) fn below<'a>(
        &'a self,
        directory: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Arc<str>, &'a [u8])> {
        self.files.iter().filter_map(move |(path, file)| {
            let inside = path.strip_prefix(directory)?.strip_prefix('/')?;
            Some((inside, &file.origin, &*file.bytes))
        })
    }

    /// The text of a template by its origin, for diagnostics.
    pub fn source(&self, origin: &str) -> Option<Vec<u8>> {
        self.files
            .values()
            .find(|file| &*file.origin == origin)
            .map(|file| file.bytes.to_vec())
    }

    /// The interface texts of a language. What a template asks for and the language lacks, rendering reports.
    pub fn texts(&self, language: &str) -> (Texts, Vec<Diagnostic>) {
        let mut texts = Texts {
            language: language.to_owned(),
            ..Texts::default()
        };
        let mut diagnostics = Vec::new();
        // A theme that overrides some texts of the default keeps the rest.
        let built_in = DEFAULT
            .get_file(format!("i18n/{language}.toml"))
            .and_then(|file| file.contents_utf8());
        if let Some(Err(error)) = built_in.map(|toml| texts.add(toml)) {
            let origin = Arc::from(format!("themes/default/i18n/{language}.toml"));
            diagnostics.push(crate::source::config_syntax(&origin, &error));
        }
        let path = format!("i18n/{language}.toml");
        if let Some(file) = self.files.get(&path)
            && let Err(error) = texts.add(&String::from_utf8_lossy(&file.bytes))
        {
            diagnostics.push(crate::source::config_syntax(&file.origin, &error));
        }
        (texts, diagnostics)
    }
}
