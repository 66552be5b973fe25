//! A picture of a video, taken by the ffmpeg program where it is installed.

use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use crate::program::{self, Bounds};
use crate::stop::Stop;

const PROGRAM: &str = "ffmpeg";

/// Readers of ffmpeg by extension. It is never left to guess: a playlist under the name of a video could make it open
/// other files.
const READERS: &[(&str, &str)] = &[
    ("m4v", "mov"),
    ("mov", "mov"),
    ("mp4", "mov"),
    ("webm", "matroska"),
];
/// The widest picture that is asked for, in pixels.
const WIDTH: u32 = 1280;
/// A video that takes longer, or whose picture is larger, gets no image.
const BOUNDS: Bounds = Bounds {
    output: 50_000_000,
    time: Duration::from_secs(60),
};

/// Whether the program is there.
pub fn is_possible() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| program::is_there(PROGRAM))
}

/// A telling frame of a video as a PNG file. Returns `None` if the program is missing or cannot read it.
pub fn of_video(path: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    if reader(path).is_none() || !is_possible() {
        return None;
    }
    let mut file = tempfile::NamedTempFile::new().ok()?;
    file.write_all(bytes).ok()?;
    of_file(path, file.path(), WIDTH, &Stop::default())
}

fn reader(name: &str) -> Option<&'static str> {
    let extension = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
    let (_, reader) = READERS.iter().find(|(known, _)| *known == extension)?;
    Some(reader)
}

/// A telling frame of the video in a file that may have another name than its own, at most `width` pixels wide, as
/// [`of_video`] gives it.
pub fn of_file(name: &str, file: &Path, width: u32, stop: &Stop) -> Option<Vec<u8>> {
    let reader = reader(name).filter(|_| is_possible())?;
    let filter = format!("thumbnail=100,scale='min({width},iw)':-2");
    let arguments = [
        &["-nostdin", "-v", "error", "-threads", "1"][..],
        &[
            "-protocol_whitelist",
            "file,pipe",
            "-f",
            reader,
            "-i",
            file.to_str()?,
        ],
        &["-an", "-sn", "-dn", "-frames:v", "1", "-vf", &filter],
        &["-f", "image2pipe", "-c:v", "png", "-bitexact", "pipe:1"],
    ];
    let picture = program::output(PROGRAM, &arguments.concat(), BOUNDS, stop)?;
    (!picture.is_empty()).then_some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_video_has_no_picture() {
        for path in ["a.mp4", "a.webm", "a.m3u8", "a"] {
            assert_eq!(of_video(path, b"#EXTM3U\nfile:///etc/hostname\n"), None, "{path}");
        }
    }
}
