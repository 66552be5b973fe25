//! Names and secrets drawn at random.

use data_encoding::HEXLOWER;

/// Letters and digits that are not mistaken for each other (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Random bytes of the system.
///
/// # Panics
/// When the system has none to give: nothing secret can be made then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the system gives no random bytes: {error}"));
    bytes
}

/// A new name of twelve characters, 60 bits.
pub fn name() -> String {
    random::<12>()
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect()
}

/// A new secret of 52 characters, 260 bits.
pub fn secret() -> String {
    random::<52>()
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect()
}

/// SHA-256 of a secret, under which it is kept.
pub fn fingerprint(secret: &str) -> String {
    use sha2::Digest as _;
    HEXLOWER.encode(&sha2::Sha256::digest(secret.as_bytes()))
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn same_secret(left: &str, right: &str) -> bool {
    let differences = left
        .bytes()
        .zip(right.bytes())
        .fold(0, |sum, (left, right)| sum | (left ^ right));
    left.len() == right.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_file_names_and_differ() {
        let (one, other) = (name(), name());
        assert_ne!(one, other);
        assert!(one.len() == 12 && one.bytes().all(|byte| ALPHABET.contains(&byte)));
    }

    #[test]
    fn secrets_are_compared() {
        assert!(same_secret("abc", "abc") && same_secret("", ""));
        assert!(!same_secret("abc", "abd") && !same_secret("abc", "ab") && !same_secret("", "a"));
    }
}
