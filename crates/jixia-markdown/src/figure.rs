//! Pictures, figures, players and cards: what the image syntax becomes.

use super::{Address, DataPicture, Media, MediaKind, Target, Texts, classify, escape, media_kind};

/// Widest column of text in pixels, for browsers to choose among a picture's sizes before they know the layout: the
/// default theme's 42 em of 17 px.
const COLUMN: u32 = 714;

/// Longest name of a file that is shown for a picture, in characters.
const LONGEST_NAME: usize = 60;

/// A picture as written.
pub(super) struct Image {
    /// Its place among the body's links.
    pub(super) index: usize,
    /// Target as written.
    pub(super) target: String,
    /// Title, shown as the caption.
    pub(super) title: String,
    /// Alternative text, plain.
    pub(super) alt: String,
    /// Links and pictures inside the alternative text.
    pub(super) nested: u32,
}

/// Where a picture stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph of pictures, written as figures.
    Figure,
    /// Directly in a list item or cell: blocks may stand there.
    Block,
    /// In a line of text.
    Inline,
    /// In a link, which holds no other.
    Linked,
}

/// Writes a picture.
pub(super) fn write(image: &Image, targets: &[Target], place: Place, texts: &Texts, out: &mut String) {
    match targets.get(image.index) {
        Some(Target::Media(media)) => write_media(image, media, place, texts, out),
        Some(Target::Broken) => write_broken(image, out),
        Some(Target::Picture {
            url,
            width,
            height,
            srcset,
        }) => {
            write_picture(image, url, (*width, *height), srcset.as_deref(), place, out);
        }
        Some(Target::Url(url) | Target::External(url)) => write_unresolved(image, url, place, texts, out),
        None => write_unresolved(image, &image.target, place, texts, out),
    }
}

/// Writes what is only known by its URL: media by extension, else a picture.
fn write_unresolved(image: &Image, url: &str, place: Place, texts: &Texts, out: &mut String) {
    if DataPicture::parse(url).is_ok() {
        write_picture(image, url, (None, None), None, place, out);
    } else if classify(url) == Address::Forbidden {
        write_broken(image, out);
    } else if let Some((kind, media_type)) = media_kind(url) {
        let media = Media {
            url: url.to_owned(),
            kind,
            media_type: media_type.to_owned(),
            poster: None,
            captions: Vec::new(),
            size: None,
        };
        write_media(image, &media, place, texts, out);
    } else {
        write_picture(image, url, (None, None), None, place, out);
    }
}

fn write_broken(image: &Image, out: &mut String) {
    out.push_str("<span class=\"broken-link\">");
    if image.alt.is_empty() {
        escape::text(&file_name(&image.target), out);
    } else {
        escape::text(&image.alt, out);
    }
    out.push_str("</span>");
}

/// What stands for a picture without words: the name of its file, of data its type.
fn file_name(target: &str) -> String {
    let name = match target.split_once(',') {
        Some((data, _)) if classify(target) == Address::Forbidden => data.split(';').next().unwrap_or(data),
        _ => target
            .trim_end_matches(['/', '\\'])
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or(target),
    };
    name.chars().take(LONGEST_NAME).collect()
}

