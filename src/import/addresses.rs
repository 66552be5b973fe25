//! The addresses that texts have in their source: by what their front matter says and by the patterns of its settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::dates;
use super::decode::decode;
use super::fields::text;
use super::front;
use super::placing::Placed;
use super::settings::Settings;
use super::sources::Sources;
use crate::world::World;

/// Fields of front matter that hold whole addresses.
const WHOLE: &[&str] = &["permalink", "url", "aliases", "alias", "redirect_from"];
/// Fields that take the place of the name of the file in an address.
const NAMES: &[&str] = &["slug", "abbrlink"];
/// Most names within a pattern that are followed.
const MOST_PARTS: usize = 20;

/// Texts by their addresses in the source; `None` where several have one.
#[derive(Debug, Default)]
pub(super) struct Addresses(BTreeMap<String, Option<Arc<str>>>);

impl Addresses {
    /// Reads what every text says of its addresses.
    pub(super) fn of(world: &dyn World, sources: &Sources, texts: &BTreeMap<Arc<str>, Placed<'_>>) -> Self {
        let mut addresses = Self::default();
        for (file, placed) in texts {
            let read = world.read(file).ok();
            let Some((text, _)) = read.and_then(|bytes| decode(&bytes).ok()) else {
                continue;
            };
            let inside = file.strip_prefix(sources.content.as_str()).unwrap_or(file);
            addresses.learn(
                &sources.settings,
                file,
                inside,
                placed,
                &front::split(&text).fields,
            );
        }
        addresses
    }

    /// Learns the addresses of a text; `inside` is its path below the content.
    fn learn(
        &mut self,
        settings: &Settings,
        file: &Arc<str>,
        inside: &str,
        placed: &Placed<'_>,
        fields: &[(String, Json)],
    ) {
        for (name, value) in fields.iter().filter(|(name, _)| WHOLE.contains(&name.as_str())) {
            let values = match value {
                Json::Array(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                let address = text(value);
                let path = settings.own(&address).unwrap_or(&address);
                if name == "permalink" && path.contains(':') {
                    self.by_pattern(path, file, placed, fields);
                } else {
                    self.insert(path, file);
                }
            }
        }
        let section = inside.split('/').next().unwrap_or_default();
        let of_section = settings.sections.get(section);
        let of_posts = settings.posts.as_ref().filter(|_| placed.is_post);
        if let Some(pattern) = of_section.or(of_posts) {
            self.by_pattern(pattern, file, placed, fields);
        }
        for (_, value) in fields.iter().filter(|(name, _)| NAMES.contains(&name.as_str())) {
            let folder = inside.rsplit_once('/').map_or("", |(folder, _)| folder);
            self.insert(&format!("{folder}/{}", text(value)), file);
        }
    }

    /// The address that a pattern gives, with the name of the file as it is and without a date.
    fn by_pattern(&mut self, pattern: &str, file: &Arc<str>, placed: &Placed<'_>, fields: &[(String, Json)]) {
        let bare = dates::of_name(&placed.stem).map(|(_, rest)| rest);
        for name in std::iter::once(placed.stem.as_str()).chain(bare) {
            if let Some(address) = filled(pattern, name, placed, fields) {
                self.insert(&address, file);
            }
        }
    }

    /// Of two texts with one address neither is meant.
    fn insert(&mut self, address: &str, file: &Arc<str>) {
        let address = normal(address);
        if !address.is_empty() {
            let known = self.0.entry(address).or_insert_with(|| Some(Arc::clone(file)));
            if known.as_ref().is_some_and(|known| known != file) {
                *known = None;
            }
        }
    }

    /// The text that has an address.
    pub(super) fn find(&self, path: &str) -> Option<&Arc<str>> {
        self.0.get(&normal(path))?.as_ref()
    }
}

/// An address without what servers do not tell apart.
fn normal(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_matches('/');
    let path = path.strip_suffix("index.html").unwrap_or(path);
    let path = path
        .strip_suffix(".html")
        .or_else(|| path.strip_suffix(".md"))
        .unwrap_or(path);
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("/").to_lowercase()
}

/// A pattern with what its names stand for. Returns `None` if one of them is not known.
fn filled(pattern: &str, stem: &str, placed: &Placed<'_>, fields: &[(String, Json)]) -> Option<String> {
    let field = |name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found
            .map(|(_, value)| text(value))
            .filter(|text| !text.is_empty())
    };
    let day = field("date").or_else(|| dates::of_name(&placed.stem).map(|(date, _)| date));
    let part = |place: usize| {
        let day = day.as_deref()?.split([' ', 'T']).next()?;
        let part = day.split(['-', '/']).nth(place)?;
        Some(format!("{part:0>2}"))
    };
    let plain = |part: Option<String>| part.map(|part| part.trim_start_matches('0').to_owned());
    let mut made = String::new();
    let mut rest = pattern;
    for _ in 0..MOST_PARTS {
        let Some((before, after)) = rest.split_once(':') else {
            break;
        };
        made.push_str(before);
        let end = after.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
        let (name, behind) = after.split_at(end.unwrap_or(after.len()));
        let value = match name {
            "year" => part(0)?,
            "month" => part(1)?,
            "day" => part(2)?,
            "i_month" => plain(part(1))?,
            "i_day" => plain(part(2))?,
            "title" | "name" | "slug" => field("slug").unwrap_or_else(|| stem.to_owned()),
            "filename" | "contentbasename" => stem.to_owned(),
            "category" | "categories" => field("categories")
                .or_else(|| field("category"))
                .unwrap_or_default()
                .replace(' ', "/"),
            "output_ext" => String::new(),
            name => field(name)?,
        };
        made.push_str(&value);
        rest = behind;
    }
    made.push_str(rest);
    Some(made)
}
