//! What a section's list can be narrowed to: the values that its entries have, each with its own page, and for the
//! script a file that says which entries have which.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

use serde_json::json;

use super::list::numbered_pages;
use super::recommended::Recommended;
use super::view::{FacetValue, FacetView, Link};
use super::{Family, Located, Planner, View};
use crate::catalog::{Catalog, Ix};
use crate::config::Output;
use crate::content::{FieldType, Kind, Value};

/// A value with the positions in the list of the entries that have it.
struct Posting {
    id: String,
    label: String,
    url: String,
    positions: Vec<usize>,
}

/// A facet with all its values.
struct Facet {
    name: String,
    label: String,
    postings: Vec<Posting>,
}

impl From<Facet> for FacetView {
    fn from(facet: Facet) -> Self {
        let values = facet.postings.into_iter().take(MOST_VALUES);
        let value = |posting: Posting| FacetValue {
            id: posting.id,
            label: posting.label,
            url: posting.url,
            count: posting.positions.len(),
        };
        Self {
            name: facet.name,
            label: facet.label,
            values: values.map(value).collect(),
        }
    }
}

/// Values of one facet that a page names; of units there may be hundreds, and those with most entries come first.
const MOST_VALUES: usize = 60;

/// The file by which the script narrows the list of a kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FacetsFile(String);

impl Located for FacetsFile {
    fn path(&self, catalog: &Catalog) -> String {
        format!("{}/facets.json", catalog.section(&self.0))
    }
}

impl Family for FacetsFile {
    type Shows = Infallible;

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let output = &catalog.site.config.output;
        let kinds = catalog.kinds_with_section();
        let narrowed = kinds
            .filter(|kind| facet_names(output, kind).next().is_some() && catalog.listed(&kind.id).len() > 1);
        narrowed.map(|kind| Self(kind.id.clone())).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        planner.of_kind(&self.0, |kind| planner.facets_file(kind))
    }
}

/// The facets of a kind whose values have pages on this site.
fn facet_names<'k>(output: &Output, kind: &'k Kind) -> impl Iterator<Item = &'k str> + use<'k> {
    let (has_terms, has_year) = (output.terms, output.years && kind.dated);
    let names = kind.facets.iter().map(String::as_str);
    let names = names.filter(move |name| has_terms && *name != "year");
    names.chain(has_year.then_some("year"))
}

