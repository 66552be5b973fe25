//! Schema.org objects, as JSON-LD.

use serde_json::{Value as Json, json};

use super::detail::DetailView;
use super::{Meta, Planner};
use crate::catalog::{Ix, Person};
use crate::content::Value;

impl Planner<'_> {
    /// The objects of an entry's page: what it is, and where it stands.
    pub(super) fn json_ld(&self, ix: Ix, page: &DetailView, meta: &Meta) -> Vec<String> {
        let mut objects = vec![self.thing(ix, page, meta), self.breadcrumb_list(page, meta)];
        objects.extend(self.video(page, meta));
        objects.iter().map(script_safe).collect()
    }

    fn thing(&self, ix: Ix, page: &DetailView, meta: &Meta) -> Json {
        let schema_type = self.catalog.kind(ix).schema_org.as_deref().unwrap_or("WebPage");
        let mut object = json!({
            "@context": "https://schema.org",
            "@type": schema_type,
            "name": page.title,
            "url": meta.canonical,
            "inLanguage": self.texts.language,
        });
        let mut set = |key: &str, value| put(&mut object, key, value);
        set(
            "headline",
            (schema_type == "NewsArticle").then(|| json!(page.title)),
        );
        set(
            "description",
            (!meta.description.is_empty()).then(|| json!(meta.description)),
        );
        set("datePublished", meta.published.as_ref().map(|date| json!(date)));
        set("dateModified", meta.modified.as_ref().map(|date| json!(date)));
        set("image", meta.image.as_ref().map(|image| json!(image)));
        set(
            "keywords",
            (!meta.keywords.is_empty()).then(|| json!(meta.keywords)),
        );
        let people: Vec<Json> = self
            .catalog
            .authors(ix)
            .map(|person| self.person_object(person))
            .collect();
        set("author", (!people.is_empty()).then(|| Json::Array(people)));
        set("identifier", self.identifier_objects(ix));
        let unit = page.unit.as_ref();
        let organization = unit.map(|unit| {
            let mut organization = json!({ "@type": "EducationalOrganization", "name": unit.label });
            if let Some(url) = &unit.url {
                organization["url"] = json!(self.absolute(url));
            }
            organization
        });
        set(
            if schema_type == "Course" {
                "provider"
            } else {
                "publisher"
            },
            organization,
        );
        self.describe(ix, page, &mut object);
        object
    }

    /// Somebody, told from whoever has the same name by their page or their unit.
    fn person_object(&self, person: Person<'_>) -> Json {
        let link = self.person_link(person);
        let mut object = json!({ "@type": "Person", "name": link.label });
        let url = link.url.map(|url| json!(self.absolute(&url)));
        put(&mut object, "url", url);
        let unit = match person {
            Person::Entry(ix) => self.catalog.unit_of(ix),
            Person::Name(_, unit) => unit.and_then(|unit| self.catalog.units.get(unit)),
        };
        let unit = unit.map(|unit| json!({ "@type": "Organization", "name": unit.name }));
        put(&mut object, "affiliation", unit);
        if let Person::Entry(ix) = person {
            put(&mut object, "identifier", self.identifier_objects(ix));
        }
        object
    }

    /// What an entry is called in other systems.
    fn identifier_objects(&self, ix: Ix) -> Option<Json> {
        let identifiers = self.catalog.entry(ix).identifiers.iter();
        let objects: Vec<Json> = identifiers
            .map(
                |known| json!({ "@type": "PropertyValue", "propertyID": known.system, "value": known.value }),
            )
            .collect();
        (!objects.is_empty()).then(|| Json::Array(objects))
    }

    /// What some kinds have of their own.
    fn describe(&self, ix: Ix, page: &DetailView, object: &mut Json) {
        let entry = self.catalog.entry(ix);
        let is_event = object["@type"] == "Event";
        let mut set = |key: &str, value| put(object, key, value);
        let texts = |name: &str| {
            let row = page.fields.get(name)?;
            Some(json!(
                row.values.iter().map(|value| &value.label).collect::<Vec<_>>()
            ))
        };
        set("license", page.rights.as_ref().map(|rights| json!(rights)));
        set(
            "educationalUse",
            page.category.as_ref().map(|category| json!(category.label)),
        );
        set("teaches", texts("knowledge_points"));
        set(
            "audience",
            texts("audience")
                .map(|audience| json!({ "@type": "EducationalAudience", "educationalRole": audience })),
        );
        let date = |name: &str| {
            self.catalog
                .moment(ix, name)
                .map(|moment| json!(moment.rfc3339(&self.catalog.site.zone)))
        };
        set("startDate", date("start").filter(|_| is_event));
        set("endDate", date("end").filter(|_| is_event));
        set(
            "location",
            entry
                .text("place")
                .map(|place| json!({ "@type": "Place", "name": place })),
        );
        set("address", entry.text("address").map(|address| json!(address)));
        let hours = entry.get("class_hours").and_then(Value::number);
        // A class hour is 45 minutes; ISO 8601 durations count minutes.
        set(
            "timeRequired",
            hours.map(|hours| json!(format!("PT{}M", (hours * 45.0).round()))),
        );
    }

    fn breadcrumb_list(&self, page: &DetailView, meta: &Meta) -> Json {
        let steps = [
            (self.home_link().label, self.absolute(&self.home_link().url)),
            (page.section.label.clone(), self.absolute(&page.section.url)),
            (page.title.clone(), meta.canonical.clone()),
        ];
        let items = steps.iter().enumerate().map(|(position, (name, url))| {
            json!({ "@type": "ListItem", "position": position + 1, "name": name, "item": url })
        });
        json!({
            "@context": "https://schema.org",
            "@type": "BreadcrumbList",
            "itemListElement": items.collect::<Vec<_>>(),
        })
    }

    fn video(&self, page: &DetailView, meta: &Meta) -> Option<Json> {
        let file = page.main_file.as_ref().filter(|file| file.form == "video")?;
        Some(json!({
            "@context": "https://schema.org",
            "@type": "VideoObject",
            "name": page.title,
            "description": meta.description,
            "uploadDate": meta.published,
            "contentUrl": self.absolute(&file.url),
            "thumbnailUrl": file.poster.as_ref().map(|poster| self.absolute(poster)),
        }))
    }
}

/// Sets a key of an object if its value is known.
fn put(object: &mut Json, key: &str, value: Option<Json>) {
    if let Some(value) = value {
        object[key] = value;
    }
}

/// JSON that cannot end the script element it stands in.
fn script_safe(object: &Json) -> String {
    let text = object.to_string();
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['<', '>', '&']) {
        safe.push_str(&rest[..at]);
        safe.push_str(match rest.as_bytes()[at] {
            b'<' => "\\u003c",
            b'>' => "\\u003e",
            _ => "\\u0026",
        });
        rest = &rest[at + 1..];
    }
    safe.push_str(rest);
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_end_its_element() {
        assert_eq!(
            script_safe(&json!("</script><!--")),
            r#""\u003c/script\u003e\u003c!--""#
        );
    }
}
