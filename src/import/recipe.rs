//! What other generators call things, from `recipes.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// How a generator lays out its content.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// What `--from` calls it.
    pub id: String,
    #[serde(default)]
    pub(super) mark: Vec<String>,
    pub(super) content: Vec<String>,
    #[serde(default)]
    pub(super) public: Vec<String>,
    #[serde(default)]
    pub(super) posts: Vec<String>,
    #[serde(default)]
    pub(super) drafts: Vec<String>,
    #[serde(default)]
    pub(super) post: Option<String>,
    /// The kind that everything but posts becomes.
    pub page: String,
    #[serde(default)]
    pub(super) skip: Vec<String>,
    #[serde(default)]
    pub(super) nav: Vec<String>,
    #[serde(default)]
    pub(super) settings: Vec<String>,
    #[serde(default)]
    pub(super) permalink: Option<String>,
    #[serde(default)]
    pub(super) hidden: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipes {
    recipes: Vec<Recipe>,
    fields: BTreeMap<String, String>,
    headings: BTreeMap<String, String>,
}

/// Compiled in, and read by a test: a failure here cannot reach a user.
static RECIPES: LazyLock<Recipes> = LazyLock::new(|| {
    toml::from_str(include_str!("recipes.toml"))
        .unwrap_or_else(|error| panic!("compiled-in recipes: {error}"))
});

/// Every generator that is known, in the order in which a source is tried.
pub(super) fn all() -> &'static [Recipe] {
    &RECIPES.recipes
}

/// The ids of the recipes.
pub fn recipe_ids() -> impl Iterator<Item = &'static str> {
    all().iter().map(|recipe| recipe.id.as_str())
}

/// The recipe of this id.
pub fn recipe(id: &str) -> Option<&'static Recipe> {
    all().iter().find(|recipe| recipe.id == id)
}

/// What a field of theirs is here.
pub(super) fn field(name: &str) -> Option<&'static str> {
    RECIPES.fields.get(name).map(String::as_str)
}

/// What a column of a table is here, by its heading without what stands around it; empty for what is passed over.
pub(super) fn heading(name: &str) -> Option<&'static str> {
    RECIPES.headings.get(name).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipes_are_whole() {
        assert!(recipe_ids().any(|id| id == "hexo"));
        assert_eq!(all().last().map(|recipe| recipe.id.as_str()), Some("markdown"));
        assert!(
            all()
                .iter()
                .all(|recipe| recipe.posts.is_empty() || recipe.post.is_some())
        );
        assert_eq!(field("description"), Some("summary"));
    }
}
