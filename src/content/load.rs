//! Reads declarations: the built-in kinds, vocabularies and rubrics, and a site's own over them, into a [`Schema`].

use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::{Dir, File, include_dir};
use serde::Deserialize;

use super::check::{check_kind, check_names, check_vocabulary, free_sections, join_common};
use super::check_abilities::check_abilities;
use super::declaration::{BUILT_IN, KindSource, Origin};
use super::rubric::check_rubric;
use super::{Field, Rubric, Schema, Surroundings, Vocabulary, extends};
use crate::diag::{Code, Diagnostic};
use crate::source::declaration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommonFields {
    fields: Vec<Field>,
}

/// The fields of every kind, among the declarations of kinds.
const COMMON: &str = "common.toml";
static KINDS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/content/kinds");
static VOCABULARIES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/content/vocabularies");
static RUBRICS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/content/rubrics");

impl Schema {
    /// Reads the built-in declarations and a site's own, which replace built-in ones of the same id.
    pub fn load(
        kinds: &[KindSource],
        vocabularies: &[KindSource],
        rubrics: &[KindSource],
        units: Option<&KindSource>,
        around: Surroundings<'_>,
    ) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut schema = Self::default();
        let mut hasher = blake3::Hasher::new();
        let common_file = KINDS.get_file(COMMON).and_then(File::contents_utf8);
        let common_text = common_file.unwrap_or_default();
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
        let built_in = built_in_sources(&KINDS, "kinds");
        let sources: Vec<KindSource> = built_in.chain(kinds.iter().cloned()).collect();
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
        schema.rubrics = load_rubrics(rubrics, &mut diagnostics);
        if let Some(source) = units {
            hasher.update(source.text.as_bytes());
            schema.units = super::units::load(source, &mut diagnostics);
        }
        diagnostics.extend(free_sections(&mut schema, &origins, around.reserved));
        diagnostics.extend(check_names(&schema, &origins, around.chains));
        diagnostics.extend(check_abilities(&schema, &origins));
        schema
            .fingerprint
            .copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        (schema, diagnostics)
    }
}

fn load_rubrics(own: &[KindSource], diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, Rubric> {
    let (mut rubrics, mut origins): (BTreeMap<String, Rubric>, BTreeMap<String, Origin>) = Default::default();
    for source in built_in_sources(&RUBRICS, "rubrics").chain(own.iter().cloned()) {
        if let Some((rubric, origin)) = parse::<Rubric>(&source, diagnostics) {
            diagnostics.extend(check_rubric(&rubric, &origin));
            diagnostics.extend(twice(&origin, origins.get(&rubric.id), &rubric.id));
            origins.insert(rubric.id.clone(), origin);
            rubrics.insert(rubric.id.clone(), rubric.sorted());
        }
    }
    rubrics
}

/// The built-in vocabularies and rubrics: the file of a site that would replace each, and its text.
pub fn replaceable() -> impl Iterator<Item = (String, String)> {
    let sources =
        built_in_sources(&VOCABULARIES, "vocabularies").chain(built_in_sources(&RUBRICS, "rubrics"));
    sources.map(|source| (source.path.replacen(BUILT_IN, "content/", 1), source.text))
}

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
    use super::super::Need;
    use super::*;

    #[test]
    fn built_in_declarations_are_sound() {
        let (schema, diagnostics) = Schema::load(&[], &[], &[], None, Surroundings::default());
        assert_eq!(diagnostics, []);
        assert_eq!(schema.kinds.len(), built_in_sources(&KINDS, "kinds").count());
        assert_eq!(
            schema.rubrics.len(),
            built_in_sources(&RUBRICS, "rubrics").count()
        );
    }

    #[test]
    fn a_site_replaces_and_extends() {
        let source = |text: &str| KindSource {
            path: Arc::from("content/kinds/x.toml"),
            text: text.to_owned(),
        };
        let recipe = source("id = \"recipe\"\nlabel = \"菜谱\"\nsection = \"recipes\"\n");
        let notice = source("id = \"notice\"\nlabel = \"公告\"\nsection = \"notices\"\n");
        let (schema, diagnostics) = Schema::load(&[recipe, notice], &[], &[], None, Surroundings::default());
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
        let (schema, diagnostics) = Schema::load(&[source], &[], &[], None, Surroundings::default());
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
            let (_, diagnostics) = Schema::load(&[source(text)], &[], &[], None, Surroundings::default());
            assert_eq!(
                diagnostics.first().map(|diagnostic| diagnostic.code),
                Some(code),
                "{text}"
            );
        }
    }
}
