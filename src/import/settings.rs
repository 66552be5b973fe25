//! What a source's own settings say of its addresses: its hosts, the folder that it is served from, how posts are addressed.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::fields::text;
use super::front;
use super::recipe::Recipe;
use crate::world::World;

/// Most bytes of a file of settings that are looked at.
const LARGEST: usize = 1_000_000;

/// Keys, in every generator, of the address of the whole site.
const ORIGINS: &[&str] = &["url", "baseURL", "baseurl", "site_url", "hostname"];
/// Keys of the folder that it is served from.
const ROOTS: &[&str] = &["root", "base", "baseurl"];

/// What the settings say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Settings {
    /// Hosts of the site's own addresses, in lower case.
    hosts: Vec<String>,
    /// The folder without slashes at its ends; empty for the top.
    root: String,
    /// The pattern of posts' addresses.
    pub(super) posts: Option<String>,
    /// Patterns by the first folder of the content.
    pub(super) sections: BTreeMap<String, String>,
}

impl Settings {
    /// Reads the settings below the source's root.
    pub(super) fn of(world: &dyn World, root: &str, recipe: &Recipe) -> Self {
        let mut settings = Self {
            posts: recipe.permalink.clone(),
            ..Self::default()
        };
        for file in &recipe.settings {
            let bytes = world.head(&format!("{root}{file}"), LARGEST).unwrap_or_default();
            let Ok(written) = String::from_utf8(bytes) else {
                continue;
            };
            let is_program = file.ends_with("ts") || file.ends_with("js");
            let fields = if is_program {
                of_program(&written)
            } else {
                front::settings(&written, file)
            };
            for (key, value) in fields {
                settings.take(&key, &value);
            }
        }
        settings
    }

    fn take(&mut self, key: &str, value: &Json) {
        let written = text(value);
        if ORIGINS.contains(&key)
            && let Some((_, rest)) = written.split_once("://")
        {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            self.hosts.push(host.to_lowercase());
            self.set_root(path);
        } else if ROOTS.contains(&key) && written.starts_with('/') {
            self.set_root(&written);
        }
        match (key, value) {
            // Names of Jekyll's for patterns.
            ("permalink", Json::String(pattern)) => {
                let pattern = match pattern.as_str() {
                    "date" => "/:categories/:year/:month/:day/:title.html",
                    "pretty" => "/:categories/:year/:month/:day/:title/",
                    "none" => "/:categories/:title.html",
                    pattern => pattern,
                };
                self.posts = Some(pattern.to_owned());
            }
            ("permalinks", Json::Object(sections)) => {
                let nested = sections.values().filter_map(Json::as_object).flatten();
                for (section, pattern) in sections.iter().chain(nested) {
                    if let Json::String(pattern) = pattern {
                        self.sections.insert(section.clone(), pattern.clone());
                    }
                }
            }
            _ => {}
        }
    }

    fn set_root(&mut self, path: &str) {
        let path = path.trim_matches('/');
        if !path.is_empty() {
            path.clone_into(&mut self.root);
        }
    }

    /// An address of the site's own as a path from its top. Returns `None` for another site's, and for what is no path from the
    /// top.
    pub(super) fn own<'t>(&self, target: &'t str) -> Option<&'t str> {
        let path = match target.split_once("//") {
            Some(("" | "http:" | "https:", rest)) => {
                let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
                let (host, path) = rest.split_at(end);
                self.hosts
                    .contains(&host.to_lowercase())
                    .then_some(if path.is_empty() { "/" } else { path })?
            }
            _ => target,
        };
        let inside = path.strip_prefix('/')?;
        if self.root.is_empty() {
            return Some(path);
        }
        let below = inside.strip_prefix(self.root.as_str());
        Some(
            match below.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                Some("") => "/",
                Some(below) => below,
                None => path,
            },
        )
    }
}

/// Settings that are a program: what stands as a text behind the few keys that matter.
fn of_program(program: &str) -> Vec<(String, Json)> {
    let key = |line: &str| {
        let (key, value) = line.trim().split_once(':')?;
        let quote = value
            .trim()
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))?;
        let value = value.trim()[1..].split_once(quote)?.0;
        matches!(key, "hostname" | "base").then(|| (key.to_owned(), Json::String(value.to_owned())))
    };
    program.lines().filter_map(key).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::recipe::recipe;
    use super::*;
    use crate::world::Memory;

    fn settings(id: &str, file: &str, text: &str) -> Settings {
        let mut world = Memory::new(Timestamp::UNIX_EPOCH);
        world.insert(file, text);
        recipe(id)
            .map(|recipe| Settings::of(&world, "", recipe))
            .unwrap_or_default()
    }

    #[test]
    fn own_addresses_are_told_from_those_of_others() {
        let hexo = settings(
            "hexo",
            "_config.yml",
            "url: https://a.example/blog\nroot: /blog/\npermalink: :year/:title/\n",
        );
        let vuepress = settings(
            "vuepress",
            ".vuepress/theme.ts",
            "export default {\n  hostname: \"https://b.example/\",\n};\n",
        );
        let hugo = settings(
            "hugo",
            "hugo.toml",
            "baseURL = \"https://c.example/\"\n[permalinks]\nposts = \"/:year/:slug/\"\n",
        );
        assert_eq!(hexo.posts.as_deref(), Some(":year/:title/"));
        assert_eq!(
            hugo.sections.get("posts").map(String::as_str),
            Some("/:year/:slug/")
        );
        let cases = [
            (&hexo, "https://A.example/blog/2020/x/", Some("/2020/x/")),
            (&hexo, "/blog/2020/x/#y", Some("/2020/x/#y")),
            (&hexo, "/blog", Some("/")),
            (&hexo, "/blogs/x", Some("/blogs/x")),
            (&hexo, "https://b.example/x", None),
            (&hexo, "x/y", None),
            (&vuepress, "https://b.example/a.html#c", Some("/a.html#c")),
            (&vuepress, "//b.example", Some("/")),
            (&hugo, "http://c.example/x", Some("/x")),
            (&hugo, "mailto:a@c.example", None),
        ];
        for (settings, target, expected) in cases {
            assert_eq!(settings.own(target), expected, "{target}");
        }
    }
}
