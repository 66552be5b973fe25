//! What was taken down, by month, where a site wants it to be seen: entries with reason, day and unit.

use serde::Serialize;

use super::view::{Counted, Link, MaybeLink};
use super::{Family, Located, Planner, View};
use crate::catalog::{Catalog, Ix};
use crate::config::Output;

const WITHDRAWN: &str = "withdrawn";

/// What a page of the list shows.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawnListView {
    pub title: String,
    /// Every month in which something was taken down, the latest first.
    pub months: Vec<Counted>,
    /// The month whose entries are shown, `2026-11`; none when there is none.
    pub month: Option<String>,
    /// What was taken down in it, the latest first.
    pub entries: Vec<TombstoneView>,
}

/// An entry that was taken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TombstoneView {
    pub link: Link,
    /// Label of its kind.
    pub kind: String,
    pub reason: String,
    /// Day.
    pub date: Option<String>,
    /// The unit that answers for it.
    pub unit: Option<MaybeLink>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Withdrawn {
    /// The latest month, and the way to the others.
    Latest,
    /// A month, `2026-11`.
    Month(String),
}

impl Located for Withdrawn {
    fn path(&self, _catalog: &Catalog) -> String {
        match self {
            Self::Latest => format!("{WITHDRAWN}/"),
            Self::Month(month) => format!("{WITHDRAWN}/{month}/"),
        }
    }
}

impl Family for Withdrawn {
    type Shows = WithdrawnListView;

    const SEGMENTS: &'static [&'static str] = &[WITHDRAWN];

    fn is_on(output: &Output) -> bool {
        output.withdrawn
    }

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let months = months(catalog).into_iter();
        let months = months.map(|(month, _)| Self::Month(month));
        std::iter::once(Self::Latest).chain(months).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<WithdrawnListView> {
        planner.withdrawn_list(self)
    }
}

/// The month in which an entry was taken down. Returns `None` if nobody wrote the day down.
fn month_of(catalog: &Catalog, ix: Ix) -> Option<String> {
    let date = catalog.entry(ix).withdrawn.as_ref()?.date?.date();
    Some(date.strftime("%Y-%m").to_string())
}

/// The months with their entries, the latest first.
fn months(catalog: &Catalog) -> Vec<(String, &[Ix])> {
    // They come in the order of their days, so that those of a month are side by side.
    let runs = catalog
        .withdrawn()
        .chunk_by(|left, right| month_of(catalog, *left) == month_of(catalog, *right));
    let dated = runs.filter_map(|run| Some((month_of(catalog, *run.first()?)?, run)));
    dated.collect()
}

impl Planner<'_> {
    fn withdrawn_list(&self, page: &Withdrawn) -> View<WithdrawnListView> {
        let heading = self.texts.get("page.withdrawn");
        let months = months(self.catalog);
        let shown = match page {
            Withdrawn::Latest => months.first(),
            Withdrawn::Month(month) => months.iter().find(|(known, _)| known == month),
        };
        let title = match page {
            Withdrawn::Latest => heading.to_owned(),
            Withdrawn::Month(month) => format!("{heading} {month}"),
        };
        let view = WithdrawnListView {
            title: title.clone(),
            month: shown.map(|(month, _)| month.clone()),
            entries: shown
                .into_iter()
                .flat_map(|(_, entries)| entries.iter())
                .map(|ix| self.tombstone_line(*ix))
                .collect(),
            months: months
                .iter()
                .map(|(month, entries)| Counted {
                    label: month.clone(),
                    url: self.url(&Withdrawn::Month(month.clone())),
                    count: entries.len(),
                })
                .collect(),
        };
        let mut meta = self.meta(page, &title, self.texts.get("page.withdrawn_about"));
        // Whoever looks for something finds what there is.
        meta.noindex = true;
        let mut above = vec![self.home_link()];
        if let Withdrawn::Month(_) = page {
            above.push(Link {
                label: heading.to_owned(),
                url: self.url(&Withdrawn::Latest),
            });
        }
        View::html("withdrawn-list.html", meta, above, view)
    }

    fn tombstone_line(&self, ix: Ix) -> TombstoneView {
        let withdrawal = self.catalog.entry(ix).withdrawn.as_ref();
        let reason = withdrawal.map_or("", |withdrawal| &withdrawal.reason);
        let date = withdrawal.and_then(|withdrawal| withdrawal.date);
        TombstoneView {
            link: self.entry_link(ix),
            kind: self.kind_label(ix),
            reason: self.term_label("takedown-reason", reason),
            date: date.map(|date| date.date().to_string()),
            unit: self.catalog.unit_of(ix).map(|unit| self.unit_link(unit)),
        }
    }
}
