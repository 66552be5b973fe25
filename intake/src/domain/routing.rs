//! Which units have a submission one after another, once the submitting unit has endorsed it.

use std::fmt;

use jixia::config::{Part, ReviewChain, ReviewStep};
use jixia::content::Level;
use serde_json::{Map, Value};

use super::units::{Tree, Unit};

/// What the unit whose turn it is can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Passes it on with an opinion, or gives it back.
    Advises,
    /// Decides; with its yes it goes on to the next unit.
    Passes,
    /// Decides; with its yes it is published.
    Publishes,
}

/// A unit on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Its id.
    pub unit: String,
    /// Whether it gives an opinion and does not decide.
    pub advises: bool,
}

/// The units that still have to see a submission, in turn; the first is the one that has it. It is fixed when the
/// submission sets out: what the settings say later counts for those that set out later.
///
/// As text it is the ids with spaces between them, `?` behind those that give an opinion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route(Vec<Stop>);

impl Route {
    /// The way of what a unit submits. The last unit always decides, and where nobody else does, the root does.
    ///
    /// What a group submits goes to the root, whatever school leads it.
    pub fn of(chain: &ReviewChain, fields: &Map<String, Value>, unit: &str, units: &Tree) -> Self {
        let mut route = Self::default();
        let (Some(own), Some(root)) = (units.get(unit), units.root_of(unit)) else {
            return route;
        };
        if own.level != Level::Group {
            for step in steps(chain, fields) {
                let of_level = |above: &&Unit| above.level == step.level;
                let found = units.above(unit).find(of_level);
                let found = found.or_else(|| (step.part == Part::Always).then_some(root));
                if let Some(found) = found {
                    route.add(&found.id, step.part == Part::Opinion);
                }
            }
        }
        if route.0.last().is_none_or(|last| last.advises) {
            route.add(&root.id, false);
        }
        route
    }

    /// Adds a stop. A unit has it once: whoever gives an opinion and decides later does both at the first of them.
    fn add(&mut self, unit: &str, advises: bool) {
        match self.0.iter_mut().find(|stop| stop.unit == unit) {
            Some(stop) => stop.advises &= advises,
            None => self.0.push(Stop {
                unit: unit.to_owned(),
                advises,
            }),
        }
    }

    /// Reads what [`fmt::Display`] wrote.
    pub fn read(text: &str) -> Self {
        let stops = text.split_whitespace().map(|word| Stop {
            unit: word.trim_end_matches('?').to_owned(),
            advises: word.ends_with('?'),
        });
        Self(stops.collect())
    }

    /// The units still to come, the one that has it first.
    pub fn stops(&self) -> &[Stop] {
        &self.0
    }

    /// The unit that has it.
    pub fn holder(&self) -> Option<&str> {
        self.0.first().map(|stop| stop.unit.as_str())
    }

    /// What the unit that has it can do. Where no way is known, as with what was under review before there were any, it
    /// decides alone.
    pub fn turn(&self) -> Turn {
        match self.0.first() {
            Some(stop) if stop.advises => Turn::Advises,
            Some(_) if self.0.len() > 1 => Turn::Passes,
            _ => Turn::Publishes,
        }
    }

    /// The way after the unit that has it.
    #[must_use]
    pub fn passed(&self) -> Self {
        Self(self.0.iter().skip(1).cloned().collect())
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, stop) in self.0.iter().enumerate() {
            let (space, mark) = (
                if position > 0 { " " } else { "" },
                if stop.advises { "?" } else { "" },
            );
            write!(formatter, "{space}{}{mark}", stop.unit)?;
        }
        Ok(())
    }
}

