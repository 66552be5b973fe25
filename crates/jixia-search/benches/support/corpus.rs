//! A corpus of any size from real documents: paragraphs of a directory of Markdown, shuffled by a seed.

use std::path::Path;

use jixia_search::{Block, BlockKind, Document};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Bytes of Markdown of a document: 59 MB in 10,000.
const DOCUMENT_BYTES: usize = 5_900;

const CITIES: [&str; 16] = [
    "济南", "青岛", "淄博", "枣庄", "东营", "烟台", "潍坊", "济宁", "泰安", "威海", "日照", "临沂", "德州",
    "聊城", "滨州", "菏泽",
];
const KINDS: [&str; 10] = [
    "微课",
    "教案",
    "论文",
    "课件",
    "课程",
    "通知",
    "动态",
    "项目",
    "工具",
    "学生作品",
];
const FORMATS: [&str; 7] = ["文本", "图形图像", "音频", "视频", "动画", "交互", "仿真模拟"];
const SUBJECTS: [&str; 12] = [
    "数控车床",
    "电气自动化",
    "汽车维修",
    "计算机网络",
    "烹饪工艺",
    "焊接技术",
    "会计",
    "学前教育",
    "模具制造",
    "工业机器人",
    "新能源汽车",
    "电子商务",
];

/// The paragraphs and titles to shuffle.
pub(crate) struct Corpus {
    paragraphs: Vec<String>,
    titles: Vec<String>,
}

/// A generator of numbers (SplitMix64): the same seed, the same corpus.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ mixed >> 31) % limit as u64) as usize
    }
}

impl Corpus {
    /// Reads the Markdown files below a directory, in the order of their paths.
    pub(crate) fn read(directory: &Path) -> std::io::Result<Corpus> {
        let files = walkdir::WalkDir::new(directory)
            .sort_by_file_name()
            .into_iter()
            .flatten();
        let files = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "md"));
        let mut corpus = Corpus {
            paragraphs: Vec::new(),
            titles: Vec::new(),
        };
        for file in files {
            corpus.add(&std::fs::read_to_string(file.path())?);
        }
        Ok(corpus)
    }

    fn add(&mut self, text: &str) {
        let body = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
            .map_or(text, |(_, body)| body);
        let mut paragraph = String::new();
        let mut in_code = false;
        for line in body.lines() {
            in_code ^= line.trim_start().starts_with("```");
            if let Some(title) = line.strip_prefix('#').filter(|_| !in_code) {
                self.titles.push(title.trim_start_matches(['#', ' ']).to_owned());
            }
            if line.trim().is_empty() && !in_code {
                self.flush(&mut paragraph);
            } else {
                paragraph.push_str(line);
                paragraph.push('\n');
            }
        }
        self.flush(&mut paragraph);
    }

    fn flush(&mut self, paragraph: &mut String) {
        // A table of hundreds of rows would be a document of its own, and the same one many times.
        if !paragraph.is_empty() && paragraph.len() < 3 * DOCUMENT_BYTES {
            self.paragraphs.push(std::mem::take(paragraph));
        }
        paragraph.clear();
    }

    /// The Markdown of document `index` in its `revision`; a revision differs by an added sentence.
    pub(crate) fn markdown(&self, index: usize, revision: usize) -> String {
        let mut random = Random(index as u64);
        let mut text = String::new();
        // Stopping at a random length keeps the mean: a last paragraph would else exceed it on average by its own half.
        let length = random.below(2 * DOCUMENT_BYTES);
        while text.is_empty() || text.len() < length {
            let paragraph = &self.paragraphs[random.below(self.paragraphs.len())];
            if text.is_empty() || text.len() + paragraph.len() / 2 < length {
                text.push_str(paragraph);
                text.push('\n');
            } else {
                break;
            }
        }
        for _ in 0..revision {
            text.push_str("本次修订补充了一句说明，供教师备课时参考。\n\n");
        }
        text
    }

    /// Document `index`, with its text.
    pub(crate) fn document(&self, index: usize, revision: usize) -> Document {
        let mut random = Random(!(index as u64));
        let mut pick = |list: &[&'static str]| list[random.below(list.len())];
        let (city, kind, format, subject) = (pick(&CITIES), pick(&KINDS), pick(&FORMATS), pick(&SUBJECTS));
        let date = 16_000 + random.below(3_650) as i32;
        let unit = format!("示例{city}第{}技师学院", random.below(12) + 1);
        let title = format!(
            "{subject}{kind}：{}",
            self.titles[random.below(self.titles.len())]
        );
        let facets = [
            ("kind", kind),
            ("city", city),
            ("unit", &unit),
            ("specialty", subject),
            ("format", format),
        ];
        let mut facets: Vec<(String, String)> = facets
            .iter()
            .map(|(name, label)| ((*name).into(), (*label).into()))
            .collect();
        facets.push(("year".into(), (1970 + date / 365).to_string()));
        Document {
            url: format!("/resource/{index:05}/"),
            title,
            kind: kind.into(),
            date: Some(date),
            people: Vec::new(),
            units: vec![unit],
            facets,
            text: blocks(&self.markdown(index, revision)).into_iter().collect(),
        }
    }
}

/// The plain text of Markdown, block by block.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut text = String::new();
    let mut push = |text: &mut String, kind| {
        if !text.trim().is_empty() {
            blocks.push(Block {
                kind,
                text: std::mem::take(text),
            });
        }
        text.clear();
    };
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Heading(_)) => push(&mut text, BlockKind::Heading),
            Event::Start(Tag::List(_) | Tag::Item | Tag::Paragraph | Tag::CodeBlock(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::TableCell) => {
                push(&mut text, BlockKind::Body);
            }
            _ => {}
        }
    }
    push(&mut text, BlockKind::Body);
    blocks
}
