//! What people paste into a body: pictures in addresses become files, and what means nothing here is said beside the field.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Server, between, findings, news, says};

const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[test]
fn a_picture_in_an_address_becomes_a_file_of_the_draft() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    let body = format!("正文。\n\n![截图](data:image/png;base64,{PNG})\n");
    let mut fields = news("粘贴的图片");
    fields.retain(|(name, _)| *name != "body");
    fields.push(("body", body.as_str()));
    // Twice, as a page that still shows what was pasted saves it.
    for _ in 0..2 {
        teacher.fills(&id, &fields, "save").is(303);
    }
    let form = teacher.get(&format!("/intake/items/{id}/edit")).is(200).body;
    assert!(!form.contains("base64"), "{form}");
    assert!(form.contains("![截图](图片-"), "{form}");
    assert_eq!(form.matches("data-name=\"图片-").count(), 1, "{form}");
    let preview = teacher.get(&format!("/intake/items/{id}/preview")).is(200).body;
    assert!(preview.contains("alt=\"截图\""), "{preview}");
}

#[test]
fn what_means_nothing_here_is_said_beside_the_body() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    let body = ":::tip 提示\n内容\n:::\n\n![截图](C:\\Users\\a.png)\n\n用 List<Snow> 编程。\n\n| 甲 | 乙 |\n|-|-|\n| 一 | 二 | 三 |\n";
    let mut fields = news("别处的写法");
    fields.retain(|(name, _)| *name != "body");
    fields.push(("body", body));
    teacher.fills(&id, &fields, "save").is(303);
    let page = teacher
        .get(&format!("/intake/items/{id}/edit?check=true"))
        .is(200)
        .body;
    let found = findings(&page);
    let beside = between(&page, "id=\"body-help\"", "<textarea id=\"body\"");
    assert!(
        beside.contains("表格只有 2 列") && beside.contains("反引号"),
        "{beside}"
    );
    says(&found, "note", &["正文", ":::tip 提示", "VuePress"]);
    says(&found, "note", &["Snow", "反引号"]);
    says(&found, "note", &["表格只有 2 列"]);
    says(&found, "stop", &["C:\\Users\\a.png", "您电脑上的文件"]);
}
