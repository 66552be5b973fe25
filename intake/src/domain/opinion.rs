//! What an expert may think of a submission.

use super::names::named;

named! {
    /// The opinion in a word.
    Verdict("verdict of an expert") {
        /// It can be published.
        Fit = "fit",
        /// It can once some things are mended.
        Mend = "mend",
        /// It cannot.
        Unfit = "unfit",
    }
}
