//! Archives as no program writes them, made of honest ones.

use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};

/// An archive as a library writes it.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Lists the last part so many times more in the directory, each time under another name of the same length.
pub fn listed_again(mut bytes: Vec<u8>, times: u16) -> Vec<u8> {
    let mut end = bytes.split_off(bytes.len() - 22);
    let number = |at: usize| u16::from_le_bytes([end[at], end[at + 1]]);
    let (count, size) = (
        number(10),
        u32::from_le_bytes([end[12], end[13], end[14], end[15]]),
    );
    let last = bytes
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    let record = bytes[last..].to_vec();
    let name = usize::from(record[28]);
    for copy in 0..times {
        let mut record = record.clone();
        record[46 + name - 4..46 + name].copy_from_slice(format!("{copy:04}").as_bytes());
        bytes.extend(record);
    }
    let more = record.len() as u32 * u32::from(times);
    for at in [8, 10] {
        end[at..at + 2].copy_from_slice(&(count + times).to_le_bytes());
    }
    end[12..16].copy_from_slice(&(size + more).to_le_bytes());
    [bytes, end].concat()
}
