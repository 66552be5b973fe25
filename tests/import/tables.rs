//! Tables: an entry a row, the files that cells name, and everything that is wrong at once.

use std::fs;
use std::io::{Cursor, Write as _};

use serde_json::Value;

use super::moving::{GIF, Move};

const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

/// A workbook of one sheet.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    workbook_of(&[("表", "visible", rows)])
}

/// Name, state and rows of a sheet.
type Sheet<'s> = (&'s str, &'s str, &'s [&'s [&'s str]]);

/// A workbook of sheets. A cell that begins with `#` is a number with the format of days.
fn workbook_of(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let cell = |cell: &&str| match cell.strip_prefix('#') {
        Some(serial) => format!("<c s=\"1\"><v>{serial}</v></c>"),
        None => format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
    };
    let row = |row: &&[&str]| format!("<row>{}</row>", row.iter().map(cell).collect::<String>());
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let (mut names, mut places, mut written) = (String::new(), String::new(), Vec::new());
    for (number, (name, state, rows)) in sheets.iter().enumerate() {
        let rows: String = rows.iter().map(row).collect();
        names += &format!(
            "<sheet name=\"{name}\" sheetId=\"{0}\" state=\"{state}\" r:id=\"r{0}\"/>",
            number + 1
        );
        places += &format!(
            "<Relationship Id=\"r{0}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{0}.xml\"/>",
            number + 1
        );
        written.push((
            format!("xl/worksheets/sheet{}.xml", number + 1),
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ));
    }
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"a\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{names}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{places}<Relationship Id=\"styles\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><numFmts><numFmt numFmtId=\"176\" formatCode=\"[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"176\"/></cellXfs></styleSheet>"
            ),
        ),
    ];
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts = parts.map(|(name, text)| (name.to_owned(), text));
    for (name, text) in parts.into_iter().chain(written) {
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

impl Move {
    /// Imports a table that lies in the source: exit code and the lines for machines.
    fn table(&self, name: &str, arguments: &[&str]) -> (i32, Vec<Value>) {
        let table = self.source.path().join(name);
        let all = [
            &["import", table.to_str().unwrap(), "--format", "json"],
            arguments,
        ]
        .concat();
        let (code, out, err) = self.jixia(&all);
        assert_eq!(err, "");
        (
            code,
            out.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
        )
    }

    fn with_school(self) -> Self {
        fs::create_dir_all(self.site.path().join("content/schools")).unwrap();
        let school = "---\ntitle: 示例学院\ncategory: technician-college\ncity: weihai\nsummary: 示例。\n---\n\n示例。\n";
        fs::write(self.site.path().join("content/schools/shili.md"), school).unwrap();
        self
    }
}

#[test]
fn a_workbook_moves_in_with_the_files_that_it_names() {
    let table = workbook(&[
        &["教学资源汇总表"],
        &[
            "序号",
            "*资源名称（必填）",
            "slug",
            "发布日期",
            "类别",
            "工作单位（全称）",
            "作者",
            "摘要",
            "附件",
            "封面",
            "课时",
            "正文",
        ],
        &[
            "1",
            "车刀的刃磨",
            "turning",
            "#46082",
            "微课",
            "示例学院",
            "示例甲、示例乙",
            "讲磨刀。",
            "a.pdf；附件/b，c.PDF",
            "封面.gif",
            "2",
            "第一段\n第二段",
        ],
        &[],
        &[
            "2",
            "量具的使用",
            "",
            "2026年3月2日",
            "micro-lesson",
            "shili",
            "",
            "",
            "",
            "",
            "",
            "",
        ],
    ]);
    let moving = Move::of(&[
        ("资源/表.xlsx", &table),
        ("资源/a.pdf", PDF),
        ("资源/附件/b，c.PDF", PDF),
        ("资源/图/封面.gif", GIF),
        ("资源/多余.pdf", PDF),
    ])
    .with_school();
    let (code, lines) = moving.table("资源/表.xlsx", &["--kind", "resource"]);
    assert_eq!(code, 0, "{lines:#?}");
    assert_eq!(
        moving.read("resources/turning.md"),
        "---\ntitle: \"车刀的刃磨\"\ndate: \"2026-03-01\"\nsummary: \"讲磨刀。\"\nunit: \"shili\"\nauthors: [\"示例甲\",\"示例乙\"]\n\
         attachments:\n  - {\"name\":\"a.pdf\",\"path\":\"turning/a.pdf\"}\n  - {\"name\":\"b，c.PDF\",\"path\":\"turning/b，c.pdf\"}\n\
         cover: \"turning/封面.gif\"\ncategory: \"micro-lesson\"\nclass_hours: 2\n---\n\n第一段\n\n第二段\n"
    );
    assert!(
        moving
            .read("resources/量具的使用.md")
            .contains("date: \"2026-03-02\"")
    );
    assert_eq!(moving.files()["resources/turning/b，c.pdf"], PDF);
    let last = lines.last().unwrap();
    assert_eq!(
        (&last["entries"], &last["totals"]["file-left"]),
        (&2.into(), &1.into())
    );
    let (_, again) = moving.table("资源/表.xlsx", &["--kind", "resource"]);
    let last = again.last().unwrap();
    assert_eq!(
        (&last["new"], &last["same"], &last["existing"]),
        (&0.into(), &5.into(), &0.into())
    );
    moving.builds();
}

#[test]
fn everything_wrong_with_a_table_is_told_at_once_and_nothing_is_written() {
    let table = "标题,slug,发布日期,类别,发布单位,附件,精品,课时,素材清单,\n\
                 ,a,2026-02-30,动漫,某学校,没有.pdf,,很多,甲,x\n\
                 二,A,,,,坏.pdf,,,,\n\
                 自己的,b,2026-03-01,,,,,,,\n";
    let moving = Move::of(&[("表.csv", table.as_bytes()), ("坏.pdf", b"MZ program")]).with_school();
    let before = moving.files();
    let told = |lines: &[Value]| -> Vec<String> {
        let faults = lines.iter().filter(|line| line["severity"] == "error");
        let text = |fault: &Value, key: &str| fault[key].as_str().unwrap_or_default().to_owned();
        let fault = |fault: &Value| {
            format!(
                "{} {} {}",
                fault["row"],
                text(fault, "column"),
                text(fault, "code")
            )
        };
        faults.map(fault).collect()
    };
    let (code, lines) = moving.table("表.csv", &["--kind", "resource"]);
    assert_eq!(code, 1);
    assert_eq!(told(&lines), ["1 素材清单 not-of-tables", "1 J no-heading"]);
    let mended = table.replace(",素材清单,", ",,").replace(",甲,x", ",,");
    fs::write(moving.source.path().join("表.csv"), mended).unwrap();
    let (code, lines) = moving.table("表.csv", &["--kind", "resource"]);
    assert_eq!(code, 1);
    assert_eq!(
        told(&lines),
        [
            "2 标题 missing-field",
            "2 发布日期 bad-date",
            "2 类别 unknown-term",
            "2 发布单位 no-unit",
            "2 附件 no-file",
            "2 课时 wrong-type",
            "3 slug name-twice",
            "3 发布日期 missing-field",
            "3 附件 file-refused",
        ]
    );
    assert_eq!(moving.files(), before);
    let (_, _, err) = moving.jixia(&[
        "import",
        moving.source.path().join("表.csv").to_str().unwrap(),
        "--kind",
        "resource",
    ]);
    assert!(
        err.contains("表.csv 第 2 行 “发布单位”：站点里没有单位“某学校”"),
        "{err}"
    );
    assert!(err.contains("表格有 9 处要改，什么也没有写"), "{err}");
}

#[test]
fn tables_are_read_in_every_encoding_and_their_columns_named() {
    let text = "题目\t日期\t时长\n数控\t20260301\t3\n";
    let wide: Vec<u8> = "\u{feff}"
        .chars()
        .chain(text.chars())
        .flat_map(|character| (character as u16).to_le_bytes())
        .collect();
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    for bytes in [text.as_bytes(), &wide, &gb] {
        let moving = Move::of(&[("表.csv", bytes)]);
        let (code, lines) = moving.table("表.csv", &["--kind", "news"]);
        assert_eq!(code, 0);
        assert_eq!(
            (&lines[0]["code"], &lines[0]["detail"]),
            (&"column-unknown".into(), &"时长".into())
        );
        assert_eq!(
            moving.read("news/数控.md"),
            "---\ntitle: \"数控\"\ndate: \"2026-03-01\"\n---\n\n\n"
        );
    }
}

#[test]
fn what_is_no_table_or_says_no_kind_is_told_what_to_do() {
    let moving = Move::of(&[
        ("表.csv", "标题\n一\n".as_bytes()),
        ("旧.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1]),
        ("坏.xlsx", b"PK\x03\x04"),
        ("空.csv", "标题,日期\n".as_bytes()),
        ("无.csv", "甲,乙\n1,2\n".as_bytes()),
    ]);
    let cases: &[(&str, &[&str], i32, &str)] = &[
        ("表.csv", &[], 1, "加上 --kind 类型，可用的有：notice"),
        ("旧.xls", &["--kind", "news"], 1, "请另存为 .xlsx"),
        ("坏.xlsx", &["--kind", "news"], 1, "内容损坏，或者不是表格"),
        ("空.csv", &["--kind", "news"], 1, "表头下面没有内容"),
        ("无.csv", &["--kind", "news"], 1, "没有找到表头"),
        (
            "表.csv",
            &["--from", "nothing"],
            2,
            "[possible values: auto, vitepress",
        ),
    ];
    for (name, arguments, code, expected) in cases {
        let table = moving.source.path().join(name);
        let (found, _, err) = moving.jixia(&[&["import", table.to_str().unwrap()], *arguments].concat());
        assert_eq!(found, *code, "{err}");
        assert!(err.contains(expected), "{err}");
    }
}

#[test]
fn of_several_sheets_one_is_read_and_the_others_are_named() {
    let news = |title| -> [[&'static str; 2]; 2] { [["标题", "日期"], [title, "2026-03-01"]] };
    let (first, second, hidden) = (news("甲"), news("乙"), news("丙"));
    let [first, second, hidden] =
        [&first, &second, &hidden].map(|rows| [rows[0].as_slice(), rows[1].as_slice()]);
    let book = workbook_of(&[
        ("隐藏", "hidden", &hidden),
        ("空", "visible", &[]),
        ("一月", "visible", &first),
        ("二月", "visible", &second),
    ]);
    let moving = Move::of(&[("a.xlsx", &book)]);
    let (code, lines) = moving.table("a.xlsx", &["--kind", "news"]);
    assert_eq!(code, 0, "{lines:?}");
    let titles = |moving: &Move| -> Vec<String> {
        let files = moving.files();
        let news = files.keys().filter(|path| path.starts_with("news/"));
        news.map(|path| path.trim_start_matches("news/").to_owned())
            .collect()
    };
    assert_eq!(titles(&moving), ["甲.md"]);
    let source = moving.source.path().join("a.xlsx");
    let source = source.to_str().unwrap();
    let (_, _, said) = moving.jixia(&["import", source, "--kind", "news", "--dry-run"]);
    assert!(said.contains("“一月”；没有读：二月"), "{said}");
    let (code, _) = moving.table("a.xlsx", &["--kind", "news", "--sheet", "二月"]);
    assert_eq!((code, titles(&moving).len()), (0, 2));
    let asked = ["import", source, "--kind", "news", "--sheet", "三月"];
    let (code, _, told) = moving.jixia(&asked);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("一月 二月"), "{told}");
}

#[test]
fn an_empty_table_has_the_headings_that_are_understood_and_faults_name_their_rows() {
    let moving = Move::of(&[]);
    let (code, out, _) = moving.jixia(&["import", "--template", "news"]);
    assert_eq!(code, 0);
    let headings = out.trim_start_matches('\u{feff}').trim_end();
    assert!(
        headings.starts_with("标题,") && headings.ends_with(",正文"),
        "{out}"
    );
    let cells = |title: &'static str, date: &'static str| {
        let cells = headings.split(',').map(move |heading| match heading {
            "标题" => title,
            "发布日期" => date,
            _ => "",
        });
        cells.collect::<Vec<_>>().join(",")
    };
    let table = format!(
        "{headings}\n{}\n{}\n",
        cells("甲", "2026-03-01"),
        cells("乙", "某日")
    );
    let moving = Move::of(&[("表.csv", table.as_bytes())]);
    let source = moving.source.path().join("表.csv");
    let (code, _, told) = moving.jixia(&["import", source.to_str().unwrap(), "--kind", "news"]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("第 3 行（乙） “发布日期”"), "{told}");
    assert!(told.contains("1 × bad-date（发布日期）"), "{told}");
}
