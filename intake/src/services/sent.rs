//! Files that use cases read, as forms send them.

/// A file that was sent with a form, whole.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// What it is called, made harmless; empty if none was chosen.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}
