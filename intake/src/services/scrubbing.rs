//! Bytes of published files are looked at again, some each hour, since disks forget; and what was damaged is published again
//! once it is whole.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use super::blocking::blocking;
use super::{Error, currency};
use crate::app::App;
use crate::clock;

/// Of the 256 directories of the store so many are looked through in an hour: all of them in less than six days.
const AN_HOUR: i64 = 2;
const HOUR: i64 = 3_600_000;
const DIRECTORIES: i64 = 256;

/// Damaged files as they were when they were looked at last: when they changed, and their bytes.
pub type Seen = BTreeMap<String, Option<(SystemTime, u64)>>;

/// Has the portal built anew if a file whose place a notice takes is whole again. One that did not change is not read again.
///
/// # Errors
/// When the database does not answer or the disk fails.
pub async fn mend(app: &Arc<App>, seen: &mut Seen) -> Result<(), Error> {
    let (mut is_mended, withheld) = (false, app.portal.snapshot().withheld());
    seen.retain(|sha256, _| withheld.contains(sha256));
    for sha256 in withheld {
        let stamp = app.blobs.stamp(&sha256);
        if seen.insert(sha256.clone(), stamp) == Some(stamp) || stamp.is_none() {
            continue;
        }
        let blobs = app.blobs.clone();
        is_mended |= blocking(move || blobs.is_whole(&sha256)).await??;
    }
    if is_mended {
        rebuild(app).await?;
    }
    Ok(())
}

/// Looks through a part of the store, another one each hour. Has the portal built anew if a published file is damaged, so that a
/// notice takes its place.
///
/// # Errors
/// When the database does not answer or the disk fails.
pub async fn scrub(app: &Arc<App>) -> Result<(), Error> {
    let first = clock::now() / HOUR * AN_HOUR % DIRECTORIES;
    let prefixes: Vec<String> = (first..first + AN_HOUR)
        .map(|number| format!("{number:02x}"))
        .collect();
    let snapshot = app.portal.snapshot();
    let withheld = snapshot.withheld();
    let mut is_damaged = false;
    for sha256 in snapshot.checksums() {
        let is_due = prefixes.iter().any(|prefix| sha256.starts_with(prefix.as_str()));
        if !is_due || withheld.contains(&sha256) {
            continue;
        }
        let (blobs, looked_at) = (app.blobs.clone(), sha256.clone());
        // A file that cannot be read is as good as none.
        if !blocking(move || blobs.is_whole(&looked_at))
            .await?
            .unwrap_or(false)
        {
            tracing::error!(sha256, "a published file is damaged or gone");
            // The generator reads only what has changed.
            app.blobs.mark(&sha256)?;
            is_damaged = true;
        }
    }
    if is_damaged {
        rebuild(app).await?;
    }
    Ok(())
}

async fn rebuild(app: &App) -> Result<(), Error> {
    let now = clock::now();
    currency::ask(app, &format!("files-{now}"), now).await?;
    Ok(())
}
