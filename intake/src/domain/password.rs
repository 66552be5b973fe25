//! Which passwords are too easily guessed.

/// Fewest characters of a password.
pub const SHORTEST: usize = 10;
/// Most bytes: hashing a book would only be a burden.
pub const LONGEST: usize = 256;

/// What everybody tries first; longer lists add little once length is asked for and guessing is slow.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "123456789a",
    "a123456789",
    "1q2w3e4r5t",
    "qwertyuiop",
    "password123",
    "password1234",
    "administrator",
    "woaini1314520",
    "5201314520",
    "1111111111",
    "0000000000",
    "8888888888",
    "6666666666",
    "abcd1234567",
    "abc1234567",
    "qwer123456",
    "asdf123456",
    "zxcvbnm123",
    "iloveyou123",
    "1qaz2wsx3edc",
    "admin123456",
    "aa123456789",
    "11223344556",
    "147258369a",
    "987654321a",
    "q123456789",
    "woaini520",
    "woaini521",
];

/// Why a password is not taken; the key of a text.
pub fn problem(password: &str, login: &str) -> Option<&'static str> {
    let lowered = password.to_lowercase();
    let mut characters: Vec<char> = lowered.chars().collect();
    if characters.len() < SHORTEST {
        return Some("account.password-short");
    }
    if password.len() > LONGEST {
        return Some("account.password-long");
    }
    if !login.is_empty() && lowered.contains(&login.to_lowercase()) {
        return Some("account.password-login");
    }
    characters.sort_unstable();
    characters.dedup();
    if characters.len() < 4 || COMMON.iter().any(|common| lowered.contains(common)) {
        return Some("account.password-common");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_named() {
        let cases = [
            ("short", Some("account.password-short")),
            ("1234567890", Some("account.password-common")),
            ("Password1234", Some("account.password-common")),
            ("aaaaaaaaaaaab", Some("account.password-common")),
            ("zhangsan-2026", Some("account.password-login")),
            ("correct horse battery", None),
            ("春风又绿江南岸明月何时照我还", None),
        ];
        for (password, expected) in cases {
            assert_eq!(problem(password, "zhangsan"), expected, "{password}");
        }
    }
}
