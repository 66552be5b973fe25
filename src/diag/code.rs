//! The list of everything that can be wrong.

use serde::{Deserialize, Serialize};

/// Whether a diagnostic fails the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The build fails; the previous output stays.
    Error,
    /// The build goes on.
    Warning,
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $doc:literal,)*) => {
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
        }
    };
}

impl Code {
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
        )
    }
}

codes! {
    Unreadable "unreadable" Error "A file or directory cannot be read.",
    NoSite "no-site" Error "The root holds no site.toml and no content directory.",
    NoContent "no-content" Error "The content directory is absent or holds no Markdown file.",
    NoSettings "no-settings" Warning "The root holds no site.toml.",
    FileTooLarge "file-too-large" Error "A text file is over the limit.",
    EmptyFile "empty-file" Error "A content file has nothing in it.",
    NotUtf8 "not-utf8" Error "A text file is not UTF-8.",
    BadFileName "bad-file-name" Error "A file name cannot serve as an id.",
    StrayFile "stray-file" Warning "A Markdown file lies where no kind looks for it.",
    OutsideRoot "outside-root" Error "A symbolic link leads out of the root.",
    BinaryText "control-character" Error "A text file holds control characters.",
    ConfigSyntax "config-syntax" Error "A TOML file does not parse.",
    ConfigValue "config-value" Error "A TOML file says something that cannot be used.",
    UnknownSetting "unknown-setting" Error "A TOML file has a key that means nothing.",
    MissingSetting "missing-setting" Error "A TOML file lacks a key that it must have.",
    BadKind "bad-kind" Error "A kind's declaration contradicts itself.",
    UnknownUnitParent "unknown-unit-parent" Error "A unit names a parent that is not there.",
    MissingFrontMatter "missing-front-matter" Error "A content file does not begin with front matter.",
    UnclosedFrontMatter "unclosed-front-matter" Error "Front matter has no end.",
    YamlSyntax "yaml-syntax" Error "Front matter is not YAML.",
    YamlAlias "yaml-alias" Error "Front matter repeats itself too often through aliases.",
    YamlTooDeep "yaml-too-deep" Error "Front matter is nested too deeply.",
    NotAMapping "not-a-mapping" Error "Front matter is not a list of fields.",
    DuplicateField "duplicate-field" Error "A field is given twice.",
    UnknownField "unknown-field" Error "A field that the kind does not have.",
    MissingField "missing-field" Error "A required field is not there.",
    AdvisedField "advised-field" Warning "A field that the kind should have is not there.",
    WrongType "wrong-type" Error "A value is of another type than the field's.",
    EmptyValue "empty-value" Error "A required field is empty.",
    TooLong "too-long" Error "A text is longer than the field allows.",
    TooShort "too-short" Error "A text is shorter than the field allows.",
    TooManyItems "too-many-items" Error "A list has more items than the field allows.",
    OutOfRange "out-of-range" Error "A number is outside the field's limits.",
    BadDate "bad-date" Error "A date that does not exist or is written otherwise.",
    BadUrl "bad-url" Error "An address that is no http or https URL.",
    BadEmail "bad-email" Error "A mail address that cannot be one.",
    BadColor "bad-color" Error "A colour that is not #rrggbb.",
    BadAlias "bad-alias" Error "An old address that is no path of this site.",
    BadSha256 "bad-sha256" Error "A checksum that is not 64 hexadecimal digits.",
    DateOrder "date-order" Error "Two dates in the wrong order.",
    DateInFuture "date-in-future" Warning "A published entry bears a date that has not come.",
    UnknownTerm "unknown-term" Error "A word that its vocabulary does not have.",
    UnknownReference "unknown-reference" Error "A reference to an entry that is not there.",
    WrongReferenceKind "wrong-reference-kind" Error "A reference to an entry of another kind.",
    UnknownItem "unknown-item" Error "An item that the list it is to be of does not have, such as a point of a library.",
    UnknownUnit "unknown-unit" Error "A unit that is not there.",
    DuplicateId "duplicate-id" Error "Two entries have one id.",
    DuplicateIdentifier "duplicate-identifier" Error "Two entries have one identifier of another system.",
    CaseCollision "case-collision" Error "Two ids differ only in upper and lower case.",
    DuplicateUrl "duplicate-url" Error "Two pages would have one address.",
    OrphanChapter "orphan-chapter" Error "A chapter lies in a folder without index.md.",
    BrokenLink "broken-link" Error "An internal link leads nowhere.",
    BrokenAnchor "broken-anchor" Error "An internal link names a heading that is not there.",
    LinkToDraft "link-to-unpublished" Warning "An internal link leads to an entry that is not published.",
    MissingMedia "missing-media" Error "A picture or file shown in the text is not there.",
    MissingAttachment "missing-attachment" Error "An attachment is not in the store.",
    WrongChecksum "wrong-checksum" Error "An attachment's bytes differ from what the entry says.",
    WrongSize "wrong-size" Error "An attachment's size differs from what the entry says.",
    TooLargeTotal "attachments-too-large" Error "The attachments of an entry exceed the limit together.",
    UnsafeFile "unsafe-file" Error "A file that must not be published.",
    WrongFileType "wrong-file-type" Error "A file's first bytes are not of the type that its name says.",
    BadFormula "bad-formula" Warning "A formula cannot be read.",
    RemovedHtml "removed-html" Warning "A raw HTML tag that is not shown.",
    UndefinedFootnote "undefined-footnote" Warning "A reference to a footnote that is not there.",
    MissingAlt "missing-alt" Warning "A picture has no alternative text.",
    MissingCaptions "missing-captions" Warning "A video has no captions.",
    MissingSummary "missing-summary" Warning "An entry has neither summary nor text to take one from.",
    StaleSection "stale-section" Warning "The newest entry of a section is old.",
    EmptySection "empty-section" Warning "A section has no entry.",
    OnlineShare "online-share" Warning "More class hours online than the rule allows.",
    NoHistory "no-history" Warning "The site shows the history of entries and lies in no git repository.",
    MenuLink "broken-menu-item" Warning "A link of the menu or the home page leads to no page.",
    ExternalLink "external-link" Warning "An outward link does not answer.",
    TemplateSyntax "template-syntax" Error "A template does not parse.",
    TemplateRender "template-render" Error "A template fails on a page.",
    MissingTemplate "missing-template" Error "A kind names a template that the theme lacks.",
    ForeignOutput "foreign-output" Error "The output directory holds files that no build wrote.",
    OutputFailed "output-failed" Error "A file cannot be written.",
}
