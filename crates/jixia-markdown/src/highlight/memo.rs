//! What is remembered of snippets.

use std::fmt::Debug;
use std::sync::Arc;

/// Remembers snippets, which are dear to make, for other bodies and later builds.
pub trait Memo: Debug + Send + Sync {
    /// The markup of a snippet as it was remembered.
    fn recall(&self, language: &str, code: &str) -> Option<Arc<str>>;

    /// Remembers the markup of a snippet.
    fn remember(&self, language: &str, code: &str, markup: &str);
}
