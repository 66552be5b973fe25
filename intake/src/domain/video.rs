//! What is known of a video, whether browsers play it, and whether the hours that are claimed fit its length.

use serde::{Deserialize, Serialize};

/// What a video's own tables say of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Video {
    /// `mp4`, `mov`, `webm` or `matroska`.
    pub container: String,
    /// Code of the video track as the container has it, such as `avc1` or `V_VP9`; empty if there is none.
    #[serde(alias = "video")]
    pub video_codec: String,
    /// Code of the audio track; empty if there is none.
    #[serde(alias = "audio")]
    pub audio_codec: String,
    /// Seconds; 0 when the tables do not say.
    pub seconds: f64,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// What keeps a video from being played in browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Its tables are missing or damaged: it was cut off, or its end was never written.
    Incomplete,
    /// It has no video track.
    NoVideoTrack,
    /// Browsers do not play its video codec; the name that people know.
    VideoCodec(String),
    /// Browsers do not play its audio codec.
    AudioCodec(String),
    /// The container.
    Container(String),
}

impl Video {
    /// The name that people know of the video codec, and whether browsers play it.
    fn video_codec(&self) -> (&str, bool) {
        match self.video_codec.as_str() {
            "avc1" | "avc3" | "V_MPEG4/ISO/AVC" => ("H.264", true),
            "vp08" | "V_VP8" => ("VP8", true),
            "vp09" | "V_VP9" => ("VP9", true),
            "av01" | "V_AV1" => ("AV1", true),
            "hvc1" | "hev1" | "V_MPEGH/ISO/HEVC" => ("HEVC（H.265）", false),
            "mp4v" | "V_MPEG4/ISO/ASP" => ("MPEG-4 Part 2", false),
            "apch" | "apcn" | "apcs" | "apco" | "ap4h" => ("ProRes", false),
            "jpeg" | "mjpa" | "mjpb" | "V_MJPEG" => ("Motion JPEG", false),
            other => (other, false),
        }
    }

    fn audio_codec(&self) -> (&str, bool) {
        match self.audio_codec.as_str() {
            "" => ("", true),
            "mp4a" | "A_AAC" => ("AAC", true),
            "Opus" | "A_OPUS" => ("Opus", true),
            "A_VORBIS" => ("Vorbis", true),
            ".mp3" | "A_MPEG/L3" => ("MP3", true),
            "fLaC" | "A_FLAC" => ("FLAC", true),
            "ac-3" | "A_AC3" => ("AC-3", false),
            "ec-3" | "A_EAC3" => ("E-AC-3", false),
            "samr" | "sawb" => ("AMR", false),
            "sowt" | "twos" | "lpcm" | "in24" => ("PCM", false),
            other => (other, false),
        }
    }

    /// In a few words, for people.
    pub fn in_words(&self) -> String {
        let mut parts = Vec::new();
        if self.seconds >= 1.0 {
            let seconds = self.seconds.round() as u64;
            parts.push(format!("{}:{:02}", seconds / 60, seconds % 60));
        }
        if self.width > 0 {
            parts.push(format!("{}×{}", self.width, self.height));
        }
        let codes = [self.video_codec().0, self.audio_codec().0];
        parts.extend(
            codes
                .into_iter()
                .filter(|code| !code.is_empty())
                .map(str::to_owned),
        );
        parts.join("，")
    }

    /// What keeps browsers from playing it.
    pub fn problems(&self) -> Vec<Problem> {
        if self.container.is_empty() {
            return vec![Problem::Incomplete];
        }
        let mut problems = Vec::new();
        if self.container == "matroska" {
            problems.push(Problem::Container("MKV".to_owned()));
        }
        match self.video_codec() {
            ("", _) => problems.push(Problem::NoVideoTrack),
            (name, false) => problems.push(Problem::VideoCodec(name.to_owned())),
            _ => {}
        }
        if let (name, false) = self.audio_codec() {
            problems.push(Problem::AudioCodec(name.to_owned()));
        }
        problems
    }
}

/// Minutes of a class hour.
pub const CLASS_HOUR: f64 = 45.0;

