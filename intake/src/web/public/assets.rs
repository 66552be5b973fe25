//! The style and the scripts of the intake's pages.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::web::error::Error;

/// The part of the portal's style that pages of the intake share: colours, type, ground.
const GROUND: &str = concat!(
    include_str!("../../../../themes/default/assets/site.css/10-colours.css"),
    include_str!("../../../../themes/default/assets/site.css/20-ground.css"),
    include_str!("../../../../themes/default/assets/site.css/25-pieces.css"),
);

const ASSETS: &[(&str, &str, &[u8])] = &[
    ("site.css", "text/css; charset=utf-8", GROUND.as_bytes()),
    (
        "intake.css",
        "text/css; charset=utf-8",
        include_bytes!("../../../assets/intake.css"),
    ),
    (
        "edit.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../assets/edit.js"),
    ),
    (
        "decision.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../assets/decision.js"),
    ),
    (
        "live.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../assets/live.js"),
    ),
    (
        "upload.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../assets/upload.js"),
    ),
    (
        "paste.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../assets/paste.js"),
    ),
    (
        "images.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../assets/images.js"),
    ),
    (
        "logo.svg",
        "image/svg+xml",
        include_bytes!("../../../../themes/default/assets/logo.svg"),
    ),
];

/// The style and the scripts.
pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Error> {
    let (_, media_type, bytes) = ASSETS
        .iter()
        .find(|(known, _, _)| *known == name)
        .ok_or_else(Error::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, *media_type),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, *bytes).into_response())
}
