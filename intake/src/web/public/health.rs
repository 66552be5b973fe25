//! What watches over the server asks for.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::ids;
use crate::services::condition::{Condition, condition};
use crate::web::error::Error;

/// Headers of which a proxy sends one at least: what they come with is not from this machine.
const FORWARDED: [&str; 4] = ["forwarded", "via", "x-forwarded-for", "x-real-ip"];

/// Whether who asks may read counts and what is wrong: whoever shows the token; without one in the settings, programs on
/// this machine.
pub(crate) enum Watcher {
    Known,
    Stranger,
}

impl FromRequestParts<Arc<App>> for Watcher {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let is_known = match &app.metrics_token {
            Some(token) => shows(&parts.headers, token),
            None => connected.is_some_and(|info| is_local(info.0, &parts.headers)),
        };
        Ok(if is_known { Self::Known } else { Self::Stranger })
    }
}

fn shows(headers: &HeaderMap, token: &str) -> bool {
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.split_once(' '));
    // Hashes are as long as each other, whatever is shown.
    shown.is_some_and(|(scheme, shown)| {
        scheme.eq_ignore_ascii_case("bearer")
            && ids::same_secret(&ids::fingerprint(shown.trim()), &ids::fingerprint(token))
    })
}

fn is_local(address: SocketAddr, headers: &HeaderMap) -> bool {
    address.ip().to_canonical().is_loopback() && FORWARDED.iter().all(|name| !headers.contains_key(*name))
}

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// Whether the server does what it promises. It is ready too when somebody should look at something, for the portal is
/// served; the text then says so. Strangers are told no more than that.
pub(crate) async fn ready(State(app): State<Arc<App>>, watcher: Watcher, headers: HeaderMap) -> Response {
    let condition = condition(&app).await;
    let status = if condition.missing.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let wants_json = accepts.is_some_and(|accepts| accepts.contains("application/json"));
    let mut response = match watcher {
        Watcher::Stranger => (status, format!("{}\n", condition.status)).into_response(),
        Watcher::Known if wants_json => (status, Json(condition)).into_response(),
        Watcher::Known => (status, in_lines(&condition)).into_response(),
    };
    let never = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, never);
    response
}

fn in_lines(condition: &Condition) -> String {
    let mut text = format!("{}\n", condition.status);
    if !condition.missing.is_empty() {
        let _ = writeln!(text, "missing: {}", condition.missing.join(", "));
    }
    for problem in &condition.problems {
        let _ = writeln!(text, "{problem}");
    }
    text
}

/// Counts in the text format of Prometheus.
pub(crate) async fn metrics(State(app): State<Arc<App>>, watcher: Watcher) -> Result<Response, Error> {
    if let Watcher::Stranger = watcher {
        // Who need not know is not told that there is something.
        return match app.metrics_token {
            Some(_) => Ok((StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response()),
            None => Err(Error::not_found()),
        };
    }
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
    let condition = condition(&app).await;
    let gauges = [
        ("entries", app.portal.snapshot().count() as u64),
        ("entries_left_out", condition.portal.left_out.len() as u64),
        ("free_megabytes", condition.free_mb.unwrap_or_default()),
        ("build_failed", u64::from(condition.portal.failed)),
        (
            "built_seconds_ago",
            condition.portal.built_seconds_ago.unwrap_or_default(),
        ),
        ("changes_untold", condition.jobs.untold.unsigned_abs()),
        ("job_late_seconds", condition.jobs.late_seconds.unsigned_abs()),
        ("ready", u64::from(condition.missing.is_empty())),
    ];
    for (name, value) in gauges {
        let _ = writeln!(
            text,
            "# TYPE jixia_intake_{name} gauge\njixia_intake_{name} {value}"
        );
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_by_a_proxy_is_not_of_this_machine() {
        let cases: &[(&str, &[&str], bool)] = &[
            ("127.0.0.1:1", &[], true),
            ("[::1]:1", &[], true),
            ("[::ffff:127.0.0.1]:1", &[], true),
            ("192.0.2.1:1", &[], false),
            ("127.0.0.1:1", &["x-forwarded-for"], false),
            ("127.0.0.1:1", &["forwarded"], false),
            ("127.0.0.1:1", &["x-real-ip"], false),
            ("127.0.0.1:1", &["via"], false),
        ];
        for (address, names, expected) in cases {
            let mut headers = HeaderMap::new();
            for name in *names {
                headers.insert(*name, "192.0.2.7".parse().unwrap());
            }
            assert_eq!(
                is_local(address.parse().unwrap(), &headers),
                *expected,
                "{address} {names:?}"
            );
        }
    }

    #[test]
    fn the_token_is_shown_whole() {
        let cases = [
            ("Bearer 0123456789abcdef", true),
            ("bearer  0123456789abcdef", true),
            ("Bearer 0123456789abcde", false),
            ("Bearer 0123456789abcdef0", false),
            ("Basic 0123456789abcdef", false),
            ("0123456789abcdef", false),
            ("", false),
        ];
        for (sent, expected) in cases {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, sent.parse().unwrap())]);
            assert_eq!(shows(&headers, "0123456789abcdef"), expected, "{sent}");
        }
        assert!(!shows(&HeaderMap::new(), "0123456789abcdef"));
    }
}
