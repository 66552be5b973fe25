//! Rosters as files: read in every form that offices send, all faults at once, nothing made before it is confirmed.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Answer, Browser, Server, archive, between, listed_again};

/// A workbook with one sheet; cells by row and column, both from 0.
fn workbook(cells: &[(usize, usize, &str)], filler: usize) -> Vec<u8> {
    of_sheet(&sheet(cells), "<sst/>", filler)
}

fn sheet(cells: &[(usize, usize, &str)]) -> String {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let mut rows = String::new();
    let last = cells.iter().map(|(row, _, _)| *row).max().unwrap_or_default();
    for row in (0..=last).filter(|row| cells.iter().any(|(known, _, _)| known == row)) {
        rows.push_str(&format!("<row r=\"{}\">", row + 1));
        for (_, column, text) in cells.iter().filter(|(known, _, _)| *known == row) {
            let place = format!("{}{}", char::from(b'A' + *column as u8), row + 1);
            if text.bytes().all(|byte| byte.is_ascii_digit()) {
                rows.push_str(&format!("<c r=\"{place}\"><v>{text}</v></c>"));
            } else {
                rows.push_str(&format!(
                    "<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"
                ));
            }
        }
        rows.push_str("</row>");
    }
    format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")
}

/// A workbook of the XML of its one sheet and of the texts that its cells share.
fn of_sheet(sheet: &str, texts: &str, filler: usize) -> Vec<u8> {
    of_sheets(&[("名单", sheet)], texts, filler)
}

/// A workbook of the names and the XML of its sheets.
fn of_sheets(sheets: &[(&str, &str)], texts: &str, filler: usize) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let (mut names, mut places) = (String::new(), String::new());
    for (number, (name, _)) in (1..).zip(sheets) {
        names += &format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"s{number}\"/>");
        places += &format!(
            "<Relationship Id=\"s{number}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
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
            format!("<Relationships xmlns=\"{package}/relationships\">{places}</Relationships>"),
        ),
        ("xl/sharedStrings.xml", texts.to_owned()),
        ("xl/media/filler.bin", "0".repeat(filler)),
    ];
    let sheets: Vec<(String, &str)> = (1..)
        .zip(sheets)
        .map(|(number, (_, xml))| (format!("xl/worksheets/sheet{number}.xml"), *xml))
        .collect();
    let sheets = sheets.iter().map(|(name, xml)| (&**name, xml.as_bytes()));
    let parts = parts.iter().map(|(name, text)| (*name, text.as_bytes()));
    let parts: Vec<(&str, &[u8])> = parts.chain(sheets).collect();
    archive(&parts)
}

fn sends(browser: &Browser, name: &str, bytes: &[u8]) -> Answer {
    let pairs = [("unit", "shili-haiwan"), ("role", "teacher")];
    browser.multipart("/intake/people/roster", &pairs, (name, bytes))
}

/// Presses the button below a preview.
fn confirms(browser: &Browser, preview: &str) -> Answer {
    let packed = between(preview, "name=\"people\" value=\"", "\"");
    let packed = packed
        .replace("&quot;", "\"")
        .replace("&#x2F;", "/")
        .replace("&amp;", "&");
    let pairs = [("unit", "shili-haiwan"), ("role", "teacher"), ("people", &packed)];
    browser.form("/intake/people/roster/confirm", &pairs)
}

