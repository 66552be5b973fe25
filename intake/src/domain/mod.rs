//! The rules, pure: who may do what, which states follow each other, who reviews what, what is suspicious in a text.
//!
//! Nothing here names a database, a web framework or a forge, and nothing reads a clock: the moment is an argument.

pub mod account;
pub mod address;
pub mod agents;
pub mod audit;
pub mod checksums;
pub mod currency;
pub mod declarations;
pub mod difference;
pub mod file_name;
pub mod file_types;
pub mod guessing;
pub mod merge;
pub mod names;
pub mod notices;
pub mod opinion;
pub mod passage;
pub mod password;
pub mod personal;
pub mod policy;
pub mod purge;
pub mod quota;
pub mod recommendation;
pub mod recusal;
pub mod reminders;
pub mod rights;
pub mod role;
pub mod roster;
pub mod roster_heading;
pub mod routing;
pub mod rubric;
pub mod scope;
pub mod site;
pub mod site_tables;
pub mod subject;
pub mod submission;
pub mod takedown;
pub mod trailers;
pub mod typed;
pub mod units;
pub mod video;
pub mod word;
pub mod words;
pub mod working_days;
