//! What a form sent: names and values, and files. No handler gets a form from a request by itself: see [`super::signed`].

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt as _;

use crate::app::App;
use crate::domain::file_name;
use crate::domain::submission::Version;
use crate::domain::typed::{self, Removed};
use crate::services::Sent;
use crate::web::error::Error;

/// Most pairs of a form.
const PAIRS: usize = 20_000;
/// The field with the session's secret. It comes before every file.
pub(crate) const SECRET: &str = "csrf";

/// A form without files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    pub(crate) pairs: Vec<(String, String)>,
    /// Signs that were taken out of what was typed.
    pub(crate) removed: Removed,
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

    /// The version of a submission that the form's page showed. Returns `None` if the form names none.
    pub(crate) fn version(&self) -> Option<Version> {
        Version::parse(self.get("version"))
    }

    fn parse(bytes: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            form.add(name.into_owned(), &value);
        }
        form
    }

    /// Takes a value in, without what no page and no database can hold. A password stays as it is: nobody could enter it
    /// again otherwise.
    fn add(&mut self, name: String, value: &str) {
        let is_secret = matches!(name.as_str(), "password" | "old" | "new" | "again" | "held");
        let value = if is_secret {
            value.to_owned()
        } else {
            let (value, removed) = typed::clean(value);
            for (sign, count) in removed {
                *self.removed.entry(sign).or_default() += count;
            }
            value
        };
        self.pairs.push((name, value));
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
}

/// What is too large is read on, and thrown away, up to so many times what there may be: a connection that is closed on what
/// is still being sent is reset, and the browser shows that instead of what is wrong.
const HEARD: usize = 8;

/// The fields of a form on its way, in bounds.
pub(crate) struct Fields {
    pub(crate) form: Form,
    /// Bytes of text so far, and the most there may be.
    typed: usize,
    most: usize,
}

impl Fields {
    /// Reads a part that is no file.
    pub(crate) async fn take(&mut self, mut part: Field<'_>) -> Result<(), Error> {
        let name = part.name().unwrap_or_default().to_owned();
        let mut value = Vec::new();
        while let Some(chunk) = chunk(&mut part).await? {
            self.typed += chunk.len();
            if self.typed > self.most.saturating_mul(HEARD) {
                break;
            }
            if self.typed <= self.most {
                value.extend_from_slice(&chunk);
            }
        }
        if self.typed > self.most {
            return Err(Error::too_large());
        }
        self.form.add(name, &String::from_utf8_lossy(&value));
        if self.form.pairs.len() > PAIRS {
            return Err(Error::too_large());
        }
        Ok(())
    }
}

/// A form on its way. What is not a multipart form is here whole; of one that is, the fields up to the secret, and the
/// files are still to come.
pub(crate) struct Incoming {
    pub(crate) fields: Fields,
    pub(crate) rest: Option<Multipart>,
}

impl Incoming {
    /// Reads as much as it takes to know the secret.
    pub(crate) async fn begin(app: &Arc<App>, request: Request) -> Result<Self, Error> {
        let most = app.config.limits.form_kb * 1000;
        let mut fields = Fields {
            form: Form::default(),
            typed: 0,
            most,
        };
        if !is_multipart(&request) {
            fields.form = Form::parse(&whole(request.into_body(), most).await?);
            return Ok(Self { fields, rest: None });
        }
        let multipart = Multipart::from_request(request, app).await;
        let mut multipart = multipart.map_err(|_| Error::invalid("wrong.form"))?;
        while fields.form.get(SECRET).is_empty() {
            match next(&mut multipart).await? {
                Some(part) if part.file_name().is_none() => fields.take(part).await?,
                // Files are taken only after the secret, and there is none before this one.
                Some(_) | None => break,
            }
        }
        Ok(Self {
            fields,
            rest: Some(multipart),
        })
    }

    /// The session's secret; empty if it did not come, or not before a file.
    pub(crate) fn secret(&self) -> &str {
        self.fields.form.get(SECRET)
    }

    /// The fields; files are thrown away.
    pub(crate) async fn text(mut self) -> Result<Form, Error> {
        if let Some(mut multipart) = self.rest.take() {
            while let Some(part) = next(&mut multipart).await? {
                if part.file_name().is_none() {
                    self.fields.take(part).await?;
                }
            }
        }
        Ok(self.fields.form)
    }

    /// The fields, and the last file, which may have `most` bytes; the key of a text says that it has more.
    pub(crate) async fn with_file(
        mut self,
        most: usize,
        too_large: &'static str,
    ) -> Result<(Form, Sent), Error> {
        let mut file = Sent::default();
        if let Some(mut multipart) = self.rest.take() {
            while let Some(part) = next(&mut multipart).await? {
                if part.file_name().is_none() {
                    self.fields.take(part).await?;
                    continue;
                }
                let sent = sent(part, most).await?;
                file = sent.ok_or(Error::invalid(too_large))?;
            }
        }
        Ok((self.fields.form, file))
    }
}

impl Incoming {
    /// The fields, and the files by the names of their fields. `most` names those that are taken with their most bytes; the key
    /// of a text says that one has more.
    pub(crate) async fn with_files<const N: usize>(
        mut self,
        most: [(&str, usize); N],
        too_large: &'static str,
    ) -> Result<(Form, [Sent; N]), Error> {
        let mut files = most.map(|_| Sent::default());
        if let Some(mut multipart) = self.rest.take() {
            while let Some(part) = next(&mut multipart).await? {
                if part.file_name().is_none() {
                    self.fields.take(part).await?;
                    continue;
                }
                let place = most.iter().position(|(name, _)| part.name() == Some(*name));
                let Some(place) = place else { continue };
                let sent = sent(part, most[place].1).await?;
                files[place] = sent.ok_or(Error::invalid(too_large))?;
            }
        }
        Ok((self.fields.form, files))
    }
}

/// A part that is a file, whole. Returns `None` if it has more than `most` bytes.
pub(crate) async fn sent(mut part: Field<'_>, most: usize) -> Result<Option<Sent>, Error> {
    let name = file_name::clean(part.file_name().unwrap_or_default());
    let (mut bytes, mut length) = (Vec::new(), 0_usize);
    while let Some(chunk) = chunk(&mut part).await? {
        length += chunk.len();
        if length > most.saturating_mul(HEARD) {
            break;
        }
        if length <= most {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((length <= most).then_some(Sent { name, bytes }))
}

/// The bytes of a body, of which there may be `most`.
async fn whole(mut body: Body, most: usize) -> Result<Vec<u8>, Error> {
    let (mut bytes, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::invalid("wrong.form"))?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        length += piece.len();
        if length > most.saturating_mul(HEARD) {
            break;
        }
        if length <= most {
            bytes.extend_from_slice(&piece);
        }
    }
    if length > most {
        return Err(Error::too_large());
    }
    Ok(bytes)
}

/// The next part of a multipart form.
pub(crate) async fn next(multipart: &mut Multipart) -> Result<Option<Field<'_>>, Error> {
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
