//! The list of everything that can be wrong.

use serde::{Deserialize, Serialize};

use super::handling::{By, Handling, Part, Why};

/// Whether a diagnostic fails the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The build fails; the previous output stays.
    Error,
    /// The build goes on.
    Warning,
}

macro_rules! handling {
    (Kept) => {
        Handling::Kept
    };
    (Fixed $why:ident) => {
        Handling::Fixed(Why::$why)
    };
    (Replaced $by:ident) => {
        Handling::Replaced(By::$by)
    };
    (LeftOut $part:ident) => {
        Handling::LeftOut(Part::$part)
    };
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $handling:ident $(($what:ident))? $doc:literal,)*) => {
        /// What is wrong. Its name in messages and JSON never changes meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $(#[doc = $doc] #[serde(rename = $name)] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// Its name, as in `error[unknown-field]`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// Its usual severity.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// What becomes of what it is about; a single diagnostic may say otherwise.
            pub fn handling(self) -> Handling {
                match self { $(Code::$variant => handling!($handling $($what)?),)* }
            }
        }
    };
}

impl Code {
    /// Whether it is what a damaged disk does to an attachment: nobody who writes the entry need have made a mistake.
    pub fn is_damage(self) -> bool {
        matches!(
            self,
            Self::MissingAttachment | Self::WrongSize | Self::WrongChecksum | Self::Unreadable
        )
    }

    /// Whether it is advice that only `check` gives, not every build.
    pub fn is_advice(self) -> bool {
        matches!(
            self,
            Self::StaleSection
                | Self::EmptySection
                | Self::MissingSummary
                | Self::MissingAlt
                | Self::MissingCaptions
                | Self::NoHistory
                | Self::SkippedLevel
        )
    }
}

