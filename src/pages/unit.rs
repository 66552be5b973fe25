//! Units that are neither an entry nor a city: offices, and schools without a profile.

use super::places::PlacesView;
use super::view::MaybeLink;
use super::{Family, Located, Meta, Planner, View, address};
use crate::catalog::{Catalog, CatalogUnit, Ix, Status};
use crate::content::Level;

/// The page of a unit that has no other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitPage(pub String);

const UNITS: &str = "units";

impl Located for UnitPage {
    fn path(&self, _catalog: &Catalog) -> String {
        format!("{UNITS}/{}/", address::segment(&self.0))
    }
}

impl Family for UnitPage {
    type Shows = PlacesView;

    const SEGMENTS: &'static [&'static str] = &[UNITS];

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let units = catalog.units.iter();
        let own = units.filter(|unit| matches!(seat(catalog, unit), Seat::Own));
        own.map(|unit| Self(unit.id.to_string())).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<PlacesView> {
        planner.of_unit(&self.0, |unit| planner.unit_page(unit))
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

/// Where a unit presents itself.
enum Seat<'a> {
    /// On the page of its entry.
    Entry(Ix),
    /// On the page of its city.
    City(&'a str),
    /// On a page of its own.
    Own,
    /// Nowhere while its entry is not published.
    Hidden,
}

fn seat<'a>(catalog: &Catalog, unit: &'a CatalogUnit) -> Seat<'a> {
    let own = unit.entry.as_ref().and_then(|id| catalog.find(id));
    match (own, unit.level, &unit.city) {
        (Some(ix), ..) if catalog.status(ix) == Status::Hidden => Seat::Hidden,
        (Some(ix), ..) => Seat::Entry(ix),
        (None, Level::City, Some(city)) if catalog.has_city(city) => Seat::City(city),
        _ => Seat::Own,
    }
}

/// Whether a unit presents itself anywhere.
pub(super) fn is_shown(catalog: &Catalog, unit: &CatalogUnit) -> bool {
    !matches!(seat(catalog, unit), Seat::Hidden)
}

impl Planner<'_> {
    /// A unit, linked if it has a page: its own entry, its city's, or the unit's.
    pub(super) fn unit_link(&self, unit: &CatalogUnit) -> MaybeLink {
        let url = match seat(self.catalog, unit) {
            Seat::Entry(ix) => Some(self.entry_url(ix)),
            Seat::City(city) => self.term_link("city", city).url,
            Seat::Own => Some(self.url(&UnitPage(unit.id.to_string()))),
            Seat::Hidden => None,
        };
        MaybeLink {
            label: unit.name.to_string(),
            url,
        }
    }

    fn unit_page(&self, unit: &CatalogUnit) -> View<PlacesView> {
        let title = unit.name.to_string();
        let below = self.catalog.units.below(&unit.id);
        let feed = self.unit_feed(unit);
        let page = PlacesView {
            title: title.clone(),
            units: below.filter_map(|other| self.unit_link(other).linked()).collect(),
            schools: Vec::new(),
            lists: self.by_kind(self.catalog.of_unit(&unit.id)),
            cities: Vec::new(),
            feed: feed.clone(),
        };
        let meta = Meta {
            feed,
            ..self.meta(
                &UnitPage(unit.id.to_string()),
                &title,
                &self.texts.get("page.place_about").replace("{name}", &title),
            )
        };
        self.places("unit.html", meta, vec![self.home_link()], page)
    }
}
