//! Hashing passwords with Argon2id, with the parameters that OWASP names: 19 MiB, two passes.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

/// The PHC string of a password.
///
/// # Panics
/// Never: the parameters and the length of the salt are constants.
pub fn hash(password: &str) -> String {
    let salt: [u8; 16] = crate::ids::random();
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .unwrap_or_else(|error| panic!("constant parameters: {error}"));
    hash.to_string()
}

/// Whether a password is the one of a PHC string. Without one, for there is no account or it has no password yet, it is
/// none's; it takes as long to say so.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let Some(hash) = hash else {
        let _ = self::hash(password);
        return false;
    };
    let Ok(hash) = PasswordHash::new(hash) else {
        return false;
    };
    Argon2::default()
        .verify_password(password.as_bytes(), &hash)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_fits() {
        let kept = hash("correct horse");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify("correct horse", Some(&kept)));
        assert!(
            !verify("correct horsf", Some(&kept)) && !verify("", None) && !verify("x", Some("not a hash"))
        );
        assert_ne!(kept, hash("correct horse"));
    }
}