codes! {
    Unreadable "unreadable" Error Fixed(Unread) "A file or directory cannot be read.",
    NoSite "no-site" Error Fixed(Empty) "The root holds no site.toml and no content directory.",
    NoContent "no-content" Error Fixed(Empty) "The content directory is absent or holds no Markdown file.",
    NoSettings "no-settings" Warning Kept "The root holds no site.toml.",
    FileTooLarge "file-too-large" Error LeftOut(Entry) "A text file is over the limit.",
    EmptyFile "empty-file" Error LeftOut(Entry) "A content file has nothing in it.",
    NotUtf8 "not-utf8" Error LeftOut(Entry) "A text file is not UTF-8.",
    BadFileName "bad-file-name" Error LeftOut(Entry) "A file name cannot serve as an id.",
    BadName "bad-name" Error LeftOut(File) "A file cannot be published under its name: too long in bytes, or with characters that nobody sees.",
    StrayFile "stray-file" Warning LeftOut(File) "A Markdown file lies where no kind looks for it.",
    OutsideRoot "outside-root" Error LeftOut(File) "A symbolic link leads out of the root.",
    BinaryText "control-character" Error Replaced(Blank) "A text file holds control characters.",
    ConfigSyntax "config-syntax" Error Fixed(Setting) "A TOML file does not parse.",
    ConfigValue "config-value" Error Fixed(Setting) "A TOML file says something that cannot be used.",
    UnknownSetting "unknown-setting" Error Fixed(Setting) "A TOML file has a key that means nothing.",
    MissingSetting "missing-setting" Error Fixed(Setting) "A TOML file lacks a key that it must have.",
    FixedLevel "fixed-level" Error Fixed(Setting) "`[check.levels]` lowers a code that cannot be lowered.",
    BadKind "bad-kind" Error Fixed(Declaration) "A kind's declaration contradicts itself.",
    UnknownUnitParent "unknown-unit-parent" Error Fixed(Declaration) "A unit names a parent that is not there.",
    MissingFrontMatter "missing-front-matter" Error LeftOut(Entry) "A content file does not begin with front matter.",
    UnclosedFrontMatter "unclosed-front-matter" Error LeftOut(Entry) "Front matter has no end.",
    YamlSyntax "yaml-syntax" Error LeftOut(Entry) "Front matter is not YAML.",
    YamlAlias "yaml-alias" Error LeftOut(Entry) "Front matter repeats itself too often through aliases.",
    YamlTooDeep "yaml-too-deep" Error LeftOut(Entry) "Front matter is nested too deeply.",
    NotAMapping "not-a-mapping" Error LeftOut(Entry) "Front matter is not a list of fields.",
    DuplicateField "duplicate-field" Error LeftOut(Value) "A field is given twice.",
    UnknownField "unknown-field" Error Kept "A field that the kind does not have.",
    MissingField "missing-field" Error Kept "A required field is not there.",
    AdvisedField "advised-field" Warning Kept "A field that the kind should have is not there.",
    SplitList "split-list" Warning Kept "A list stands in one line and was parted at its separators.",
    WrongType "wrong-type" Error LeftOut(Value) "A value is of another type than the field's.",
    EmptyValue "empty-value" Error Kept "A required field is empty.",
    TooLong "too-long" Error Kept "A text is longer than the field allows.",
    TooShort "too-short" Error Kept "A text is shorter than the field allows.",
    TooManyItems "too-many-items" Error Kept "A list has more items than the field allows.",
    OutOfRange "out-of-range" Error LeftOut(Value) "A number is outside the field's limits.",
    BadDate "bad-date" Error LeftOut(Value) "A date that does not exist or is written otherwise.",
    BadUrl "bad-url" Error LeftOut(Value) "An address that is no http or https URL.",
    BadEmail "bad-email" Error LeftOut(Value) "A mail address that cannot be one.",
    BadColor "bad-color" Error LeftOut(Value) "A colour that is not #rrggbb.",
    BadAlias "bad-alias" Error LeftOut(Value) "An old address that is no path of this site.",
    BadSha256 "bad-sha256" Error LeftOut(File) "A checksum that is not 64 hexadecimal digits.",
    DateOrder "date-order" Error Kept "Two dates in the wrong order.",
    DateInFuture "date-in-future" Warning Kept "A published entry bears a date that has not come.",
    UnknownTerm "unknown-term" Error LeftOut(Value) "A word that its vocabulary does not have.",
    UnknownReference "unknown-reference" Error LeftOut(Value) "A reference to an entry that is not there.",
    WrongReferenceKind "wrong-reference-kind" Error LeftOut(Value) "A reference to an entry of another kind.",
    UnknownItem "unknown-item" Error Kept "An item that the list it is to be of does not have, such as a point of a library.",
    UnknownUnit "unknown-unit" Error LeftOut(Value) "A unit that is not there.",
    DuplicateId "duplicate-id" Error LeftOut(Entry) "Two entries have one id.",
    DuplicateIdentifier "duplicate-identifier" Error Kept "Two entries have one identifier of another system.",
    CaseCollision "case-collision" Error Kept "Two ids differ only in upper and lower case.",
    DuplicateUrl "duplicate-url" Error LeftOut(Page) "Two pages would have one address.",
    OrphanChapter "orphan-chapter" Error LeftOut(Entry) "A chapter lies in a folder without index.md.",
    BrokenLink "broken-link" Error Replaced(Text) "An internal link leads nowhere.",
    BrokenAnchor "broken-anchor" Error Kept "An internal link names a heading that is not there.",
    LinkToDraft "link-to-unpublished" Warning Replaced(Text) "An internal link leads to an entry that is not published.",
    MissingMedia "missing-media" Error LeftOut(File) "A picture or file shown in the text is not there.",
    MissingAttachment "missing-attachment" Error LeftOut(File) "An attachment is not in the store.",
    WrongChecksum "wrong-checksum" Error LeftOut(File) "An attachment's bytes differ from what the entry says.",
    WrongSize "wrong-size" Error LeftOut(File) "An attachment's size differs from what the entry says.",
    TooLargeTotal "attachments-too-large" Error Kept "The attachments of an entry exceed the limit together.",
    UnsafeFile "unsafe-file" Error LeftOut(File) "A file that must not be published.",
    WrongFileType "wrong-file-type" Error LeftOut(File) "A file's first bytes are not of the type that its name says.",
    BadFormula "bad-formula" Warning Kept "A formula cannot be read.",
    RemovedHtml "removed-html" Warning LeftOut(Markup) "A raw HTML tag that is not shown.",
    UnknownTag "unknown-tag" Warning LeftOut(Markup) "A tag that HTML does not have, such as code outside backticks.",
    StrayTag "stray-tag" Warning LeftOut(Markup) "A raw HTML tag that cannot stand where it is, such as a cell outside a table.",
    ExtraCells "extra-cells" Warning LeftOut(Cells) "A row of a table has more cells than its head.",
    SkippedLevel "skipped-level" Warning Kept "A heading is more than one level below the one before it.",
    ForeignMarkup "foreign-markup" Warning Kept "Markup of another program, or a near miss, that is shown as text.",
    LocalFile "local-file" Error Replaced(Text) "A link or picture names a file of somebody's computer.",
    ForbiddenAddress "forbidden-address" Warning Replaced(Text) "A link or picture has an address that a page may not hold.",
    Credentials "credentials" Warning Kept "An address holds a name or a password, which the page leaves out.",
    UndefinedFootnote "undefined-footnote" Warning Kept "A reference to a footnote that is not there.",
    MissingAlt "missing-alt" Warning Kept "A picture has no alternative text.",
    MissingCaptions "missing-captions" Warning Kept "A video has no captions.",
    MissingSummary "missing-summary" Warning Kept "An entry has neither summary nor text to take one from.",
    StaleSection "stale-section" Warning Kept "The newest entry of a section is old.",
    EmptySection "empty-section" Warning Kept "A section has no entry.",
    OnlineShare "online-share" Warning Kept "More class hours online than the rule allows.",
    NoHistory "no-history" Warning Kept "The site shows the history of entries and lies in no git repository.",
    MenuLink "broken-menu-item" Warning Kept "A link of the menu or the home page leads to no page.",
    ExternalLink "external-link" Warning Kept "An outward link does not answer.",
    ReservedField "reserved-field" Error Kept "A field that only somebody above sets was changed by its own unit; `check --against` alone says so.",
    ReservedKind "reserved-kind" Error Kept "An entry of a kind that its unit may not begin; `check --against` alone says so.",
    ReservedFile "reserved-file" Error Kept "A file of the whole site was changed by another unit than the root; `check --against` alone says so.",
    PrivateLink "private-link" Warning Kept "An outward link leads to an address of a private network.",
    TemplateSyntax "template-syntax" Error Fixed(Template) "A template does not parse.",
    TemplateRender "template-render" Error Fixed(Template) "A template fails on a page.",
    MissingTemplate "missing-template" Error Fixed(Template) "A kind names a template that the theme lacks.",
    ProgramFault "program-fault" Error Fixed(Output) "The program failed on a file or a page: a fault of Jixia.",
    Unpublished "unpublished" Error Fixed(Output) "A page or file of an entry cannot be made or written; the entry is set aside.",
    ForeignOutput "foreign-output" Error Fixed(Output) "The output directory holds files that no build wrote.",
    OutputFailed "output-failed" Error Fixed(Output) "A file cannot be written.",
}
