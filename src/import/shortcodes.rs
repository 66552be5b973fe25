//! Shortcodes of Hugo (`{{< figure >}}`) and tags of Hexo and Jekyll (`{% asset_img %}`): the well-known ones become Markdown,
//! the others stay as text and are told.

use std::collections::BTreeMap;

use super::code::{in_and_outside_code, lines_outside_code};
use super::report::NoteKind;
use super::tidy::{Found, shortened};

/// What the beginning and end of each form is.
const FORMS: &[(&str, &str)] = &[("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}")];

/// A tag of another generator.
struct Tag<'a> {
    name: &'a str,
    /// `name="value"`.
    named: BTreeMap<&'a str, &'a str>,
    /// Values without names.
    words: Vec<&'a str>,
    /// Everything behind the name.
    rest: &'a str,
}

/// Turns shortcodes into Markdown.
pub(super) fn shortcodes(body: &str, found: &mut Vec<Found>) -> String {
    let body = blocks(body);
    lines_outside_code(&body, |line, number| {
        let made = in_and_outside_code(line, unraw, |part| in_text(part, number, found));
        // A line that held nothing but a tag without a trace goes whole.
        (made.trim().is_empty() && !line.trim().is_empty())
            .then(String::new)
            .or(Some(made))
    })
}

/// Inline code without the tags that keep Hexo and Jekyll from reading it; text that is about them has but one.
fn unraw(code: &str) -> String {
    const TAGS: [&str; 2] = ["{% raw %}", "{% endraw %}"];
    match TAGS.iter().all(|tag| code.contains(tag)) {
        true => code.replace(TAGS[0], "").replace(TAGS[1], ""),
        false => code.to_owned(),
    }
}

/// Tags around lines of code become fences, whatever is between.
fn blocks(body: &str) -> String {
    let mut made = String::with_capacity(body.len());
    let mut end: Option<&str> = None;
    for whole in body.split_inclusive('\n') {
        let line = whole.trim();
        let tag = FORMS
            .iter()
            .find_map(|(open, close)| parse(line.strip_prefix(open)?.strip_suffix(close)?));
        match (end, tag) {
            (Some(opened), Some(tag))
                if tag.name.trim_start_matches('/').trim_start_matches("end") == opened =>
            {
                made.push_str(if opened == "raw" { "\n" } else { "```\n" });
                end = None;
            }
            (None, Some(tag)) => match opening(&tag) {
                Some((fence, name)) => {
                    made.push_str(&fence);
                    end = Some(name);
                }
                None => made.push_str(whole),
            },
            _ => made.push_str(whole),
        }
    }
    made
}

/// The fence that a tag opens, and its name.
fn opening(tag: &Tag<'_>) -> Option<(String, &'static str)> {
    let language = || {
        let words = tag
            .words
            .iter()
            .map(|word| word.strip_prefix("lang:").unwrap_or(word));
        words
            .map(|word| word.trim_matches(['"', '\'']))
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    Some(match tag.name {
        "highlight" => (format!("```{}\n", language()), "highlight"),
        "codeblock" => (format!("```{}\n", language()), "codeblock"),
        "raw" => ("\n".to_owned(), "raw"),
        _ => return None,
    })
}

fn parse(inside: &str) -> Option<Tag<'_>> {
    let inside = inside.trim_matches(['-', ' ', '\t']);
    let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    if name.is_empty() || !name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/') {
        return None;
    }
    let mut tag = Tag {
        name,
        named: BTreeMap::new(),
        words: Vec::new(),
        rest: rest.trim(),
    };
    let mut left = tag.rest;
    while !left.is_empty() {
        let start = left.find([' ', '\t', '=', '"', '\'']).unwrap_or(left.len());
        let key = &left[..start];
        let is_named = left[start..].starts_with('=') && !key.is_empty();
        let value = if is_named { &left[start + 1..] } else { left };
        let (value, after) = value_of(value);
        if is_named {
            tag.named.insert(key, value);
        } else if !value.is_empty() {
            tag.words.push(value);
        }
        left = after.trim_start();
    }
    Some(tag)
}