impl Planner<'_> {
    /// The facets of a section's page.
    pub(super) fn facets(&self, kind: &Kind) -> Vec<FacetView> {
        self.all_facets(kind).map(FacetView::from).collect()
    }

    /// One facet of a section, if its entries differ in it.
    pub(super) fn facet_named(&self, kind: &Kind, wanted: &str) -> Option<FacetView> {
        let name = facet_names(&self.catalog.site.config.output, kind).find(|name| *name == wanted)?;
        self.facet(kind, name).map(FacetView::from)
    }

    /// The facet that divides a section first: its category as a rule.
    pub(super) fn first_facet(&self, kind: &Kind) -> Option<FacetView> {
        let mut names = facet_names(&self.catalog.site.config.output, kind).filter(|name| *name != "year");
        names.find_map(|name| self.facet(kind, name)).map(FacetView::from)
    }

    /// The file for the script that narrows a section's list, if there is one.
    pub(super) fn facets_url(&self, kind: &Kind) -> Option<String> {
        self.there(&FacetsFile(kind.id.clone()))
    }

    /// The file for the script: for each value the positions of its entries in the list, as steps from one to the next,
    /// and how to find a position among the section's pages.
    fn facets_file(&self, kind: &Kind) -> View<Infallible> {
        let size = self.catalog.site.config.lists.page_size;
        let total = self.catalog.listed(&kind.id).len();
        let facets: BTreeMap<String, BTreeMap<String, Vec<usize>>> = self
            .all_facets(kind)
            .map(|facet| {
                let values = facet.postings.into_iter();
                (
                    facet.name,
                    values
                        .map(|posting| (posting.id, steps(&posting.positions)))
                        .collect(),
                )
            })
            .collect();
        let file = json!({
            "total": total,
            "newest": total - numbered_pages(total, size) * size,
            "size": size,
            "first": self.section_link(kind).url,
            "page": self.numbered_url(kind, 0).replace("/0/", "/{n}/"),
            "facets": facets,
        });
        View::Text(file.to_string())
    }

    fn all_facets<'k>(&'k self, kind: &'k Kind) -> impl Iterator<Item = Facet> + 'k {
        facet_names(&self.catalog.site.config.output, kind).filter_map(|name| self.facet(kind, name))
    }

    /// A facet. Returns `None` if the entries have one value of it or none. Of recommendations one is enough: most entries
    /// have none.
    fn facet(&self, kind: &Kind, name: &str) -> Option<Facet> {
        let field = kind.field(name);
        let label = match (name, field) {
            ("unit" | "city" | "year" | "recommended", _) => self.texts.get(match name {
                "unit" => "list.unit",
                "city" => "list.city",
                "recommended" => "list.recommended",
                _ => "list.year",
            }),
            (_, field) => field?.label(&self.texts.language),
        };
        let mut positions: BTreeMap<Cow<'_, str>, Vec<usize>> = BTreeMap::new();
        for (position, ix) in self.catalog.listed(&kind.id).iter().enumerate() {
            for id in self.facet_ids(*ix, name) {
                let list = positions.entry(id).or_default();
                if list.last() != Some(&position) {
                    list.push(position);
                }
            }
        }
        let mut postings: Vec<Posting> = positions
            .into_iter()
            .filter_map(|(id, positions)| {
                let link = self.facet_link(kind, name, &id)?;
                Some(Posting {
                    id: id.into_owned(),
                    label: link.label,
                    url: link.url,
                    positions,
                })
            })
            .collect();
        self.order(
            &mut postings,
            field.and_then(|field| field.vocabulary.as_deref()),
            name,
        );
        let least = if name == "recommended" { 1 } else { 2 };
        (postings.len() >= least).then(|| Facet {
            name: name.to_owned(),
            label: label.to_owned(),
            postings,
        })
    }

    /// The values that an entry has in a facet.
    fn facet_ids(&self, ix: Ix, name: &str) -> Vec<Cow<'_, str>> {
        let entry = self.catalog.entry(ix);
        let year = || entry.date.map(|date| date.date().year().to_string());
        let single = match name {
            "unit" => self.catalog.unit_of(ix).map(|unit| Cow::Borrowed(&*unit.id)),
            "city" => self.catalog.city_of(ix).map(Cow::Borrowed),
            "year" => year().map(Cow::Owned),
            "recommended" => {
                let units = self.catalog.recommending(ix);
                return units.map(|unit| Cow::Borrowed(&*unit.id)).collect();
            }
            _ => {
                let values = entry.items(name).iter().filter_map(|value| match value {
                    Value::Term(text) | Value::Reference(text, _) => Some(Cow::Borrowed(&**text)),
                    _ => None,
                });
                return values.collect();
            }
        };
        single.into_iter().collect()
    }

    /// The text of a facet's value and the page of what has it. Returns `None` if there is no such page.
    fn facet_link(&self, kind: &Kind, name: &str, id: &str) -> Option<Link> {
        match name {
            "unit" => self.unit_link(self.catalog.units.get(id)?).linked(),
            "city" => self.term_link("city", id).linked(),
            "year" => Some(Link {
                label: id.to_owned(),
                url: self.year_url(kind, id.parse().ok()?),
            }),
            "recommended" => {
                let label = self.catalog.units.get(id)?.name.to_string();
                let url = self.there(&Recommended)?;
                Some(Link { label, url })
            }
            _ => {
                let field = kind.field(name)?;
                match (&field.vocabulary, field.field_type) {
                    (Some(vocabulary), _) => self.term_link(vocabulary, id).linked(),
                    (None, FieldType::Reference) => self.visible_link(self.catalog.refer(id, &field.kinds)?),
                    _ => None,
                }
            }
        }
    }

    /// Words in the order of their vocabulary, years from the newest, units and references by their entries.
    fn order(&self, postings: &mut [Posting], vocabulary: Option<&str>, name: &str) {
        let vocabulary = vocabulary.or((name == "city").then_some("city"));
        if name == "year" {
            postings.reverse();
        } else if let Some(vocabulary) = vocabulary {
            let terms = self.catalog.site.schema.vocabularies.get(vocabulary);
            postings.sort_by_key(|posting| {
                terms.and_then(|terms| terms.terms.iter().position(|known| known.id == posting.id))
            });
        } else {
            postings.sort_by(|left, right| {
                let counts = right.positions.len().cmp(&left.positions.len());
                counts.then_with(|| left.label.cmp(&right.label))
            });
        }
    }
}

/// Rising numbers as steps from each to the next, from 0.
fn steps(positions: &[usize]) -> Vec<usize> {
    let before = std::iter::once(0).chain(positions.iter().copied());
    positions
        .iter()
        .zip(before)
        .map(|(position, before)| position - before)
        .collect()
}
