//! Kinds as data: the declarations and the whole schema of a site.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use include_dir::{Dir, File, include_dir};
use serde::{Deserialize, Serialize};

use super::check::{Origin, check_kind, check_names, check_vocabulary, free_sections, join_common};
use super::check_abilities::check_abilities;
use super::{Abilities, Unit, Vocabulary, extends};
use crate::diag::{Code, Diagnostic};
use crate::source::declaration;

/// The type of a field's value. `README.md` beside the built-in kinds explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum FieldType {
    Text,
    Prose,
    Integer,
    Number,
    Boolean,
    Date,
    Moment,
    Url,
    Email,
    Color,
    Term,
    Tag,
    Person,
    Issuer,
    Reference,
    Unit,
    File,
    Image,
    Record,
}

impl FieldType {
    /// Its name in declarations, also the key of its description in the messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Prose => "prose",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Moment => "moment",
            Self::Url => "url",
            Self::Email => "email",
            Self::Color => "color",
            Self::Term => "term",
            Self::Tag => "tag",
            Self::Person => "person",
            Self::Issuer => "issuer",
            Self::Reference => "reference",
            Self::Unit => "unit",
            Self::File => "file",
            Self::Image => "image",
            Self::Record => "record",
        }
    }
}

/// Whether a field must, should or may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// An error when missing.
    Required,
    /// A warning when missing; an error where the site is strict.
    Advised,
    /// May be missing.
    #[default]
    Optional,
}

/// A field's declaration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Key in the front matter.
    pub name: String,
    /// Type of the value.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// Whether it is a list.
    #[serde(default)]
    pub many: bool,
    /// Whether it must be given.
    #[serde(default)]
    pub need: Need,
    /// Chinese label.
    pub label: String,
    /// English label.
    #[serde(default)]
    pub label_en: Option<String>,
    /// Chinese help for whoever fills it in.
    #[serde(default)]
    pub help: Option<String>,
    /// English help.
    #[serde(default)]
    pub help_en: Option<String>,
    /// The vocabulary of a `term`.
    #[serde(default)]
    pub vocabulary: Option<String>,
    /// The kinds a `reference` may point to; any when empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Least number, or least characters.
    #[serde(default)]
    pub min: Option<f64>,
    /// Greatest number, or most characters.
    #[serde(default)]
    pub max: Option<f64>,
    /// Most items of a list.
    #[serde(default)]
    pub max_items: Option<usize>,
    /// Fields of a `record`.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// The list that each text must be one of: a list beside it, or `REFERENCE.LIST` of the entry that a reference
    /// beside it names; of a structure the points' keys.
    #[serde(default)]
    pub among: Option<String>,
    /// Whether an item of that list may also be named by its letter, `A` the first.
    #[serde(default)]
    pub by_letter: bool,
}

/// How lists are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// By title.
    Title,
    /// By `weight`, then title.
    Weight,
    /// By the beginning that the calendar names, the next ones first.
    Upcoming,
}

/// Template files of a kind.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    /// Of the section's lists.
    #[serde(default)]
    pub list: String,
    /// Of an entry's page.
    #[serde(default)]
    pub detail: String,
}

/// Names that the intake server resolves in its own settings.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The chain of reviewers.
    #[serde(default)]
    pub chain: String,
    /// The rubric.
    #[serde(default)]
    pub rubric: String,
    /// Whether teachers submit it where the settings do not say; admins of units submit all.
    #[serde(default)]
    pub teachers: bool,
}

