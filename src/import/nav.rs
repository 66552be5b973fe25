//! Titles that MkDocs keeps in its navigation, not in the texts.

use std::collections::BTreeMap;

use super::recipe::Recipe;
use crate::world::World;

/// Titles by paths below the content's folder. Lines are looked at one by one: the file holds tags of Python's that no reader
/// of plain YAML takes.
pub(super) fn titles(world: &dyn World, root: &str, recipe: &Recipe) -> BTreeMap<String, String> {
    let files = recipe
        .nav
        .iter()
        .filter_map(|file| world.read(&format!("{root}{file}")).ok());
    let text = files
        .filter_map(|bytes| String::from_utf8(bytes).ok())
        .next()
        .unwrap_or_default();
    let after = text.split_once("\nnav:").map_or("", |(_, after)| after);
    // The next key at the beginning of a line ends it.
    let lines = after
        .lines()
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with([' ', '-', '#', '\t']));
    let pair = |line: &str| {
        let (title, path) = line.trim().strip_prefix("- ")?.rsplit_once(": ")?;
        let unquoted = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
        let path = unquoted(path);
        path.ends_with(".md").then(|| (path, unquoted(title)))
    };
    lines
        .filter_map(pair)
        .filter(|(_, title)| !title.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::recipe::recipe;
    use super::*;
    use crate::world::Memory;

    #[test]
    fn titles_stand_in_the_navigation() {
        let mut world = Memory::new(Timestamp::UNIX_EPOCH);
        world.insert("mkdocs.yml", "site_name: x\nnav:\n  - 简介:\n    - 'F.A.Q.: 问': intro/faq.md\n    - a.md\n  - 二: b.md\ntheme:\n  - 三: c.md\n");
        let titles = recipe("mkdocs")
            .map(|recipe| titles(&world, "", recipe))
            .unwrap_or_default();
        let shown: Vec<_> = titles
            .iter()
            .map(|(path, title)| format!("{path}={title}"))
            .collect();
        assert_eq!(shown, ["b.md=二", "intro/faq.md=F.A.Q.: 问"]);
    }
}
