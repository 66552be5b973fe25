//! What a form sent: names and values, and files, which go to their stage while they arrive.
//!
//! [`Form`] is no extractor. A handler gets one as [`Signed`], which has checked that the request carries the secret of the
//! session that it comes with, or, before there is a session, as [`Anonymous`].

use std::future::Future;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, Method};

use crate::app::App;
use crate::store::Submission;
use crate::web::actor::{self, Actor};
use crate::web::error::Error;
use crate::web::files::uploads;
use crate::web::people::sign_in;

/// Most pairs of a form.
const PAIRS: usize = 20_000;
/// The field with the session's secret. It comes before every file.
const SECRET: &str = "csrf";
/// The header with the session's secret, for requests that are no forms.
const SECRET_HEADER: &str = "x-csrf";
/// A form with one of these is not kept until its sender has signed in: a page would hold a secret.
const NEVER_HELD: [&str; 5] = ["password", "old", "secret", "code", "token"];

/// A form without files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    pub(crate) pairs: Vec<(String, String)>,
}

impl Form {
    /// The first value of a name; empty if there is none.
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
        let kept = self.pairs.iter().filter(|(name, _)| name != SECRET);
        serializer.extend_pairs(kept).finish()
    }

    /// Whether something was typed that can be kept on a page.
    fn can_be_held(&self) -> bool {
        let mut names = self.pairs.iter().map(|(name, _)| name.as_str());
        names.clone().any(|name| name != SECRET) && !names.any(|name| NEVER_HELD.contains(&name))
    }
}

/// A request of somebody who is signed in, with the secret of their session: no other site and no old page made it.
pub(crate) struct Signed<T> {
    pub(crate) actor: Actor,
    pub(crate) form: T,
}

/// A form of somebody who is not signed in yet.
pub(crate) struct Anonymous(pub(crate) Form);

/// What can be sent with the secret of a session.
pub(crate) trait Sendable: Sized {
    /// Reads as much as it takes to know the secret, and gives both.
    fn read(app: &Arc<App>, request: Request) -> impl Future<Output = Result<(Self, String), Error>> + Send;

    /// The answer to somebody who is not signed in.
    fn unsigned(app: &Arc<App>, request: Request) -> impl Future<Output = Error> + Send {
        hold(app, request)
    }
}

impl<T: Sendable> FromRequest<Arc<App>> for Signed<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let Some(actor) = actor::find(app, request.headers()).await? else {
            return Err(T::unsigned(app, request).await);
        };
        actor.must_be_set_up(app, request.uri().path())?;
        let (form, secret) = T::read(app, request).await?;
        actor.check_csrf(&secret)?;
        Ok(Self { actor, form })
    }
}

impl FromRequest<Arc<App>> for Anonymous {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let incoming = Incoming::begin(app, request).await?;
        Ok(Self(incoming.text().await?))
    }
}

impl Sendable for Form {
    async fn read(app: &Arc<App>, request: Request) -> Result<(Self, String), Error> {
        let incoming = Incoming::begin(app, request).await?;
        let form = incoming.text().await?;
        let secret = form.get(SECRET).to_owned();
        Ok((form, secret))
    }
}

impl Sendable for Incoming {
    async fn read(app: &Arc<App>, request: Request) -> Result<(Self, String), Error> {
        let incoming = Self::begin(app, request).await?;
        let secret = incoming.form.get(SECRET).to_owned();
        Ok((incoming, secret))
    }
}

/// A request that is no form, such as a piece of a file: nothing of its body was read.
impl Sendable for Request {
    async fn read(_: &Arc<App>, request: Request) -> Result<(Self, String), Error> {
        let secret = request.headers().get(SECRET_HEADER);
        let secret = secret.and_then(|secret| secret.to_str().ok());
        let secret = secret.unwrap_or_default().to_owned();
        Ok((request, secret))
    }

    async fn unsigned(_: &Arc<App>, _: Request) -> Error {
        Error::SignIn("/intake/".to_owned())
    }
}

/// Keeps what was typed before the session ended; its files are sent again afterwards.
async fn hold(app: &Arc<App>, request: Request) -> Error {
    if is_script(request.headers()) {
        return Error::SignInForScript;
    }
    let path = request.uri().path().to_owned();
    if *request.method() != Method::POST {
        return Error::SignIn("/intake/".to_owned());
    }
    let incoming = match Incoming::begin(app, request).await {
        Ok(incoming) => incoming,
        Err(error) => return error,
    };
    match incoming.text().await {
        Ok(form) if form.can_be_held() => Error::Held(Box::new(sign_in::held(app, &path, &form))),
        Ok(_) => Error::SignIn("/intake/".to_owned()),
        Err(error) => error,
    }
}

