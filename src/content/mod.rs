//! What things ARE: kinds of entries as data, their fields, vocabularies and units. No I/O, no HTML.
//!
//! The schema is read from TOML: built-in declarations are compiled in, a site's own come through the world. An
//! [`Entry`] is one content file read against its [`Kind`]; what it means together with others is the catalog's.

mod abilities;
mod check;
mod check_abilities;
mod date;
mod declaration;
mod entry;
mod extends;
mod field;
mod file_name;
mod json_schema;
mod label;
mod load;
mod read;
mod rubric;
mod schema;
mod units;
mod value;
mod vocabulary;

pub use abilities::{Abilities, Audience, BlockForm, BlockWidth, CardForm, Labels, Structure, UnitAbility};
pub use date::Moment;
pub use declaration::{KINDS, KindSource, RUBRICS, UNITS, VOCABULARIES};
pub use entry::{Entry, Id, Identifier, Withdrawal};
pub use field::{AMONG_RUBRIC, Field, FieldType, Need, SetBy};
pub(crate) use file_name::valid_name;
pub use file_name::{Place, place};
pub use json_schema::json_schema;
pub use load::replaceable;
pub(crate) use read::is_color;
pub use read::{Reader, SEPARATORS, read};
pub use rubric::{Band, Grade, Rubric, RubricItem};
pub use schema::{Kind, Order, Schema, Surroundings, Templates, USUAL_CHAINS};
pub use units::{Level, Unit};
pub use value::{Attachment, Record, Value};
pub use vocabulary::{Term, Vocabulary};
