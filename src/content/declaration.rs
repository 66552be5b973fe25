//! Where declarations come from, and what all of them are held to.

use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Span};
use crate::source::Places;

/// Where units are declared that are no entries.
pub const UNITS: &str = "content/units.toml";
/// Where a site declares kinds, a file each.
pub const KINDS: &str = "content/kinds";
/// Where it declares vocabularies.
pub const VOCABULARIES: &str = "content/vocabularies";
/// Where it declares rubrics.
pub const RUBRICS: &str = "content/rubrics";

/// A TOML file of the site that declares a kind, a vocabulary or a rubric.
#[derive(Debug, Clone)]
pub struct KindSource {
    /// Path, for diagnostics.
    pub path: Arc<str>,
    /// Text.
    pub text: String,
}

/// What the paths of compiled-in declarations begin with.
pub(super) const BUILT_IN: &str = "(built in)/";

/// Where a declaration stands.
pub(super) struct Origin {
    pub(super) path: Arc<str>,
    pub(super) places: Places,
    /// Names of a kind's own fields, in the order of the declaration.
    pub(super) fields: Vec<String>,
}

impl Origin {
    pub(super) fn wrong(&self, span: Span, reason: &'static str) -> Diagnostic {
        Diagnostic::new(Code::BadKind)
            .in_file(&self.path)
            .at(span)
            .say("reason", reason)
    }
}

/// Whether a text can name a declaration or a term, and so stand in an address.
pub(super) fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(allowed)
}
