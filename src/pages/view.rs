//! Flat, serialisable pieces that many pages show. `docs/template-model.md` describes them for theme authors.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::content::CardForm;
use crate::hash::{Hash, hash};

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Text.
    pub label: String,
    /// Address.
    pub url: String,
}

/// A link with a number of entries behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    pub label: String,
    pub url: String,
    /// Entries.
    pub count: usize,
}

/// A name, linked or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaybeLink {
    pub label: String,
    pub url: Option<String>,
}

impl MaybeLink {
    /// The link, if it is one.
    pub(super) fn linked(self) -> Option<Link> {
        let Self { label, url } = self;
        url.map(|url| Link { label, url })
    }
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    pub url: String,
    /// Alternative text; empty for decoration.
    pub alt: String,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// The picture in several sizes, as the attribute `srcset` has them.
    pub srcset: Option<String>,
}

/// A date for people and for machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateView {
    /// `2026-03-05` or `2026-03-05 09:30`.
    pub text: String,
    /// RFC 3339.
    pub machine: String,
    pub year: i16,
}

/// An entry in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    pub url: String,
    pub title: String,
    pub kind: String,
    pub kind_label: String,
    pub date: Option<DateView>,
    /// Summary, plain text.
    pub summary: String,
    pub cover: Option<Picture>,
    /// Publishing unit, linked if it has a page.
    pub unit: Option<MaybeLink>,
    /// Authors' names.
    pub authors: Vec<String>,
    pub category: Option<MaybeLink>,
    /// A state worth saying: of a project, a platform, a selection.
    pub state: Option<StateView>,
    /// The unit above that recommended it.
    pub recommended: Option<String>,
    /// How it looks in a list of its kind: `row`, `card` or `cover`.
    pub form: CardForm,
    /// What its kind shows below the title, in this order; empty for what the entry does not say.
    pub facts: Vec<String>,
    /// Whether the category is among them.
    pub category_in_facts: bool,
    /// Whether entries of its kind have a date of their own.
    pub dated: bool,
    /// When it takes place.
    pub starts: Option<String>,
    /// Until when one can apply.
    pub deadline: Option<DeadlineView>,
    /// Own fields that a list shows, by name, as text.
    pub fields: std::collections::BTreeMap<String, String>,
}

/// Until when one can apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadlineView {
    /// The day, or the day with a time.
    pub day: String,
    /// Whether it is over.
    pub passed: bool,
}

/// A card that many lists show. To a format that people read it is the card; to a binary one, in which only hashes of
/// views are made, it is a hash made once.
#[derive(Debug, Clone)]
pub struct SharedCard(Arc<(Card, Hash)>);

impl SharedCard {
    /// Shares a card.
    pub fn new(card: Card) -> Self {
        // A card is made of strings: it always serialises.
        let hash = hash(&postcard::to_stdvec(&card).unwrap_or_default());
        Self(Arc::new((card, hash)))
    }
}

impl Deref for SharedCard {
    type Target = Card;

    fn deref(&self) -> &Card {
        &self.0.0
    }
}

impl Serialize for SharedCard {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.0.0.serialize(serializer)
        } else {
            self.0.1.serialize(serializer)
        }
    }
}

/// Entries that belong to an entry, with a heading.
#[derive(Debug, Clone, Serialize)]
pub struct EntryList {
    pub kind: String,
    /// Whether their number is a key fact of a unit.
    pub key_fact: bool,
    pub title: String,
    /// How many there are in all.
    pub count: usize,
    /// The first of them.
    pub entries: Vec<SharedCard>,
}

/// A city with the number of its schools and entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CityTile {
    /// Term id.
    pub id: String,
    pub label: String,
    /// Page; a city without schools and entries has none.
    pub url: Option<String>,
    pub schools: usize,
    pub entries: usize,
    /// Column and row, from 1, on the schematic map.
    pub place: Option<[u8; 2]>,
    /// How many schools there are beside other cities', from 0 for none to 4.
    pub weight: usize,
    /// Whether the page shown belongs to it.
    pub current: bool,
}

/// A field by which a list can be narrowed.
#[derive(Debug, Clone, Serialize)]
pub struct FacetView {
    /// Field name, or `unit`, `city`, `year`.
    pub name: String,
    pub label: String,
    /// Values with their pages.
    pub values: Vec<FacetValue>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetValue {
    /// Its id, for the script and the address.
    pub id: String,
    pub label: String,
    /// The page that shows what has it.
    pub url: String,
    /// Entries.
    pub count: usize,
}

/// A state with the id that styles hang on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateView {
    /// Term id, or `before`, `within`, `after`.
    pub id: String,
    pub label: String,
}

/// A file to download, open or play.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileView {
    /// What the reader sees.
    pub name: String,
    pub url: String,
    /// Bytes.
    pub size: Option<u64>,
    /// `2.1 MB`.
    pub size_text: String,
    pub media_type: String,
    /// `video`, `audio`, `image`, `pdf` or `file`.
    pub form: String,
    /// SHA-256.
    pub sha256: Option<String>,
    /// Picture shown before a video plays.
    pub poster: Option<String>,
    pub captions: Vec<TrackView>,
}

/// A caption track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrackView {
    pub url: String,
    pub language: String,
}

/// Newer and older pages of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// The page with newer entries.
    pub newer: Option<String>,
    /// The page with older entries.
    pub older: Option<String>,
}

/// Bytes as people read them.
pub(super) fn size_text(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
