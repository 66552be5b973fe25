//! Word documents as Markdown: paragraphs, headings, lists, tables with merged cells, pictures, footnotes, links.

mod block;
mod names;
mod package;
mod runs;
mod table;
mod xml;

use std::collections::BTreeMap;

use block::{Block, joined};
pub use names::renamed;
use package::Package;
use runs::{Run, add, html, markdown};
use table::{Cell, MOST_ACROSS, table};
use xml::{Element, Node};

use super::archive::Refused;

/// Longest first paragraph that is taken for a title, in characters.
const TITLE: usize = 80;
/// Extensions of pictures that browsers show, and of such as can be converted.
const SHOWN: [&str; 9] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "tif", "tiff"];
/// Boxes and tables within each other are read so deep.
const DEEPEST: usize = 8;

/// What a document becomes.
#[derive(Debug, Default)]
pub struct Document {
    /// Its title, if one can be told; then it is no part of the body.
    pub title: Option<String>,
    /// The body. Pictures are named as in [`Document::pictures`].
    pub body: String,
    /// Pictures by the names under which the body shows them: `image1.png` is the first.
    pub pictures: Vec<(String, Vec<u8>)>,
    /// What could not be carried over, by name: `formula` and `chart`, or the name of a picture that no browser shows.
    pub reduced: Vec<String>,
}

/// Reads a document. `folder` stands before the names of pictures in the body, such as `notice/`.
///
/// # Errors
/// When the bytes are no archive that is taken, or no Word document.
pub fn document(bytes: &[u8], folder: &str) -> Result<Document, Refused> {
    let mut package = Package::open(bytes)?;
    let root = std::mem::take(&mut package.document);
    let mut reader = Reader {
        package,
        folder,
        made: Document::default(),
        notes: Vec::new(),
        known: BTreeMap::new(),
    };
    let mut blocks = Vec::new();
    if let Some(body) = root.child("document").and_then(|document| document.child("body")) {
        reader.blocks(body, 0, &mut blocks);
    }
    reader.title(&mut blocks);
    let mut body = joined(&blocks);
    for (number, id) in std::mem::take(&mut reader.notes).into_iter().enumerate() {
        let note = reader.package.notes.remove(&id).unwrap_or_default();
        let mut inside = Vec::new();
        reader.blocks(&note, 1, &mut inside);
        let text: Vec<String> = inside.into_iter().map(|block| block.text).collect();
        body.push_str(&format!(
            "\n\n[^{}]: {}",
            number + 1,
            text.join(" ").replace("  \n", " ")
        ));
    }
    reader.made.body = body.trim().to_owned();
    Ok(reader.made)
}

struct Reader<'a> {
    package: Package<'a>,
    folder: &'a str,
    made: Document,
    /// Footnotes in the order of their marks.
    notes: Vec<String>,
    /// Names of pictures by those that they have in the document, which may hold anything.
    known: BTreeMap<String, String>,
}

