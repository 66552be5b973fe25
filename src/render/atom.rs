//! Atom (RFC 4287).

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::pages::FeedView;

/// Writes a feed.
pub(super) fn atom(feed: &FeedView) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    // Writing into memory does not fail.
    let _ = write(&mut writer, feed);
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    bytes
}

fn write(writer: &mut Writer<Vec<u8>>, feed: &FeedView) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = writer
        .create_element("feed")
        .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    root.with_attribute(("xml:lang", feed.language.as_str()))
        .write_inner_content(|writer| {
            text(writer, "title", &feed.title)?;
            text(writer, "id", &feed.url)?;
            text(writer, "updated", &feed.updated)?;
            link(writer, "self", &feed.url)?;
            link(writer, "alternate", &feed.page)?;
            for entry in &feed.entries {
                writer.create_element("entry").write_inner_content(|writer| {
                    text(writer, "title", &entry.title)?;
                    text(writer, "id", &entry.url)?;
                    link(writer, "alternate", &entry.url)?;
                    text(writer, "published", &entry.published)?;
                    text(writer, "updated", &entry.updated)?;
                    let authors: &[String] = if entry.authors.is_empty() {
                        std::slice::from_ref(&feed.title)
                    } else {
                        &entry.authors
                    };
                    for author in authors {
                        writer
                            .create_element("author")
                            .write_inner_content(|writer| text(writer, "name", author))?;
                    }
                    for category in &entry.categories {
                        writer
                            .create_element("category")
                            .with_attribute(("term", category.as_str()))
                            .write_empty()?;
                    }
                    text(writer, "summary", &entry.summary)
                })?;
            }
            Ok(())
        })?;
    Ok(())
}

fn text(writer: &mut Writer<Vec<u8>>, name: &str, content: &str) -> std::io::Result<()> {
    // XML 1.0 cannot hold most control characters at all.
    let clean: String = content
        .chars()
        .filter(|character| !character.is_control() || *character == '\n')
        .collect();
    writer
        .create_element(name)
        .write_text_content(BytesText::new(&clean))?;
    Ok(())
}

fn link(writer: &mut Writer<Vec<u8>>, relation: &str, url: &str) -> std::io::Result<()> {
    writer
        .create_element("link")
        .with_attribute(("rel", relation))
        .with_attribute(("href", url))
        .write_empty()?;
    Ok(())
}
