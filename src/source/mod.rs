//! From bytes to front matter and body, without knowing what the fields mean.

mod emit;
mod split;
mod yaml;

pub use emit::emit;
pub use split::{MOST_BYTES, Split, decode, split};
pub use yaml::{Mapping, Node, Spanned, parse};