impl Reader<'_> {
    fn blocks(&mut self, parent: &Element, depth: usize, blocks: &mut Vec<Block>) {
        for element in parent.elements() {
            match element.name.as_str() {
                "p" => self.paragraph(element, depth, blocks),
                "tbl" if depth < DEEPEST => self.table(element, depth, blocks),
                "sdt" => {
                    if let Some(content) = element.child("sdtContent") {
                        self.blocks(content, depth, blocks);
                    }
                }
                "ins" | "smartTag" | "customXml" => self.blocks(element, depth, blocks),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, element: &Element, depth: usize, blocks: &mut Vec<Block>) {
        let mut runs = Vec::new();
        let mut boxes = Vec::new();
        self.runs(element, &Run::default(), &mut runs, &mut boxes);
        let empty = Element::default();
        let properties = element.child("pPr").unwrap_or(&empty);
        let style = properties.value("pStyle").unwrap_or_default();
        let own = properties
            .value("outlineLvl")
            .and_then(|level| level.parse::<usize>().ok())
            .filter(|level| *level < 6);
        let is_title = self.package.is_title(style);
        let level = self
            .package
            .level(style)
            .or(own.map(|level| level + 1))
            .or(is_title.then_some(1));
        let text = markdown(&runs, level.is_some());
        if !text.is_empty() {
            let plain: String = runs
                .iter()
                .filter(|run| !run.is_markup)
                .map(|run| run.text.trim())
                .collect();
            let is_centred = properties.value("jc") == Some("center") && plain.chars().count() <= TITLE;
            let mut block = Block {
                can_be_title: level == Some(1) || is_centred,
                html: html(&runs),
                plain,
                ..Block::default()
            };
            block.text = match (level, self.item(properties)) {
                // The title of the page is the one heading of the first level.
                (Some(level), _) => format!("{} {}", "#".repeat(level.max(2)), text.replace("  \n", " ")),
                (None, Some((indent, marker))) => {
                    block.is_item = true;
                    let inside = " ".repeat(indent + marker.len());
                    format!(
                        "{}{marker}{}",
                        " ".repeat(indent),
                        text.replace('\n', &format!("\n{inside}"))
                    )
                }
                (None, None) => text,
            };
            blocks.push(block);
        }
        for inside in boxes {
            if depth < DEEPEST {
                self.blocks(inside, depth + 1, blocks);
            }
        }
    }

    /// Indentation and mark of an item of a list.
    fn item(&self, properties: &Element) -> Option<(usize, &'static str)> {
        let list = properties.child("numPr")?;
        let (number, level) = (list.value("numId")?, list.value("ilvl").unwrap_or("0"));
        let is_numbered = self.package.is_numbered(number, level)?;
        let depth = level.parse::<usize>().unwrap_or(0).min(DEEPEST);
        Some((3 * depth, if is_numbered { "1. " } else { "- " }))
    }

    fn runs<'e>(
        &mut self,
        parent: &'e Element,
        marks: &Run,
        runs: &mut Vec<Run>,
        boxes: &mut Vec<&'e Element>,
    ) {
        for element in parent.elements() {
            match element.name.as_str() {
                "r" => self.run(element, marks, runs, boxes),
                "hyperlink" => {
                    let link = element
                        .attribute("id")
                        .and_then(|id| self.package.link(id))
                        .map(str::to_owned);
                    self.runs(
                        element,
                        &Run {
                            link,
                            ..marks.clone()
                        },
                        runs,
                        boxes,
                    );
                }
                "ins" | "smartTag" | "fldSimple" | "sdtContent" | "sdt" | "customXml" | "dir" | "bdo" => {
                    self.runs(element, marks, runs, boxes);
                }
                "oMath" | "oMathPara" => {
                    self.made.reduced.push("formula".to_owned());
                    add(
                        runs,
                        Run {
                            text: element.text(),
                            ..marks.clone()
                        },
                    );
                }
                _ => {}
            }
        }
    }

    fn run<'e>(
        &mut self,
        element: &'e Element,
        marks: &Run,
        runs: &mut Vec<Run>,
        boxes: &mut Vec<&'e Element>,
    ) {
        let mut marks = marks.clone();
        if let Some(properties) = element.child("rPr") {
            if properties.is_on("vanish") {
                return;
            }
            marks.bold |= properties.is_on("b");
            marks.italic |= properties.is_on("i");
            marks.struck |= properties.is_on("strike");
        }
        let markup = |text: &str| Run {
            text: text.to_owned(),
            is_markup: true,
            ..Run::default()
        };
        for node in &element.children {
            let Node::Element(part) = node else { continue };
            match part.name.as_str() {
                "t" => add(
                    runs,
                    Run {
                        text: part.text(),
                        ..marks.clone()
                    },
                ),
                "tab" => add(
                    runs,
                    Run {
                        text: " ".to_owned(),
                        ..marks.clone()
                    },
                ),
                "noBreakHyphen" => add(
                    runs,
                    Run {
                        text: "-".to_owned(),
                        ..marks.clone()
                    },
                ),
                "br" | "cr" if !matches!(part.attribute("type"), Some("page" | "column")) => {
                    runs.push(markup("\n"));
                }
                "footnoteReference" => {
                    let id = part.attribute("id").unwrap_or_default().to_owned();
                    if self.package.notes.contains_key(&id) {
                        self.notes.push(id);
                        runs.push(markup(&format!("[^{}]", self.notes.len())));
                    }
                }
                "drawing" | "pict" | "object" => self.drawing(part, runs, boxes),
                "AlternateContent" => {
                    let chosen = part.child("Choice").or_else(|| part.child("Fallback"));
                    if let Some(chosen) = chosen {
                        self.drawing(chosen, runs, boxes);
                    }
                }
                _ => {}
            }
        }
    }

    /// Pictures and boxes of text of a drawing.
    fn drawing<'e>(&mut self, drawing: &'e Element, runs: &mut Vec<Run>, boxes: &mut Vec<&'e Element>) {
        let described = drawing
            .all("docPr")
            .into_iter()
            .find_map(|properties| properties.attribute("descr"));
        let alt = described
            .unwrap_or_default()
            .replace(['[', ']', '\n', '\r', '"', '<'], " ");
        let embedded = drawing
            .all("blip")
            .into_iter()
            .filter_map(|picture| picture.attribute("embed"));
        let old = drawing
            .all("imagedata")
            .into_iter()
            .filter_map(|picture| picture.attribute("id"));
        let relations: Vec<String> = embedded.chain(old).map(str::to_owned).collect();
        for relation in relations {
            let Some((name, bytes)) = self.package.picture(&relation) else {
                continue;
            };
            let lowered = name.to_lowercase();
            let extension = lowered.rsplit('.').next().filter(|known| SHOWN.contains(known));
            let Some(extension) = extension else {
                self.made.reduced.push(lowered);
                continue;
            };
            let next = format!("image{}.{extension}", self.known.len() + 1);
            let name = self.known.entry(name).or_insert_with(|| {
                self.made.pictures.push((next.clone(), bytes));
                next
            });
            let text = format!("![{}]({}{name})", alt.trim(), self.folder);
            runs.push(Run {
                text,
                is_markup: true,
                ..Run::default()
            });
        }
        // A chart is drawn by the office from its numbers; of a diagram there are but relations.
        let drawn = ["chart", "relIds"].map(|name| drawing.all(name).len());
        let charts = std::iter::repeat_n("chart".to_owned(), drawn.iter().sum());
        self.made.reduced.extend(charts);
        boxes.extend(drawing.all("txbxContent"));
    }

    fn table(&mut self, element: &Element, depth: usize, blocks: &mut Vec<Block>) {
        let rows: Vec<&Element> = element.elements().filter(|row| row.name == "tr").collect();
        let cells = |row: &Element| row.elements().filter(|cell| cell.name == "tc").count();
        // A frame around a text is no table.
        if let [row] = rows.as_slice()
            && cells(row) == 1
            && let Some(cell) = row.child("tc")
        {
            return self.blocks(cell, depth + 1, blocks);
        }
        let mut grid = Vec::new();
        for row in rows {
            let cells = row.elements().filter(|cell| cell.name == "tc");
            grid.push(cells.map(|cell| self.cell(cell, depth)).collect::<Vec<Cell>>());
        }
        if grid.iter().flatten().any(|cell| !cell.markdown.is_empty()) {
            blocks.push(Block {
                text: table(&grid),
                ..Block::default()
            });
        }
    }

    fn cell(&mut self, element: &Element, depth: usize) -> Cell {
        let mut inside = Vec::new();
        self.blocks(element, depth + 1, &mut inside);
        let properties = element.child("tcPr");
        let value = |name: &str| properties.and_then(|properties| properties.value(name));
        let merge = properties.and_then(|properties| properties.child("vMerge"));
        let across = value("gridSpan")
            .and_then(|span| span.parse::<usize>().ok())
            .unwrap_or(1);
        let text: Vec<String> = inside
            .iter()
            .map(|block| block.text.replace("  \n", "<br>").replace('\n', " "))
            .collect();
        let html: Vec<&str> = inside
            .iter()
            .map(|block| block.html.as_str())
            .filter(|html| !html.is_empty())
            .collect();
        Cell {
            markdown: text.join("<br>"),
            html: html.join("<br>"),
            across: across.clamp(1, MOST_ACROSS),
            goes_on: merge.is_some_and(|merge| merge.attribute("val") != Some("restart")),
        }
    }

    /// Takes the title from the beginning.
    fn title(&mut self, blocks: &mut Vec<Block>) {
        let is_title = blocks
            .first()
            .is_some_and(|block| block.can_be_title && !block.plain.is_empty());
        if is_title {
            self.made.title = Some(blocks.remove(0).plain);
        }
    }
}

#[cfg(test)]
mod tests;