fn write_picture(
    image: &Image,
    url: &str,
    size: (Option<u32>, Option<u32>),
    srcset: Option<&str>,
    place: Place,
    out: &mut String,
) {
    let figure = place == Place::Figure;
    if figure {
        out.push_str("<figure>");
    }
    out.push_str("<img src=\"");
    escape::url(url, out);
    attribute("alt", &image.alt, out);
    out.push('"');
    if !image.title.is_empty() && !figure {
        out.push_str(" title=\"");
        escape::attribute(&image.title, out);
        out.push('"');
    }
    for (name, value) in [("width", size.0), ("height", size.1)] {
        if let Some(value) = value {
            out.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    if let Some(srcset) = srcset {
        out.push_str(" srcset=\"");
        escape::attribute(srcset, out);
        let width = size.0.map_or(COLUMN, |width| width.min(COLUMN));
        out.push_str(&format!("\" sizes=\"(max-width: {width}px) 100vw, {width}px\""));
    }
    out.push_str(" loading=\"lazy\" decoding=\"async\">");
    if figure {
        caption(&image.title, out);
        out.push_str("</figure>\n");
    }
}

/// Ends the attribute before and begins another.
fn attribute(name: &str, value: &str, out: &mut String) {
    out.push_str("\" ");
    out.push_str(name);
    out.push_str("=\"");
    escape::attribute(value, out);
}

fn caption(text: &str, out: &mut String) {
    if !text.is_empty() {
        out.push_str("<figcaption>");
        escape::text(text, out);
        out.push_str("</figcaption>");
    }
}

fn write_media(image: &Image, media: &Media, place: Place, texts: &Texts, out: &mut String) {
    let name = match (image.alt.is_empty(), image.title.is_empty()) {
        (false, _) => image.alt.as_str(),
        (true, false) => image.title.as_str(),
        (true, true) => media.url.rsplit('/').next().unwrap_or_default(),
    };
    if classify(&media.url) == Address::Forbidden {
        return write_broken(image, out);
    }
    if place == Place::Linked {
        return escape::text(name, out);
    }
    if place == Place::Inline {
        return link(&media.url, &media.media_type, "", name, out);
    }
    match media.kind {
        MediaKind::Video | MediaKind::Audio => player(media, name, texts, out),
        MediaKind::Pdf => card(media, name, "pdf", &texts.view, texts, out),
        MediaKind::File => card(media, name, "file", &texts.download, texts, out),
    }
    caption(
        if image.title.is_empty() {
            name
        } else {
            &image.title
        },
        out,
    );
    out.push_str("</figure>\n");
}

/// Writes a player, without the end of its figure. Captions are on by default; who cannot play it can download it.
fn player(media: &Media, name: &str, texts: &Texts, out: &mut String) {
    let (class, element) = match media.kind {
        MediaKind::Audio => ("audio", "audio"),
        _ => ("video", "video"),
    };
    out.push_str(&format!(
        "<figure class=\"media media-{class}\"><{element} controls preload=\"metadata\""
    ));
    if element == "video" {
        out.push_str(" playsinline");
        if let Some(poster) = &media.poster {
            out.push_str(" poster=\"");
            escape::url(poster, out);
            out.push('"');
        }
    }
    out.push_str(" aria-label=\"");
    escape::attribute(name, out);
    out.push_str("\"><source src=\"");
    escape::url(&media.url, out);
    attribute("type", &media.media_type, out);
    out.push_str("\">");
    for (number, track) in media.captions.iter().enumerate() {
        out.push_str("<track kind=\"captions\" src=\"");
        escape::url(&track.url, out);
        attribute("srclang", &track.lang, out);
        attribute("label", &track.label, out);
        out.push_str(if number == 0 { "\" default>" } else { "\">" });
    }
    link(
        &media.url,
        &media.media_type,
        &format!("{} ", texts.download),
        name,
        out,
    );
    out.push_str(&format!("</{element}>"));
}

/// Writes a card for a document, without the end of its figure.
fn card(media: &Media, name: &str, class: &str, verb: &str, texts: &Texts, out: &mut String) {
    out.push_str(&format!("<figure class=\"media media-{class}\">"));
    link(&media.url, &media.media_type, &format!("{verb} "), name, out);
    if let Some(size) = media.size {
        out.push_str(" <span class=\"media-size\">");
        out.push_str(&readable(size));
        out.push_str("</span>");
    }
    if media.kind == MediaKind::Pdf {
        out.push_str(" <a href=\"");
        escape::url(&media.url, out);
        out.push_str("\" download>");
        escape::text(&texts.download, out);
        out.push_str("</a>");
    }
}

fn link(url: &str, media_type: &str, before: &str, name: &str, out: &mut String) {
    out.push_str("<a href=\"");
    escape::url(url, out);
    if !media_type.is_empty() {
        attribute("type", media_type, out);
    }
    out.push_str("\">");
    escape::text(before, out);
    escape::text(name, out);
    out.push_str("</a>");
}

/// A size with one decimal, in the largest unit that keeps it above one.
fn readable(bytes: u64) -> String {
    let mut tenths = u128::from(bytes) * 10;
    let mut unit = "B";
    for next in ["KB", "MB", "GB"] {
        if tenths < 10_240 {
            break;
        }
        tenths = tenths.div_ceil(1024);
        unit = next;
    }
    if tenths.is_multiple_of(10) {
        format!("{} {unit}", tenths / 10)
    } else {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes() {
        let cases = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.5 KB"),
            (5 << 20, "5 MB"),
            (u64::MAX, "17179869184 GB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(super::readable(bytes), expected);
        }
    }
}
