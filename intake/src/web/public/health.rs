//! What watches over the server asks for.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::web::error::Error;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// Database, repository and portal are there.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Response {
    let mut missing = Vec::new();
    if !app.store.is_ready().await {
        missing.push("database");
    }
    let repository = Arc::clone(&app.repository);
    if !tokio::task::spawn_blocking(move || repository.published().is_ok())
        .await
        .unwrap_or(false)
    {
        missing.push("repository");
    }
    if !app.portal.out().join("index.html").is_file() {
        missing.push("portal");
    }
    if missing.is_empty() {
        return "ok\n".into_response();
    }
    (
        StatusCode::SERVICE_UNAVAILABLE,
        format!("missing: {}\n", missing.join(", ")),
    )
        .into_response()
}

/// Counts in the text format of Prometheus.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Result<Response, Error> {
    let mut text = String::from("# TYPE jixia_intake_requests_total counter\n");
    for (class, count) in app.requests.iter().enumerate().skip(2) {
        let count = count.load(Ordering::Relaxed);
        let _ = writeln!(
            text,
            "jixia_intake_requests_total{{status=\"{class}xx\"}} {count}"
        );
    }
    text.push_str("# TYPE jixia_intake_submissions gauge\n");
    for (state, count) in app.store.state_counts().await? {
        let _ = writeln!(text, "jixia_intake_submissions{{state=\"{state}\"}} {count}");
    }
    text.push_str("# TYPE jixia_intake_jobs gauge\n");
    for (state, count) in app.store.job_counts().await? {
        let _ = writeln!(text, "jixia_intake_jobs{{state=\"{state}\"}} {count}");
    }
    let _ = writeln!(
        text,
        "# TYPE jixia_intake_entries gauge\njixia_intake_entries {}",
        app.portal.snapshot().count()
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
