//! Where the links of a body lead.

use std::sync::Arc;

use jixia_markdown::{Address, Link, Role, classify};
use percent_encoding::percent_decode_str;
use rustc_hash::FxHashMap;

use super::{Catalog, Ix, Status};
use crate::content::{Attachment, Entry, Id};
use crate::diag::{Code, Diagnostic, nearest};

/// What a link means.
#[derive(Debug, Clone, PartialEq)]
pub enum Destination<'a> {
    /// Another entry, perhaps at a heading.
    Entry(Ix, Option<String>),
    /// A heading of the same page.
    Anchor(String),
    /// A file that lies beside Markdown.
    File(&'a Arc<str>),
    /// One of the entry's attachments.
    Attachment(&'a Attachment),
    /// An address of the portal, with a slash in front, perhaps at a heading. What is there the plan of pages knows.
    Address(String, Option<String>),
    /// Somewhere else.
    External,
    /// Must not be linked.
    Forbidden,
    /// A file that must not be published, which was reported.
    Refused,
    /// Nothing is there.
    Nowhere,
}

impl Catalog {
    /// Finds what a link of an entry's body means.
    pub fn destination<'a>(&'a self, entry: &'a Entry, target: &str) -> Destination<'a> {
        match classify(target) {
            Address::External => return Destination::External,
            Address::Forbidden => return Destination::Forbidden,
            Address::Anchor => return Destination::Anchor(decode(&target[1..])),
            Address::Path => {}
        }
        let (path, anchor) = match target.split_once('#') {
            Some((path, anchor)) => (path, Some(decode(anchor)).filter(|anchor| !anchor.is_empty())),
            None => (target, None),
        };
        let path = decode(path.split('?').next().unwrap_or_default());
        let attachment = entry
            .attachments
            .iter()
            .find(|attachment| *attachment.name == *path);
        if let Some(attachment) = attachment {
            return Destination::Attachment(attachment);
        }
        let candidates = self.candidates(entry, &path);
        for candidate in &candidates {
            if let Some(ix) = self.paths.get(candidate.as_str()) {
                return Destination::Entry(*ix, anchor);
            }
            if self.files.is_refused(candidate) {
                return Destination::Refused;
            }
            if let Some(file) = self.files.beside(candidate) {
                return Destination::File(file);
            }
        }
        let meant = candidates.iter().flat_map(|candidate| as_on_forges(candidate));
        if let Some(ix) = meant.filter_map(|path| self.paths.get(path.as_str())).next() {
            return Destination::Entry(*ix, anchor);
        }
        if path.starts_with('/') {
            Destination::Address(path, anchor)
        } else {
            Destination::Nowhere
        }
    }

    /// The source files that a path may mean: relative to the file, or from the top of `content/` or of the section.
    fn candidates(&self, entry: &Entry, path: &str) -> Vec<String> {
        let directory = entry.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let section = entry.path.split('/').take(2).collect::<Vec<_>>().join("/");
        match path.strip_prefix('/') {
            Some(inside) => {
                // From the top of the repository, as forges have it.
                let from_top = inside.starts_with("content/").then(|| join("", inside));
                let inside = [join("content", inside), join(&section, inside)];
                inside.into_iter().chain(from_top).collect()
            }
            None => vec![join(directory, path)],
        }
    }

    /// Reports links, pictures and media that name a source file which is not there.
    pub(super) fn check_links(&self, ix: Ix, diagnostics: &mut Vec<Diagnostic>) {
        let entry = self.entry(ix);
        for link in &entry.facts.links {
            let wrong = match self.destination(entry, &link.target) {
                Destination::Nowhere if self.leads_to_unread(entry, &link.target) => None,
                Destination::Nowhere => Some(self.nowhere(entry, link, None)),
                Destination::Anchor(anchor) => self.wrong_anchor(entry, link, &anchor),
                Destination::Entry(target, anchor) => {
                    let hidden = self.status(target) == Status::Hidden && self.status(ix) != Status::Hidden;
                    if hidden {
                        Some(Diagnostic::new(Code::LinkToDraft).with("target", &link.target))
                    } else {
                        anchor.and_then(|anchor| self.wrong_anchor(self.entry(target), link, &anchor))
                    }
                }
                _ => None,
            };
            diagnostics.extend(wrong.map(|wrong| wrong.in_file(&entry.path).at(link.span.clone())));
        }
    }

    /// Whether a link names the file of an entry that could not be read, which was reported.
    pub(crate) fn leads_to_unread(&self, entry: &Entry, target: &str) -> bool {
        let path = decode(target.split(['#', '?']).next().unwrap_or_default());
        let is_unread = |path: &String| self.unread.paths.contains(path.as_str());
        let candidates = self.candidates(entry, &path);
        let mut candidates = candidates.iter();
        candidates.any(|path| is_unread(path) || as_on_forges(path).any(|path| is_unread(&path)))
    }

    /// Whether an entry is there but could not be read, which was reported.
    pub(crate) fn is_unread(&self, id: &Id) -> bool {
        self.unread.ids.contains(id)
    }

    /// That a link leads nowhere, and what can have been meant: a source file, unless that is known.
    pub(crate) fn nowhere(&self, entry: &Entry, link: &Link, meant: Option<String>) -> Diagnostic {
        let target = link.target.split(['#', '?']).next().unwrap_or_default();
        if link.role != Role::Link {
            let meant = meant.or_else(|| self.meant_file(entry, target));
            return Diagnostic::new(Code::MissingMedia)
                .with("target", target)
                .suggest(meant);
        }
        let meant = host(target).or(meant).or_else(|| self.meant(entry, target));
        Diagnostic::new(Code::BrokenLink)
            .with("target", target)
            .suggest(meant)
    }

    /// The source file that a link to nothing can have meant, as seen from the entry: the same name elsewhere, or a near
    /// one in the directory of the link or of the entry.
    fn meant(&self, entry: &Entry, target: &str) -> Option<String> {
        let path = decode(target).replace('\\', "/");
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let name = match name {
            "" | "." | ".." => return None,
            name => name.trim_end_matches(".html"),
        };
        let wanted = if name.ends_with(".md") {
            name.to_owned()
        } else {
            format!("{name}.md")
        };
        let directory = entry.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let elsewhere = self.by_name().get(wanted.to_lowercase().as_str());
        elsewhere.map(|path| relative(directory, path)).or_else(|| {
            let candidates = self.candidates(entry, &path);
            let parents = candidates
                .iter()
                .filter_map(|path| Some(path.trim_end_matches('/').rsplit_once('/')?.0));
            let mut near = parents.chain([directory]).filter_map(|parent| {
                let siblings = self.paths.keys().filter_map(|path| {
                    let name = path
                        .strip_prefix(parent)?
                        .strip_prefix('/')?
                        .strip_suffix(".md")?;
                    (!name.contains('/') && **path != *entry.path).then_some(name)
                });
                let stem = wanted.strip_suffix(".md").unwrap_or(&wanted);
                nearest(stem, siblings).map(|name| relative(directory, &format!("{parent}/{name}.md")))
            });
            near.next()
        })
    }

    /// The file that a picture which is not there can have meant, as seen from the entry: the same name elsewhere, or a
    /// near one in the directory of the link.
    fn meant_file(&self, entry: &Entry, target: &str) -> Option<String> {
        let path = decode(target).replace('\\', "/");
        let directory = entry.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let candidate = self.candidates(entry, &path).into_iter().next()?;
        if self.files.beside(&candidate).is_some() {
            return Some(relative(directory, &candidate));
        }
        let (parent, name) = candidate.rsplit_once('/')?;
        let found = self.files.named(name).or_else(|| {
            let near = nearest(name, self.files.names_in(parent))?;
            self.files.beside(&format!("{parent}/{near}"))
        })?;
        Some(relative(directory, found))
    }

    /// Content files by their names in small letters; of several with one name the first path. Made when the first link leads nowhere.
    fn by_name(&self) -> &FxHashMap<Box<str>, Arc<str>> {
        self.by_name.get_or_init(|| {
            let mut names: FxHashMap<Box<str>, Arc<str>> = FxHashMap::default();
            for path in self.paths.keys() {
                // A folder is called by its own name, whatever its page is.
                let name = path.strip_suffix("/index.md").map_or(&**path, |folder| folder);
                let name = name.rsplit('/').next().unwrap_or_default().to_lowercase();
                let name = if name.ends_with(".md") { name } else { name + ".md" };
                let known = names.entry(Box::from(name)).or_insert_with(|| Arc::clone(path));
                if path < known {
                    *known = Arc::clone(path);
                }
            }
            names
        })
    }

    /// What is wrong with the heading that a link names.
    pub(crate) fn wrong_anchor(&self, target: &Entry, link: &Link, anchor: &str) -> Option<Diagnostic> {
        let facts = &target.facts;
        // The page of a structure has an anchor for each of its points.
        let points: Vec<&str> = self
            .find(&target.id)
            .map_or_else(Vec::new, |ix| self.points(ix).map(|point| point.key).collect());
        let ids = || {
            facts
                .headings
                .iter()
                .map(|heading| heading.id.as_str())
                .chain(facts.anchors.iter().map(String::as_str))
                .chain(points.iter().copied())
        };
        if anchor.is_empty() || anchor == "top" || ids().any(|id| id == anchor) {
            return None;
        }
        let suggestion = nearest(anchor, ids());
        let mut diagnostic = Diagnostic::new(Code::BrokenAnchor)
            .with(
                "target",
                link.target
                    .split('#')
                    .next()
                    .filter(|path| !path.is_empty())
                    .unwrap_or(&target.title),
            )
            .with("anchor", anchor);
        if suggestion.is_none() && facts.headings.len() <= 12 {
            diagnostic = diagnostic.with("known", ids().collect::<Vec<_>>().join(" "));
        }
        Some(diagnostic.suggest(suggestion))
    }
}

/// The source files that forges and other generators show at a path which is none: the page of a folder, or a page named
/// without its ending or with that of its HTML.
fn as_on_forges(path: &str) -> impl Iterator<Item = String> {
    let page = path.strip_suffix(".html").unwrap_or(path);
    let folder = match path.is_empty() || path.ends_with(".md") {
        true => None,
        false => page.strip_suffix("/index").or(Some(page)),
    };
    let endings = ["/index.md", "/README.md", "/readme.md", "/_index.md", ".md"];
    folder
        .into_iter()
        .flat_map(move |folder| endings.into_iter().map(move |ending| format!("{folder}{ending}")))
}

/// The address that was meant where a host is written without its scheme.
fn host(target: &str) -> Option<String> {
    let host = target.split('/').next()?;
    let (name, top) = host.rsplit_once('.')?;
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    };
    let tops = ["com", "cn", "net", "org", "gov", "edu", "io", "dev"];
    let is_host =
        is_name(name) && (host.starts_with("www.") || tops.contains(&top.to_ascii_lowercase().as_str()));
    is_host.then(|| format!("https://{target}"))
}

