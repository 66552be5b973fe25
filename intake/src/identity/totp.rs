//! One-time passwords by the clock (RFC 6238): SHA-1, 30 seconds, six digits, as every authenticator app makes them.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Milliseconds of a step.
const STEP: i64 = 30_000;
/// Steps before and after the present one that are taken too: clocks differ, and typing takes time.
const DRIFT: i64 = 1;
/// Bytes of a secret, as many as SHA-1 gives.
pub const SECRET: usize = 20;
/// Recovery codes that are given out at once.
pub const RECOVERY: usize = 10;
/// Bytes in Base32 without padding (RFC 4648).
pub fn base32(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes)
}

/// The secret of a text in Base32. Returns `None` if it is none.
pub fn secret(text: &str) -> Option<Vec<u8>> {
    let bytes = BASE32_NOPAD.decode(text.as_bytes()).ok()?;
    (bytes.len() == SECRET).then_some(bytes)
}

/// The number of a step, before it is cut to digits (RFC 4226, 5.3).
fn number(secret: &[u8], step: i64) -> u32 {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        // Keys of any length are taken.
        return 0;
    };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let start = usize::from(hash[19] & 15);
    let part = [hash[start], hash[start + 1], hash[start + 2], hash[start + 3]];
    u32::from_be_bytes(part) & 0x7fff_ffff
}

/// The one-time password of a moment, milliseconds since 1970.
pub fn code(secret: &[u8], at: i64) -> String {
    format!("{:06}", number(secret, at.div_euclid(STEP)) % 1_000_000)
}

/// The step whose one-time password was given, if it is one of now and after the last that was taken.
pub fn step_of(secret: &[u8], given: &str, now: i64, last: i64) -> Option<i64> {
    let present = now.div_euclid(STEP);
    let mut steps = present - DRIFT..=present + DRIFT;
    steps.find(|step| *step > last && crate::ids::same_secret(&code(secret, step * STEP), given))
}

/// What somebody typed, without the spaces and hyphens that people put between groups.
pub fn typed(text: &str) -> String {
    let kept = text
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '-');
    kept.take(64).collect::<String>().to_lowercase()
}

/// The address that authenticator apps read from a QR code.
pub fn address(secret: &str, login: &str, site: &str) -> String {
    let encoded = |text: &str| {
        form_urlencoded::byte_serialize(text.as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    };
    let site = encoded(site);
    format!(
        "otpauth://totp/{site}:{}?secret={secret}&issuer={site}",
        encoded(login)
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        let vectors = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (seconds, expected) in vectors {
            assert_eq!(number(secret, seconds / 30) % 100_000_000, expected, "{seconds}");
        }
        assert_eq!(code(secret, 59_000), "287082");
        assert_eq!(code(secret, 1_111_111_109_000), "081804");
    }

    #[test]
    fn a_step_beside_the_present_is_taken_once() {
        let (secret, now) = (b"12345678901234567890", 1_234_567_890_000);
        let present = now / STEP;
        for (drift, expected) in [
            (-2, None),
            (-1, Some(present - 1)),
            (0, Some(present)),
            (1, Some(present + 1)),
            (2, None),
        ] {
            let given = code(secret, now + drift * STEP);
            assert_eq!(step_of(secret, &given, now, 0), expected, "{drift}");
        }
        let given = code(secret, now);
        assert_eq!(step_of(secret, &given, now, present), None);
        assert_eq!(step_of(secret, "", now, 0), None);
    }

    #[test]
    fn secrets_are_written_in_base32() {
        let bytes: Vec<u8> = (7..27).collect();
        assert_eq!(secret(&base32(&bytes)).unwrap(), bytes);
        for wrong in ["", "MZXW6", "mzxw6ytboi", "MZXW6YTB0I111111111111111111111"] {
            assert_eq!(secret(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_names_site_and_login() {
        assert_eq!(
            address("ABC", "zhang.san", "稷下 a"),
            "otpauth://totp/%E7%A8%B7%E4%B8%8B%20a:zhang.san?secret=ABC&issuer=%E7%A8%B7%E4%B8%8B%20a"
        );
        assert_eq!(typed(" 123 456-X"), "123456x");
    }
}
