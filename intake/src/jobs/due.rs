//! Looks again and again for what falls due by itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::app::App;
use crate::services::scrubbing::{self, Seen};
use crate::services::{
    currency, notices, recommendation_notices, reminders, takedown_notices, takedowns, telling,
};

/// How long nothing is looked at when nothing rings.
const PAUSE: Duration = Duration::from_secs(60);
/// How long a bell is left to ring: a busy server is not busier for it.
const CALM: Duration = Duration::from_secs(2);

/// How long after a push, or after the moment of something that appears by itself, it may go unnoticed.
const GLANCE: Duration = Duration::from_secs(1);

/// Keeps the portal at the published commit and at the time until told to stop.
pub async fn follow(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut looked = currency::Looked::default();
    while !*stop.borrow() {
        if let Err(error) = currency::keep(&app, &mut looked).await {
            tracing::error!(
                reason = error.reason,
                "it cannot be seen whether the portal is up to date"
            );
        }
        tokio::select! {
            () = tokio::time::sleep(GLANCE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Looks for what is due until told to stop.
pub async fn watch(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut seen = Seen::new();
    while !*stop.borrow() {
        for (what, result) in [
            ("reminders", reminders::remind(&app).await),
            ("digests", reminders::digests(&app).await),
            ("takedowns", takedowns::lift_unconfirmed(&app).await),
            ("takedowns to confirm", takedown_notices::remind(&app).await),
            (
                "recommendations to answer",
                recommendation_notices::remind(&app).await,
            ),
            ("what the portal changed", telling::announce(&app).await),
            ("entries set aside", notices::of_set_aside(&app).await),
            (
                "files that are whole again",
                scrubbing::mend(&app, &mut seen).await,
            ),
        ] {
            if let Err(error) = result {
                tracing::error!(%error, what, "what is due cannot be looked for");
            }
        }
        tokio::select! {
            () = async {
                app.bells.watch.notified().await;
                tokio::time::sleep(CALM).await;
            } => {}
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => {}
        }
    }
}
