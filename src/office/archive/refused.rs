//! Why an archive is not taken.

use std::fmt;
use std::io;

/// Why an archive is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is cut off, a checksum is wrong, it is empty or no archive.
    Damaged,
    /// It would unpack to more than is honest, or than there is room for.
    Bomb,
    /// Parts share their bytes.
    Overlap,
    /// It has too many parts.
    Parts,
    /// Several records of its end, or two that differ.
    Ends,
    /// Bytes before, between or behind its parts which the directory does not know.
    Hidden,
    /// A part is called or packed differently in its own head and in the directory.
    Contradiction,
    /// A part is longer or shorter than is said.
    Sizes,
    /// Two parts are called alike.
    Twice,
    /// A name leads out of the directory: `..`, from the root, from a drive.
    Path,
    /// A name with a backslash, which means a directory here and a sign there.
    Backslash,
    /// No name, or one with NUL, control characters or marks that nobody sees.
    Control,
    /// A part is a link or a device.
    Link,
    /// It holds an archive.
    Nested,
    /// It is packed in a way that few programs read.
    Method,
    /// Nobody can look into it.
    Encrypted,
    /// It holds a program in an office document.
    Macros,
    /// It holds a program.
    Programs,
}

impl Refused {
    /// The key of the text that says so.
    pub fn text(self) -> &'static str {
        match self {
            Self::Damaged => "file.archive",
            Self::Bomb => "file.bomb",
            Self::Overlap => "file.overlap",
            Self::Parts => "file.parts",
            Self::Ends => "file.ends",
            Self::Hidden => "file.hidden",
            Self::Contradiction => "file.contradiction",
            Self::Sizes => "file.sizes",
            Self::Twice => "file.twice",
            Self::Path => "file.path",
            Self::Backslash => "file.backslash",
            Self::Control => "file.control",
            Self::Link => "file.link",
            Self::Nested => "file.nested",
            Self::Method => "file.method",
            Self::Encrypted => "file.encrypted",
            Self::Macros => "file.macros",
            Self::Programs => "file.programs",
        }
    }

    /// The reason that reading a part failed for.
    pub(super) fn of(error: &io::Error) -> Self {
        let reason = error.get_ref().and_then(|reason| reason.downcast_ref::<Self>());
        reason.copied().unwrap_or(Self::Damaged)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text())
    }
}

impl std::error::Error for Refused {}
