
pub mod search;
