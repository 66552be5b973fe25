//! Markup, attributes and addresses typed into every field of every kind's form: no page of the intake and no file of the
//! portal holds them as anything but text.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;
use support::{Browser, Office, Server, between, declared};

/// What ends the attribute, element, comment, script or character data that it may stand in, and begins something.
const HOSTILE: &str =
    "zz\"'></title></textarea></script>--> ]]><zz-hostile zz-on=\"1\"><script>zz()</script>{{ 7*191 }}";
/// What would show that it was taken for more than text.
const SIGNS: [&str; 4] = ["<zz-hostile", "<script>zz", "</textarea></script>", "1337"];
/// The same for fields of few letters.
const SHORT: &str = "z\"'><zz-hostile>";
/// The same where an address is expected.
const ADDRESS: &str = "javascript:zz()//\"><zz-hostile>";
const ADDRESS_SIGNS: [&str; 3] = ["href=\"javascript:", "src=\"javascript:", "href=javascript:"];

/// A field of a form.
struct Field {
    name: String,
    /// The values that may be chosen; none where one types.
    choices: Vec<String>,
    media_type: String,
}

/// The fields that a form shows, as a browser sees them.
fn fields(page: &str) -> Vec<Field> {
    let control = Regex::new(
        r#"(?s)<(input|textarea|select)\b([^>]*)>(.*?)(?:</select>|$|<(?:input|textarea|select|/textarea))"#,
    );
    let name = Regex::new(r#"\bname="([^"]*)""#).unwrap();
    let value = Regex::new(r#"<option[^>]*value="([^"]+)""#).unwrap();
    let kind = Regex::new(r#"\btype="([^"]*)""#).unwrap();
    let attribute = |of: &Regex, tag: &str| {
        of.captures(tag)
            .map_or(String::new(), |found| found[1].to_owned())
    };
    let mut found = Vec::new();
    let mut rest = page;
    let control = control.unwrap();
    while let Some(captures) = control.captures(rest) {
        let tag = &captures[2];
        let choices = match &captures[1] {
            "select" => value
                .captures_iter(&captures[3])
                .map(|found| found[1].to_owned())
                .collect(),
            _ => Vec::new(),
        };
        found.push(Field {
            name: attribute(&name, tag),
            choices,
            media_type: attribute(&kind, tag),
        });
        rest = &rest[captures.get(2).unwrap().end()..];
    }
    found.retain(|field| !field.name.is_empty());
    found
}

/// What is sent for each field of a form: hostile where one types, and where one chooses too when `is_wild`.
fn filled(page: &str, is_wild: bool) -> Vec<(String, String)> {
    let mut sent = Vec::new();
    for field in fields(page) {
        let Field {
            name,
            choices,
            media_type,
        } = field;
        let value = match media_type.as_str() {
            "hidden" | "file" | "submit" => continue,
            "radio" | "checkbox" if !is_wild => continue,
            "url" => ADDRESS.to_owned(),
            "date" | "number" | "time" | "datetime-local" if !is_wild => continue,
            _ if !choices.is_empty() && !is_wild => choices[0].clone(),
            _ => format!("{name} {HOSTILE}"),
        };
        sent.push((
            format!("has.{}", name.split('.').next().unwrap_or_default()),
            "1".to_owned(),
        ));
        sent.push((name, value));
    }
    sent
}

#[track_caller]
fn is_harmless(text: &str, place: &str) {
    for sign in SIGNS.iter().chain(&ADDRESS_SIGNS) {
        if let Some(at) = text.find(sign) {
            let start = (0..=at.saturating_sub(200))
                .rev()
                .find(|start| text.is_char_boundary(*start));
            let end = (at + sign.len()..=text.len()).find(|end| text.is_char_boundary(*end));
            panic!(
                "{place} holds {sign}: {}",
                &text[start.unwrap_or(0)..end.unwrap_or(at)]
            );
        }
    }
}

/// The kinds that somebody is offered.
fn kinds(browser: &Browser) -> Vec<String> {
    let page = browser.get("/intake/new").is(200).body;
    let button = Regex::new(r#"<button name="kind" value="([^"]+)""#).unwrap();
    button
        .captures_iter(&page)
        .map(|found| found[1].to_owned())
        .collect()
}

/// Every page of a submission and every list that it is on.
fn looks(people: &[&Browser], id: &str) {
    let pages = [
        format!("/intake/items/{id}"),
        format!("/intake/items/{id}/edit?check=true"),
        format!("/intake/items/{id}/preview"),
        format!("/intake/items/{id}/reviewer"),
        "/intake/".to_owned(),
        "/intake/queue".to_owned(),
        "/intake/entries".to_owned(),
    ];
    for page in &pages {
        for browser in people {
            is_harmless(&browser.get(page).body, page);
        }
    }
}

/// Begins a submission of a kind, at an address of its own where its pages stand at chosen ones.
fn begins(author: &Browser, kind: &str) -> String {
    let begun = author.form("/intake/new", &[("kind", kind)]);
    let begun = if begun.status == 404 {
        let page = [("kind", kind), ("address", "zz-hostile")];
        author.form("/intake/new", &page)
    } else {
        begun
    };
    between(begun.is(303).location(), "/intake/items/", "/edit").to_owned()
}

#[test]
fn what_is_typed_into_every_field_of_every_kind_stays_text_in_the_office() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let province = server.sign_in("province");
    let (mut filled_in, mut known) = (0, BTreeSet::new());
    for author in [&teacher, &school, &city, &province] {
        let mut offered = kinds(author);
        offered.retain(|kind| known.insert(kind.clone()));
        for kind in offered {
            let id = begins(author, &kind);
            for is_wild in [true, false] {
                let form = author.get(&format!("/intake/items/{id}/edit")).is(200).body;
                let sent = filled(&form, is_wild);
                filled_in += sent.len();
                let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (&**name, &**value)).collect();
                let answer = author.fills(&id, &sent, "save");
                is_harmless(&answer.body, &format!("saving {kind}"));
                let answer = author.fills(&id, &declared(&sent), "submit");
                is_harmless(&answer.body, &format!("handing in {kind}"));
                looks(&[author, &province], &id);
                if answer.status == 303 {
                    break;
                }
            }
        }
    }
    assert!(filled_in > 1000, "the forms were read: {filled_in}");
}

/// Files that a browser reads as markup, below a directory.
fn pages(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| ["html", "xml", "svg"].iter().any(|known| extension == *known))
        {
            found.push(path);
        }
    }
}

