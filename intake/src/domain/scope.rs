//! How somebody stands to a thing.

/// How the actor stands to the thing. The nearest applies: what is one's own is not also the unit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Scope {
    /// The actor made it.
    Own,
    /// It is the actor's unit's.
    OwnUnit,
    /// It is of a unit below the actor's.
    Child,
    /// It is of a unit above the actor's.
    Parent,
    /// Neither above nor below.
    Other,
    /// The actor was asked about it.
    Assigned,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Self] = &[
        Self::Own,
        Self::OwnUnit,
        Self::Child,
        Self::Parent,
        Self::Other,
        Self::Assigned,
    ];
}
