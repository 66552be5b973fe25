//! Where declarations come from.

use std::sync::Arc;

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
