//! A picture of a video, taken by the ffmpeg program where it is installed.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

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
/// Of seconds. A video that takes longer gets no image.
const MOST_SECONDS: u64 = 60;
/// Bytes of the picture that are read at most.
const MOST_BYTES: u64 = 50_000_000;

/// Whether the program is there.
pub fn is_possible() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|directory| directory.join("ffmpeg").is_file())
    })
}

/// A telling frame of a video as a PNG file. Returns `None` if the program is missing or cannot read it.
pub fn of_video(path: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    if reader(path).is_none() || !is_possible() {
        return None;
    }
    let mut file = tempfile::NamedTempFile::new().ok()?;
    file.write_all(bytes).ok()?;
    of_file(path, file.path(), WIDTH)
}

fn reader(name: &str) -> Option<&'static str> {
    let extension = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
    let (_, reader) = READERS.iter().find(|(known, _)| *known == extension)?;
    Some(reader)
}

/// A telling frame of the video in a file that may have another name than its own, at most `width` pixels wide, as
/// [`of_video`] gives it.
pub fn of_file(name: &str, file: &Path, width: u32) -> Option<Vec<u8>> {
    let reader = reader(name).filter(|_| is_possible())?;
    let filter = format!("thumbnail=100,scale='min({width},iw)':-2");
    let mut child = Command::new("ffmpeg")
        .args([
            "-nostdin",
            "-v",
            "error",
            "-threads",
            "1",
            "-protocol_whitelist",
            "file,pipe",
        ])
        .args(["-f", reader, "-i"])
        .arg(file)
        .args(["-an", "-sn", "-dn", "-frames:v", "1", "-vf", &filter])
        .args(["-f", "image2pipe", "-c:v", "png", "-bitexact", "pipe:1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let output = child.stdout.take()?;
    let reader = std::thread::spawn(move || {
        let mut picture = Vec::new();
        output.take(MOST_BYTES).read_to_end(&mut picture).map(|_| picture)
    });
    let is_done = finish(&mut child);
    let picture = reader.join().ok()?.ok()?;
    (is_done && !picture.is_empty()).then_some(picture)
}

/// Waits for a program, not for ever; tells whether it ended well.
fn finish(child: &mut std::process::Child) -> bool {
    let limit = Instant::now() + Duration::from_secs(MOST_SECONDS);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < limit => std::thread::sleep(Duration::from_millis(10)),
            _ => {
                // Either it is gone already, or it goes now; both end the wait.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
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
