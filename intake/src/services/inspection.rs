//! Looking into uploaded files, which may take long, and having them scanned for viruses.

use std::sync::Arc;

use jixia::stop::Stop;

use super::Error;
use super::blocking::stoppable;
use crate::app::App;
use crate::files::inspect::clamav::{self, Verdict};
use crate::files::inspect::{self, Facts};
use crate::store::{self, Change, Inspection, JobKind, Scan, Upload};
use crate::{clock, ids};

/// Counts changes of what `inspect` looks for, so that files are looked into again.
const RULES: &str = "1";

/// Which rules are held against files now.
pub(crate) fn edition(app: &App) -> String {
    ids::fingerprint(&format!("{RULES}\n{}", app.words.edition()))[..16].to_owned()
}

/// What can be found in a whole file while its sender waits; whether that is all there is to find.
pub(crate) fn look(app: &App, upload: &Upload, path: &std::path::Path, stop: &Stop) -> Option<(Facts, bool)> {
    let size = upload.size.unsigned_abs();
    if !inspect::is_quick(&upload.media_type, size) {
        return None;
    }
    let facts = inspect::inspect(path, &upload.media_type, &app.words, stop);
    // The still image of a video takes longer.
    let is_whole = facts.video.is_none();
    Some((facts, is_whole))
}

/// Asks for what a whole file still needs.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn ask(
    app: &App,
    change: &mut Change<'_>,
    (upload, sha256): (&str, &str),
    is_inspected: bool,
) -> Result<(), store::Error> {
    let now = clock::now();
    if !is_inspected {
        change
            .enqueue(JobKind::Inspect, upload, &edition(app), now)
            .await?;
    }
    if !app.config.files.clamav.is_empty() {
        change.enqueue(JobKind::Scan, sha256, "", now).await?;
    }
    Ok(())
}

/// Looks into a file.
///
/// # Errors
/// When the file cannot be read; it is tried again.
pub async fn inspect(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let upload = app.store.upload(id).await?;
    let Some((sha256, upload)) = upload.and_then(|upload| Some((upload.sha256.clone()?, upload))) else {
        // It was taken away meanwhile.
        return Ok(());
    };
    let edition = edition(app);
    let known = app.store.inspection(&sha256, &upload.media_type).await?;
    if known.is_some_and(|known| known.edition == edition && known.is_whole()) {
        return Ok(());
    }
    let Some(path) = app.blobs.path(&sha256) else {
        return Ok(());
    };
    let (shared, file) = (Arc::clone(app), upload.clone());
    let (facts, poster) = stoppable(&app.stop, move |stop| {
        let facts = inspect::inspect(&path, &file.media_type, &shared.words, stop);
        let image = facts
            .video
            .as_ref()
            .and_then(|_| jixia::media::frame::of_file(&file.name, &path, POSTER, stop));
        let kept = image.map(|image| keep(&shared, &file, &image)).transpose();
        kept.map(|poster| (facts, poster))
    })
    .await??;
    let mut inspection = Inspection::new(&sha256, &upload.media_type, &edition, &facts, true);
    inspection.poster = poster;
    let mut change = app.store.change().await?;
    change.put_inspection(&inspection).await?;
    change.commit().await?;
    Ok(())
}

/// Greatest width of the still image of a video, in pixels.
const POSTER: u32 = 640;

/// Puts an image into the store; returns its SHA-256.
fn keep(app: &App, upload: &Upload, image: &[u8]) -> std::io::Result<String> {
    let name = format!("poster-{}", upload.id);
    app.blobs.discard(&name)?;
    let mut stage = app.blobs.stage(&name)?;
    stage.add(image)?;
    let sha256 = app.blobs.keep(&name, stage)?;
    app.blobs.discard(&name)?;
    Ok(sha256)
}

/// Has a file's bytes scanned.
///
/// # Errors
/// When the scanner does not answer; it is tried again.
pub async fn scan(app: &Arc<App>, sha256: &str) -> Result<(), Error> {
    let (address, path) = (app.config.files.clamav.clone(), app.blobs.path(sha256));
    let Some(path) = path.filter(|_| !address.is_empty()) else {
        return Ok(());
    };
    let virus = match stoppable(&app.stop, move |_| clamav::scan(&address, &path)).await? {
        Ok(Verdict::Clean) => None,
        Ok(Verdict::Infected(name)) => Some(name),
        Err(error) => return Err(Error::internal(format!("clamd: {error}"))),
    };
    let mut change = app.store.change().await?;
    if let Some(virus) = &virus {
        let event = crate::domain::audit::Event {
            at: clock::now(),
            actor: None,
            action: "file-infected".to_owned(),
            subject: format!("file/{sha256}"),
            detail: virus.clone(),
        };
        change.record(&event).await?;
    }
    let scan = Scan {
        sha256: sha256.to_owned(),
        virus,
    };
    change.put_scan(&scan, clock::now()).await?;
    change.commit().await?;
    Ok(())
}
