//! WebP files with a colour profile, which the encoder does not write: without it a photograph taken in a wider
//! space than sRGB turns pale.
//!
//! The layout is that of RFC 9649, section 2.

const HAS_PROFILE: u8 = 0x20;
const HAS_ALPHA: u8 = 0x10;

/// Puts a profile into a WebP file of one picture.
pub(super) fn with_profile(webp: &[u8], (width, height): (u32, u32), profile: &[u8]) -> Option<Vec<u8>> {
    let chunks = chunks(webp)?;
    let has_alpha = chunks.iter().any(|(name, _)| *name == b"ALPH");
    let mut header = vec![HAS_PROFILE | if has_alpha { HAS_ALPHA } else { 0 }, 0, 0, 0];
    for side in [width, height] {
        header.extend_from_slice(&side.checked_sub(1)?.to_le_bytes()[..3]);
    }
    let mut body = b"WEBP".to_vec();
    push(&mut body, b"VP8X", &header)?;
    push(&mut body, b"ICCP", profile)?;
    for (name, payload) in chunks.iter().filter(|(name, _)| *name != b"VP8X") {
        push(&mut body, name, payload)?;
    }
    let mut file = Vec::with_capacity(body.len() + 8);
    push(&mut file, b"RIFF", &body)?;
    Some(file)
}

fn push(out: &mut Vec<u8>, name: &[u8], payload: &[u8]) -> Option<()> {
    out.extend_from_slice(name);
    out.extend_from_slice(&u32::try_from(payload.len()).ok()?.to_le_bytes());
    out.extend_from_slice(payload);
    if payload.len() % 2 == 1 {
        out.push(0);
    }
    Some(())
}

fn chunks(webp: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let mut rest = webp.get(12..)?;
    let mut chunks = Vec::new();
    while let Some((head, after)) = rest.split_at_checked(8) {
        let length = u32::from_le_bytes(head.get(4..8)?.try_into().ok()?) as usize;
        chunks.push((&head[..4], after.get(..length)?));
        rest = after.get(length + length % 2..).unwrap_or_default();
    }
    Some(chunks)
}