/// How what is claimed differs from the length of the videos.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mismatch {
    /// The videos alone last longer than the class hours.
    HoursTooFew,
    /// Far more class hours than videos; the first one may be filled by other things.
    HoursTooMany,
    /// The duration in minutes is not that of the videos.
    Duration,
}

/// Holds class hours and duration in minutes, each where it is given, against the seconds of the videos together.
/// Teaching takes longer than watching, so hours may exceed the videos threefold, and one hour is never too many.
pub fn mismatches(class_hours: Option<f64>, minutes: Option<f64>, seconds: f64) -> Vec<Mismatch> {
    let mut found = Vec::new();
    if seconds < 1.0 {
        return found;
    }
    let shown = seconds / 60.0;
    if let Some(hours) = class_hours {
        let claimed = hours * CLASS_HOUR;
        if shown > claimed * 1.1 + 1.0 {
            found.push(Mismatch::HoursTooFew);
        } else if hours > 1.0 && claimed > shown * 3.0 {
            found.push(Mismatch::HoursTooMany);
        }
    }
    if minutes.is_some_and(|minutes| (minutes - shown).abs() > 1.0 + shown * 0.1) {
        found.push(Mismatch::Duration);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video(container: &str, video: &str, audio: &str) -> Video {
        Video {
            container: container.to_owned(),
            video_codec: video.to_owned(),
            audio_codec: audio.to_owned(),
            ..Video::default()
        }
    }

    #[test]
    fn what_browsers_play_is_told_apart() {
        let codec = |name: &str| Problem::VideoCodec(name.to_owned());
        let cases = [
            (video("mp4", "avc1", "mp4a"), vec![]),
            (video("mov", "avc1", ""), vec![]),
            (video("webm", "V_VP9", "A_OPUS"), vec![]),
            (video("webm", "V_AV1", ""), vec![]),
            (video("mp4", "hvc1", "mp4a"), vec![codec("HEVC（H.265）")]),
            (
                video("mov", "apch", "lpcm"),
                vec![codec("ProRes"), Problem::AudioCodec("PCM".to_owned())],
            ),
            (video("mp4", "", "mp4a"), vec![Problem::NoVideoTrack]),
            (
                video("matroska", "V_VP9", ""),
                vec![Problem::Container("MKV".to_owned())],
            ),
            (video("mp4", "xvid", ""), vec![codec("xvid")]),
            (video("", "", ""), vec![Problem::Incomplete]),
        ];
        for (video, expected) in cases {
            assert_eq!(video.problems(), expected, "{video:?}");
        }
    }

    #[test]
    fn hours_are_held_against_the_length_of_videos() {
        use Mismatch::{Duration, HoursTooFew, HoursTooMany};
        type Case<'a> = (Option<f64>, Option<f64>, f64, &'a [Mismatch]);
        let cases: &[Case<'_>] = &[
            (Some(1.0), None, 480.0, &[]),
            (Some(4.0), None, 480.0, &[HoursTooMany]),
            (Some(2.0), None, 5400.0, &[]),
            (Some(2.0), None, 7200.0, &[HoursTooFew]),
            (Some(0.0), None, 600.0, &[HoursTooFew]),
            (None, Some(8.0), 480.0, &[]),
            (None, Some(80.0), 480.0, &[Duration]),
            (Some(4.0), Some(9.5), 480.0, &[HoursTooMany]),
            (Some(9.0), Some(9.0), 0.0, &[]),
        ];
        for (hours, minutes, seconds, expected) in cases {
            assert_eq!(
                mismatches(*hours, *minutes, *seconds),
                *expected,
                "{hours:?} {minutes:?} {seconds}"
            );
        }
    }

    #[test]
    fn a_video_is_told_in_words() {
        let known = Video {
            seconds: 492.4,
            width: 1280,
            height: 720,
            ..video("mp4", "avc1", "mp4a")
        };
        assert_eq!(known.in_words(), "8:12，1280×720，H.264，AAC");
        assert_eq!(Video::default().in_words(), "");
    }
}
