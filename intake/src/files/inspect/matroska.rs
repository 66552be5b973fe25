//! The tables of WebM and Matroska files (RFC 9559): elements of number, length and contents (EBML, RFC 8794).

use std::io::{BufReader, Read, Seek, SeekFrom};

use crate::domain::video::Video;

/// Elements that are looked at; tables come before the frames, so few are needed.
const ELEMENTS: usize = 20_000;
/// Most bytes of one value that is read.
const VALUE: u64 = 64;

const HEAD: u32 = 0x1a45_dfa3;
const DOC_TYPE: u32 = 0x4282;
const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_a966;
const SCALE: u32 = 0x002a_d7b1;
const DURATION: u32 = 0x4489;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK: u32 = 0xae;
const CODE: u32 = 0x86;
const VIDEO: u32 = 0xe0;
const WIDTH: u32 = 0xb0;
const HEIGHT: u32 = 0xba;
const CLUSTER: u32 = 0x1f43_b675;

/// What the tables of the file say; `None` if there are none.
pub(super) fn read(mut source: impl Read + Seek) -> Option<Video> {
    let end = source.seek(SeekFrom::End(0)).ok()?;
    source.rewind().ok()?;
    let mut walk = Walk {
        file: BufReader::with_capacity(4096, source),
        video: Video::default(),
        nanoseconds: 1_000_000.0,
        units: 0.0,
        left: ELEMENTS,
        has_tracks: false,
    };
    // What is damaged behind the tables does not matter here.
    let _ = walk.elements(0, end, 0);
    walk.video.seconds = walk.units * walk.nanoseconds / 1e9;
    if !walk.video.seconds.is_finite() || !(0.0..4e9).contains(&walk.video.seconds) {
        walk.video.seconds = 0.0;
    }
    walk.has_tracks.then_some(walk.video)
}

struct Walk<R> {
    file: BufReader<R>,
    video: Video,
    nanoseconds: f64,
    units: f64,
    left: usize,
    has_tracks: bool,
}

impl<R: Read + Seek> Walk<R> {
    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.file.read_exact(&mut byte).ok()?;
        Some(byte[0])
    }

    /// A number of variable length; with its marker for names, without for lengths. All ones: unknown.
    fn number(&mut self, keeps_marker: bool) -> Option<(u64, u64, bool)> {
        let first = self.byte()?;
        let length = u64::from(first.leading_zeros()) + 1;
        if length > 8 {
            return None;
        }
        let marker = 0x80_u8.checked_shr(u32::try_from(length - 1).ok()?)?;
        let mut value = u64::from(if keeps_marker { first } else { first & !marker });
        for _ in 1..length {
            value = value << 8 | u64::from(self.byte()?);
        }
        let is_unknown = !keeps_marker && value == (1 << (7 * length)) - 1;
        Some((value, length, is_unknown))
    }

    fn elements(&mut self, mut at: u64, end: u64, depth: usize) -> Option<()> {
        while at + 2 <= end {
            self.left = self.left.checked_sub(1)?;
            self.file.seek(SeekFrom::Start(at)).ok()?;
            let (name, name_length, _) = self.number(true)?;
            let (size, size_length, is_unknown) = self.number(false)?;
            let inner = at + name_length + size_length;
            let next = if is_unknown {
                end
            } else {
                inner.checked_add(size)?.min(end)
            };
            match u32::try_from(name).ok()? {
                // Frames begin: every table that matters came before.
                CLUSTER => return None,
                HEAD | SEGMENT | INFO | TRACKS | TRACK | VIDEO if depth < 6 => {
                    self.elements(inner, next, depth + 1)?;
                }
                // What holds it may end within its head.
                name => self.value(name, next.saturating_sub(inner).min(VALUE))?,
            }
            at = next;
        }
        Some(())
    }

    fn value(&mut self, name: u32, length: u64) -> Option<()> {
        if !matches!(name, DOC_TYPE | SCALE | DURATION | CODE | WIDTH | HEIGHT) {
            return Some(());
        }
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        self.file.read_exact(&mut bytes).ok()?;
        let number = bytes
            .iter()
            .take(8)
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let text = || String::from_utf8_lossy(&bytes).trim_end_matches('\0').to_owned();
        match name {
            DOC_TYPE => self.video.container = text(),
            SCALE => self.nanoseconds = number as f64,
            DURATION => {
                self.units = match bytes.len() {
                    4 => f64::from(f32::from_bits(u32::try_from(number).ok()?)),
                    8 => f64::from_bits(number),
                    _ => 0.0,
                }
            }
            CODE => {
                self.has_tracks = true;
                let code = text();
                if code.starts_with("V_") && self.video.video_codec.is_empty() {
                    self.video.video_codec = code;
                } else if code.starts_with("A_") && self.video.audio_codec.is_empty() {
                    self.video.audio_codec = code
                        .split_once("/MPEG")
                        .map_or(code.clone(), |(short, _)| short.to_owned());
                }
            }
            WIDTH => self.video.width = u32::try_from(number).unwrap_or(0),
            _ => self.video.height = u32::try_from(number).unwrap_or(0),
        }
        Some(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn element(name: u32, inner: &[u8]) -> Vec<u8> {
        let name = name.to_be_bytes();
        let skipped = name.iter().take_while(|byte| **byte == 0).count();
        let mut bytes = name[skipped..].to_vec();
        bytes.extend_from_slice(&(0x1000_0000 | inner.len() as u32).to_be_bytes());
        bytes.extend_from_slice(inner);
        bytes
    }

    fn read_bytes(bytes: &[u8]) -> Option<Video> {
        read(std::io::Cursor::new(bytes))
    }

    #[test]
    fn tables_are_read_and_nonsense_is_not() {
        let head = element(HEAD, &element(DOC_TYPE, b"webm"));
        let info = element(
            INFO,
            &[
                element(SCALE, &[0x0f, 0x42, 0x40]),
                element(DURATION, &90_500_f64.to_be_bytes()),
            ]
            .concat(),
        );
        let track = [
            element(CODE, b"V_VP9"),
            element(
                VIDEO,
                &[element(WIDTH, &[2, 128]), element(HEIGHT, &[1, 104])].concat(),
            ),
        ]
        .concat();
        let tracks = element(
            TRACKS,
            &[element(TRACK, &track), element(TRACK, &element(CODE, b"A_OPUS"))].concat(),
        );
        let cluster = element(CLUSTER, &[0; 3000]);
        let segment = element(SEGMENT, &[info, tracks, cluster].concat());
        let whole = [head.clone(), segment].concat();
        let known = Video {
            container: "webm".to_owned(),
            video_codec: "V_VP9".to_owned(),
            audio_codec: "A_OPUS".to_owned(),
            seconds: 90.5,
            width: 640,
            height: 360,
        };
        assert_eq!(read_bytes(&whole).as_ref(), Some(&known));
        assert_eq!(
            read_bytes(&whole[..whole.len() - 2000]).as_ref(),
            Some(&known),
            "cut off within the frames"
        );
        for length in [0, 1, head.len(), head.len() + 9] {
            assert_eq!(read_bytes(&whole[..length]), None, "{length}");
        }
        assert_eq!(read_bytes(&[0; 100]), None);
        assert_eq!(read_bytes(&[0xff; 100]), None);
        let ends_within_a_head = [0x18, 0x53, 0x80, 0x67, 0x82, 0x44, 0x89, 0x88, 0, 0];
        assert_eq!(read_bytes(&ends_within_a_head), None);
    }
}
