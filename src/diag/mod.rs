//! What a run has to say: every mistake and warning, with its place and a way out.
//!
//! A [`Diagnostic`] is data (a code, a place, arguments); its words are in `messages/*.toml`, one file per language,
//! so the same run can be printed in Chinese, in English or as JSON. This room knows nothing of content kinds.

mod code;
mod diagnostic;
mod handling;
mod message;
mod print;
mod totals;

pub use code::{Code, Severity};
pub use diagnostic::{Argument, Diagnostic, Span, count, nearest, sort};
pub use handling::{By, Handling, Part, Why};
pub use message::Language;
pub(crate) use message::text as interface_text;
pub use print::{Format, Printer, words};
pub use totals::{FieldTotal, Total, merge_advised, print_totals, totals};
