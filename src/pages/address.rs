//! Paths as they stand in addresses and as files of the output.

use std::fmt::Write as _;

pub(super) use crate::name::segment;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The file of a directory.
const INDEX: &str = "index.html";

/// What stays as it is in a path of a URL.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b'+')
    .remove(b',')
    .remove(b'(')
    .remove(b')')
    .remove(b'@');

/// The output file of a path, relative to the output directory.
pub(super) fn file(path: &str) -> String {
    if path.is_empty() || path.ends_with('/') {
        format!("{path}{INDEX}")
    } else {
        path.to_owned()
    }
}

/// The path whose output file this is.
pub(super) fn path(file: &str) -> &str {
    match file.strip_suffix(INDEX) {
        Some(directory) if directory.is_empty() || directory.ends_with('/') => directory,
        _ => file,
    }
}

/// The URL of a path below a site's base, percent-encoded, with a slash in front.
pub(super) fn url(base_path: &str, path: &str) -> String {
    let mut url = String::with_capacity(base_path.len() + path.len() + 1);
    let _ = write!(url, "{base_path}/{}", utf8_percent_encode(path, PATH));
    url
}

/// The files that answer for a path that somebody wrote, the likeliest first. Servers send whoever asks for a directory
/// without its slash to the address with it, so `notices` means `notices/` where no file is called so.
pub(super) fn files_for(path: &str) -> impl Iterator<Item = String> {
    let is_open = !path.is_empty() && !path.ends_with('/');
    std::iter::once(file(path)).chain(is_open.then(|| format!("{path}/{INDEX}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_file_and_one_url() {
        let cases = [
            ("", "index.html", "/"),
            ("notices/a/", "notices/a/index.html", "/notices/a/"),
            (
                "notices/通知/",
                "notices/通知/index.html",
                "/notices/%E9%80%9A%E7%9F%A5/",
            ),
            ("old/a.html", "old/a.html", "/old/a.html"),
        ];
        for (path, in_output, in_browser) in cases {
            assert_eq!(file(path), in_output);
            assert_eq!(url("", path), in_browser);
        }
        assert_eq!(url("/portal", ""), "/portal/");
    }

    #[test]
    fn a_directory_answers_with_and_without_its_slash() {
        let cases: [(&str, &[&str]); 4] = [
            ("", &["index.html"]),
            ("notices/", &["notices/index.html"]),
            ("notices", &["notices", "notices/index.html"]),
            (
                "notices/index.html",
                &["notices/index.html", "notices/index.html/index.html"],
            ),
        ];
        for (path, files) in cases {
            assert_eq!(files_for(path).collect::<Vec<_>>(), files);
        }
    }

    #[test]
    fn free_text_is_one_safe_segment() {
        assert_eq!(segment("C/C++"), "C~2f~C++");
        assert_eq!(segment(".."), "~2e~~2e~");
        assert_eq!(segment(".a.b."), "~2e~a.b~2e~");
        assert_eq!(segment("index.html"), "~69~ndex.html");
        assert_eq!(segment("一 二"), "一-二");
    }
}
