//! XML of documents as a tree, within bounds.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// Most elements and texts of a part.
const NODES: usize = 2_000_000;
/// Deepest nesting.
const LEVELS: usize = 200;

/// An element by its name without prefix.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// What an element holds.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// The value of an attribute, whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The elements that it holds.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of this name that it holds.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// The `val` of the first element of this name that it holds.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.attribute("val")
    }

    /// Whether a property is switched on: it is there and not `0`.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.child(name)
            .is_some_and(|element| !matches!(element.attribute("val"), Some("0" | "false" | "none")))
    }

    /// The elements of this name at any depth, in their order.
    pub(super) fn all<'e>(&'e self, name: &str) -> Vec<&'e Element> {
        let mut found = Vec::new();
        let mut open: Vec<&Element> = vec![self];
        while let Some(element) = open.pop() {
            if element.name == name {
                found.push(element);
            }
            let at = open.len();
            open.extend(element.elements());
            open[at..].reverse();
        }
        found
    }

    /// All text that it holds.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut open: Vec<&Node> = self.children.iter().rev().collect();
        while let Some(node) = open.pop() {
            match node {
                Node::Text(piece) => text.push_str(piece),
                Node::Element(element) => open.extend(element.children.iter().rev()),
            }
        }
        text
    }
}

/// Reads a part. Returns `None` if it is no XML, or too much of it.
pub(super) fn parse(text: &str) -> Option<Element> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    let mut nodes = 0;
    loop {
        nodes += 1;
        if nodes > NODES || open.len() > LEVELS {
            return None;
        }
        match reader.read_event().ok()? {
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => open.last_mut()?.children.push(Node::Element(element(&tag))),
            Event::End(_) => {
                let element = open.pop()?;
                open.last_mut()?.children.push(Node::Element(element));
            }
            Event::Text(piece) => open.last_mut()?.children.push(Node::Text(piece.to_string())),
            Event::GeneralRef(name) => {
                let text = unescape(&format!("&{};", &*name)).ok()?.into_owned();
                open.last_mut()?.children.push(Node::Text(text));
            }
            // A declared entity could spell anything, any number of times.
            Event::DocType(_) => return None,
            Event::Eof => return (open.len() == 1).then(|| open.pop()).flatten(),
            _ => {}
        }
    }
}

fn element(tag: &BytesStart<'_>) -> Element {
    let attributes = tag.attributes().flatten().map(|attribute| {
        let value = unescape(&attribute.value).map(std::borrow::Cow::into_owned);
        (
            attribute.key.local_name().as_ref().to_owned(),
            value.unwrap_or_default(),
        )
    });
    Element {
        name: tag.local_name().as_ref().to_owned(),
        attributes: attributes.collect(),
        children: Vec::new(),
    }
}
