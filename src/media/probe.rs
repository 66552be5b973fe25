//! What is known of a file's inside.

use serde::{Deserialize, Serialize};

use super::advice;
use crate::diag::{Code, Diagnostic};

/// What looking into a file told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Width and height of a picture in pixels, as it is shown.
    pub dimensions: Option<(u32, u32)>,
    /// Why it must not be published.
    pub unsafe_reason: Option<String>,
    /// SHA-256 of its bytes in lower-case hexadecimal, of a file that pages offer for download.
    pub sha256: Option<String>,
    /// What it is, when that is something else than its name says; empty when it is nothing known.
    pub actual_format: Option<String>,
}

impl Probe {
    /// Why a file of this path cannot be published, without a place.
    pub fn problem(&self, path: &str) -> Option<Diagnostic> {
        if let Some(reason) = &self.unsafe_reason {
            let diagnostic = Diagnostic::new(Code::UnsafeFile).with("target", path);
            return Some(diagnostic.with("reason", reason).say("advice", advice(path)));
        }
        let actual = self.actual_format.as_ref()?;
        let diagnostic = Diagnostic::new(Code::WrongFileType).with("target", path);
        Some(diagnostic.with("actual", actual))
    }
}
