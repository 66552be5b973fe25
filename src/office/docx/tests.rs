//! Documents made here, part by part.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn packed(body: &str) -> Vec<u8> {
    let space = "xmlns:w=\"w\" xmlns:r=\"r\" xmlns:a=\"a\" xmlns:wp=\"wp\" xmlns:m=\"m\"";
    let styles = "<w:style w:styleId=\"1\"><w:name w:val=\"heading 1\"/></w:style><w:style w:styleId=\"2\"><w:name w:val=\"heading 2\"/></w:style><w:style w:styleId=\"own\"><w:name w:val=\"我的\"/><w:basedOn w:val=\"2\"/></w:style><w:style w:styleId=\"loop\"><w:name w:val=\"x\"/><w:basedOn w:val=\"loop\"/></w:style>";
    let numbering = "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"decimal\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"bullet\"/></w:lvl></w:abstractNum><w:num w:numId=\"7\"><w:abstractNumId w:val=\"0\"/></w:num>";
    let notes = "<w:footnote w:type=\"separator\" w:id=\"-1\"/><w:footnote w:id=\"2\"><w:p><w:r><w:t>注脚</w:t></w:r></w:p></w:footnote>";
    let relations = "<Relationship Id=\"p1\" Target=\"media/Image1.png\"/><Relationship Id=\"p2\" Target=\"media/b.emf\"/><Relationship Id=\"l1\" Target=\"https://example.org/a\"/><Relationship Id=\"l2\" Target=\"javascript:x\"/>";
    let parts = [
        (
            "word/document.xml",
            format!("<w:document {space}><w:body>{body}</w:body></w:document>"),
        ),
        (
            "word/styles.xml",
            format!("<w:styles {space}>{styles}</w:styles>"),
        ),
        (
            "word/numbering.xml",
            format!("<w:numbering {space}>{numbering}</w:numbering>"),
        ),
        (
            "word/footnotes.xml",
            format!("<w:footnotes {space}>{notes}</w:footnotes>"),
        ),
        (
            "word/_rels/document.xml.rels",
            format!("<Relationships>{relations}</Relationships>"),
        ),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = parts.iter().map(|(name, text)| (*name, text.as_bytes()));
    for (name, bytes) in parts.chain([("word/media/Image1.png", PNG), ("word/media/b.emf", PNG)]) {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn body(text: &str) -> String {
    document(&packed(text), "x/").unwrap().body
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn documents_become_markdown() {
    let styled = |style: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let item = |level: usize, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"7\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let cases = [
        (p("一") + &styled("own", "二") + &styled("loop", "三"), "一\n\n## 二\n\n三"),
        (item(0, "一") + &item(1, "二") + &item(0, "三") + &p("文"), "1. 一\n   - 二\n1. 三\n\n文"),
        ("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>重</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>点：</w:t></w:r><w:r><w:rPr><w:b w:val=\"0\"/></w:rPr><w:t>轻</w:t></w:r></w:p>".to_owned(), "**重点**：轻"),
        ("<w:p><w:r><w:t>文</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>".to_owned(), "文[^1]\n\n[^1]: 注脚"),
        ("<w:p><w:hyperlink r:id=\"l1\"><w:r><w:t>链</w:t></w:r></w:hyperlink><w:hyperlink r:id=\"l2\"><w:r><w:t>毒</w:t></w:r></w:hyperlink></w:p>".to_owned(), "[链](https://example.org/a)毒"),
        ("<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r></w:p>".to_owned(), "增"),
        ("<w:p><w:r><w:t>a &lt;b&gt;</w:t><w:br/><w:t>c</w:t></w:r></w:p>".to_owned(), "a \\<b>  \nc"),
        ("<w:p><w:r><w:drawing><wp:docPr descr=\"图\"/><a:blip r:embed=\"p1\"/></w:drawing></w:r></w:p>".to_owned(), "![图](x/image1.png)"),
    ];
    for (text, expected) in cases {
        assert_eq!(body(&text), expected, "{text}");
    }
}

#[test]
fn titles_pictures_and_what_is_lost_are_told() {
    let title = "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:t>关于评选的通知</w:t></w:r></w:p>";
    let picture =
        |id: &str| format!("<w:p><w:r><w:drawing><a:blip r:embed=\"{id}\"/></w:drawing></w:r></w:p>");
    let formula = "<w:p><m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath></w:p>";
    let chart =
        "<w:p><w:r><w:drawing><a:graphicData><c:chart r:id=\"c1\"/></a:graphicData></w:drawing></w:r></w:p>";
    let made = document(
        &packed(&format!(
            "{title}{}{}{}{formula}{chart}",
            picture("p1"),
            picture("p1"),
            picture("p2")
        )),
        "",
    )
    .unwrap();
    assert_eq!(made.title.as_deref(), Some("关于评选的通知"));
    assert_eq!(made.body, "![](image1.png)\n\n![](image1.png)\n\nx+1");
    assert_eq!(made.pictures, [("image1.png".to_owned(), PNG.to_vec())]);
    assert_eq!(made.reduced, ["b.emf", "formula", "chart"]);
}

#[test]
fn tables_keep_merged_cells() {
    let cell =
        |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let plain = format!(
        "<w:tbl>{}{}</w:tbl>",
        row(&[cell("", "甲"), cell("", "乙")]),
        row(&[cell("", "1"), cell("", "2")])
    );
    assert_eq!(body(&plain), "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |");
    let merged = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row(&[cell("<w:gridSpan w:val=\"2\"/>", "题")]),
        row(&[cell("<w:vMerge w:val=\"restart\"/>", "一"), cell("", "1")]),
        row(&[cell("<w:vMerge/>", ""), cell("", "2")]),
    );
    assert_eq!(
        body(&merged),
        "<table>\n<tr><th colspan=\"2\">题</th></tr>\n<tr><td rowspan=\"2\">一</td><td>1</td></tr>\n<tr><td>2</td></tr>\n</table>"
    );
    assert_eq!(body(&format!("<w:tbl>{}</w:tbl>", row(&[cell("", "框")]))), "框");
}

#[test]
fn hostile_documents_are_refused_or_read_in_bounds() {
    let deep = "<w:tbl><w:tr><w:tc>".repeat(3_000) + &"</w:tc></w:tr></w:tbl>".repeat(3_000);
    assert!(document(&packed(&deep), "").is_err());
    assert!(document(&packed("<!DOCTYPE x [<!ENTITY a \"b\">]>"), "").is_err());
    assert!(document(b"PK\x03\x04", "").is_err() && document(b"", "").is_err());
    let whole = packed(&p("文"));
    for length in (0..whole.len()).step_by(37) {
        assert!(document(&whole[..length], "").is_err());
    }
    let wide = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"4000000000\"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc/></w:tr></w:tbl>";
    assert!(body(wide).contains("colspan=\"60\""));
}
