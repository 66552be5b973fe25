//! The files of a submission as its pages list them.

use serde::Serialize;

use super::uploads;
use crate::app::App;
use crate::services::checks::Looked;
use crate::store::Upload;

/// A file of the submission.
#[derive(Debug, Serialize)]
pub(crate) struct FileLine {
    id: String,
    name: String,
    size: String,
    bytes: i64,
    is_whole: bool,
    percent: i64,
    offset: u64,
    /// What its own tables say of a video, in words.
    facts: String,
    has_poster: bool,
    is_unscanned: bool,
    has_virus: bool,
}

/// The files of a submission with what is known of them.
pub(crate) fn file_lines(app: &App, looked: &Looked) -> Vec<FileLine> {
    let line = |upload: &Upload| {
        let offset = if upload.is_whole() {
            upload.size as u64
        } else {
            app.blobs.staged(&upload.id)
        };
        FileLine {
            id: upload.id.clone(),
            name: upload.name.clone(),
            size: uploads::size(upload.size),
            bytes: upload.size,
            is_whole: upload.is_whole(),
            percent: (offset as i64 * 100).checked_div(upload.size).unwrap_or(100),
            offset,
            facts: looked
                .video(upload)
                .map(|video| video.in_words())
                .unwrap_or_default(),
            has_poster: looked
                .inspection(upload)
                .is_some_and(|known| known.poster.is_some()),
            is_unscanned: upload.is_whole() && looked.is_unscanned(upload),
            has_virus: looked.virus(upload).is_some(),
        }
    };
    looked.uploads.iter().map(line).collect()
}
