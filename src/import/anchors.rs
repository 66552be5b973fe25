//! Headings that links name: other generators make ids of them in other ways.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jixia_markdown::Body;
use percent_encoding::percent_decode_str;

use super::links::{Place, path_of, places, replaced, within};
use super::plan::{Content, Plan};
use super::report::NoteKind;
use super::tidy::shortened;
use crate::source::{parse, split};

/// What a text has for others to name, and what it names itself.
struct Text {
    /// Where the body begins.
    start: usize,
    ids: Vec<String>,
    /// Targets with a heading.
    places: Vec<Place>,
}

/// Lets links name headings as they are called here. `sources` are the files of the source by their new paths, `tops` the ids of
/// headings that became titles: what names one of them names the page.
pub(super) fn mend(plan: &mut Plan, sources: &BTreeMap<&str, Arc<str>>, tops: &BTreeMap<String, String>) {
    let texts = plan.files.iter().filter_map(|(path, content)| match content {
        Content::Text(text) => Some((path.clone(), read(text)?)),
        _ => None,
    });
    let texts: BTreeMap<String, Text> = texts.collect();
    for (path, text) in &texts {
        let Some(Content::Text(whole)) = plan.files.get(path) else {
            continue;
        };
        let body = &whole[text.start..];
        let (mut parts, mut unknown) = (Vec::new(), BTreeSet::new());
        for place in &text.places {
            let Some(heading) = heading(&texts, tops, path, place) else {
                continue;
            };
            let written = &body[place.start..place.end];
            let (before, end) = (
                written.split('#').next().unwrap_or_default(),
                if written.ends_with('>') { ">" } else { "" },
            );
            match heading {
                Ok(id) => parts.push((place.start, place.end, format!("{before}{id}{end}"))),
                Err(()) => drop(unknown.insert(shortened(&place.target))),
            }
        }
        let mended =
            (!parts.is_empty()).then(|| format!("{}{}", &whole[..text.start], replaced(body, &parts)));
        if let Some(file) = sources.get(path.as_str()) {
            for target in unknown {
                plan.report.note(NoteKind::HeadingUnresolved, file, 0, target);
            }
        }
        if let Some(mended) = mended {
            plan.files.insert(path.clone(), Content::Text(mended));
        }
    }
}

fn read(text: &str) -> Option<Text> {
    let parts = split(text).ok()?;
    let fields = parse(text.get(parts.front.start as usize..parts.front.end as usize)?, 0).ok()?;
    let title = fields.iter().find_map(|(name, value)| match &value.value {
        crate::source::Node::Scalar { text, .. } if name.value == "title" => Some(text.as_ref()),
        _ => None,
    });
    let body = text.get(parts.body.start as usize..)?;
    let facts = jixia_markdown::facts(
        Body {
            text: body,
            title: title.unwrap_or_default(),
        },
        &mut |_| {},
    );
    let mut places = places(body, &facts);
    places.retain(|place| place.target.contains('#'));
    let headings = facts.headings.into_iter().map(|heading| heading.id);
    Some(Text {
        start: parts.body.start as usize,
        ids: headings.chain(facts.anchors).collect(),
        places,
    })
}

/// What a target says behind the path, as it is called here. Returns `None` if it says so already, or names none of our texts;
/// an error if the text has no such heading.
fn heading(
    texts: &BTreeMap<String, Text>,
    tops: &BTreeMap<String, String>,
    from: &str,
    place: &Place,
) -> Option<Result<String, ()>> {
    let (path, anchor) = place.target.split_once('#')?;
    let target = if path.is_empty() {
        from.to_owned()
    } else {
        let (path, _) = path_of(path)?;
        within(from.rsplit_once('/').map_or("", |(folder, _)| folder), &path)?
    };
    let text = texts.get(&target)?;
    let anchor = percent_decode_str(anchor).decode_utf8_lossy();
    if anchor.is_empty() || anchor == "top" || text.ids.iter().any(|id| *id == anchor) {
        return None;
    }
    let wanted = folded(&anchor);
    let is_meant = |id: &String| !wanted.is_empty() && folded(id) == wanted;
    if let Some(id) = text.ids.iter().find(|id| is_meant(id)) {
        return Some(Ok(format!("#{id}")));
    }
    let top = if path.is_empty() { "#top" } else { "" };
    Some(
        tops.get(&target)
            .filter(|id| is_meant(id))
            .map(|_| top.to_owned())
            .ok_or(()),
    )
}

/// What ids of all generators have in common: letters and digits, in one case.
fn folded(id: &str) -> String {
    id.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
