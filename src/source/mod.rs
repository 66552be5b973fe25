//! From bytes to front matter and body, without knowing what the fields mean.

mod declaration;
mod emit;
mod header;
mod split;
mod yaml;

pub use declaration::{Places, Written, config_syntax, declaration};
pub use emit::emit;
pub use header::{Form, Header, header};
pub use split::{MOST_BYTES, Split, decode, decode_declaration, split};
pub(crate) use split::{behind_blanks, blanked, is_unfit, utf8};
pub use yaml::{Mapping, Node, Spanned, parse};
