//! What a path below `content/` says: the kind and the id of its entry.

use std::sync::Arc;

use super::{Id, Schema};
use crate::diag::{Code, Diagnostic};
use crate::name::{is_unseen, page_path};

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An entry; `folder` when it is the `index.md` of a folder.
    Entry {
        /// Its id.
        id: Id,
        /// Whether pictures and children may lie beside it.
        folder: bool,
    },
    /// A part of a folder's entry, such as a chapter of a course.
    Child {
        /// Its id: the folder's name, a slash, the file's name.
        id: Id,
        /// The entry it belongs to.
        parent: Id,
    },
    /// Not Markdown: a picture or another file beside the Markdown, or a declaration.
    Other,
}

impl Place {
    /// The id of the entry that lies there.
    pub fn id(&self) -> Option<&Id> {
        match self {
            Self::Entry { id, .. } | Self::Child { id, .. } => Some(id),
            Self::Other => None,
        }
    }
}

/// Finds what lies at `path`, which begins with `content/`. `has_index` tells whether a directory holds an `index.md`.
///
/// # Errors
/// A name that cannot be an id, a chapter without its course, Markdown in a directory that no kind looks for.
pub fn place(
    path: &Arc<str>,
    schema: &Schema,
    has_index: &dyn Fn(&str) -> bool,
) -> Result<Place, Diagnostic> {
    let Some(rest) = path
        .strip_suffix(".md")
        .and_then(|rest| rest.strip_prefix("content/"))
    else {
        return Ok(Place::Other);
    };
    let Some((section, rest)) = rest.split_once('/') else {
        return Err(stray(path, schema));
    };
    if matches!(section, "kinds" | "vocabularies") {
        return Ok(Place::Other);
    }
    let Some(kind) = schema.kind_of_section(section) else {
        return Err(stray(path, schema));
    };
    let mut segments: Vec<&str> = rest.split('/').collect();
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let is_index = segments.len() > 1 && matches!(segments.last(), Some(&("index" | "_index")));
    if is_index {
        segments.pop();
    }
    let id = |kind: &str, name: String| Id {
        kind: Arc::from(kind),
        name: Arc::from(name),
    };
    let is_long = page_path(&format!("api/v1/{path}.json")).is_err();
    let wrong = segments.iter().find(|segment| !valid_name(segment));
    if let Some(wrong) = wrong.or_else(|| segments.first().filter(|_| is_long)) {
        return Err(Diagnostic::new(Code::BadFileName)
            .in_file(path)
            .with("name", wrong));
    }
    if kind.nested {
        return Ok(Place::Entry {
            id: id(&kind.id, segments.join("/")),
            folder: is_index,
        });
    }
    let name = segments[segments.len() - 1];
    if !is_index
        && segments.len() > 1
        && let Some(children) = &kind.children
    {
        let folder = segments[segments.len() - 2];
        if has_index(directory) {
            let parent = id(&kind.id, folder.to_owned());
            return Ok(Place::Child {
                id: id(children, format!("{folder}/{name}")),
                parent,
            });
        }
        if !is_year(folder) {
            return Err(Diagnostic::new(Code::OrphanChapter)
                .in_file(path)
                .with("folder", directory));
        }
    }
    Ok(Place::Entry {
        id: id(&kind.id, name.to_owned()),
        folder: is_index,
    })
}

fn stray(path: &Arc<str>, schema: &Schema) -> Diagnostic {
    let sections: Vec<String> = schema
        .kinds
        .values()
        .filter(|kind| !kind.section.is_empty())
        .map(|kind| format!("content/{}/", kind.section))
        .collect();
    let nearest = crate::diag::nearest(
        path.rsplit_once('/').map_or("", |(directory, _)| directory),
        sections.iter().map(|section| section.trim_end_matches('/')),
    );
    Diagnostic::new(Code::StrayFile)
        .in_file(path)
        .with("sections", sections.join(" "))
        .suggest(nearest)
}

/// Entries may be sorted into folders by year, which are no part of their ids.
fn is_year(name: &str) -> bool {
    name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a file name (without `.md`) can stand in a URL and on every file system. It becomes the name of a directory,
/// and with `.json.gz` of a file.
pub(crate) fn valid_name(name: &str) -> bool {
    const FORBIDDEN: &[char] = &['?', '#', '%', '&', '<', '>', '"', '\'', '\\', ':', '|', '*', '`'];
    !name.is_empty()
        && name.len() <= 200
        && !name.starts_with(['.', '-'])
        && !name.ends_with('.')
        && !name.contains(|character: char| {
            character.is_whitespace() || is_unseen(character) || FORBIDDEN.contains(&character)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Surroundings;

    #[test]
    fn paths_say_what_lies_there() {
        let (schema, _) = Schema::load(&[], &[], &[], None, Surroundings::default());
        let entry = |id: &str, folder| format!("entry {id} {folder}");
        let cases = [
            ("content/notices/a.md", entry("notice/a", false)),
            ("content/notices/2026/通知.md", entry("notice/通知", false)),
            ("content/notices/a/index.md", entry("notice/a", true)),
            ("content/courses/cnc/index.md", entry("course/cnc", true)),
            (
                "content/courses/cnc/01.md",
                "child chapter/cnc/01 of course/cnc".to_owned(),
            ),
            ("content/courses/2026/one.md", entry("course/one", false)),
            ("content/courses/lost/01.md", "OrphanChapter".to_owned()),
            ("content/pages/a/b.md", entry("page/a/b", false)),
            ("content/pages/a/_index.md", entry("page/a", true)),
            ("content/notices/a.svg", "other".to_owned()),
            ("content/kinds/readme.md", "other".to_owned()),
            ("content/notcies/a.md", "StrayFile".to_owned()),
            ("content/a.md", "StrayFile".to_owned()),
            ("content/notices/a b.md", "BadFileName".to_owned()),
            ("content/notices/a#b.md", "BadFileName".to_owned()),
        ];
        for (path, expected) in cases {
            let found = place(&Arc::from(path), &schema, &|directory| {
                directory == "content/courses/cnc"
            });
            let shown = match found {
                Ok(Place::Entry { id, folder }) => format!("entry {id} {folder}"),
                Ok(Place::Child { id, parent }) => format!("child {id} of {parent}"),
                Ok(Place::Other) => "other".to_owned(),
                Err(diagnostic) => format!("{:?}", diagnostic.code),
            };
            assert_eq!(shown, expected, "{path}");
        }
    }
}