#[test]
fn a_workbook_is_previewed_and_made_when_confirmed() {
    let server = Server::start();
    let school = server.sign_in("school");
    let cells = [
        (0, 0, "管理员名单"),
        (2, 0, "姓名"),
        (2, 1, "工作单位"),
        (2, 2, "职务"),
        (2, 3, "手机号码"),
        (2, 4, "邮箱"),
        (3, 0, "示例名单甲"),
        (3, 2, "科长"),
        (3, 3, "13800138000"),
        (3, 4, "Teacher@example.org"),
        (4, 0, "示例名单乙"),
        (4, 4, "yi.2@example.org"),
    ];
    let preview = sends(&school, "名单.xlsx", &workbook(&cells, 10)).is(200).body;
    for part in ["示例名单甲", "科长", "13800138000", "yi.2", "teacher2"] {
        assert!(preview.contains(part), "{part}: {preview}");
    }
    assert!(
        !school.get("/intake/people").body.contains("示例名单甲"),
        "nothing is made before it is confirmed"
    );
    let made = confirms(&school, &preview).is(200).body;
    assert_eq!(made.matches("class=\"in-link\"").count(), 2);
    let people = school.get("/intake/people").is(200).body;
    assert!(people.contains("teacher2") && people.contains("科长") && people.contains("13800138000"));
    // The second time the logins are taken, and again nothing is made.
    let again = confirms(&school, &preview).is(422).body;
    assert!(again.contains("已经有人用了"), "{again}");
}

#[test]
fn tables_of_text_do_too_and_every_fault_is_told() {
    let server = Server::start();
    let (school, teacher) = (server.sign_in("school"), server.sign_in("teacher"));
    let template = school.get("/intake/people/roster.csv").is(200);
    assert_eq!(
        template.body,
        "\u{feff}姓名,工作单位,职务,手机号码,邮箱,登录名\r\n"
    );
    teacher.get("/intake/people/roster.csv").is(403);
    let filled = format!("{}示例丙,,,,,bing.3\r\n", template.body);
    sends(&school, "a.csv", filled.as_bytes()).is(200);
    let gb = encoding_rs::GB18030
        .encode("姓名,登录名\r\n示例丁,ding.4\r\n")
        .0
        .into_owned();
    assert!(sends(&school, "b.csv", &gb).is(200).body.contains("示例丁"));

    let wrong = "姓名,工作单位,手机号码,邮箱,登录名\n,,1,x,ab\n示例戊,示例没有的学院,,,wu.5\n示例己,,,,teacher\n示例庚,,,,";
    let faults = sends(&school, "c.csv", wrong.as_bytes()).is(422).body;
    for row in [
        "<td>2</td><td>姓名</td>",
        "<td>2</td><td>手机号码</td>",
        "<td>2</td><td>邮箱</td>",
        "<td>2</td><td>登录名</td>",
        "<td>5</td><td>登录名</td>",
    ] {
        assert!(faults.contains(row), "{row}: {faults}");
    }
    let wrong =
        "姓名,工作单位,登录名\n示例戊,示例没有的学院,wu.5\n示例辛,shili-gangcheng,xin.6\n示例己,,teacher";
    let faults = sends(&school, "c.csv", wrong.as_bytes()).is(422).body;
    for row in [
        "<td>2</td><td>工作单位</td>",
        "<td>3</td><td>工作单位</td>",
        "<td>4</td><td>登录名</td>",
    ] {
        assert!(faults.contains(row), "{row}: {faults}");
    }
    sends(&teacher, "a.csv", filled.as_bytes()).is(403);
    // A confirmation is checked as the file was.
    let forged = [
        ("unit", "shili-haiwan"),
        ("role", "teacher"),
        (
            "people",
            "[{\"row\":2,\"name\":\"示例壬\",\"unit\":\"shili-gangcheng\",\"position\":\"\",\"phone\":\"\",\"email\":\"\",\"login\":\"ren.7\"}]",
        ),
    ];
    school.form("/intake/people/roster/confirm", &forged).is(422);
    school
        .form(
            "/intake/people/roster/confirm",
            &[("unit", "shili-haiwan"), ("role", "city-admin"), ("people", "[]")],
        )
        .is(422);
}

/// A workbook whose sheet has merged areas beside its rows.
fn merged(rows: &str, areas: &[&str]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let areas: String = areas
        .iter()
        .map(|area| format!("<mergeCell ref=\"{area}\"/>"))
        .collect();
    let sheet = format!(
        "<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData><mergeCells>{areas}</mergeCells></worksheet>"
    );
    of_sheet(&sheet, "<sst/>", 10)
}

