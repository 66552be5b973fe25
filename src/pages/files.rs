//! Where the files lie that are no pages: the theme's, those beside Markdown, attachments, the search index.

use super::{Located, address};
use crate::catalog::Catalog;

/// First segments of addresses that are such files' own.
pub(super) const SEGMENTS: &[&str] = &[ASSETS, BLOBS];
const ASSETS: &str = "assets";
const BLOBS: &str = "files";

/// The directory of the search index, and of the page that searches it.
pub(super) const SEARCH: &str = "search";

/// A file of the portal that is no page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlainFile {
    /// A file beside Markdown, by its path below `content/`.
    Beside(String),
    /// A smaller copy of a picture beside Markdown: the picture's path, and the copy's width in pixels. The name keeps
    /// the picture's extension, for `a.jpg` and `a.png` may lie side by side.
    Rendition(String, u32),
    /// An attachment of the store.
    Blob {
        /// Its checksum in hexadecimal.
        sha256: String,
        /// The name under which it is offered.
        name: String,
    },
    /// A file of the search index, by its path below the index's directory.
    Search(String),
    /// A file of the theme, its fingerprint in the name.
    Asset(String),
    /// A file at the top of the output.
    Top(&'static str),
}

impl PlainFile {
    /// A file beside Markdown, by its path with `content/`.
    pub fn beside(path: &str) -> Self {
        Self::Beside(below_content(path).to_owned())
    }

    /// A smaller copy of the picture at a path with `content/`.
    pub fn rendition(path: &str, width: u32) -> Self {
        Self::Rendition(below_content(path).to_owned(), width)
    }

    /// The picture, as a path with `content/`, and the width of the smaller copy that an output file would be.
    pub fn rendition_at(file: &str) -> Option<(String, u32)> {
        let (path, width) = file.strip_suffix(".webp")?.rsplit_once('.')?;
        let width = width.parse().ok()?;
        let is_the_file = Self::Rendition(path.to_owned(), width).file() == file;
        is_the_file.then(|| (format!("content/{path}"), width))
    }

    /// The output file, relative to the output directory.
    pub fn file(&self) -> String {
        match self {
            Self::Beside(path) => path.clone(),
            Self::Rendition(path, width) => format!("{path}.{width}.webp"),
            Self::Blob { sha256, name } => {
                let first = sha256.get(..2).unwrap_or("00");
                format!("{BLOBS}/{first}/{sha256}/{}", address::segment(name))
            }
            Self::Search(path) => format!("{}/{path}", SEARCH),
            Self::Asset(name) => format!("{ASSETS}/{name}"),
            Self::Top(name) => (*name).to_owned(),
        }
    }

    /// The path of its URL, with the site's base path.
    pub fn url(&self, base_path: &str) -> String {
        address::url(base_path, &self.file())
    }
}

impl Located for PlainFile {
    fn path(&self, _catalog: &Catalog) -> String {
        self.file()
    }
}

fn below_content(path: &str) -> &str {
    path.strip_prefix("content/").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_one_place() {
        let copy = PlainFile::rendition("content/news/照片.jpg", 480);
        assert_eq!(copy.file(), "news/照片.jpg.480.webp");
        assert_eq!(
            copy.url("/portal"),
            "/portal/news/%E7%85%A7%E7%89%87.jpg.480.webp"
        );
        let blob = PlainFile::Blob {
            sha256: "abcd".to_owned(),
            name: "表 一.xlsx".to_owned(),
        };
        assert_eq!(blob.file(), "files/ab/abcd/表-一.xlsx");
    }

    #[test]
    fn a_copy_is_known_by_its_name() {
        let cases = [
            ("news/a.jpg.480.webp", Some(("content/news/a.jpg", 480))),
            ("news/a.jpg.0480.webp", None),
            ("news/a.jpg.webp", None),
            ("a.webp", None),
        ];
        for (file, expected) in cases {
            let found = PlainFile::rendition_at(file);
            let found = found.as_ref().map(|(path, width)| (path.as_str(), *width));
            assert_eq!(found, expected, "{file}");
        }
    }
}
