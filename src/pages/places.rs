//! Cities and units: who publishes, and what comes from where.

use std::collections::BTreeMap;

use serde::Serialize;

use super::view::{CityTile, EntryList, Link, SharedCard};
use super::{Family, Located, Meta, Planner, View, address};
use crate::catalog::{Catalog, CatalogUnit, Ix};
use crate::content::Level;

/// A city or a unit, or the overview of all cities.
#[derive(Debug, Clone, Serialize)]
pub struct PlacesView {
    pub title: String,
    /// Units of the place that are no schools.
    pub units: Vec<Link>,
    pub schools: Vec<SharedCard>,
    /// Everything else, by kind.
    pub lists: Vec<EntryList>,
    /// Cities, on the overview.
    pub cities: Vec<CityTile>,
    pub feed: Option<String>,
}

/// Steps by which the map shades cities.
const WEIGHTS: usize = 4;

/// The pages of cities.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Places {
    /// All cities.
    All,
    /// A term of `city`.
    City(String),
}

const CITIES: &str = "cities";

impl Located for Places {
    fn path(&self, _catalog: &Catalog) -> String {
        match self {
            Self::All => format!("{CITIES}/"),
            Self::City(city) => format!("{CITIES}/{}/", address::segment(city)),
        }
    }
}

impl Family for Places {
    type Shows = PlacesView;

    const SEGMENTS: &'static [&'static str] = &[CITIES];

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let cities: Vec<Self> = cities(catalog).map(|city| Self::City(city.to_owned())).collect();
        let all = (!cities.is_empty()).then_some(Self::All);
        all.into_iter().chain(cities).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<PlacesView> {
        match self {
            Self::All => planner.cities_page(),
            Self::City(city) => planner.city(city),
        }
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

/// The cities that have a school or an entry, in the order of the vocabulary.
fn cities(catalog: &Catalog) -> impl Iterator<Item = &str> {
    let vocabulary = catalog.site.schema.vocabularies.get("city");
    let terms = vocabulary.map_or(&[] as &[_], |vocabulary| &vocabulary.terms);
    let ids = terms.iter().map(|term| term.id.as_str());
    ids.filter(|city| catalog.has_city(city))
}

impl Planner<'_> {
    /// The cities that have a page, in the order of the vocabulary.
    pub(super) fn cities(&self) -> Vec<&str> {
        cities(self.catalog).collect()
    }

    fn units_in(&self, city: &str) -> Vec<&CatalogUnit> {
        self.catalog
            .units
            .iter()
            .filter(|unit| self.catalog.units.city(&unit.id) == Some(city))
            .collect()
    }

    /// All cities of the vocabulary, in its order; `current` is the one that the page shown belongs to.
    pub(super) fn city_tiles(&self, current: Option<&str>) -> Vec<CityTile> {
        let vocabulary = self.catalog.site.schema.vocabularies.get("city");
        let terms = vocabulary.map_or(&[] as &[_], |vocabulary| &vocabulary.terms);
        let mut schools: BTreeMap<&str, usize> = BTreeMap::new();
        for ix in self.catalog.units_of_level(Level::School) {
            if let Some(city) = self.catalog.city_of(ix) {
                *schools.entry(city).or_default() += 1;
            }
        }
        let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
        for unit in self.catalog.units.iter() {
            if let Some(city) = self.catalog.units.city(&unit.id) {
                *entries.entry(city).or_default() += self.catalog.of_unit(&unit.id).len();
            }
        }
        let most = schools.values().copied().max().unwrap_or_default().max(1);
        let tiles = terms.iter().map(|term| {
            let count = schools.get(term.id.as_str()).copied().unwrap_or_default();
            CityTile {
                id: term.id.clone(),
                label: term.label(&self.texts.language).to_owned(),
                url: self.term_link("city", &term.id).url,
                schools: count,
                entries: entries.get(term.id.as_str()).copied().unwrap_or_default(),
                place: term.tile,
                weight: (count * WEIGHTS).div_ceil(most),
                current: current == Some(term.id.as_str()),
            }
        });
        tiles.collect()
    }

    pub(super) fn schools(&self, city: &str) -> Vec<Ix> {
        let schools = self.catalog.units_of_level(Level::School);
        schools
            .filter(|ix| self.catalog.city_of(*ix) == Some(city))
            .collect()
    }

    fn cities_page(&self) -> View<PlacesView> {
        let title = self.texts.get("page.cities").to_owned();
        let page = PlacesView {
            title: title.clone(),
            units: Vec::new(),
            schools: Vec::new(),
            lists: Vec::new(),
            cities: self.city_tiles(None),
            feed: None,
        };
        self.places(
            "cities.html",
            self.meta(&Places::All, &title, self.texts.get("page.cities_about")),
            vec![self.home_link()],
            page,
        )
    }

    fn city(&self, city: &str) -> View<PlacesView> {
        let title = self.term_label("city", city);
        let units = self.units_in(city);
        let mut entries: Vec<Ix> = units
            .iter()
            .flat_map(|unit| self.catalog.of_unit(&unit.id))
            .copied()
            .collect();
        entries.sort_by(|left, right| self.catalog.newest_first(*left, *right));
        let offices = units
            .iter()
            .filter(|unit| !matches!(unit.level, Level::School | Level::Group));
        let page = PlacesView {
            title: title.clone(),
            units: offices.filter_map(|unit| self.unit_link(unit).linked()).collect(),
            schools: self.schools(city).into_iter().map(|ix| self.card(ix)).collect(),
            lists: self.by_kind(&entries),
            cities: self.city_tiles(Some(city)),
            feed: None,
        };
        let above = Link {
            label: self.texts.get("page.cities").to_owned(),
            url: self.url(&Places::All),
        };
        let meta = self.meta(
            &Places::City(city.to_owned()),
            &title,
            &self.texts.get("page.place_about").replace("{name}", &title),
        );
        self.places("city.html", meta, vec![self.home_link(), above], page)
    }

    /// A page of places.
    pub(super) fn places(
        &self,
        template: &str,
        meta: Meta,
        breadcrumbs: Vec<Link>,
        page: PlacesView,
    ) -> View<PlacesView> {
        View::html(template, meta, breadcrumbs, page)
    }
}
