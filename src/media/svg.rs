//! SVG can carry scripts: what is published must be a drawing and nothing else.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Probe;

/// Elements that run, load or embed something.
const FORBIDDEN: &[&str] = &[
    "script", "iframe", "object", "embed", "handler", "listener", "audio", "video",
];

/// Elements of HTML that a drawing may show as text, as draw.io writes them: text and its form, nothing that acts or loads.
const TEXT: &[&str] = &[
    "b", "br", "code", "div", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p",
    "pre", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
    "tr", "u", "ul",
];

/// Reads the size of a drawing, and refuses one that could run or load something.
pub(super) fn probe(bytes: &[u8]) -> Probe {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return refuse("UTF-8");
    };
    let mut reader = Reader::from_str(text);
    let mut probe = Probe::default();
    let mut first = true;
    let mut in_style = false;
    // Elements that are open within HTML, the one around it included.
    let mut foreign = 0_usize;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => return refuse_at(text, at, &error.to_string()),
        };
        let refuse = |reason: &str| refuse_at(text, at, reason);
        in_style &= !matches!(event, Event::End(_));
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let name = element.local_name().as_ref().to_ascii_lowercase();
                if first && name != "svg" {
                    return refuse(&format!("<{name}>"));
                }
                in_style = name == "style" && matches!(event, Event::Start(_));
                if foreign > 0 && !TEXT.contains(&name.as_str()) {
                    return refuse(&format!("<foreignObject> <{name}>"));
                }
                if let Some(reason) = danger(element) {
                    return refuse(&reason);
                }
                let is_open = matches!(event, Event::Start(_)) && (foreign > 0 || name == "foreignobject");
                foreign += usize::from(is_open);
                if std::mem::take(&mut first) {
                    probe.dimensions = dimensions(element);
                }
            }
            Event::End(_) => foreign = foreign.saturating_sub(1),
            // Illustrator and Inkscape name the standard. An entity declared within could hide anything.
            Event::DocType(kind) if kind.contains('[') => return refuse("<!DOCTYPE […]>"),
            Event::PI(_) => return refuse("<?…?>"),
            Event::Text(text) if in_style && loads(text) => return refuse("<style>"),
            Event::CData(text) if in_style && loads(text) => return refuse("<style>"),
            // An entity could spell anything.
            Event::GeneralRef(_) if in_style => return refuse("<style>"),
            Event::Eof if first => return refuse("<svg>"),
            Event::Eof => return probe,
            _ => {}
        }
    }
}

/// Refuses a drawing for what is read at a byte of it, and names the line.
fn refuse_at(text: &str, at: usize, reason: &str) -> Probe {
    let (before, after) = text.as_bytes().split_at(at.min(text.len()));
    // What is read begins behind the blanks and line ends before it.
    let blank = after.iter().take_while(|byte| byte.is_ascii_whitespace());
    let lines = before.iter().chain(blank).filter(|byte| **byte == b'\n');
    refuse(&format!("{reason} ({})", lines.count() + 1))
}

fn refuse(reason: &str) -> Probe {
    Probe {
        unsafe_reason: Some(format!("SVG: {reason}")),
        ..Probe::default()
    }
}

/// Whether a style takes something from elsewhere. A drawing may paint with its own parts and with pictures it holds;
/// a backslash could spell anything.
pub(super) fn loads(style: &str) -> bool {
    let style: String = style
        .to_ascii_lowercase()
        .chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '"' | '\''))
        .collect();
    let is_own = |place: &str| {
        place.starts_with('#') || place.starts_with("data:image/") && !place.starts_with("data:image/svg")
    };
    style.contains("@import")
        || style.contains("image-set(")
        || style.contains('\\')
        || !style.split("url(").skip(1).all(is_own)
}

fn danger(element: &BytesStart<'_>) -> Option<String> {
    let name = element.local_name().as_ref().to_ascii_lowercase();
    if FORBIDDEN.contains(&name.as_str()) {
        return Some(format!("<{name}>"));
    }
    for attribute in element.attributes() {
        let Ok(attribute) = attribute else {
            return Some(format!("<{name}>"));
        };
        let key = attribute.key.local_name().as_ref().to_ascii_lowercase();
        let Ok(decoded) = quick_xml::escape::unescape(&attribute.value) else {
            return Some(format!("<{name} {key}>"));
        };
        let is_style = key == "style" || decoded.contains('(');
        if is_style && loads(&decoded) {
            return Some(format!("<{name} {key}>"));
        }
        let value: String = decoded
            .to_ascii_lowercase()
            .chars()
            .filter(|character| !character.is_whitespace() && !character.is_control())
            .collect();
        // An animation may change where a link leads, or what happens at a click.
        let animated = value.rsplit(':').next().unwrap_or_default();
        if key == "attributename" && (animated == "href" || animated.starts_with("on")) {
            return Some(format!("<{name} {key}>"));
        }
        let is_link = matches!(key.as_str(), "href" | "src");
        // A drawing may refer to its own parts and hold pictures.
        let harmless = value.starts_with('#')
            || value.starts_with("data:image/") && !value.starts_with("data:image/svg");
        // A link of a drawing leads on like one of a text: draw.io writes one beside text in HTML, for those who cannot see it.
        let leads_on = name == "a"
            && ["https://", "http://"]
                .iter()
                .any(|scheme| value.starts_with(scheme));
        if key.starts_with("on") || is_link && !(harmless || leads_on) || value.contains("javascript:") {
            return Some(format!("<{name} {key}>"));
        }
    }
    None
}

