//! The peer site for Hugo: the same Markdown, layouts of comparable content.

use std::fs;
use std::path::Path;

use crate::result::Result;

use super::corpus::{Corpus, Flavor, Kind, term_names};

/// Pairs of a path in the site and the text that is compiled in.
macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("hugo/", $path)))),*]
    };
}

/// Settings and layouts.
const FILES: &[(&str, &str)] = files![
    "hugo.toml",
    "layouts/404.html",
    "layouts/_markup/render-heading.html",
    "layouts/_markup/render-table.html",
    "layouts/_partials/feed.xml",
    "layouts/_partials/head.html",
    "layouts/_partials/list.html",
    "layouts/_partials/menu.html",
    "layouts/_partials/row.html",
    "layouts/_partials/summary.html",
    "layouts/_partials/terms.html",
    "layouts/baseof.html",
    "layouts/cities/term.html",
    "layouts/home.atom.xml",
    "layouts/home.html",
    "layouts/page.html",
    "layouts/section.atom.xml",
    "layouts/section.html",
    "layouts/taxonomy.html",
    "layouts/term.atom.xml",
    "layouts/term.html",
];

/// Writes the site into `root`, which need not exist. Returns the bytes of the entries.
pub(super) fn write(corpus: Corpus, root: &Path) -> Result<u64> {
    for (path, text) in FILES {
        create(&root.join(path), text)?;
    }
    let content = root.join("content");
    for kind in Kind::ALL {
        create(
            &content.join(kind.section()).join("_index.md"),
            &titled(kind.label()),
        )?;
    }
    for (vocabulary, terms) in term_names() {
        create(&content.join(vocabulary).join("_index.md"), &titled(vocabulary))?;
        for (id, label) in terms {
            create(
                &content.join(vocabulary).join(id).join("_index.md"),
                &titled(label),
            )?;
        }
    }
    // Of a unit Jixia writes a feed, and no list.
    for (id, name) in corpus.units() {
        let text = format!("---\ntitle: {name}\noutputs: [atom]\n---\n");
        create(&content.join("units").join(id).join("_index.md"), &text)?;
    }
    corpus.write_entries(&content, Flavor::Hugo)
}

fn titled(title: &str) -> String {
    format!("---\ntitle: {title}\n---\n")
}

fn create(path: &Path, text: &str) -> Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    Ok(fs::write(path, text)?)
}
