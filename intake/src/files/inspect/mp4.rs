//! The tables of MP4 and QuickTime files (ISO/IEC 14496-12): boxes of length, name and contents.

use std::io::{BufReader, Read, Seek, SeekFrom};

use crate::domain::video::Video;

/// Boxes that are looked at; honest files have far fewer.
const BOXES: usize = 100_000;
/// Boxes that hold boxes which matter.
const NESTED: &[&[u8; 4]] = &[b"moov", b"trak", b"mdia", b"minf", b"stbl"];

/// What the tables of the file say; `None` if there are none.
pub(super) fn read(mut source: impl Read + Seek) -> Option<Video> {
    let end = source.seek(SeekFrom::End(0)).ok()?;
    source.rewind().ok()?;
    let mut walk = Walk {
        file: BufReader::with_capacity(4096, source),
        video: Video::default(),
        handler: [0; 4],
        left: BOXES,
        has_tables: false,
    };
    walk.boxes(0, end, 0)?;
    walk.has_tables.then_some(walk.video)
}

struct Walk<R> {
    file: BufReader<R>,
    video: Video,
    /// What the track that is being read holds: `vide`, `soun`.
    handler: [u8; 4],
    left: usize,
    has_tables: bool,
}

impl<R: Read + Seek> Walk<R> {
    fn bytes<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        // Relative, so that small steps stay within what was read already.
        let here = self.file.stream_position().ok()?;
        self.file
            .seek_relative(i64::try_from(at).ok()? - i64::try_from(here).ok()?)
            .ok()?;
        self.file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Reads the boxes between two places. Returns `None` if the file contradicts itself.
    fn boxes(&mut self, mut at: u64, end: u64, depth: usize) -> Option<()> {
        while at + 8 <= end {
            self.left = self.left.checked_sub(1)?;
            let head: [u8; 8] = self.bytes(at)?;
            let (mut size, mut inner) = (u64::from(u32::from_be_bytes(head[..4].try_into().ok()?)), at + 8);
            let name: [u8; 4] = head[4..].try_into().ok()?;
            match size {
                0 => size = end - at,
                1 => {
                    size = u64::from_be_bytes(self.bytes(inner)?);
                    inner += 8;
                }
                _ => {}
            }
            let next = at.checked_add(size)?;
            if size < inner - at || next > end {
                // Cut off: what came before counts.
                return Some(());
            }
            self.one(&name, inner, next, depth)?;
            at = next;
        }
        Some(())
    }

    fn one(&mut self, name: &[u8; 4], inner: u64, end: u64, depth: usize) -> Option<()> {
        match name {
            b"ftyp" => {
                let brand: [u8; 4] = self.bytes(inner)?;
                self.video.container = if &brand == b"qt  " { "mov" } else { "mp4" }.to_owned();
            }
            b"mvhd" => self.duration(inner)?,
            b"hdlr" => self.handler = self.bytes(inner + 8)?,
            b"stsd" => self.sample_entry(inner)?,
            name if NESTED.contains(&name) && depth < 8 => {
                if name == b"moov" {
                    self.has_tables = true;
                    // QuickTime files of old have no brand.
                    if self.video.container.is_empty() {
                        self.video.container = "mov".to_owned();
                    }
                }
                self.boxes(inner, end, depth + 1)?;
            }
            _ => {}
        }
        Some(())
    }

    fn duration(&mut self, inner: u64) -> Option<()> {
        let is_long = self.bytes::<1>(inner)?[0] == 1;
        let (scale_at, length) = if is_long { (inner + 20, 8) } else { (inner + 12, 4) };
        let scale = u32::from_be_bytes(self.bytes(scale_at)?);
        let units = if length == 8 {
            u64::from_be_bytes(self.bytes(scale_at + 4)?)
        } else {
            u64::from(u32::from_be_bytes(self.bytes(scale_at + 4)?))
        };
        if scale > 0 && units < u64::from(u32::MAX) * u64::from(scale) {
            self.video.seconds = units as f64 / f64::from(scale);
        }
        Some(())
    }

    /// The first way of coding of a track: version and count, then a box.
    fn sample_entry(&mut self, inner: u64) -> Option<()> {
        let code: [u8; 4] = self.bytes(inner + 12)?;
        let code = String::from_utf8_lossy(&code).into_owned();
        match &self.handler {
            b"vide" if self.video.video_codec.is_empty() => {
                self.video.video_codec = code;
                let size: [u8; 4] = self.bytes(inner + 16 + 24)?;
                self.video.width = u32::from(u16::from_be_bytes([size[0], size[1]]));
                self.video.height = u32::from(u16::from_be_bytes([size[2], size[3]]));
            }
            b"soun" if self.video.audio_codec.is_empty() => self.video.audio_codec = code,
            _ => {}
        }
        Some(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn boxed(name: &[u8; 4], inner: &[u8]) -> Vec<u8> {
        let mut bytes = (inner.len() as u32 + 8).to_be_bytes().to_vec();
        bytes.extend_from_slice(name);
        bytes.extend_from_slice(inner);
        bytes
    }

    fn track(handler: &[u8; 4], code: &[u8; 4]) -> Vec<u8> {
        let handler = boxed(b"hdlr", &[&[0; 8][..], handler, &[0; 12]].concat());
        let mut entry = vec![0; 70];
        entry[24..28].copy_from_slice(&[2, 128, 1, 104]);
        let description = boxed(
            b"stsd",
            &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &boxed(code, &entry)].concat(),
        );
        let media = boxed(b"minf", &boxed(b"stbl", &description));
        boxed(b"trak", &boxed(b"mdia", &[handler, media].concat()))
    }

    fn movie(tracks: &[Vec<u8>]) -> Vec<u8> {
        let mut header = vec![0; 100];
        header[12..16].copy_from_slice(&1000_u32.to_be_bytes());
        header[16..20].copy_from_slice(&90_500_u32.to_be_bytes());
        boxed(b"moov", &[boxed(b"mvhd", &header), tracks.concat()].concat())
    }

    fn video(bytes: &[u8]) -> Option<Video> {
        read(std::io::Cursor::new(bytes))
    }

    #[test]
    fn tables_are_read_and_nonsense_is_not() {
        let brand = boxed(b"ftyp", b"isom\0\0\0\0");
        let data = boxed(b"mdat", &[0; 5000]);
        let both = movie(&[track(b"vide", b"avc1"), track(b"soun", b"mp4a")]);
        let whole = [brand.clone(), data.clone(), both.clone()].concat();
        let known = Video {
            container: "mp4".to_owned(),
            video_codec: "avc1".to_owned(),
            audio_codec: "mp4a".to_owned(),
            seconds: 90.5,
            width: 640,
            height: 360,
        };
        assert_eq!(video(&whole).as_ref(), Some(&known));
        let old = [movie(&[track(b"vide", b"hvc1")]), data.clone()].concat();
        let found = video(&old).unwrap();
        assert_eq!(
            (
                found.container.as_str(),
                found.video_codec.as_str(),
                found.audio_codec.as_str()
            ),
            ("mov", "hvc1", "")
        );
        for length in [0, 7, 8, 20, brand.len() + 100, brand.len() + data.len()] {
            assert_eq!(video(&whole[..length]), None, "{length}");
        }
        // A box that is longer than the file, or has no length of its own.
        assert_eq!(video(b"\xff\xff\xff\xffmoov"), None);
        assert_eq!(video(b"\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff"), None);
        let mut deep = boxed(b"free", b"");
        for _ in 0..50 {
            deep = boxed(b"moov", &deep);
        }
        assert!(video(&deep).is_some_and(|video| video.video_codec.is_empty()));
    }
}
