//! The ledger: which submissions somebody looks for, and in which order.

use super::names::{Unknown, named};
use super::submission::State;

named! {
    /// By what the ledger is sorted.
    Order("order of the ledger") {
        /// By the last change.
        Updated = "updated",
        /// By how long it has been in its state.
        Waiting = "waiting",
        /// By when its holder is to be done with it; what is due never comes last.
        Due = "due",
        /// By title.
        Title = "title",
    }
}

named! {
    /// Whose submissions are wanted.
    Whose("choice of the ledger") {
        /// All that one can read.
        All = "all",
        /// Those that one made.
        Mine = "mine",
        /// Those that one decided on, passed on or gave an opinion on.
        Done = "done",
    }
}

/// Words of the audit log by which somebody has dealt with a submission.
pub const DEALT_WITH: [&str; 8] = [
    "endorse",
    "pass",
    "accept",
    "return",
    "reject",
    "assign",
    "ask-expert",
    "advise",
];

/// Characters of a query; what comes behind is not looked for.
const LONGEST_QUERY: usize = 100;
/// Words of a query; further ones are not looked for.
const MOST_WORDS: usize = 8;

impl Order {
    /// As a form names it the usual way round: what changed last comes first, and so does what waits the longest, is due
    /// next or stands first in the alphabet.
    pub fn usual(self) -> &'static str {
        match self {
            Self::Updated => "-updated",
            other => other.name(),
        }
    }
}

/// Which submissions are wanted: all that `None` does not narrow down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// In this state.
    pub state: Option<State>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this unit and of those below it.
    pub unit: Option<String>,
    /// Only what is overdue.
    pub is_late: bool,
    /// Whose.
    pub whose: Whose,
    /// What is looked for in titles and among authors.
    pub query: String,
    /// By what they are sorted.
    pub order: Order,
    /// Whether the largest come first.
    pub descends: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            state: None,
            kind: None,
            unit: None,
            is_late: false,
            whose: Whose::All,
            query: String::new(),
            order: Order::Updated,
            descends: true,
        }
    }
}

impl Wanted {
    /// What a form asks for; `get` gives the value of a name, empty for none.
    ///
    /// # Errors
    /// A state, an order or a choice that there is not.
    pub fn read<'f>(get: impl Fn(&str) -> &'f str) -> Result<Self, Unknown> {
        let some = |name: &str| Some(get(name).to_owned()).filter(|value| !value.is_empty());
        let (order, descends) = match some("order") {
            Some(order) => match order.strip_prefix('-') {
                Some(order) => (Order::try_from(order.to_owned())?, true),
                None => (Order::try_from(order)?, false),
            },
            None => (Order::Updated, true),
        };
        Ok(Self {
            state: some("state").map(State::try_from).transpose()?,
            kind: some("kind"),
            unit: some("unit"),
            is_late: get("late") == "yes",
            whose: some("whose").map_or(Ok(Whose::All), Whose::try_from)?,
            query: get("q").trim().chars().take(LONGEST_QUERY).collect(),
            order,
            descends,
        })
    }

    /// Names and values of a form that asks for the same; what is usual is left out.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let usual = Self::default();
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("q", Some(self.query.clone()).filter(|query| !query.is_empty()));
        add(
            "whose",
            (self.whose != usual.whose).then(|| self.whose.name().to_owned()),
        );
        add("state", self.state.map(|state| state.name().to_owned()));
        add("kind", self.kind.clone());
        add("unit", self.unit.clone());
        add("late", self.is_late.then(|| "yes".to_owned()));
        let is_usual = (self.order, self.descends) == (usual.order, usual.descends);
        add("order", (!is_usual).then(|| self.order_name()));
        pairs
    }

    /// The order as a form names it: `-` before it where the largest come first.
    pub fn order_name(&self) -> String {
        let sign = if self.descends { "-" } else { "" };
        format!("{sign}{}", self.order.name())
    }

    /// Whether anything is left out.
    pub fn is_narrowed(&self) -> bool {
        let usual = Self {
            order: self.order,
            descends: self.descends,
            ..Self::default()
        };
        *self != usual
    }

    /// The words of the query.
    pub fn words(&self) -> impl Iterator<Item = String> + '_ {
        let words = self.query.split_whitespace().take(MOST_WORDS);
        words.map(str::to_lowercase)
    }
}

/// Where a page of the ledger begins or ends: the value that it is sorted by, and the submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The submission.
    pub id: String,
    /// The value that the ledger is sorted by: a number, or a title.
    pub key: String,
}

/// Which page of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Leaf {
    /// The first.
    #[default]
    First,
    /// The one that begins behind a place.
    After(Place),
    /// The one that ends before a place.
    Before(Place),
}

impl Place {
    /// The place that an address names. Returns `None` if it names none.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, key) = text.split_once('.')?;
        (!id.is_empty()).then(|| Self {
            id: id.to_owned(),
            key: key.to_owned(),
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.id, self.key)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Wanted, Unknown> {
        let pairs: Vec<(String, String)> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Wanted::read(|name| {
            let found = pairs.iter().find(|(known, _)| known == name);
            found.map_or("", |(_, value)| value.as_str())
        })
    }

    #[test]
    fn what_is_wanted_is_read_as_it_is_written() {
        let cases: [&[(&str, &str)]; 5] = [
            &[],
            &[("q", "微课 教案"), ("late", "yes")],
            &[("whose", "done"), ("state", "returned")],
            &[("kind", "news"), ("unit", "shili-haiwan"), ("order", "title")],
            &[("order", "-due")],
        ];
        for pairs in cases {
            let wanted = read(pairs).unwrap();
            let written = wanted.pairs();
            let written: Vec<(&str, &str)> = written.iter().map(|(name, value)| (*name, &**value)).collect();
            assert_eq!(written, pairs);
            let is_narrowed = pairs.iter().any(|(name, _)| *name != "order");
            assert_eq!(wanted.is_narrowed(), is_narrowed, "{pairs:?}");
        }
        for pair in [("state", "lost"), ("whose", "yours"), ("order", "size")] {
            assert!(read(&[pair]).is_err(), "{pair:?}");
        }
    }

    #[test]
    fn a_query_is_bounded() {
        let wanted = read(&[("q", &"微 课 ".repeat(1000))]).unwrap();
        assert!(wanted.words().count() == MOST_WORDS && wanted.query.chars().count() <= LONGEST_QUERY);
    }

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for (id, key) in [("abc", "12"), ("abc", "第 1.2 课"), ("abc", "")] {
            let place = Place {
                id: id.to_owned(),
                key: key.to_owned(),
            };
            assert_eq!(Place::parse(&place.to_string()), Some(place));
        }
        assert_eq!(Place::parse(".1"), None);
        assert_eq!(Place::parse("abc"), None);
    }
}