/// A kind of entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Name and namespace of ids.
    pub id: String,
    /// The kind that it is like: what it does not say itself is taken from there.
    #[serde(default)]
    pub extends: Option<String>,
    /// What it does not take from there: fields, and abilities as `abilities.NAME`.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Chinese name of the section.
    pub label: String,
    /// English name.
    #[serde(default)]
    pub label_en: Option<String>,
    /// Directory below `content/` and first part of the URL; empty for a kind that lives in another's folder.
    #[serde(default)]
    pub section: String,
    /// Place among the sections in menus and overviews, smaller first.
    #[serde(default = "last_position")]
    pub position: u32,
    /// Whether folders below the section belong to the id (`pages/a/b.md` is `a/b`).
    #[serde(default)]
    pub nested: bool,
    /// Whether an entry may be a folder with `index.md`.
    #[serde(default)]
    pub folder: bool,
    /// Kind of the other files in such a folder.
    #[serde(default)]
    pub children: Option<String>,
    /// Whether `date` is required.
    #[serde(default)]
    pub dated: bool,
    /// How lists are ordered.
    #[serde(default)]
    pub order: Order,
    /// Whether its entries count as contributions of their units.
    #[serde(default)]
    pub counted: bool,
    /// Template files.
    #[serde(default)]
    pub templates: Templates,
    /// Type of the JSON-LD object.
    #[serde(default)]
    pub schema_org: Option<String>,
    /// Days after which the newest entry counts as stale.
    #[serde(default)]
    pub stale_after_days: Option<u32>,
    /// What lists and search can be filtered by.
    #[serde(default)]
    pub facets: Vec<String>,
    /// What the intake server needs.
    #[serde(default)]
    pub review: Review,
    /// What its entries can do.
    #[serde(default)]
    pub abilities: Abilities,
    /// Fields; once loaded, the common ones come first.
    #[serde(default)]
    pub fields: Vec<Field>,
}

fn last_position() -> u32 {
    1000
}

impl Kind {
    /// The declaration of a field.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// The label in a language tag.
    pub fn label(&self, language: &str) -> &str {
        localized(language, &self.label, self.label_en.as_deref())
    }
}

impl Kind {
    /// The label in a language tag.
    pub fn label(&self, language: &str) -> &str {
        localized(language, &self.label, self.label_en.as_deref())
    }
}

pub(super) fn localized<'a>(language: &str, chinese: &'a str, english: Option<&'a str>) -> &'a str {
    if language.starts_with("en") {
        english.unwrap_or(chinese)
    } else {
        chinese
    }
}

/// A TOML file of the site that declares a kind or a vocabulary.
#[derive(Debug, Clone)]
pub struct KindSource {
    /// Path, for diagnostics.
    pub path: Arc<str>,
    /// Text.
    pub text: String,
}

/// Everything that says what entries may look like.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// By id.
    pub kinds: BTreeMap<String, Arc<Kind>>,
    /// By id.
    pub vocabularies: BTreeMap<String, Vocabulary>,
    /// Units declared in `content/units.toml`, in their order; schools and groups are added by the catalog.
    pub units: Vec<Unit>,
    /// What the schema depends on, for caches.
    pub fingerprint: [u8; 16],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommonFields {
    fields: Vec<Field>,
}

/// What the paths of compiled-in declarations begin with.
pub(super) const BUILT_IN: &str = "(built in)/";
/// The fields of every kind, among the declarations of kinds.
const COMMON: &str = "common.toml";
static KINDS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/content/kinds");
static VOCABULARIES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/content/vocabularies");