/// The value that a text begins with, without its quotes, and what is behind it.
fn value_of(text: &str) -> (&str, &str) {
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\'' | '`'));
    if let Some(quote) = quote
        && let Some(end) = text[1..].find(quote)
    {
        return (&text[1..=end], &text[end + 2..]);
    }
    // At least one character, so that reading comes to an end.
    let end = text.find([' ', '\t']).unwrap_or(text.len());
    text.split_at(end)
}

fn in_text(part: &str, number: u32, found: &mut Vec<Found>) -> String {
    let mut made = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(start) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let form = FORMS.iter().find(|(open, _)| rest[start..].starts_with(open));
        let Some((open, close)) = form else { break };
        let Some(length) = rest[start + open.len()..].find(close) else {
            break;
        };
        let end = start + open.len() + length + close.len();
        let inside = &rest[start + open.len()..end - close.len()];
        made.push_str(&rest[..start]);
        match markdown(open, inside) {
            Some(text) => made.push_str(&text),
            // A box, which is made afterwards.
            None if is_box(inside) => made.push_str(&rest[start..end]),
            None => {
                found.push((NoteKind::MarkupKept, number, shortened(&rest[start..end])));
                made.push_str(&rest[start..end]);
            }
        }
        rest = &rest[end..];
    }
    made.push_str(rest);
    made
}

/// Whether a tag begins or ends a box.
fn is_box(inside: &str) -> bool {
    let tag = parse(inside);
    let name = tag.map_or("", |tag| tag.name);
    let name = name.strip_prefix("end").unwrap_or(name);
    matches!(name, "note" | "admonition" | "blockquote")
}

/// The Markdown of a tag. Returns `None` if it has none.
fn markdown(open: &str, inside: &str) -> Option<String> {
    if open == "{{" {
        // What a page is addressed from: links are relative here.
        let variable = inside.trim();
        let is_base = [
            "site.baseurl",
            "site.url",
            "site.BaseURL",
            ".Site.BaseURL",
            "page.baseurl",
        ]
        .contains(&variable);
        let path = relative_url(variable);
        return is_base.then(String::new).or(path);
    }
    let tag = parse(inside)?;
    let word = |place: usize| tag.words.get(place).copied().unwrap_or_default();
    let named = |name: &str| tag.named.get(name).copied();
    let link = |title: &str, target: &str| {
        let title = if title.is_empty() { target } else { title };
        Some(format!("[{title}]({target})"))
    };
    match tag.name {
        "figure" | "img" if named("src").is_some() => {
            let caption = named("caption").or(named("title")).unwrap_or_default();
            picture(named("src")?, named("alt").unwrap_or(caption), caption)
        }
        // Classes, then the file, then sizes, then words.
        "asset_img" | "img" => {
            let at = tag.words.iter().position(|word| word.contains(['.', '/']))?;
            let is_size = |word: &&&str| !word.bytes().all(|byte| byte.is_ascii_digit());
            let words: Vec<&str> = tag.words[at + 1..].iter().filter(is_size).copied().collect();
            picture(tag.words[at], &words.join(" "), "")
        }
        "asset_path" => Some(word(0).to_owned()),
        "asset_link" => link(&tag.words.get(1..)?.join(" "), word(0)),
        "post_link" => {
            let title = tag.words.get(1..)?.join(" ");
            let target = format!("{}.md", word(0));
            link(if title.is_empty() { word(0) } else { &title }, &target)
        }
        "post_path" | "post_url" => Some(format!("{}.md", word(0))),
        "link" => Some(format!("/{}", tag.rest.trim_start_matches('/'))),
        "ref" | "relref" => Some(with_end(named("path").unwrap_or(word(0)))),
        "youtube" => link(
            "",
            &format!(
                "https://www.youtube.com/watch?v={}",
                named("id").unwrap_or(word(0))
            ),
        ),
        "bilibili" => link(
            "",
            &format!(
                "https://www.bilibili.com/video/{}/",
                named("id").unwrap_or(word(0))
            ),
        ),
        "vimeo" => link(
            "",
            &format!("https://vimeo.com/{}", named("id").unwrap_or(word(0))),
        ),
        "gist" => link("", &format!("https://gist.github.com/{}", tag.words.join("/"))),
        "raw" | "endraw" | "more" | "toc" => Some(String::new()),
        _ => None,
    }
}

