//! Addresses of mail: one rule for whoever types one.

use lettre::address::Address;

/// Whether a text is a mail address that letters can be sent to: at most 100 bytes, and a host whose names are all there.
pub fn is_address(text: &str) -> bool {
    let is_host = |host: &str| host.contains('.') && host.split('.').all(|name| !name.is_empty());
    let host = text.rsplit_once('@').map_or("", |(_, host)| host);
    text.len() <= 100 && is_host(host) && text.parse::<Address>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_whole() {
        for text in ["jia@example.org", "a.b+c@x.example.cn"] {
            assert!(is_address(text), "{text}");
        }
        let long = format!("{}@example.org", "a".repeat(100));
        for text in [
            "",
            "a",
            "a@b",
            "a@.com",
            "ijkl@qq.com.",
            "abcd@qq.com；",
            "a b@c.org",
            "a@@b.org",
            &long,
        ] {
            assert!(!is_address(text), "{text}");
        }
    }
}