impl Schema {
    /// Reads the built-in declarations and a site's own, which replace built-in ones of the same id.
    pub fn load(
        kinds: &[KindSource],
        vocabularies: &[KindSource],
        units: Option<&KindSource>,
    ) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut schema = Self::default();
        let mut hasher = blake3::Hasher::new();
        let common_text = KINDS.get_file(COMMON).and_then(File::contents_utf8).unwrap_or_default();
        let common: Vec<Field> = match toml::from_str::<CommonFields>(common_text) {
            Ok(common) => common.fields,
            Err(error) => panic!("compiled-in common fields: {error}"),
        };
        hasher.update(common_text.as_bytes());
        let mut lists: BTreeMap<String, Origin> = BTreeMap::new();
        for source in built_in_sources(&VOCABULARIES, "vocabularies").chain(vocabularies.iter().cloned()) {
            hasher.update(source.text.as_bytes());
            if let Some((vocabulary, origin)) = parse::<Vocabulary>(&source, &mut diagnostics) {
                diagnostics.extend(check_vocabulary(&vocabulary, &origin));
                diagnostics.extend(twice(&origin, lists.get(&vocabulary.id), &vocabulary.id));
                lists.insert(vocabulary.id.clone(), origin);
                schema
                    .vocabularies
                    .insert(vocabulary.id.clone(), vocabulary.indexed());
            }
        }
        let mut origins: BTreeMap<String, Origin> = BTreeMap::new();
        let sources: Vec<KindSource> = built_in_sources(&KINDS, "kinds").chain(kinds.iter().cloned()).collect();
        for source in &sources {
            hasher.update(source.text.as_bytes());
        }
        for (mut kind, mut origin) in extends::read(&sources, common_text, &mut diagnostics) {
            origin.fields = kind.fields.iter().map(|field| field.name.clone()).collect();
            diagnostics.extend(check_kind(&kind, &origin));
            join_common(&mut kind, &common, &origin, &mut diagnostics);
            diagnostics.extend(twice(&origin, origins.get(&kind.id), &kind.id));
            origins.insert(kind.id.clone(), origin);
            schema.kinds.insert(kind.id.clone(), Arc::new(kind));
        }
        if let Some(source) = units {
            hasher.update(source.text.as_bytes());
            schema.units = super::units::load(source, &mut diagnostics);
        }
        diagnostics.extend(free_sections(&mut schema, &origins));
        diagnostics.extend(check_names(&schema, &origins));
        diagnostics.extend(check_abilities(&schema, &origins));
        schema
            .fingerprint
            .copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        (schema, diagnostics)
    }

    /// The kinds that have a section, in the order of their positions.
    pub fn sections(&self) -> Vec<&Arc<Kind>> {
        let mut kinds: Vec<_> = self
            .kinds
            .values()
            .filter(|kind| !kind.section.is_empty())
            .collect();
        kinds.sort_by_key(|kind| (kind.position, &kind.id));
        kinds
    }

    /// The kinds whose entries hold lists that fields of others refer into.
    pub fn list_holders(&self) -> BTreeSet<&str> {
        let mut holders = BTreeSet::new();
        for kind in self.kinds.values() {
            for field in &kind.fields {
                let lists = std::iter::once(field).chain(&field.fields);
                let references = lists.filter_map(|list| list.among.as_deref()?.split_once('.'));
                for (reference, _) in references {
                    let beside = field.fields.iter().find(|known| known.name == reference);
                    let declared = beside.or_else(|| kind.field(reference));
                    let kinds = declared.map_or(&[] as &[String], |field| &field.kinds);
                    holders.extend(kinds.iter().map(String::as_str));
                }
            }
        }
        holders
    }

    /// The kind that a directory below `content/` holds.
    pub fn kind_of_section(&self, section: &str) -> Option<&Arc<Kind>> {
        self.kinds
            .values()
            .find(|kind| !kind.section.is_empty() && kind.section == section)
    }
}

/// Vocabularies that built-in kinds use and that only a site can provide.
pub(super) const SITE_VOCABULARIES: &[&str] = &["city", "specialty", "occupation", "series"];

fn built_in_sources(
    files: &'static Dir<'static>,
    directory: &'static str,
) -> impl Iterator<Item = KindSource> {
    let mut declared: Vec<(&str, &str)> = files
        .files()
        .filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
        .filter(|(name, _)| name.ends_with(".toml") && *name != COMMON)
        .collect();
    declared.sort_unstable();
    declared.into_iter().map(move |(name, text)| KindSource {
        path: Arc::from(format!("{BUILT_IN}{directory}/{name}")),
        text: text.to_owned(),
    })
}

