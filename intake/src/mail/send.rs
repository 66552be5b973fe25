//! Handing mail to a server by SMTP.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use lettre::address::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Tls;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::Letter;
use crate::config::{Mail, Security};

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// How long a mail server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to a mail server.
pub struct Mailer {
    transport: Transport,
    from: Address,
}

/// Why a mail was not taken. In words without anybody's address: they go into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// There is no sending to such an address.
    Address,
    /// The server refused, could not be reached or was not understood.
    Server(String),
}

impl fmt::Display for Undelivered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => formatter.write_str("the recipient's address is none"),
            Self::Server(problem) => formatter.write_str(problem),
        }
    }
}

impl Mailer {
    /// The mailer of these settings. Returns `None` if no server is named.
    ///
    /// # Errors
    /// What is wrong with the settings, in words.
    pub fn new(settings: &Mail) -> Result<Option<Self>, String> {
        if settings.host.is_empty() {
            return Ok(None);
        }
        let from = settings.from.parse();
        let from = from
            .map_err(|error| format!("mail.from: {error}: expected an address such as portal@example.org"))?;
        let host = settings.host.as_str();
        let wrong = |error: lettre::transport::smtp::Error| format!("mail.host: {host}: {error}");
        let builder = match settings.tls {
            Security::Tls => Transport::relay(host).map_err(wrong)?,
            Security::Starttls => Transport::starttls_relay(host).map_err(wrong)?,
            Security::None => Transport::builder_dangerous(host).tls(Tls::None),
        };
        let mut builder = builder.port(settings.port).timeout(Some(PATIENCE));
        if !settings.user.is_empty() {
            let password = settings.password()?;
            builder = builder.credentials(Credentials::new(settings.user.clone(), password));
        }
        Ok(Some(Self {
            transport: builder.build(),
            from,
        }))
    }

    /// Sends a letter. `id` names it for ever and `at` is when it was asked for, in milliseconds since 1970: sent twice
    /// it is the same mail.
    ///
    /// # Errors
    /// When it was not taken.
    pub async fn send(
        &self,
        (id, at): (&str, i64),
        site: &str,
        (name, address): (&str, &str),
        letter: &Letter,
    ) -> Result<(), Undelivered> {
        let to: Address = address.trim().parse().map_err(|_| Undelivered::Address)?;
        let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(at).unwrap_or_default());
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let message = Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.from.domain())))
            .date(at)
            .from(Mailbox::new(Some(one_line(site)), self.from.clone()))
            .to(Mailbox::new(Some(one_line(name)), to))
            .subject(letter.subject.clone())
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::Base64)
            .body(letter.text.clone())
            .map_err(|_| Undelivered::Server("the mail cannot be written".to_owned()))?;
        let sent = self.transport.send(message).await;
        sent.map(|_| ()).map_err(|error| {
            // The server's own words may repeat the recipient's address.
            Undelivered::Server(match error.status() {
                Some(code) => format!("the mail server answered {code}"),
                None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
                None if error.is_tls() => "no TLS with the mail server".to_owned(),
                None => "the mail server cannot be reached or does not speak as expected".to_owned(),
            })
        })
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
