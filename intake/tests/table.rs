//! Many drafts from a table and an archive of files.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Answer, Browser, Server, archive, between, rows};

const PATH: &str = "/intake/new/table";

/// Name and bytes of a table and of an archive, and what is said of them.
type Case<'a> = (&'a str, &'a [u8], &'a str, &'a [u8], &'a str);

fn sends(browser: &Browser, button: &str, table: &str, files: &[(&str, &[u8])]) -> Answer {
    let packed = archive(files);
    let sent = [
        ("table", "微课.csv", table.as_bytes()),
        ("archive", "文件.zip", &packed),
    ];
    browser.multipart_in(PATH, &[("kind", "news"), ("do", button)], &sent)
}

#[test]
fn a_table_becomes_a_draft_a_row_with_its_files() {
    let server = Server::start();
    let school = server.sign_in("school");
    let table = "标题,摘要,正文,附件\n示例活动一,第一次,在示例学院举行。,通知.txt\n示例活动二,第二次,在实训楼举行。,\n";
    let files: &[(&str, &[u8])] = &[("资料/通知.txt", b"text"), ("多余.txt", b"left")];
    let before = rows(server.data());
    let page = sends(&school, "check", table, files).is(200).body;
    assert!(
        page.contains("没有问题") && page.contains("示例活动二") && page.contains("多余.txt"),
        "{page}"
    );
    assert_eq!(rows(server.data()), before, "a check makes nothing");
    let page = sends(&school, "make", table, files).is(200).body;
    let id = between(&page, "/intake/items/", "/edit");
    let form = school.get(&format!("/intake/items/{id}/edit")).is(200).body;
    assert!(
        form.contains("示例活动一") && form.contains("在示例学院举行。"),
        "{form}"
    );
    assert!(form.contains("data-name=\"通知.txt\""), "{form}");
    let again = sends(&school, "make", table, files).is(200).body;
    assert!(again.contains("没有要新建的"), "{again}");
    assert!(
        again.contains("已经有的") && !again.contains("/intake/items/"),
        "{again}"
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_made() {
    let server = Server::start();
    let school = server.sign_in("school");
    let before = rows(server.data());
    let table = "标题,摘要,正文,附件,单位,职务\n,甲,乙,,,丙\n示例活动,甲,乙,没有.pdf,青岛市教研室,丙\n";
    let page = sends(&school, "make", table, &[("a.txt", b"x")]).is(422).body;
    for said in [
        "<td>2</td><td>标题",
        "<td>3 <small>示例活动</small></td><td>附件",
        "没有.pdf",
        "职务",
        "看不懂这一列",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let cases: [Case<'_>; 4] = [
        ("", b"", "", b"", "请先选择表格文件"),
        ("旧.xls", b"\xd0\xcf\x11\xe0", "", b"", "另存为 xlsx"),
        ("a.csv", "标题\n示例".as_bytes(), "a.zip", b"PK cut off", "已损坏"),
        ("a.csv", "甲\n乙".as_bytes(), "", b"", "标题"),
    ];
    for (name, bytes, packed, zip, said) in cases {
        let sent = [("table", name, bytes), ("archive", packed, zip)];
        let fields = [("kind", "news"), ("do", "make")];
        let page = school.multipart_in(PATH, &fields, &sent).is(422).body;
        assert!(page.contains(said), "{name} {packed}: {page}");
    }
    // What a unit above sets is no column of a school's table.
    let projects = "标题,正文,状态\n示例课题,怎样研究。,已立项\n";
    let sent = [("table", "a.csv", projects.as_bytes())];
    let fields = [("kind", "project"), ("do", "make")];
    let page = school.multipart_in(PATH, &fields, &sent).is(422).body;
    assert!(
        page.contains("<td>状态") && page.contains("不在投稿时填写"),
        "{page}"
    );
    assert_eq!(rows(server.data()), before);
    let teacher = server.sign_in("teacher");
    teacher.get(PATH).is(403);
    assert!(!teacher.get("/intake/new").is(200).body.contains(PATH));
}

#[test]
fn an_empty_table_has_the_headings_that_are_understood() {
    let server = Server::start();
    let school = server.sign_in("school");
    let form = school.get(PATH).is(200).body;
    assert!(form.contains("/intake/new/table.csv?kind=news"), "{form}");
    let empty = school.get("/intake/new/table.csv?kind=news").is(200).body;
    let headings = empty.trim_start_matches('\u{feff}').trim_end();
    assert!(
        headings.starts_with("标题,") && headings.ends_with(",正文"),
        "{empty}"
    );
    let cells: Vec<&str> = headings
        .split(',')
        .map(|heading| match heading {
            "标题" => "示例活动",
            "摘要" => "一次活动",
            "正文" => "在示例学院举行。",
            _ => "",
        })
        .collect();
    let table = format!("{headings}\n{}\n", cells.join(","));
    assert!(
        sends(&school, "check", &table, &[("a.txt", b"x")])
            .is(200)
            .body
            .contains("没有问题")
    );
    school.get("/intake/new/table.csv?kind=nothing").is(404);
    server
        .sign_in("teacher")
        .get("/intake/new/table.csv?kind=news")
        .is(403);
}
