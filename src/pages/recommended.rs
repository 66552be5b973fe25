//! What units above recommended, and which of them did.

use serde::Serialize;

use super::view::SharedCard;
use super::{Family, Located, Planner, View};
use crate::catalog::{Catalog, Ix};

const RECOMMENDED: &str = "recommended";
/// Entries that the page shows: the latest.
const MOST: usize = 200;
/// Entries in the block of the home page.
const ON_HOME: usize = 6;

/// What the page of recommended entries shows.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendedView {
    pub title: String,
    /// The latest recommended first.
    pub entries: Vec<SharedCard>,
}

/// The page of recommended entries; there is none where nothing was recommended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recommended;

impl Located for Recommended {
    fn path(&self, _catalog: &Catalog) -> String {
        format!("{RECOMMENDED}/")
    }
}

impl Family for Recommended {
    type Shows = RecommendedView;

    const SEGMENTS: &'static [&'static str] = &[RECOMMENDED];

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let has_any = !catalog.recommended().is_empty();
        has_any.then_some(Self).into_iter().collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<RecommendedView> {
        planner.recommended_page()
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

impl Planner<'_> {
    fn recommended_page(&self) -> View<RecommendedView> {
        let title = self.texts.get("page.recommended").to_owned();
        let entries = self.catalog.recommended().iter().take(MOST);
        let view = RecommendedView {
            title: title.clone(),
            entries: entries.map(|ix| self.card(*ix)).collect(),
        };
        let meta = self.meta(&Recommended, &title, self.texts.get("page.recommended_about"));
        View::html("recommended.html", meta, vec![self.home_link()], view)
    }

    /// The latest recommended entries, for the home page.
    pub(super) fn recommended_latest(&self) -> Vec<SharedCard> {
        let latest = self.catalog.recommended().iter().take(ON_HOME);
        latest.map(|ix| self.card(*ix)).collect()
    }

    /// The unit whose recommendation counts most, as people call it: the highest one, the latest of several.
    pub(super) fn recommended_by(&self, ix: Ix) -> Option<String> {
        let (_, unit) = self.catalog.recommendation(ix)?;
        let unit = self.catalog.units.get(unit)?;
        Some(unit.name.to_string())
    }
}