/// Whether the page's script asks, which wants to know and not to see.
pub(crate) fn is_script(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accepted == Some("application/json")
}

/// A form on its way. What is not a multipart form is here whole; of one that is, the fields up to the secret, and the
/// files are still to come.
pub(crate) struct Incoming {
    form: Form,
    rest: Option<Multipart>,
    /// Bytes of text so far, and the most there may be.
    typed: usize,
    most: usize,
}

/// A file of a form, and why it was not taken: the key of a text.
pub(crate) type RefusedFile = (String, &'static str);

impl Incoming {
    async fn begin(app: &Arc<App>, request: Request) -> Result<Self, Error> {
        let most = app.config.limits.form_kb * 1000;
        let mut incoming = Self {
            form: Form::default(),
            rest: None,
            typed: 0,
            most,
        };
        if !is_multipart(&request) {
            let bytes: Bytes = axum::body::to_bytes(request.into_body(), most)
                .await
                .map_err(|_| Error::too_large())?;
            incoming.form = Form::parse(&bytes);
            return Ok(incoming);
        }
        let multipart = Multipart::from_request(request, app).await;
        let mut multipart = multipart.map_err(|_| Error::invalid("wrong.form"))?;
        while incoming.form.get(SECRET).is_empty() {
            match next(&mut multipart).await? {
                Some(part) if part.file_name().is_none() => incoming.take(part).await?,
                // Files are taken only after the secret, and there is none before this one.
                Some(_) | None => break,
            }
        }
        incoming.rest = Some(multipart);
        Ok(incoming)
    }

    async fn take(&mut self, mut part: Field<'_>) -> Result<(), Error> {
        let name = part.name().unwrap_or_default().to_owned();
        let mut value = Vec::new();
        while let Some(chunk) = chunk(&mut part).await? {
            self.typed += chunk.len();
            if self.typed > self.most {
                return Err(Error::too_large());
            }
            value.extend_from_slice(&chunk);
        }
        let value = String::from_utf8_lossy(&value).into_owned();
        self.form.pairs.push((name, value));
        if self.form.pairs.len() > PAIRS {
            return Err(Error::too_large());
        }
        Ok(())
    }

    /// The fields; files are thrown away.
    pub(crate) async fn text(mut self) -> Result<Form, Error> {
        if let Some(mut multipart) = self.rest.take() {
            while let Some(part) = next(&mut multipart).await? {
                if part.file_name().is_none() {
                    self.take(part).await?;
                }
            }
        }
        Ok(self.form)
    }

    /// The fields; files go to a submission. Gives those that were not taken as well.
    pub(crate) async fn into_submission(
        mut self,
        app: &Arc<App>,
        actor: &Actor,
        submission: &Submission,
    ) -> Result<(Form, Vec<RefusedFile>), Error> {
        let mut refused = Vec::new();
        if let Some(mut multipart) = self.rest.take() {
            while let Some(part) = next(&mut multipart).await? {
                match part.file_name().map(str::to_owned) {
                    None => self.take(part).await?,
                    Some(file) if file.is_empty() => {}
                    Some(file) => {
                        if let Err(key) = uploads::receive(app, actor, submission, &file, part).await? {
                            refused.push((file, key));
                        }
                    }
                }
            }
        }
        Ok((self.form, refused))
    }

    /// The fields, and the bytes of the last file, of which there may be `most`; the key of a text says that there
    /// are more.
    pub(crate) async fn with_file(
        mut self,
        most: usize,
        too_large: &'static str,
    ) -> Result<(Form, Vec<u8>), Error> {
        let mut file = Vec::new();
        if let Some(mut multipart) = self.rest.take() {
            while let Some(mut part) = next(&mut multipart).await? {
                if part.file_name().is_none() {
                    self.take(part).await?;
                    continue;
                }
                file.clear();
                while let Some(chunk) = chunk(&mut part).await? {
                    if file.len() + chunk.len() > most {
                        return Err(Error::invalid(too_large));
                    }
                    file.extend_from_slice(&chunk);
                }
            }
        }
        Ok((self.form, file))
    }
}

async fn next(multipart: &mut Multipart) -> Result<Option<Field<'_>>, Error> {
    let part = multipart.next_field().await;
    part.map_err(|_| Error::invalid("wrong.form"))
}

async fn chunk(part: &mut Field<'_>) -> Result<Option<Bytes>, Error> {
    part.chunk().await.map_err(|_| Error::invalid("wrong.form"))
}

fn is_multipart(request: &Request<Body>) -> bool {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}