/// `width` and `height` in pixels, or the size of `viewBox`.
fn dimensions(element: &BytesStart<'_>) -> Option<(u32, u32)> {
    let attribute = |name: &str| {
        let attribute = element.try_get_attribute(name).ok().flatten()?;
        Some(attribute.value.into_owned())
    };
    let pixels = |text: String| {
        text.trim_end_matches("px")
            .parse::<f32>()
            .ok()
            .map(|size| size.round() as u32)
    };
    if let (Some(width), Some(height)) = (
        attribute("width").and_then(pixels),
        attribute("height").and_then(pixels),
    ) {
        return Some((width, height));
    }
    let view_box = attribute("viewBox")?;
    let mut numbers = view_box
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .map(str::parse::<f32>);
    let (width, height) = (numbers.nth(2)?.ok()?, numbers.next()?.ok()?);
    Some((width.round() as u32, height.round() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_pass_and_programs_do_not() {
        let cases: &[(&str, bool)] = &[
            (
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"><path d="M0 0"/></svg>"#,
                true,
            ),
            (r##"<svg viewBox="0 0 1 1"><use href="#a"/></svg>"##, true),
            (r#"<svg><script>alert(1)</script></svg>"#, false),
            (r#"<svg onload="alert(1)"/>"#, false),
            (
                r##"<svg><a href="#a"><animate attributeName="href" values="java&#115;cript:alert(1)"/></a></svg>"##,
                false,
            ),
            (
                r#"<svg><set attributeName="xlink:href" to="java&#9;script:alert(1)"/></svg>"#,
                false,
            ),
            (
                r#"<svg><animate attributeName="opacity" values="0;1"/></svg>"#,
                true,
            ),
            (r#"<svg><a href="javascript:alert(1)">x</a></svg>"#, false),
            (
                r#"<svg><switch><g requiredFeatures="x"/><a xlink:href="https://www.drawio.com/doc/faq/svg-export-text-problems" target="_blank"><text>Text is not SVG</text></a></switch></svg>"#,
                true,
            ),
            (r#"<svg><a href="data:text/html,x">x</a></svg>"#, false),
            (r#"<svg><use href="https://example.com/a.svg"/></svg>"#, false),
            (r#"<svg><foreignObject/></svg>"#, true),
            (
                r#"<svg><switch><foreignObject><div xmlns="http://www.w3.org/1999/xhtml" style="color: red">文<br/></div></foreignObject><text>文</text></switch><image href="data:image/png;base64,AA"/></svg>"#,
                true,
            ),
            (r#"<svg><foreignObject><iframe/></foreignObject></svg>"#, false),
            (
                r#"<svg><foreignObject><div><form/></div></foreignObject></svg>"#,
                false,
            ),
            (
                r#"<svg><foreignObject><div onclick="x"/></foreignObject></svg>"#,
                false,
            ),
            (
                r#"<svg><foreignObject><div><style>x</style></div></foreignObject></svg>"#,
                false,
            ),
            (
                r##"<svg><foreignObject><a href="#x">x</a></foreignObject></svg>"##,
                false,
            ),
            (
                r#"<svg><foreignObject><div><br/></div><svg/></foreignObject></svg>"#,
                false,
            ),
            (
                r#"<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg/>"#,
                true,
            ),
            (r#"<!DOCTYPE svg [<!ENTITY x "y">]><svg/>"#, false),
            (r#"<svg><use href="java&#115;cript:x"/></svg>"#, false),
            (r#"<svg><unclosed"#, false),
            ("<html><body/></html>", false),
            ("text", false),
            ("", false),
            ("<svg><style>.a{fill:url(#b)}</style></svg>", true),
            (
                "<svg><style>@import 'https://example.com/a.css';</style></svg>",
                false,
            ),
            (
                "<svg><style><![CDATA[a{fill:url( \"https://example.com\")}]]></style></svg>",
                false,
            ),
            (
                "<svg><style>a{fill:u\\72l(https://example.com)}</style></svg>",
                false,
            ),
            (
                "<svg><style>a{fill:&#117;rl(https://example.com)}</style></svg>",
                false,
            ),
            (
                r#"<svg><path fill="url('#a')" transform="scale(2)"/></svg>"#,
                true,
            ),
            (
                r#"<svg><path style="fill:url(data:image/png;base64,AA)"/></svg>"#,
                true,
            ),
            (r#"<svg><path fill="url(https://example.com/a)"/></svg>"#, false),
            (
                r#"<svg><path fill="&#117;rl(https://example.com/a)"/></svg>"#,
                false,
            ),
        ];
        for (svg, safe) in cases {
            assert_eq!(probe(svg.as_bytes()).unsafe_reason.is_none(), *safe, "{svg}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let reason = |svg: &str| probe(svg.as_bytes()).unsafe_reason.unwrap_or_default();
        assert_eq!(reason("<svg>\n  <g/>\n  <script/>\n</svg>"), "SVG: <script> (3)");
        assert_eq!(reason("<svg onload=\"x\"/>"), "SVG: <svg onload> (1)");
    }

    #[test]
    fn sizes_come_from_attributes_or_view_box() {
        assert_eq!(probe(br#"<svg viewBox="0 0 10 20"/>"#).dimensions, Some((10, 20)));
        assert_eq!(
            probe(br#"<svg width="30px" height="40" viewBox="0 0 1 1"/>"#).dimensions,
            Some((30, 40))
        );
        assert_eq!(probe(b"<svg/>").dimensions, None);
    }
}
