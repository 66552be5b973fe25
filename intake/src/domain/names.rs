//! Enumerations with names: what the database, settings and forms call them. A name that this program does not know is an
//! error wherever it comes from, and never taken for something else.

use std::fmt;

/// A name that this program does not know: another version wrote it, or somebody mistyped it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    what: &'static str,
    name: String,
    known: Vec<&'static str>,
}

impl Unknown {
    /// `what` it should be a name of, and the known ones.
    pub fn new(what: &'static str, name: String, known: impl Iterator<Item = &'static str>) -> Self {
        Self {
            what,
            name,
            known: known.collect(),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, name, known } = self;
        write!(
            formatter,
            "unknown {what} `{name}`: expected one of {}",
            known.join(", ")
        )
    }
}

impl std::error::Error for Unknown {}

/// An enumeration whose variants have names: `Type("what it is") { Variant = "name", … }`.
macro_rules! named {
    ($(#[$meta:meta])* $type:ident($what:literal) { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $type {
            $($(#[$doc])* $variant,)*
        }

        impl $type {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in the database and among the interface texts.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The one of a name. Returns `None` if there is none.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl TryFrom<String> for $type {
            type Error = $crate::domain::names::Unknown;

            fn try_from(name: String) -> Result<Self, Self::Error> {
                Self::from_name(&name).ok_or_else(|| {
                    Self::Error::new($what, name, Self::ALL.iter().map(|known| known.name()))
                })
            }
        }

        impl From<$type> for &'static str {
            fn from(named: $type) -> Self {
                named.name()
            }
        }
    };
}

pub(crate) use named;

#[cfg(test)]
mod tests {
    named! {
        /// For the test.
        Colour("colour") {
            /// #f00
            Red = "red",
            /// #00f
            Blue = "blue",
        }
    }

    #[test]
    fn an_unknown_name_is_an_error_that_lists_the_known_ones() {
        assert_eq!(Colour::from_name(Colour::Blue.name()), Some(Colour::Blue));
        let said = Colour::try_from("green".to_owned()).map_err(|unknown| unknown.to_string());
        assert_eq!(
            said,
            Err("unknown colour `green`: expected one of red, blue".to_owned())
        );
        assert!(serde_json::from_str::<Colour>("\"green\"").is_err());
        assert_eq!(
            serde_json::to_string(&Colour::ALL).ok().as_deref(),
            Some("[\"red\",\"blue\"]")
        );
    }
}
