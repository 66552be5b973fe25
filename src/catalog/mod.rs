//! What entries mean TOGETHER: an immutable index of all of them, with every reference checked.
//!
//! Built in one go from the entries that were read; afterwards nothing changes in it. It knows neither URLs nor
//! markup, and of a body only its facts.

mod build;
mod check;
mod exists;
mod files;
mod index;
mod ix;
mod links;
mod media;
mod people;
mod person;
mod references;
mod related;
mod schedule;
mod site;
mod statistics;
mod structures;
mod units;

pub use files::{FileUse, Files};
pub use index::Catalog;
pub use ix::{Ix, Status};
pub use links::Destination;
pub(crate) use links::decode;
pub use person::Person;
pub use schedule::{Period, Unpublished};
pub use site::{Site, Unread};
pub use statistics::{Standing, school_year};
pub use structures::Point;
pub use units::{CatalogUnit, Units};