/// A row of a sheet by its number and its cells, each with its column.
fn row(number: usize, cells: &[(&str, &str)]) -> String {
    let cell = |(column, text): &(&str, &str)| {
        format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let cells: String = cells.iter().map(cell).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

#[test]
fn merged_cells_count_for_all_their_rows_and_nobody_changes_units_in_silence() {
    let server = Server::start();
    let school = server.sign_in("school");
    let heads = row(1, &[("A", "姓名"), ("B", "工作单位（全称）"), ("C", "联系方式")])
        + &row(2, &[("C", "联系电话（手机）"), ("D", "邮箱")]);
    let people = row(
        3,
        &[
            ("A", "示例 甲"),
            ("B", "shili-gangcheng"),
            ("C", "13800138000"),
            ("D", "jia.1@example.org"),
        ],
    ) + &row(4, &[("A", "示例乙"), ("D", "yi.2@example.org")]);
    // Both belong to another school, which is none of the sender's: the second was put into the sender's own.
    let areas = ["A1:A2", "B1:B2", "C1:D1", "B3:B4"];
    let refused = sends(&school, "合并.xlsx", &merged(&(heads.clone() + &people), &areas))
        .is(422)
        .body;
    for row in ["<td>3</td><td>工作单位</td>", "<td>4</td><td>工作单位</td>"] {
        assert!(refused.contains(row), "{row}: {refused}");
    }
    let own = people.replace("shili-gangcheng", "shili-haiwan");
    let preview = sends(&school, "合并.xlsx", &merged(&(heads + &own), &areas))
        .is(200)
        .body;
    assert!(
        preview.contains("示例甲") && preview.contains("13800138000"),
        "{preview}"
    );
    let unknown = "姓名,所属院校,邮箱\n示例甲,示例学院,jia.1@example.org\n";
    let refused = sends(&school, "a.csv", unknown.as_bytes()).is(422).body;
    assert!(refused.contains("<td>1</td><td>所属院校</td>"), "{refused}");
    let overlapping: Vec<&str> = vec!["A1:AX2000"; 200_000];
    let rows: String = (1..=1000).map(|number| row(number, &[("A", "姓名")])).collect();
    sends(&school, "hostile.xlsx", &merged(&rows, &overlapping)).is(422);
}

#[test]
fn hostile_files_are_refused() {
    let server = Server::start();
    let school = server.sign_in("school");
    let cells = [
        (0, 0, "姓名"),
        (0, 1, "登录名"),
        (1, 0, "示例甲"),
        (1, 1, "jia.1"),
    ];
    let bomb = workbook(&cells, 30_000_000);
    assert!(bomb.len() < 200_000);
    assert!(
        sends(&school, "bomb.xlsx", &bomb)
            .is(422)
            .body
            .contains("解开后太大")
    );
    let far = workbook(&[(0, 0, "姓名"), (1_000_000, 0, "远")], 10);
    assert!(sends(&school, "far.xlsx", &far).is(422).body.contains("行数太多"));
    let whole = workbook(&cells, 10);
    sends(&school, "whole.xlsx", &whole).is(200);
    for length in (0..whole.len()).step_by(97) {
        sends(&school, "cut.xlsx", &whole[..length]).is(422);
    }
    assert!(
        sends(&school, "old.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0, 0])
            .is(422)
            .body
            .contains("旧版")
    );
    sends(&school, "large.csv", &vec![b'a'; 1_000_001]).is(422);
}

#[test]
fn workbooks_that_unpack_to_more_than_they_are_cost_nothing() {
    let server = Server::start();
    let school = server.sign_in("school");
    // 400 records of the directory on one part of 60 MB, 87 kB in all: more than 23 seconds before parts were held against
    // each other.
    let bomb = listed_again(workbook(&[(0, 0, "姓名")], 60_000_000), 400);
    assert!(bomb.len() < 100_000);
    // One text of 1 MB that 100 000 cells hold: 100 GB.
    let cell = |column: usize, row: usize| {
        format!(
            "<c r=\"{}{row}\" t=\"s\"><v>0</v></c>",
            char::from(b'A' + column as u8)
        )
    };
    let row = |row: usize| {
        let cells: String = (0..25).map(|column| cell(column, row)).collect();
        format!("<row r=\"{row}\">{cells}</row>")
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rows: String = (1..2000).map(row).collect();
    let sheet = format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>");
    let texts = format!(
        "<sst xmlns=\"{main}\"><si><t>{}</t></si></sst>",
        "文".repeat(330_000)
    );
    let shared = of_sheet(&sheet, &texts, 10);
    let cases = [
        ("很多记录.xlsx", bomb, "占用同一段数据"),
        ("同一段文字.xlsx", shared, "解开后太大"),
        (
            "解开后大.xlsx",
            workbook(&[(0, 0, "姓名")], 60_000_000),
            "解开后太大",
        ),
        ("外面的.xlsx", archive(&[("../a.xml", b"<a/>")]), "指向其他文件夹"),
    ];
    server.forget_peak();
    for (name, bytes, expected) in &cases {
        let refused = sends(&school, name, bytes).is(422).body;
        assert!(refused.contains(expected), "{name}: {refused}");
    }
    let peak = server.memory("VmHWM");
    assert!(peak < 500, "{peak} MB");
}

#[test]
fn headings_with_remarks_are_understood_and_of_several_sheets_one_is_named() {
    let server = Server::start();
    let school = server.sign_in("school");
    let headings = ["姓名", "工作单位（全称）", "联系电话（手机）", "邮箱"];
    let person = ["示例 甲", "示例海湾技师学院", "13800138000", "jia.5@example.org"];
    let cells: Vec<(usize, usize, &str)> = [headings, person]
        .iter()
        .enumerate()
        .flat_map(|(row, cells)| {
            cells
                .iter()
                .enumerate()
                .map(move |(column, cell)| (row, column, *cell))
        })
        .collect();
    let preview = sends(&school, "名单.xlsx", &workbook(&cells, 10)).is(200).body;
    for part in ["<td>示例甲</td>", "<td>示例海湾技师学院</td>", "13800138000"] {
        assert!(preview.contains(part), "{part}: {preview}");
    }
    assert!(!preview.contains("没有读"), "{preview}");
    // The same person in another school: that one is not the sender's.
    let foreign: Vec<_> = cells
        .iter()
        .map(|(row, column, cell)| {
            (
                *row,
                *column,
                if *cell == person[1] {
                    "示例港城高级技工学校"
                } else {
                    cell
                },
            )
        })
        .collect();
    let refused = sends(&school, "名单.xlsx", &workbook(&foreign, 10)).is(422).body;
    assert!(refused.contains("<td>2</td><td>工作单位</td>"), "{refused}");
    // Addresses that mail does not reach.
    for wrong in ["abcd@qq.com；", "ijkl@qq.com.", "a@.com"] {
        let written: Vec<_> = cells
            .iter()
            .map(|(row, column, cell)| (*row, *column, if *cell == person[3] { wrong } else { cell }))
            .collect();
        let refused = sends(&school, "名单.xlsx", &workbook(&written, 10)).is(422).body;
        assert!(refused.contains("<td>2</td><td>邮箱</td>"), "{wrong}: {refused}");
    }
    let sheet = sheet(&cells);
    let two = of_sheets(&[("名单", &sheet), ("去年", &sheet)], "<sst/>", 10);
    let preview = sends(&school, "名单.xlsx", &two).is(200).body;
    assert!(
        preview.contains("读的是工作表“名单”，没有读：“去年”"),
        "{preview}"
    );
}
