//! The theme's assets, with a fingerprint in their names so that browsers may keep them for ever.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::accent::Accents;
use super::theme::Theme;

/// The style sheet of all pages. Its parts are the files of the directory of this name.
const SHEET: &str = "site.css";
/// Where the site's accent stands among the parts: after the theme's colours, before what prints.
const ACCENT_PART: &str = "site.css/15-accent.css";
/// The accents of schools, for their pages.
const ACCENTS: &str = "accents.css";

/// Assets by logical name.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// Logical name, such as `site.css`, to output name, such as `site.3f2a91c0.css`.
    pub names: BTreeMap<String, String>,
    /// Output name to bytes.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Assets {
    /// Names every asset by its contents. Where style sheets and scripts name others as `./NAME`, the output name is put
    /// in its place: so modules and pictures work without a build step, in the theme's directory and in the portal.
    ///
    /// The files of a directory whose name ends in `.css` are joined, in the order of their names, to a style sheet of
    /// that name; a file in its place is taken instead. The accents of the site and its schools are written here.
    ///
    /// Assets that name each other in a circle cannot be named by their contents; they keep the names as written.
    pub fn new(theme: &Theme, accents: &Accents) -> Self {
        let mut assets = Self::default();
        let (of_site, of_schools) = (accents.of_site(), accents.of_schools());
        let files = theme.below("assets").map(|(name, _, bytes)| (name, bytes));
        let mut files: BTreeMap<&str, &[u8]> = files.collect();
        if !of_site.is_empty() {
            files.insert(ACCENT_PART, of_site.as_bytes());
        }
        if !of_schools.is_empty() {
            files.insert(ACCENTS, of_schools.as_bytes());
        }
        let sources = joined(&files);
        let mut waiting: Vec<&str> = sources.keys().copied().collect();
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting.retain(|name| {
                let needs = mentioned(&sources[name], &sources);
                let ready = needs
                    .iter()
                    .all(|need| assets.names.contains_key(*need) || need == name);
                if ready {
                    assets.add(name, &sources[name], &needs);
                }
                !ready
            });
            if waiting.len() == before {
                for name in std::mem::take(&mut waiting) {
                    assets.add(name, &sources[name], &[]);
                }
            }
        }
        assets
    }

    fn add(&mut self, name: &str, bytes: &[u8], needs: &[&str]) {
        let mut bytes = bytes.to_vec();
        if !needs.is_empty() {
            let mut text = String::from_utf8_lossy(&bytes).into_owned();
            for need in needs {
                if let Some(output) = self.names.get(*need) {
                    text = text.replace(&format!("./{need}"), &format!("./{output}"));
                }
            }
            bytes = text.into_bytes();
        }
        let hash = blake3::hash(&bytes).to_hex();
        let output = match name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}.{}.{extension}", &hash[..10]),
            None => format!("{name}.{}", &hash[..10]),
        };
        self.names.insert(name.to_owned(), output.clone());
        self.files.insert(output, bytes);
    }
}

/// Style sheets put together from their parts. A file comes before the directory of its name, and then the parts are
/// left out; but a site's accent is added to a sheet of the site's own.
fn joined<'a>(files: &BTreeMap<&'a str, &'a [u8]>) -> BTreeMap<&'a str, Cow<'a, [u8]>> {
    let mut sources: BTreeMap<&str, Cow<'_, [u8]>> = BTreeMap::new();
    for (name, bytes) in files {
        let sheet = name.find(".css/").map(|at| &name[..at + ".css".len()]);
        let Some(sheet) = sheet else {
            sources.insert(name, Cow::Borrowed(bytes));
            continue;
        };
        let is_whole = files.contains_key(sheet);
        if !is_whole || (sheet == SHEET && *name == ACCENT_PART) {
            sources
                .entry(sheet)
                .or_default()
                .to_mut()
                .extend_from_slice(bytes);
        }
    }
    sources
}

/// The assets that a text names.
fn mentioned<'a>(bytes: &[u8], sources: &BTreeMap<&'a str, Cow<'a, [u8]>>) -> Vec<&'a str> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Vec::new();
    };
    if !text.contains("./") {
        return Vec::new();
    }
    // The longest name first, so that `a.js` does not match within `a.json`.
    let mut names: Vec<&str> = sources
        .keys()
        .copied()
        .filter(|name| text.contains(&format!("./{name}")))
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}
