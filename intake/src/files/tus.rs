//! What the headers of a resumable upload say ([tus 1.0](https://tus.io/protocols/resumable-upload)), as texts: no HTTP here.

use data_encoding::BASE64;

/// A value of `Upload-Metadata`, which is pairs of a name and Base64 with commas between them. Returns `None` if the name is
/// missing, or what it names is no Base64 of UTF-8.
pub fn metadata(header: &str, wanted: &str) -> Option<String> {
    let mut pairs = header.split(',').filter_map(|pair| pair.trim().split_once(' '));
    let (_, value) = pairs.find(|(name, _)| *name == wanted)?;
    let bytes = BASE64.decode(value.trim().as_bytes()).ok()?;
    String::from_utf8(bytes).ok()
}

/// Bytes of `Upload-Length` and `Upload-Offset`: digits alone, without a sign.
pub fn bytes(header: &str) -> Option<u64> {
    let is_digits = header.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| header.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_names_and_bytes() {
        let header = "filename YS5tcDQ=, submission  czE=,empty ,flag,wrong *,latin /w==,filename Yg==";
        let cases = [
            ("filename", Some("a.mp4")),
            ("submission", Some("s1")),
            ("empty", None),
            ("flag", None),
            ("wrong", None),
            ("latin", None),
            ("other", None),
        ];
        for (name, expected) in cases {
            assert_eq!(metadata(header, name).as_deref(), expected, "{name}");
        }
        let cases = [
            ("0", Some(0)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("+5", None),
            ("-5", None),
            (" 5", None),
            ("5.0", None),
            ("", None),
        ];
        for (header, expected) in cases {
            assert_eq!(bytes(header), expected, "{header}");
        }
    }
}
