//! A kind as JSON Schema (2020-12), for editors, for the API and for checks elsewhere.

use serde_json::{Map, Value as Json, json};

use super::{Field, FieldType, Kind, Need, Schema};

/// A day in the forms that [`super::Moment::parse`] reads, as a pattern.
const DAY: &str = "\\d{4}[-/.年月]\\d{1,2}[-/.年月]\\d{1,2}日?";
/// A time after the day in those forms.
const TIME: &str = "[Tt ]\\s*\\d{1,2}:\\d{1,2}(:\\d{1,2}([.,]\\d+)?)?([Zz]|[+-]\\d{2}(:?\\d{2})?)?";

/// The JSON Schema of a kind's front matter.
pub fn json_schema(schema: &Schema, kind: &Kind, language: &str) -> Json {
    let mut object = fields(schema, &kind.fields, language, kind.dated);
    object.insert(
        "$schema".into(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    object.insert("title".into(), json!(kind.label(language)));
    let mut ordered = Map::new();
    for key in [
        "$schema",
        "title",
        "type",
        "properties",
        "required",
        "additionalProperties",
    ] {
        if let Some(value) = object.remove(key) {
            ordered.insert(key.into(), value);
        }
    }
    Json::Object(ordered)
}

fn fields(schema: &Schema, declared: &[Field], language: &str, dated: bool) -> Map<String, Json> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in declared {
        properties.insert(field.name.clone(), described(schema, field, language));
        if field.need == Need::Required || dated && field.name == "date" {
            required.push(Json::from(field.name.as_str()));
        }
    }
    let mut object = Map::new();
    object.insert("type".into(), json!("object"));
    object.insert("properties".into(), Json::Object(properties));
    object.insert("required".into(), Json::Array(required));
    object.insert("additionalProperties".into(), json!(false));
    object
}

fn described(schema: &Schema, field: &Field, language: &str) -> Json {
    let mut item = single(schema, field, language);
    if field.many {
        let mut list = Map::new();
        list.insert("type".into(), json!("array"));
        list.insert("items".into(), Json::Object(item.clone()));
        if let Some(limit) = field.max_items {
            list.insert("maxItems".into(), json!(limit));
        }
        // A single value may stand without brackets.
        let either = json!([item, list]);
        item = Map::new();
        item.insert("anyOf".into(), either);
    }
    item.insert("title".into(), json!(field.label(language)));
    let help = if language.starts_with("en") {
        field.help_en.as_ref()
    } else {
        None
    };
    if let Some(help) = help.or(field.help.as_ref()) {
        item.insert("description".into(), json!(help));
    }
    Json::Object(item)
}

fn single(schema: &Schema, field: &Field, language: &str) -> Map<String, Json> {
    let mut item = Map::new();
    let mut set = |key: &str, value: Json| {
        item.insert(key.to_owned(), value);
    };
    match field.field_type {
        FieldType::Integer | FieldType::Number => {
            set("type", json!(field.field_type.name()));
            if let Some(min) = field.min {
                set("minimum", number(min));
            }
            if let Some(max) = field.max {
                set("maximum", number(max));
            }
            return item;
        }
        FieldType::Boolean => set("type", json!("boolean")),
        FieldType::Record => return fields(schema, &field.fields, language, false),
        FieldType::File => return file(),
        _ => {
            set("type", json!("string"));
            match field.field_type {
                FieldType::Url => set("format", json!("uri")),
                FieldType::Email => set("format", json!("email")),
                FieldType::Date => set("pattern", json!(format!("^\\s*{DAY}\\s*$"))),
                FieldType::Color => set("pattern", json!("^#[0-9A-Fa-f]{6}$")),
                FieldType::Moment => {
                    set("pattern", json!(format!("^\\s*{DAY}({TIME})?\\s*$")));
                }
                FieldType::Term => {
                    let vocabulary = field
                        .vocabulary
                        .as_ref()
                        .and_then(|id| schema.vocabularies.get(id));
                    let words = vocabulary.map(|vocabulary| {
                        let names = |term: &super::Term| [term.id.clone(), term.label.clone()];
                        vocabulary
                            .terms
                            .iter()
                            .flat_map(names)
                            .chain(vocabulary.terms.iter().flat_map(|term| term.aliases.clone()))
                    });
                    if let Some(words) = words {
                        set("enum", json!(words.collect::<Vec<_>>()));
                    }
                }
                _ => {}
            }
        }
    }
    if matches!(
        field.field_type,
        FieldType::Text | FieldType::Prose | FieldType::Tag | FieldType::Person
    ) {
        if let Some(min) = field.min {
            set("minLength", number(min));
        }
        if let Some(max) = field.max {
            set("maxLength", number(max));
        }
    }
    item
}

fn number(number: f64) -> Json {
    if number.fract() == 0.0 {
        json!(number as i64)
    } else {
        json!(number)
    }
}

fn file() -> Map<String, Json> {
    let object = json!({
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "sha256": {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"},
            "path": {"type": "string"},
            "size": {"type": "integer", "minimum": 0},
            "media_type": {"type": "string"},
            "poster": {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"},
        },
        "required": ["name"],
        "oneOf": [{"required": ["sha256"]}, {"required": ["path"]}],
        "additionalProperties": false,
    });
    match object {
        Json::Object(object) => object,
        _ => Map::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::content::Surroundings;

    fn notice() -> Json {
        let (schema, _) = Schema::load(&[], &[], &[], None, Surroundings::default());
        json_schema(&schema, &schema.kinds["notice"], "zh-CN")
    }

    #[test]
    fn a_list_may_be_a_single_value() {
        let issuer = &notice()["properties"]["issuer"];
        assert_eq!(issuer["anyOf"][0]["type"], "string", "{issuer}");
        assert_eq!(issuer["anyOf"][1]["type"], "array", "{issuer}");
        assert_eq!(issuer["anyOf"][1]["items"], issuer["anyOf"][0], "{issuer}");
        assert!(
            issuer["title"].is_string() && issuer["type"].is_null(),
            "{issuer}"
        );
    }

    #[test]
    fn dates_match_as_people_write_them() {
        let notice = notice();
        let pattern = notice["properties"]["publish_at"]["pattern"].as_str().unwrap();
        let moment = regex_lite::Regex::new(pattern).unwrap();
        let zone = jiff::tz::TimeZone::UTC;
        for text in [
            "2026-03-05",
            "2026-3-5",
            "2026/03/05",
            "2026.3.5",
            "2026年3月5日",
            "2026-03-05 9:30",
            "2026年3月5日 09:30",
            "2026-03-05T09:30:15",
            "2026-03-05T01:30:00Z",
            "2026-03-05T09:30:00.5+08:00",
            "昨天",
            "26-03-05",
            "2026-03-05-06",
            "2026-03-05 09",
            "",
        ] {
            let is_read = super::super::Moment::parse(text, &zone).is_ok();
            assert_eq!(moment.is_match(text), is_read, "{text}");
        }
    }
}
