//! What is purged, and what becomes of what git says of it.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::trailers::KEPT;

/// What somebody wants purged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file of the repository with all of its history.
    Path(String),
    /// An attachment by its checksum.
    Attachment(String),
}

/// Reads what is to be purged: the path of a file below `content/`, or the checksum of an attachment.
pub fn target(text: &str) -> Option<Target> {
    let is_checksum = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_checksum {
        return Some(Target::Attachment(text.to_ascii_lowercase()));
    }
    let is_inside = text
        .split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.'));
    let is_file = text.starts_with("content/") && text.matches('/').count() > 1 && is_inside;
    is_file.then(|| Target::Path(text.to_owned()))
}

/// What goes from the repository with a file: an entry that is a folder goes as a whole.
pub fn whole(path: &str) -> &str {
    path.strip_suffix("/index.md").unwrap_or(path)
}

/// What stands for something that is gone: it proves what it was to whoever knows, and tells nobody else.
pub fn fingerprint(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text))
}

/// A commit's message, or with a name what is left of one that was about nothing but what that name stands for.
pub fn without_names(message: &[u8], name: Option<&str>) -> Vec<u8> {
    let Some(name) = name else {
        return message.to_vec();
    };
    let text = String::from_utf8_lossy(message);
    let kept = text.lines().filter(|line| {
        let key = line.split_once(": ").map_or("", |(key, _)| key);
        KEPT.contains(&key)
    });
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    let gap = if kept.is_empty() { "" } else { "\n" };
    format!("purged: {name}\n{gap}{kept}").into_bytes()
}

/// What a commit leads to from now on, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its tree.
    pub tree: String,
    /// The commits before it.
    pub parents: Vec<String>,
}

impl Header {
    /// A commit as git stores it with this tree and these parents; everything else stays but its message, which is given
    /// away, and signatures, which are of what was there before.
    pub fn of(&self, raw: &[u8], message: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let end = raw
            .windows(2)
            .position(|pair| pair == b"\n\n")
            .unwrap_or(raw.len());
        let (head, rest) = raw.split_at(end);
        let mut written = format!("tree {}\n", self.tree).into_bytes();
        for parent in &self.parents {
            written.extend(format!("parent {parent}\n").into_bytes());
        }
        let mut is_dropped = false;
        for line in head.split(|byte| *byte == b'\n') {
            let key = line.split(|byte| *byte == b' ').next().unwrap_or_default();
            // A line that begins with a space goes on with the one before.
            is_dropped = match key {
                b"" => is_dropped,
                key => [&b"tree"[..], b"parent", b"gpgsig", b"gpgsig-sha256", b"mergetag"].contains(&key),
            };
            if !is_dropped {
                written.extend_from_slice(line);
                written.push(b'\n');
            }
        }
        written.push(b'\n');
        written.extend(message(rest.get(2..).unwrap_or_default()));
        written
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_or_an_attachment_is_purged_and_nothing_else() {
        let sum = "AB".repeat(32);
        let path = |text: &str| Some(Target::Path(text.to_owned()));
        let cases = [
            ("content/news/a.md", path("content/news/a.md")),
            ("content/courses/x/index.md", path("content/courses/x/index.md")),
            ("content/news/照片 一.jpg", path("content/news/照片 一.jpg")),
            (&*sum, Some(Target::Attachment(sum.to_lowercase()))),
            ("content/news", None),
            ("content", None),
            ("site.toml", None),
            ("content/news/", None),
            ("content/../site.toml", None),
            ("content//a.md", None),
            ("content/.git/x", None),
            ("/content/news/a.md", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(target(text), expected, "{text}");
        }
        assert_eq!(whole("content/courses/x/index.md"), "content/courses/x");
        assert_eq!(whole("content/news/a.md"), "content/news/a.md");
    }

    #[test]
    fn a_message_keeps_who_took_part() {
        let message = "新投稿：张三\n\n说明里也有张三。\n\nSubmitted-by: 李四 <l@x>\nSubmission-Id: s1\nReviewed-by: 王五 <w@x>\n";
        let kept = "purged: 0123\n\nSubmitted-by: 李四 <l@x>\nReviewed-by: 王五 <w@x>\n";
        assert_eq!(without_names(message.as_bytes(), Some("0123")), kept.as_bytes());
        assert_eq!(without_names("张三".as_bytes(), Some("0123")), b"purged: 0123\n");
        assert_eq!(without_names(b"\xff", None), b"\xff");
    }

    #[test]
    fn a_commit_keeps_all_but_what_it_leads_to_and_signatures() {
        let raw = b"tree 1\nparent 2\nparent 3\nauthor \xff <a> 1 +0800\ncommitter c <c> 2 -0330\ngpgsig -----BEGIN\n sig\n -----END\nencoding GBK\n\ntitle\n\nparent 9\n";
        let header = Header {
            tree: "a".to_owned(),
            parents: vec!["b".to_owned()],
        };
        let written = header.of(raw, <[u8]>::to_vec);
        let expected = b"tree a\nparent b\nauthor \xff <a> 1 +0800\ncommitter c <c> 2 -0330\nencoding GBK\n\ntitle\n\nparent 9\n";
        assert_eq!(written, expected);
    }
}
