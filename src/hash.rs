//! The hash by which inputs and contents are compared: the first 16 bytes of a BLAKE3.

/// A 16-byte BLAKE3.
pub type Hash = [u8; 16];

/// Hashes bytes.
pub fn hash(bytes: &[u8]) -> Hash {
    let mut hash = [0; 16];
    hash.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    hash
}