/// Parses a declaration, reporting every mistake with its place.
fn parse<T: for<'de> Deserialize<'de>>(
    source: &KindSource,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(T, Origin)> {
    let (parsed, wrong) = declaration(&source.path, &source.text);
    diagnostics.extend(wrong);
    parsed.map(|(value, places)| {
        (
            value,
            Origin {
                path: Arc::clone(&source.path),
                places,
                fields: Vec::new(),
            },
        )
    })
}

/// A site may replace a built-in declaration, not its own.
fn twice(origin: &Origin, other: Option<&Origin>, id: &str) -> Option<Diagnostic> {
    let other = other.filter(|other| !other.path.starts_with(BUILT_IN))?;
    let diagnostic = Diagnostic::new(Code::BadKind)
        .in_file(&origin.path)
        .at(origin.places.value("id"));
    Some(
        diagnostic
            .say("reason", "kind-twice")
            .with("value", id)
            .with("other", &other.path),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_declarations_are_sound() {
        let (schema, diagnostics) = Schema::load(&[], &[], None);
        assert_eq!(diagnostics, []);
        assert_eq!(schema.kinds.len(), built_in_sources(&KINDS, "kinds").count());
    }

    #[test]
    fn a_site_replaces_and_extends() {
        let source = |text: &str| KindSource {
            path: Arc::from("content/kinds/x.toml"),
            text: text.to_owned(),
        };
        let recipe = source("id = \"recipe\"\nlabel = \"菜谱\"\nsection = \"recipes\"\n");
        let notice = source("id = \"notice\"\nlabel = \"公告\"\nsection = \"notices\"\n");
        let (schema, diagnostics) = Schema::load(&[recipe, notice], &[], None);
        assert_eq!(diagnostics, []);
        assert_eq!(schema.kinds["notice"].label, "公告");
        assert!(
            schema
                .kind_of_section("recipes")
                .is_some_and(|kind| kind.field("title").is_some())
        );
    }

    #[test]
    fn a_kind_may_declare_a_common_field_anew() {
        let text = "id = \"x\"\nlabel = \"x\"\n[[fields]]\nname=\"unit\"\ntype=\"unit\"\nneed=\"advised\"\nlabel=\"承担单位\"\n";
        let source = KindSource {
            path: Arc::from("content/kinds/x.toml"),
            text: text.to_owned(),
        };
        let (schema, diagnostics) = Schema::load(&[source], &[], None);
        assert_eq!(diagnostics, []);
        let units: Vec<_> = schema.kinds["x"]
            .fields
            .iter()
            .filter(|field| field.name == "unit")
            .collect();
        assert_eq!(units.len(), 1);
        assert_eq!(
            (units[0].need, units[0].label.as_str()),
            (Need::Advised, "承担单位")
        );
    }

    #[test]
    fn contradictions_are_reported() {
        let source = |text: &str| KindSource {
            path: Arc::from("content/kinds/x.toml"),
            text: text.to_owned(),
        };
        let cases = [
            (
                "id = \"x\"\nlabel = \"x\"\nsection = \"notices\"\n",
                Code::BadKind,
            ),
            ("id = \"X y\"\nlabel = \"x\"\n", Code::BadKind),
            ("id = \"x\"\nlabel = \"x\"\ntypo = 1\n", Code::UnknownSetting),
            (
                "id = \"x\"\nlabel = \"x\"\n[[fields]]\nname=\"t\"\ntype=\"term\"\nvocabulary=\"none\"\nlabel=\"t\"\n",
                Code::BadKind,
            ),
            (
                "id = \"x\"\nlabel = \"x\"\n[[fields]]\nname=\"t\"\ntype=\"record\"\nlabel=\"t\"\n",
                Code::BadKind,
            ),
            (
                "id = \"x\"\nlabel = \"x\"\n[[fields]]\nname=\"title\"\ntype=\"prose\"\nlabel=\"t\"\n",
                Code::BadKind,
            ),
        ];
        for (text, code) in cases {
            let (_, diagnostics) = Schema::load(&[source(text)], &[], None);
            assert_eq!(
                diagnostics.first().map(|diagnostic| diagnostic.code),
                Some(code),
                "{text}"
            );
        }
    }
}