/// A path as it was meant: without percent-encoding.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Joins a directory and a relative path, resolving `.` and `..`; what climbs out of the top stays outside.
fn join(directory: &str, path: &str) -> String {
    let mut segments: Vec<&str> = directory
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                if segments.pop().is_none() {
                    return String::new();
                }
            }
            _ => segments.push(segment),
        }
    }
    segments.join("/")
}

/// The path of a file as seen from a directory.
fn relative(directory: &str, path: &str) -> String {
    let from: Vec<&str> = directory.split('/').collect();
    let to: Vec<&str> = path.split('/').collect();
    let common = from
        .iter()
        .zip(&to)
        .take_while(|(left, right)| left == right)
        .count();
    let up = std::iter::repeat_n("..", from.len() - common);
    up.chain(to[common..].iter().copied())
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_get_a_scheme() {
        let cases = [
            ("www.example.com", Some("https://www.example.com")),
            ("example.edu.cn/a/b.html", Some("https://example.edu.cn/a/b.html")),
            ("a.md", None),
            ("说明.com", None),
            ("a/www.example.com", None),
        ];
        for (target, expected) in cases {
            assert_eq!(host(target).as_deref(), expected, "{target}");
        }
    }

    #[test]
    fn paths_join_and_relate() {
        let cases = [
            ("content/news", "../notices/a.md", "content/notices/a.md"),
            ("content/news", "./a.md", "content/news/a.md"),
            ("content/news", "a//b.md", "content/news/a/b.md"),
            ("content", "../../../x", ""),
        ];
        for (directory, path, joined) in cases {
            assert_eq!(join(directory, path), joined, "{directory} {path}");
        }
        assert_eq!(
            relative("content/news", "content/notices/a.md"),
            "../notices/a.md"
        );
        assert_eq!(relative("content/news", "content/news/a.md"), "a.md");
    }
}
