//! What an import says of what it did.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::media::{advice, unpublished};

macro_rules! kinds {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// What a note is about. Its words are the interface text `import-NAME`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum NoteKind {
            $(#[doc = $doc] $variant,)*
        }

        impl NoteKind {
            /// Every kind, in the order of reports.
            pub const ALL: &'static [NoteKind] = &[$(NoteKind::$variant,)*];

            /// Its name for machines.
            pub fn name(self) -> &'static str {
                match self { $(NoteKind::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    Exists "exists" "Another file lies where this one would go; it was left as it is.",
    Unreadable "unreadable" "A file cannot be read or is too large.",
    NotText "not-text" "A file is in no encoding that is known.",
    Decoded "decoded" "A file was not UTF-8 and was decoded.",
    LooseFrontMatter "loose-front-matter" "Front matter does not parse and was read line by line.",
    FieldRefused "field-refused" "A value that the kind does not take was left out.",
    NoTitle "no-title" "The title is the file's name, for nothing else gives one.",
    NoDate "no-date" "The kind needs a date and nothing gives one.",
    Renamed "renamed" "A name that addresses cannot have, or an extension of another type, was changed.",
    Collision "collision" "Two files would have had one name; a number was added.",
    ColumnUnknown "column-unknown" "A column of a table means nothing here and was left out.",
    CategoryAsTag "category-as-tag" "A category that the kind does not know became a tag.",
    LinkUnresolved "link-unresolved" "A link or picture leads to no file of the source.",
    HeadingUnresolved "heading-unresolved" "A link names a heading that its text does not have.",
    LinkCase "link-case" "A link differed from its file in upper and lower case and was mended.",
    ControlRemoved "control-removed" "Control characters that no page can hold were taken out.",
    PictureConverted "picture-converted" "A picture that browsers do not show came along as PNG or JPEG.",
    DrawingCleaned "drawing-cleaned" "A drawing came along without fonts or colour profiles from elsewhere.",
    FileRefused "file-refused" "A file that a text refers to is of a type that is not published.",
    DocumentReduced "document-reduced" "Something of a document cannot be carried over.",
    FileLeft "file-left" "A file that no text refers to was left behind.",
    PictureWritten "picture-written" "A picture written into the text became a file.",
    PictureRefused "picture-refused" "A picture written into the text cannot be read and was left out.",
    MarkupKept "markup-kept" "Markup of the other generator has no equivalent and stays as text.",
    MarkupRemoved "markup-removed" "Markup that the portal does by itself was taken out.",
    ContainerUnwrapped "container-unwrapped" "A container has no equivalent; its content stays.",
}

/// Something that whoever moves in should know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// The file of the source.
    pub file: Arc<str>,
    /// Line of that file, from 1; 0 for the whole.
    pub line: u32,
    /// The target, the field, the new name: what the kind of note is about.
    pub detail: String,
}

impl Note {
    /// The interface text that says what to do about a file that was left out, if there is more to say of its type.
    pub fn advice(&self) -> Option<&'static str> {
        let is_known = self.kind == NoteKind::FileRefused && unpublished(&self.detail).is_some();
        is_known.then(|| advice(&self.detail))
    }
}

/// What an import did, and could not do.
#[derive(Debug, Default, Clone)]
pub struct Report {
    /// Entries that the source became.
    pub entries: usize,
    /// Pictures and other files that texts refer to.
    pub files: usize,
    /// In the order of the source.
    pub notes: Vec<Note>,
    /// Fields of the source that have no equivalent, and how often each stood there.
    pub dropped: BTreeMap<String, usize>,
}

impl Report {
    pub(super) fn note(&mut self, kind: NoteKind, file: &Arc<str>, line: u32, detail: impl Into<String>) {
        self.notes.push(Note {
            kind,
            file: Arc::clone(file),
            line,
            detail: detail.into(),
        });
    }

    /// How many notes there are of each kind that there is one of.
    pub fn totals(&self) -> BTreeMap<NoteKind, usize> {
        let mut totals = BTreeMap::new();
        for note in &self.notes {
            *totals.entry(note.kind).or_default() += 1;
        }
        totals
    }
}
