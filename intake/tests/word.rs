//! Word documents as drafts: a new one, and behind what is written already.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Browser, Server, archive, between, news, rows};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// A document of these paragraphs, with a picture `p1` and one that no browser shows, `p2`.
fn document(paragraphs: &str) -> Vec<u8> {
    let text = format!(
        "<w:document xmlns:w=\"w\" xmlns:r=\"r\" xmlns:a=\"a\" xmlns:m=\"m\"><w:body>{paragraphs}</w:body></w:document>"
    );
    let notes = "<w:footnotes xmlns:w=\"w\"><w:footnote w:id=\"2\"><w:p><w:r><w:t>注脚</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let relations = "<Relationships><Relationship Id=\"p1\" Target=\"media/Bild (1).png\"/><Relationship Id=\"p2\" Target=\"media/b.emf\"/></Relationships>";
    archive(&[
        ("word/document.xml", text.as_bytes()),
        ("word/footnotes.xml", notes.as_bytes()),
        ("word/_rels/document.xml.rels", relations.as_bytes()),
        ("word/media/Bild (1).png", PNG),
        ("word/media/b.emf", b"emf"),
    ])
}

fn whole() -> Vec<u8> {
    let picture =
        |id: &str| format!("<w:p><w:r><w:drawing><a:blip r:embed=\"{id}\"/></w:drawing></w:r></w:p>");
    document(&format!(
        "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:t>关于评选的通知</w:t></w:r></w:p>\
         <w:p><w:r><w:t>各校：</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>\
         <w:p><m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath></w:p>{}{}",
        picture("p1"),
        picture("p2")
    ))
}

/// What the form of a submission shows: its title and its text.
fn shown(browser: &Browser, id: &str) -> (String, String) {
    let page = browser.get(&format!("/intake/items/{id}/edit")).is(200).body;
    let title = between(&page, "name=\"title\"", ">");
    let title = between(title, "value=\"", "\"").to_owned();
    let text = between(&page, "<textarea id=\"body\"", "</textarea>");
    (title, text.split_once('>').unwrap().1.to_owned())
}

#[test]
fn a_document_becomes_a_draft_with_its_pictures() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let bytes = whole();
    let sent = [("word", "通知 初稿.docx", bytes.as_slice())];
    let answer = teacher
        .multipart_in("/intake/new/word", &[("kind", "news")], &sent)
        .is(303);
    let id = between(answer.location(), "/intake/items/", "/edit").to_owned();
    let (title, text) = shown(&teacher, &id);
    assert_eq!(title, "关于评选的通知");
    assert!(text.starts_with("各校：[^1]\n\nx+1\n\n![](图片-"), "{text}");
    assert!(text.ends_with("[^1]: 注脚"), "{text}");
    let page = teacher
        .get(answer.location().split('#').next().unwrap())
        .is(200)
        .body;
    for said in ["已读入 Word 文档", "有 1 个公式", "有 1 张图片的格式"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(page.matches("data-name=\"图片-").count(), 1, "{page}");
    let preview = teacher.get(&format!("/intake/items/{id}/preview")).is(200).body;
    assert!(preview.contains("注脚") && preview.contains("<img"), "{preview}");
}

#[test]
fn a_document_comes_behind_what_is_written() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    teacher.fills(&id, &news("自己的标题"), "save").is(303);
    let revision = teacher.revision(&id);
    let fields = [
        ("revision", revision.as_str()),
        ("do", "word"),
        ("has.title", "1"),
        ("title", "自己的标题"),
        ("body", "已写好的。[^1]\n\n[^1]: 我的注"),
    ];
    let bytes = whole();
    let path = format!("/intake/items/{id}/edit");
    let answer = teacher
        .multipart_in(&path, &fields, &[("word", "a.docx", &bytes)])
        .is(303);
    assert!(answer.location().contains("notice=word"), "{}", answer.location());
    let (title, text) = shown(&teacher, &id);
    assert_eq!(title, "自己的标题");
    let start = "已写好的。[^1]\n\n[^1]: 我的注\n\n## 关于评选的通知\n\n各校：[^2]";
    assert!(text.starts_with(start), "{text}");
    // The button without a file keeps what was typed, and says what is missing.
    let revision = teacher.revision(&id);
    let fields = [
        ("revision", revision.as_str()),
        ("do", "word"),
        ("body", "改过的"),
    ];
    let page = teacher
        .multipart_in(&path, &fields, &[("word", "", b"")])
        .is(422)
        .body;
    assert!(
        page.contains("请先选择一个 Word 文件") && page.contains("改过的"),
        "{page}"
    );
}

#[test]
fn what_is_no_document_begins_nothing_and_is_told_what_to_do() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let before = rows(server.data());
    let hostile = document(&("<w:p>".repeat(400) + &"</w:p>".repeat(400)));
    let cases: [(&str, &[u8], &str); 5] = [
        (
            "旧.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "旧.doc：这不是 docx",
        ),
        ("a.docx", b"text", "另存为”docx"),
        ("a.docx", b"", "另存为”docx"),
        ("深.docx", &hostile, "另存为”docx"),
        ("", b"", "请先选择"),
    ];
    for (name, bytes, said) in cases {
        let sent = [("word", name, bytes)];
        let page = teacher
            .multipart_in("/intake/new/word", &[("kind", "news")], &sent)
            .is(422)
            .body;
        assert!(page.contains(said), "{name}: {page}");
        assert!(page.contains("value=\"news\" selected"), "{name}: {page}");
    }
    let kind = [("kind", "none")];
    let bytes = whole();
    teacher
        .multipart_in("/intake/new/word", &kind, &[("word", "a.docx", &bytes)])
        .is(404);
    assert_eq!(rows(server.data()), before);
}
