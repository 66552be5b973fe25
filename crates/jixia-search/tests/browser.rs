//! Builds the index of a small site and runs the browser's code against it with Node (`worker.test.mjs`).
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

use jixia_search::{Block, BlockKind, Digest, Document, Library, Stamp, digest, update};

const SUBJECTS: [&str; 8] = [
    "数控车床",
    "电气自动化",
    "汽车维修",
    "计算机网络",
    "烹饪工艺",
    "焊接技术",
    "会计实务",
    "工业机器人",
];
const KINDS: [&str; 4] = ["微课", "教案", "通知", "课件"];
const CITIES: [&str; 5] = ["济南", "青岛", "淄博", "烟台", "潍坊"];
const SENTENCES: [&str; 12] = [
    "本节课先说明安全操作规程，再由学生分组练习，教师巡回指导。",
    "请各单位在规定日期以前提交申报材料，逾期不予受理。",
    "学生能够根据图样选择刀具、确定切削用量，并完成零件的加工。",
    "示例程序用 Python 3.12 编写，用 USB 接口读取传感器的数据。",
    "教研组每两周集体备课一次，记录问题与改进措施。",
    "評審專家應當獨立評分，去掉最高分和最低分以後取平均值。",
    "资源包括课件、视频、工作页与评价表，共 36 学时。",
    "常见故障有电路断路、短路和接触不良，应当逐段检查。",
    "成绩由过程评价（６０％）和结果评价（４０％）组成。",
    "网络拓扑图标明了交换机、路由器与防火墙的位置。",
    "企业导师参与课程设计，把真实的生产任务引入课堂。",
    "实训结束以后，按照管理规定整理工具，清扫场地。",
];

struct Site {
    documents: Vec<Document>,
    directory: PathBuf,
}

impl Library for Site {
    fn digest(&self, index: usize) -> Digest {
        digest(&self.documents[index])
    }
    fn published(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
    fn publish(&self, path: &str, bytes: &[u8]) {
        let path = self.directory.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn document(number: usize) -> Document {
    let (subject, kind, city) = (SUBJECTS[number % 8], KINDS[number / 8 % 4], CITIES[number % 5]);
    let sentence = |index: usize| SENTENCES[(number * 7 + index * 5 + number / 12) % SENTENCES.len()];
    let mut blocks = vec![Block {
        kind: BlockKind::Heading,
        text: format!("{subject}的学习目标"),
    }];
    blocks.extend((0..4).map(|index| Block {
        kind: BlockKind::Body,
        text: format!("{}{}", sentence(index), sentence(index + 4)),
    }));
    blocks.push(Block {
        kind: BlockKind::Body,
        text: format!("本资源的编号是 JX{number:04}，第{}次修订。", number % 9),
    });
    if number == 42 {
        blocks.extend((0..60).map(|index| {
            let noise =
                (0..90).filter_map(|at| char::from_u32(0x5000 + (index * 131 + at * at * 7) % 0x3000));
            Block {
                kind: BlockKind::Body,
                text: noise.collect(),
            }
        }));
        blocks.push(Block {
            kind: BlockKind::Body,
            text: "长文末尾的句子也能找到。".into(),
        });
    }
    let date = 19_000 + (number * 13 % 1500) as i32;
    let unit = format!("示例{city}技师学院");
    let facets = [
        ("kind", kind.to_owned()),
        ("city", city.into()),
        ("year", (1970 + date / 365).to_string()),
        ("unit", unit.clone()),
    ];
    Document {
        url: format!("/resource/{number}/"),
        title: format!("{subject}{kind}（{number}）"),
        kind: kind.into(),
        date: (!number.is_multiple_of(11)).then_some(date),
        people: vec![if number % 20 == 3 {
            "单示例".into()
        } else {
            "示例作者".into()
        }],
        units: vec![unit],
        facets: facets
            .into_iter()
            .map(|(name, label)| (name.to_owned(), label))
            .collect(),
        text: blocks.into_iter().collect(),
    }
}

#[test]
fn the_browser_finds_what_was_indexed() {
    let directory = tempfile::tempdir().unwrap();
    let site = Site {
        documents: (0..400).map(document).collect(),
        directory: directory.path().join("index"),
    };
    let ids: Vec<String> = (0..400).map(|number| format!("resource/{number}")).collect();
    let stamps: Vec<Stamp<'_>> = ids.iter().map(|id| Stamp { id, fingerprint: 0 }).collect();
    update(None, &stamps, &site);
    let texts: Vec<serde_json::Value> = site
        .documents
        .iter()
        .map(|document| {
            let blocks: Vec<&str> = document.text.blocks().map(|(_, text)| text).collect();
            serde_json::json!({"url": document.url, "title": document.title, "units": document.units, "blocks": blocks})
        })
        .collect();
    std::fs::write(
        directory.path().join("texts.json"),
        serde_json::to_vec(&texts).unwrap(),
    )
    .unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/worker.test.mjs");
    let output = Command::new("node")
        .arg("--test")
        .arg(script)
        .env("JIXIA_SEARCH_SITE", directory.path())
        .output();
    let output = output.expect("Node.js runs the browser's code");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
