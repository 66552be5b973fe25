//! The database, and the only place with SQL.
//!
//! Reads go to the pool. Everything that changes goes through a [`Change`]: one transaction that takes the new state,
//! the audit events and the jobs together. Changes are made one after another, as SQLite does anyway, so the audit
//! log has an order.

mod accounts;
mod advice;
mod assessments;
mod audit;
mod database;
mod decision_drafts;
mod deputies;
mod desk;
mod editions;
mod guesses;
mod inspections;
mod jobs;
mod kept;
mod known;
mod ledger;
mod links;
mod mail;
mod migrations;
mod none;
mod notices;
mod purge;
mod recommendations;
mod row;
mod sessions;
mod site;
mod sql;
mod submissions;
mod takedowns;
mod totp;
mod uploads;
mod webhooks;

pub use accounts::Account;
pub use advice::{Assignment, Problem};
pub use assessments::Assessment;
pub use audit::AuditAsked;
pub use database::{Change, Error, Store};
pub use decision_drafts::DecisionDraft;
pub use deputies::Deputy;
pub use desk::Tasks;
pub use editions::Edition;
pub use inspections::{Inspection, Scan};
pub use jobs::{Job, JobKind, JobState};
pub use ledger::{Asked, LedgerCount, LedgerRow, LedgerView};
pub use links::PreviewLink;
pub use mail::{Mail, Recipient};
pub use notices::Notice;
pub use recommendations::Recommendation;
pub use sessions::Session;
pub use site::{SiteChange, SiteDecision};
pub use submissions::{Filter, Message, QueueCount, Row, Submission};
pub use takedowns::Takedown;
pub use uploads::Upload;
pub use webhooks::{Webhook, WebhookMessage};
