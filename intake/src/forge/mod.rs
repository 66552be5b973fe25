//! Where submissions become branches and merges. [`Repository`] is what is published; [`Forge`] is where it is proposed to
//! change it. Of each the intake needs what is here, and every forge is a file that does it and a line in [`open()`];
//! [`Local`] is the one that needs nothing but a directory. Knows no people beyond a name, no states, no database.

mod local;
mod open;
mod proposals;

#[cfg(test)]
mod contract;

pub use local::{Gone, Local, Record, Rewritten};
pub use open::{Opened, open};
pub use proposals::{Comment, Error, Forge, Merge, Person, Proposal, Repository, Status, Talk, one_line};