/// `'/a.png' | relative_url` of Jekyll.
fn relative_url(expression: &str) -> Option<String> {
    let (path, filter) = expression.split_once('|')?;
    let is_url = matches!(
        filter.trim(),
        "relative_url" | "absolute_url" | "prepend: site.baseurl"
    );
    let path = path.trim().strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
    is_url.then(|| path.to_owned())
}

/// Hugo names pages with their ends or without.
fn with_end(target: &str) -> String {
    let (path, anchor) = target
        .split_once('#')
        .map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let has_end = path.is_empty() || path.ends_with(".md") || path.ends_with('/');
    let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
    format!("{path}{}{anchor}", if has_end { "" } else { ".md" })
}

fn picture(target: &str, alt: &str, caption: &str) -> Option<String> {
    let target = target.replace(' ', "%20");
    let alt = alt.replace(['[', ']'], "");
    let caption = match caption.replace('"', "”") {
        caption if caption.is_empty() => caption,
        caption => format!(" \"{caption}\""),
    };
    Some(format!("![{alt}]({target}{caption})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_becomes_markdown() {
        let cases = [
            (
                "{{< figure src=\"a.png\" alt=\"图\" caption=\"铣刀\" >}}",
                "![图](a.png \"铣刀\")",
            ),
            ("{% asset_img a.png 图 一 %}", "![图 一](a.png)"),
            ("{% asset_img class-a b.png 300 200 \"题\" %}", "![题](b.png)"),
            ("见{% post_link hello 你好 %}。", "见[你好](hello.md)。"),
            ("[a]({% post_url 2020-01-02-x %})", "[a](2020-01-02-x.md)"),
            ("[a]({% link _posts/x.md %})", "[a](/_posts/x.md)"),
            ("[a]({{< relref \"b#c\" >}})", "[a](b.md#c)"),
            ("![a]({{ site.baseurl }}/a.png)", "![a](/a.png)"),
            ("![a]({{ '/a.png' | relative_url }})", "![a](/a.png)"),
            (
                "{% highlight js %}\na {% x %}\n{% endhighlight %}\n",
                "```js\na {% x %}\n```\n",
            ),
            ("{{< highlight go >}}\na\n{{< /highlight >}}\n", "```go\na\n```\n"),
            (
                "{% codeblock lang:c %}\na\n{% endcodeblock %}\n",
                "```c\na\n```\n",
            ),
            ("{% raw %}\n{{ x }}\n{% endraw %}\n", "\n{{ x }}\n"),
            (
                "`{% raw %}{{ x }}{% endraw %}`、`{% raw %}`",
                "`{{ x }}`、`{% raw %}`",
            ),
            ("`{% x %}` 与 {% x %}", "`{% x %}` 与 {% x %}"),
            ("a {{ b", "a {{ b"),
            (
                "{{< youtube abc >}}",
                "[https://www.youtube.com/watch?v=abc](https://www.youtube.com/watch?v=abc)",
            ),
        ];
        for (body, expected) in cases {
            let mut found = Vec::new();
            let made = shortcodes(body, &mut found);
            assert_eq!(made.trim_end(), expected.trim_end(), "{body}: {found:?}");
        }
        let mut found = Vec::new();
        shortcodes("一\n{% include x.html a=\"b\" %}\n", &mut found);
        assert_eq!(
            found,
            [(NoteKind::MarkupKept, 1, "{% include x.html a=\"b\" %}".to_owned())]
        );
    }
}
