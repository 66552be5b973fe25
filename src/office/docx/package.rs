//! The parts of a document: styles, numbering, relations, notes, pictures.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read as _};

use super::xml::{Element, parse};
use crate::office::archive::{Archive, Refused};

/// Most bytes that a document unpacks to.
const UNPACKED: u64 = 200_000_000;
/// Most bytes of XML of one part.
const PART: u64 = 40_000_000;
/// Most bytes of one picture.
const PICTURE: u64 = 50_000_000;
/// Longest chain of styles, each of which is based on the next.
const STYLES: usize = 10;

/// A document with its parts laid out.
pub(super) struct Package<'a> {
    archive: Archive<Cursor<&'a [u8]>>,
    names: HashMap<String, usize>,
    pub(super) document: Element,
    styles: HashMap<String, Style>,
    /// Formats of lists by their numbers and levels.
    lists: HashMap<(String, String), String>,
    /// Targets of relations by their ids.
    relations: HashMap<String, String>,
    /// Footnotes by their ids.
    pub(super) notes: BTreeMap<String, Element>,
}

struct Style {
    level: Option<usize>,
    is_title: bool,
    base: Option<String>,
}

impl<'a> Package<'a> {
    /// Lays a document out.
    ///
    /// # Errors
    /// When it is no archive that is taken, or no Word document.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refused> {
        let archive = Archive::open(Cursor::new(bytes), UNPACKED)?;
        let names = archive.names().into_iter().enumerate();
        let mut package = Self {
            names: names.map(|(place, name)| (name, place)).collect(),
            archive,
            document: Element::default(),
            styles: HashMap::new(),
            lists: HashMap::new(),
            relations: HashMap::new(),
            notes: BTreeMap::new(),
        };
        package.document = package.xml("word/document.xml").ok_or(Refused::Damaged)?;
        package.styles = package
            .xml("word/styles.xml")
            .map(|part| styles(&part))
            .unwrap_or_default();
        package.lists = package
            .xml("word/numbering.xml")
            .map(|part| lists(&part))
            .unwrap_or_default();
        if let Some(part) = package.xml("word/_rels/document.xml.rels") {
            let relation = |one: &Element| {
                Some((
                    one.attribute("Id")?.to_owned(),
                    one.attribute("Target")?.to_owned(),
                ))
            };
            package.relations = part
                .all("Relationship")
                .into_iter()
                .filter_map(relation)
                .collect();
        }
        if let Some(mut part) = package.xml("word/footnotes.xml") {
            package.notes = notes(&mut part);
        }
        Ok(package)
    }

    fn bytes(&mut self, name: &str, most: u64) -> Option<Vec<u8>> {
        let place = *self.names.get(name)?;
        let mut bytes = Vec::new();
        self.archive
            .part(place)
            .ok()?
            .take(most + 1)
            .read_to_end(&mut bytes)
            .ok()?;
        (bytes.len() as u64 <= most).then_some(bytes)
    }

    fn xml(&mut self, name: &str) -> Option<Element> {
        let bytes = self.bytes(name, PART)?;
        parse(std::str::from_utf8(&bytes).ok()?.trim_start_matches('\u{feff}'))
    }

    /// The bytes of a picture by its relation, and its name in the document.
    pub(super) fn picture(&mut self, relation: &str) -> Option<(String, Vec<u8>)> {
        let target = self.relations.get(relation)?.trim_start_matches('/').to_owned();
        let path = if target.starts_with("word/") {
            target
        } else {
            format!("word/{target}")
        };
        let bytes = self.bytes(&path, PICTURE)?;
        Some((path.rsplit('/').next()?.to_owned(), bytes))
    }

    /// Where a link leads, if that is outside.
    pub(super) fn link(&self, relation: &str) -> Option<&str> {
        let target = self.relations.get(relation)?;
        let is_web = ["https://", "http://", "mailto:"]
            .iter()
            .any(|scheme| target.starts_with(scheme));
        is_web.then_some(target.as_str())
    }

    /// The level of heading of a style, from 1.
    pub(super) fn level(&self, style: &str) -> Option<usize> {
        self.chain(style).find_map(|style| style.level)
    }

    /// Whether a style is that of the title.
    pub(super) fn is_title(&self, style: &str) -> bool {
        self.chain(style).any(|style| style.is_title)
    }

    fn chain<'s>(&'s self, style: &str) -> impl Iterator<Item = &'s Style> {
        let first = self.styles.get(style);
        std::iter::successors(first, |style| self.styles.get(style.base.as_ref()?)).take(STYLES)
    }

    /// Whether the items of a list are numbered. Returns `None` if there is no such list.
    pub(super) fn is_numbered(&self, list: &str, level: &str) -> Option<bool> {
        let format = self.lists.get(&(list.to_owned(), level.to_owned()))?;
        Some(!matches!(format.as_str(), "bullet" | "none"))
    }
}

fn styles(part: &Element) -> HashMap<String, Style> {
    let style = |one: &Element| {
        let name = one.value("name").unwrap_or_default().to_lowercase();
        let of_name = name
            .strip_prefix("heading ")
            .or_else(|| name.strip_prefix("标题 "));
        let outline = one
            .child("pPr")
            .and_then(|paragraph| paragraph.value("outlineLvl")?.parse::<usize>().ok());
        let level = of_name
            .and_then(|level| level.trim().parse().ok())
            .or(outline.map(|level| level + 1));
        let style = Style {
            level: level.filter(|level| (1..=6).contains(level)),
            is_title: matches!(name.as_str(), "title" | "标题"),
            base: one.value("basedOn").map(str::to_owned),
        };
        Some((one.attribute("styleId")?.to_owned(), style))
    };
    part.all("style").into_iter().filter_map(style).collect()
}

fn lists(part: &Element) -> HashMap<(String, String), String> {
    let mut formats: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    for list in part.all("abstractNum") {
        let levels = list.elements().filter(|level| level.name == "lvl");
        let known = levels.filter_map(|level| Some((level.attribute("ilvl")?, level.value("numFmt")?)));
        formats.insert(
            list.attribute("abstractNumId").unwrap_or_default(),
            known.collect(),
        );
    }
    let mut lists = HashMap::new();
    for list in part.all("num") {
        let known = list.value("abstractNumId").and_then(|id| formats.get(id));
        for (level, format) in known.into_iter().flatten() {
            let number = list.attribute("numId").unwrap_or_default().to_owned();
            lists.insert((number, (*level).to_owned()), (*format).to_owned());
        }
    }
    lists
}

/// Footnotes by their ids; separators are none.
fn notes(part: &mut Element) -> BTreeMap<String, Element> {
    let mut notes = BTreeMap::new();
    let mut open: Vec<Element> = vec![std::mem::take(part)];
    while let Some(element) = open.pop() {
        if element.name == "footnote" {
            if element.attribute("type").is_none() {
                notes.insert(element.attribute("id").unwrap_or_default().to_owned(), element);
            }
            continue;
        }
        open.extend(element.children.into_iter().filter_map(|node| match node {
            super::xml::Node::Element(element) => Some(element),
            super::xml::Node::Text(_) => None,
        }));
    }
    notes
}
