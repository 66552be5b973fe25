//! Compressed copies of text files, for servers that send them as they are.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Extensions of files that compress well.
const TEXTS: &[&str] = &[
    "css", "csv", "html", "ics", "js", "json", "md", "mjs", "svg", "txt", "vtt", "xml",
];
/// Smaller files gain nothing.
const LEAST_BYTES: usize = 256;
/// Brotli's quality: 9 takes a twentieth of the time of 11 and a few per cent more bytes.
const BROTLI_QUALITY: i32 = 9;

/// Whether a file has compressed copies.
pub fn compressible(file: &str, bytes: &[u8]) -> bool {
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    TEXTS.contains(&extension) && bytes.len() >= LEAST_BYTES
}

/// The compressed copies of a file: their names and bytes. The same bytes give the same copies: no times inside.
pub fn variants(file: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY as u32, 22);
    // Writing into memory does not fail.
    let _ = gzip.write_all(bytes);
    let _ = brotli.write_all(bytes);
    vec![
        (format!("{file}.gz"), gzip.finish().unwrap_or_default()),
        (format!("{file}.br"), brotli.into_inner()),
    ]
}
