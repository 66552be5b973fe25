//! What a form sent: names and values, and files, which go to their stage while they arrive.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;

use crate::app::App;
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::files::uploads;

/// A form without files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    pub(crate) pairs: Vec<(String, String)>,
}

impl Form {
    /// The first value of a name; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// Every value of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Refuses the form unless it carries the secret of the actor's session.
    pub(crate) fn check(&self, actor: &Actor) -> Result<(), Error> {
        actor.check_csrf(Some(self.get("csrf")))
    }

    fn parse(bytes: &[u8]) -> Self {
        Self {
            pairs: form_urlencoded::parse(bytes).into_owned().collect(),
        }
    }

    /// A form that was kept as one value of another.
    pub(crate) fn unpack(text: &str) -> Self {
        Self::parse(text.as_bytes())
    }

    /// The form as one value of another.
    pub(crate) fn pack(&self) -> String {
        let mut serializer = form_urlencoded::Serializer::new(String::new());
        let kept = self.pairs.iter().filter(|(name, _)| name != "csrf");
        serializer.extend_pairs(kept).finish()
    }
}

impl FromRequest<Arc<App>> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        Ok(receive(app, request, None).await?.0)
    }
}

async fn receive_plain(app: &App, request: Request) -> Result<Form, Error> {
    let most = app.config.limits.form_kb * 1000;
    let bytes: Bytes = axum::body::to_bytes(request.into_body(), most)
        .await
        .map_err(|_| Error::TooLarge)?;
    Ok(Form::parse(&bytes))
}

fn is_multipart(request: &Request<Body>) -> bool {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// Receives a form whose files belong to a submission. Files are taken only after the session's secret, which comes
/// first in every form; without `place` they are thrown away. The key of a text says why a file was not taken.
pub(crate) async fn receive(
    app: &Arc<App>,
    request: Request,
    place: Option<(&Actor, &Submission)>,
) -> Result<(Form, Vec<(String, &'static str)>), Error> {
    let mut form = Form::default();
    let mut refused = Vec::new();
    if !is_multipart(&request) {
        return Ok((receive_plain(app, request).await?, refused));
    }
    let mut multipart = Multipart::from_request(request, app)
        .await
        .map_err(|_| Error::Bad("wrong.form"))?;
    let most = app.config.limits.form_kb * 1000;
    let mut typed = 0;
    while let Some(mut part) = multipart
        .next_field()
        .await
        .map_err(|_| Error::Bad("wrong.form"))?
    {
        let name = part.name().unwrap_or_default().to_owned();
        match (part.file_name().map(str::to_owned), place) {
            (Some(file), Some((actor, submission))) if !file.is_empty() => {
                actor.check_csrf(Some(form.get("csrf")))?;
                if let Err(key) = uploads::receive(app, actor, submission, &file, part).await? {
                    refused.push((file, key));
                }
            }
            (Some(_), _) => {}
            (None, _) => {
                let mut value = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(|_| Error::Bad("wrong.form"))? {
                    typed += chunk.len();
                    if typed > most {
                        return Err(Error::TooLarge);
                    }
                    value.extend_from_slice(&chunk);
                }
                form.pairs
                    .push((name, String::from_utf8_lossy(&value).into_owned()));
            }
        }
        if form.pairs.len() > 20_000 {
            return Err(Error::TooLarge);
        }
    }
    Ok((form, refused))
}
