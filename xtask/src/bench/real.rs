//! A corpus of real text: synthetic sentences have a hundredth of the pairs of characters that real ones have,
//! which would flatter a search index.

use std::fs;
use std::path::Path;

use crate::result::Result;

use super::files;
use super::random::Random;

/// Settings: what leads nowhere in documents torn from their site is known.
const SETTINGS: &str = r#"[site]
title = "示例教研平台"
base_url = "https://portal.example.org"

[check.levels]
broken-link = "ignore"
broken-anchor = "ignore"
missing-media = "ignore"

[output]
api = false
calendar = false
years = false
"#;

/// Writes a portal of `size` entries into `root` out of the Markdown below `documents`: each document once, then
/// again with its paragraphs in another order.
pub(super) fn write(documents: &Path, size: usize, root: &Path) -> Result<()> {
    let paths = files::markdown_below(documents)?;
    if paths.is_empty() {
        return Err(format!("{} holds no Markdown", documents.display()).into());
    }
    let news = root.join("content/news");
    fs::create_dir_all(&news)?;
    fs::write(root.join("site.toml"), SETTINGS)?;
    for number in 0..size {
        let text = fs::read_to_string(&paths[number % paths.len()])?;
        let mut paragraphs = paragraphs(body(&text));
        if number >= paths.len() {
            shuffle(&mut paragraphs, number);
        }
        let title = title(&text).replace(['"', '\\'], "");
        let (year, month, day) = (2018 + number % 8, number / 8 % 12 + 1, number / 96 % 28 + 1);
        let entry = format!(
            "---\ntitle: \"{title}（{number}）\"\ndate: {year}-{month:02}-{day:02}\ncategory: research\n---\n\n{}\n",
            paragraphs.join("\n\n")
        );
        fs::write(news.join(format!("item-{number:06}.md")), entry)?;
    }
    Ok(())
}

/// What stands below the front matter.
fn body(text: &str) -> &str {
    match text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
    {
        Some((_, body)) => body,
        None => text,
    }
}

/// The first heading of the first level.
fn title(text: &str) -> &str {
    let heading = body(text).lines().find_map(|line| line.strip_prefix("# "));
    heading.map_or("文档", str::trim)
}

/// The paragraphs; what stands in a fence stays together.
fn paragraphs(body: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    let mut in_fence = false;
    for line in body.lines() {
        in_fence ^= line.trim_start().starts_with("```");
        match paragraphs.last_mut() {
            Some(last) if in_fence || !line.trim().is_empty() => {
                last.push_str(line);
                last.push('\n');
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

fn shuffle(paragraphs: &mut [String], seed: usize) {
    let mut random = Random::new(seed as u64);
    for last in (1..paragraphs.len()).rev() {
        paragraphs.swap(last, random.below(last + 1));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_one_paragraph() {
        let text = "---\ntitle: x\n---\n# 标题\n\n一\n二\n\n```c\nint a;\n\nint b;\n```\n\n三";
        assert_eq!(title(text), "标题");
        assert_eq!(
            paragraphs(body(text)),
            ["# 标题\n", "一\n二\n", "```c\nint a;\n\nint b;\n```\n", "三\n"]
        );
    }

    #[test]
    fn every_document_comes_as_it_is_and_then_shuffled() {
        let documents = tempfile::tempdir().unwrap();
        let lines: String = (0..50).map(|number| format!("第 {number} 段\n\n")).collect();
        fs::write(documents.path().join("a.md"), format!("# 甲\n\n{lines}")).unwrap();
        let root = tempfile::tempdir().unwrap();
        write(documents.path(), 2, root.path()).unwrap();
        let texts = ["item-000000.md", "item-000001.md"]
            .map(|name| fs::read_to_string(root.path().join("content/news").join(name)).unwrap());
        let [first, second] = texts.each_ref().map(|text| paragraphs(body(text)));
        assert_ne!(first, second);
        let sorted = |mut paragraphs: Vec<String>| {
            paragraphs.sort();
            paragraphs
        };
        assert_eq!(sorted(first), sorted(second));
    }
}
