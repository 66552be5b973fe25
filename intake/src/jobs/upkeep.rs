//! What keeps the data small and quick, by itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::app::App;
use crate::services::{collecting, packing, scrubbing};

/// How often it is looked what there is to do.
const PAUSE: Duration = Duration::from_secs(3600);

/// Does every hour what there is to do, until told to stop: forgets what nobody finished, removes what nothing refers to, looks at
/// files again, packs the repository and tidies the database.
pub async fn tidy(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = collecting::forget(&app).await {
            tracing::error!(reason = error.reason, "uploads cannot be forgotten");
        }
        match collecting::collect(&app).await {
            Ok(collected) if collected.files + collected.stages > 0 => {
                tracing::info!(
                    files = collected.files,
                    stages = collected.stages,
                    "removed what nothing refers to"
                );
            }
            Ok(_) => {}
            Err(error) => tracing::error!(reason = error.reason, "what nothing refers to cannot be removed"),
        }
        if let Err(error) = scrubbing::scrub(&app).await {
            tracing::error!(reason = error.reason, "files cannot be looked at");
        }
        match packing::pack(&app).await {
            Ok(Some((before, after))) => {
                tracing::info!(before, after, "packed the repository's loose objects");
            }
            Ok(None) => {}
            Err(error) => tracing::error!(reason = error.reason, "the repository cannot be packed"),
        }
        if let Err(error) = app.store.tidy().await {
            tracing::error!(%error, "the database cannot be tidied");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => return,
        }
    }
}
