//! What a part of an archive may be called. Whoever unpacks it must get files below the directory that was chosen, whatever
//! program is used.

use super::refused::Refused;

/// What runs when somebody opens it.
const PROGRAMS: &[&str] = &[
    ".exe", ".dll", ".bat", ".cmd", ".js", ".vbs", ".ps1", ".scr", ".com", ".lnk",
];
/// Archives, whose contents nobody here looks into.
const ARCHIVES: &[&str] = &[
    ".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".cab", ".iso", ".lzh", ".arj",
];
/// Documents and courseware that are ZIP files, and no archives to whoever made them.
const DOCUMENTS: &[&str] = &[
    ".docx", ".xlsx", ".pptx", ".dotx", ".xltx", ".potx", ".ppsx", ".odt", ".ods", ".odp", ".odg", ".ofd",
    ".epub", ".ggb", ".sb2", ".sb3", ".h5p", ".xmind", ".pages", ".key", ".numbers", ".thmx", ".glox",
    ".enbx",
];
/// What archives begin with.
const BEGINNINGS: &[&[u8]] = &[
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"MSCF\0\0\0\0",
];

/// A name as people are to read it: UTF-8, else what Chinese Windows writes. Returns `None` if it is neither.
pub(super) fn readable(raw: &[u8], is_utf8: bool) -> Option<String> {
    match std::str::from_utf8(raw) {
        Ok(name) => Some(name.to_owned()),
        Err(_) if is_utf8 => None,
        Err(_) => {
            let name = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(raw);
            // Other systems' bytes for other alphabets are no reason to refuse a file.
            Some(name.unwrap_or_else(|| String::from_utf8_lossy(raw)).into_owned())
        }
    }
}

/// Holds a name against what could lead out of a directory or deceive.
pub(super) fn check(name: &str) -> Result<(), Refused> {
    // Marks that turn the direction of writing show another extension than there is.
    let deceives =
        |sign: char| sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if name.is_empty() || name.chars().any(deceives) {
        return Err(Refused::Control);
    }
    if name.contains('\\') {
        return Err(Refused::Backslash);
    }
    let is_drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    if name.starts_with('/') || is_drive || name.split('/').any(|step| step == "..") {
        return Err(Refused::Path);
    }
    Ok(())
}

/// Holds a part, whose first bytes are given, against what may be given out.
pub(super) fn publishable(name: &str, head: &[u8]) -> Result<(), Refused> {
    let name = name.to_lowercase();
    let ends = |list: &[&str]| list.iter().any(|extension| name.ends_with(extension));
    if name.ends_with("vbaproject.bin") {
        return Err(Refused::Macros);
    }
    if ends(PROGRAMS) {
        return Err(Refused::Programs);
    }
    let begins = BEGINNINGS.iter().any(|beginning| head.starts_with(beginning));
    if ends(ARCHIVES) || begins && !ends(DOCUMENTS) {
        return Err(Refused::Nested);
    }
    Ok(())
}