/// Hands in hostile fields, with less where something is refused.
fn hands_in(author: &Browser, id: &str) -> bool {
    let form = author.get(&format!("/intake/items/{id}/edit")).is(200).body;
    let mut sent = filled(&form, false);
    for (_, value) in &mut sent {
        if value == ADDRESS {
            "https://example.org/?a=\"><zz-hostile>".clone_into(value);
        }
    }
    let wrong = Regex::new(r#"id="f-([a-z_]+)[^"]*-error-"#).unwrap();
    // What refers to something is looked at last, so that more is refused than at first.
    for shorter in [true, false, false, false, false] {
        let pairs: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (&**name, &**value)).collect();
        let answer = author.fills(id, &declared(&pairs), "submit");
        if answer.status == 303 {
            return true;
        }
        let refused: BTreeSet<String> = wrong
            .captures_iter(&answer.body)
            .map(|found| found[1].to_owned())
            .collect();
        for (name, value) in &mut sent {
            if refused.contains(name.split('.').next().unwrap_or_default()) {
                *value = if shorter { SHORT.to_owned() } else { String::new() };
            }
        }
    }
    false
}

/// Ticks whatever the checklist asks of the reviewer, with a hostile note.
fn ticks_all(reviewer: &Browser, id: &str) {
    let page = reviewer.get(&format!("/intake/items/{id}")).is(200).body;
    let tick = Regex::new(r#"name="tick" value="([^"]+)""#).unwrap();
    let ticks: Vec<String> = tick
        .captures_iter(&page)
        .map(|found| found[1].to_owned())
        .collect();
    let mut pairs: Vec<(&str, &str)> = ticks.iter().map(|tick| ("tick", &**tick)).collect();
    if !pairs.is_empty() {
        pairs.extend([("version", "1"), ("note", HOSTILE)]);
        reviewer
            .form(&format!("/intake/items/{id}/assessment"), &pairs)
            .is(303);
    }
    is_harmless(
        &reviewer.get(&format!("/intake/items/{id}")).is(200).body,
        "the sheet",
    );
}

#[test]
fn what_is_published_from_hostile_fields_is_text_on_every_page_of_the_portal() {
    let server = Server::start();
    let office = server.office();
    let mut published = Vec::new();
    for kind in kinds(&office.teacher) {
        let id = office.teacher.begins(&kind);
        if hands_in(&office.teacher, &id) {
            office.school.endorses(&id);
            ticks_all(&office.city, &id);
            office.city.decides(&id, "accept", &[]).is(303);
            office.teacher.waits_for(&id, "published");
            published.push(kind);
        }
    }
    assert!(published.len() > 1, "{published:?}");
    let mut found = Vec::new();
    pages(&server.data().join("public"), &mut found);
    assert!(found.len() > 300, "{}", found.len());
    let mut written = 0;
    for path in &found {
        let text = fs::read_to_string(path).unwrap();
        is_harmless(&text, &path.display().to_string());
        written += usize::from(text.contains("&lt;zz-hostile"));
    }
    assert!(
        written > 5,
        "what was typed is on the pages: {written} of {}",
        found.len()
    );
}
