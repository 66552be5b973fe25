//! The robot in a unit's group: told that something waits for the unit, or what became of what it handed in. It is told
//! title, state and link, and nothing of people.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;

use super::actor::Actor;
use super::blocking::blocking;
use super::{Error, Kind};
use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::submission::State;
use crate::domain::typed::filled;
use crate::domain::webhook::{self, Provider, Request};
use crate::store::{self, Change, Submission, Webhook, WebhookMessage};
use crate::{clock, ids};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are looked at.
const LONGEST_ANSWER: u64 = 10_000;
/// Characters of a secret.
const LONGEST_SECRET: usize = 200;

/// What is shown of a unit's robot: never its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whose robot it is.
    pub provider: Provider,
    /// Whether what it is told is signed.
    pub is_signed: bool,
    /// Since when, milliseconds since 1970.
    pub made_at: i64,
}

/// The robot of the actor's unit.
///
/// # Errors
/// [`Kind::Forbidden`].
pub async fn shown(app: &App, actor: &Actor) -> Result<Option<Shown>, Error> {
    let unit = must(app, actor).await?;
    Ok(app.store.webhook(unit).await?.map(|webhook| Shown {
        provider: webhook.provider,
        is_signed: webhook.secret.is_some(),
        made_at: webhook.made_at,
    }))
}

async fn must<'a>(app: &App, actor: &'a Actor) -> Result<&'a str, Error> {
    let unit = &actor.account.unit;
    actor.must_in(app, Action::ManageAccounts, unit).await?;
    Ok(unit)
}

/// Sets the robot of the actor's unit.
///
/// # Errors
/// [`Kind::Forbidden`]; an address that is no robot's of the three, a secret that is too long.
pub async fn set(app: &App, actor: &Actor, url: &str, secret: &str) -> Result<(), Error> {
    let unit = must(app, actor).await?;
    let (url, secret) = (url.trim(), secret.trim());
    let provider = webhook::provider_of(url, &app.config.webhooks.origins());
    let provider = provider.ok_or_else(|| Error::invalid("webhook.bad-address"))?;
    if secret.chars().count() > LONGEST_SECRET {
        return Err(Error::invalid("webhook.bad-secret"));
    }
    let webhook = Webhook {
        unit: unit.to_owned(),
        provider,
        url: url.to_owned(),
        secret: filled(secret),
        made_by: actor.account.id.clone(),
        made_at: clock::now(),
    };
    let mut change = app.store.change().await?;
    change.set_webhook(&webhook).await?;
    let event = actor.event("webhook-set", &format!("unit/{unit}"), provider.name());
    change.record(&event).await?;
    change.commit().await?;
    Ok(())
}

/// Forgets the robot of the actor's unit.
///
/// # Errors
/// [`Kind::Forbidden`].
pub async fn remove(app: &App, actor: &Actor) -> Result<(), Error> {
    let unit = must(app, actor).await?;
    let mut change = app.store.change().await?;
    change.remove_webhook(unit).await?;
    change
        .record(&actor.event("webhook-removed", &format!("unit/{unit}"), ""))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Tells the robot of the actor's unit something, to see whether it can be heard.
///
/// # Errors
/// [`Kind::Forbidden`]; [`Kind::NotFound`] without a robot; what was answered, when it was not taken.
pub async fn test(app: &App, actor: &Actor) -> Result<(), Error> {
    let unit = must(app, actor).await?;
    let webhook = app.store.webhook(unit).await?.ok_or(Kind::NotFound)?;
    let text = app.texts.fill(
        "webhook.test-text",
        &[("site", &app.portal.snapshot().config().site.title)],
    );
    let told = tell(&webhook, &text).await?;
    told.map_err(|problem| Error::invalid("webhook.not-taken").hint([problem]))
}

/// Has the robots told of a step: of the unit whose turn it is, and of the unit that something was decided for.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn of_step(
    change: &mut Change<'_>,
    submission: &Submission,
    state: State,
    now: i64,
) -> Result<(), store::Error> {
    let unit = match state {
        State::Submitted | State::Endorsed => submission.holder.as_deref(),
        State::Returned | State::Rejected | State::Published => Some(submission.unit.as_str()),
        _ => None,
    };
    let Some(unit) = unit else { return Ok(()) };
    if change.has_webhook(unit).await? {
        let message = WebhookMessage {
            id: ids::name(),
            unit: unit.to_owned(),
            submission: submission.id.clone(),
            state,
            at: now,
        };
        change.tell_webhook(&message).await?;
    }
    Ok(())
}

/// Tells a robot what it is to be told.
///
/// # Errors
/// When it was not taken; it is tried again.
pub async fn send(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let Some(message) = app.store.webhook_message(id).await? else {
        // The submission was purged.
        return Ok(());
    };
    let webhook = app.store.webhook(&message.unit).await?;
    let submission = app.store.submission(&message.submission).await?;
    let (Some(webhook), Some(submission)) = (webhook, submission) else {
        return Ok(());
    };
    let state = format!("state.{}", message.state.name());
    let state = app.texts.get(&state);
    // Without an address of the server's own there is nothing that a link could begin with.
    let link = match app.config.mail.address.as_str() {
        "" => String::new(),
        _ => app.config.mail.link(&format!("/intake/items/{}", submission.id)),
    };
    let site = &app.portal.snapshot().config().site.title.clone();
    let arguments = [
        ("site", site.as_str()),
        ("title", &submission.title),
        ("state", state),
        ("link", &link),
    ];
    let text = app.texts.fill("webhook.text", &arguments);
    tell(&webhook, &text).await?.map_err(Error::internal)
}

/// Hands a text to a robot. The inner error says what was answered, and nothing of the address.
async fn tell(webhook: &Webhook, text: &str) -> Result<Result<(), String>, Error> {
    let provider = webhook.provider;
    let request = webhook::request(
        provider,
        &webhook.url,
        webhook.secret.as_deref(),
        text,
        clock::now(),
    );
    let answer = blocking(move || post(&request)).await?;
    Ok(answer.and_then(|answer| {
        webhook::was_taken(provider, &answer).map_err(|code| format!("{} answered {code}", provider.name()))
    }))
}

fn post(request: &Request) -> Result<String, String> {
    // Where an answer sends us on to, nobody has checked.
    let config = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false);
    let agent: Agent = config.timeout_global(Some(PATIENCE)).build().into();
    let sent = agent
        .post(&request.url)
        .header("content-type", "application/json; charset=utf-8")
        .send(request.body.as_bytes());
    // What the library says of a failure may have the address in it.
    let mut answer = sent.map_err(|error| match error {
        ureq::Error::Timeout(_) => "no answer within ten seconds".to_owned(),
        ureq::Error::Io(error) => error.kind().to_string(),
        _ => "it could not be reached".to_owned(),
    })?;
    let mut text = String::new();
    let mut reader = answer.body_mut().as_reader().take(LONGEST_ANSWER);
    reader
        .read_to_string(&mut text)
        .map_err(|error| error.kind().to_string())?;
    Ok(text)
}