/// The steps for what a submission says: those of the first case that fits, or the chain's own.
fn steps<'a>(chain: &'a ReviewChain, fields: &Map<String, Value>) -> &'a [ReviewStep] {
    let fits = |field: &str, values: &[String]| {
        let is_one = |value: &Value| {
            value
                .as_str()
                .is_some_and(|text| values.iter().any(|known| known == text))
        };
        match fields.get(field) {
            Some(Value::Array(items)) => items.iter().any(is_one),
            Some(value) => is_one(value),
            None => false,
        }
    };
    let mut cases = chain.cases.iter();
    let case = cases.find(|case| fits(&case.field, &case.values));
    case.map_or(&chain.steps, |case| &case.steps)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::super::units::tests::tree;
    use super::*;

    fn chain(text: &str) -> ReviewChain {
        toml::from_str(text).unwrap()
    }

    /// A line a unit: the ways by the chains of [`CHAINS`]. The units are those of the tree of the tests.
    const WAYS: &str = "
        s  | c    | c   | c   | c p | p  | p
        sk | k? c | k c | k   | k? c p | p | p
        sp | p    | p   | p   | p   | p  | p
        c  | p    | p   | p   | p   | p  | p
        k  | c    | c   | p   | c p | p  | p
        g  | p    | p   | p   | p   | p  | p
        p  | p    | p   | p   | p   | p  | p
    ";
    const CHAINS: [&str; 6] = [
        "",
        r#"steps = ["county", "city"]"#,
        // The city decides on what no county is above.
        r#"steps = ["county"]
           cases = [{ field = "title", values = ["s"], steps = ["city"] }]"#,
        r#"steps = ["county?", "city", "province!"]"#,
        r#"steps = ["province!"]"#,
        // Nobody decides: the root does.
        "steps = []",
    ];

    #[test]
    fn the_way_of_every_unit_by_every_chain() {
        for line in WAYS.lines().filter(|line| !line.trim().is_empty()) {
            let mut cells = line.split('|').map(str::trim);
            let unit = cells.next().unwrap();
            let fields = json!({ "title": unit });
            for (declared, expected) in CHAINS.iter().zip(cells) {
                let route = Route::of(&chain(declared), fields.as_object().unwrap(), unit, &tree());
                assert_eq!(route.to_string(), expected, "{unit} by {declared}");
                assert_eq!(Route::read(expected), route);
                assert!(route.stops().last().is_some_and(|last| !last.advises));
            }
        }
    }

    #[test]
    fn a_value_of_a_field_chooses_the_steps() {
        let chain = chain(
            r#"cases = [{ field = "level", values = ["provincial"], steps = ["province!"] },
                        { field = "level", values = ["municipal", "provincial"], steps = ["city", "province"] }]"#,
        );
        let cases = [
            (json!({}), "k? c"),
            (json!({ "level": "school" }), "k? c"),
            (json!({ "level": "provincial" }), "p"),
            (json!({ "level": ["municipal"] }), "c p"),
            (json!({ "level": 3 }), "k? c"),
        ];
        for (fields, expected) in cases {
            let route = Route::of(&chain, fields.as_object().unwrap(), "sk", &tree());
            assert_eq!(route.to_string(), expected, "{fields}");
        }
    }

    #[test]
    fn a_turn_is_what_is_still_to_come() {
        let cases = [
            ("k? c p", Turn::Advises),
            ("c p", Turn::Passes),
            ("p", Turn::Publishes),
            ("", Turn::Publishes),
        ];
        for (way, expected) in cases {
            assert_eq!(Route::read(way).turn(), expected, "{way}");
        }
        assert_eq!(Route::read("k? c p").passed().to_string(), "c p");
        assert_eq!(Route::read("p").passed().holder(), None);
    }

    #[test]
    fn a_unit_has_it_once_and_units_that_are_gone_have_no_way() {
        let twice = chain(r#"steps = ["city", "province?"]"#);
        let route = Route::of(&twice, &Map::new(), "s", &tree());
        assert_eq!(route.to_string(), "c p");
        assert_eq!(Route::of(&twice, &Map::new(), "gone", &tree()), Route::default());
    }
}
