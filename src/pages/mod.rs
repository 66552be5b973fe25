//! Which pages EXIST, and what data each shows.
//!
//! A [`Family`] is a file of this room: which pages it has, where they lie, what each shows. [`Plan`] asks all families
//! and gives every page with its address, once; whether anything lies at an address is asked of it alone. A view is flat
//! and serialisable: this room builds URLs and knows no markup, for how a page looks is the theme's.

mod address;
mod addresses;
mod alias;
mod api;
mod calendar;
mod chrome;
mod detail;
mod entry;
mod facets;
mod family;
mod feed;
mod files;
mod home;
mod json_ld;
mod links;
mod list;
mod located;
mod meta;
mod not_found;
mod offline;
mod open_search;
mod picture;
mod places;
mod plain;
mod plan;
mod planner;
mod recommended;
mod register;
mod robots;
mod search;
mod section;
mod shown;
mod site_map;
mod sitemap;
mod statistics;
mod tags;
mod targets;
mod terms;
mod texts;
mod unit;
mod view;
mod withdrawn;

pub use addresses::Addresses;
pub use chrome::Chrome;
pub use entry::EntryPage;
pub use family::Family;
pub use files::PlainFile;
pub use links::Unanswered;
pub use located::Located;
pub use plan::{Page, PageView, Plan, reserved_segments};
pub use planner::Planner;
pub use shown::{BodyRef, FeedEntry, FeedView, HtmlView, Meta, SitemapView, View};
pub use texts::Texts;
pub use view::{Link, SharedCard};
