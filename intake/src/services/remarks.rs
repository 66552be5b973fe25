//! What is said about a submission: about the whole, a field, or a passage of the body; open until a reviewer settles it.

use super::actor::Actor;
use super::submission::{By, find_for, must_say};
use super::{Error, Kind};
use crate::app::App;
use crate::domain::passage;
use crate::domain::policy::Action;
use crate::domain::rights;
use crate::domain::submission::Version;
use crate::store::{Change, Message, Submission};
use crate::{clock, ids};

/// Most characters of a quoted passage.
const LONGEST_QUOTE: usize = 500;
/// Most characters of what is said.
const LONGEST: usize = 4000;

/// What a remark is about.
#[derive(Debug, Default, Clone, Copy)]
pub struct About<'a> {
    /// Name of the field; empty for the whole.
    pub field: &'a str,
    /// Words of the body; empty for the field as a whole.
    pub quote: &'a str,
}

impl<'a> About<'a> {
    /// What somebody says a remark is about. A passage must be in the body.
    ///
    /// # Errors
    /// When the passage is not there, or too long.
    pub fn read(submission: &Submission, field: &'a str, quote: &'a str) -> Result<Self, Error> {
        let quote = quote.trim();
        if quote.is_empty() {
            return Ok(Self { field, quote });
        }
        if quote.chars().count() > LONGEST_QUOTE || passage::find(&submission.body, quote).is_none() {
            return Err(Error::invalid("wrong.quote"));
        }
        Ok(Self { field: "body", quote })
    }
}

/// Adds what is said about a submission to the change that it belongs to.
pub(super) async fn add(
    change: &mut Change<'_>,
    by: By<'_>,
    submission: &Submission,
    about: About<'_>,
    text: &str,
) -> Result<(), Error> {
    let message = Message {
        id: ids::name(),
        submission: submission.id.clone(),
        author: match by {
            By::Actor(actor) => actor.account.id.clone(),
            By::Server => String::new(),
        },
        field: about.field.to_owned(),
        quote: about.quote.to_owned(),
        text: text.chars().take(LONGEST).collect(),
        version: submission.version,
        at: clock::now(),
        settled_at: 0,
    };
    change.add_message(&message).await?;
    Ok(())
}

/// Says something about the content that the actor saw.
///
/// # Errors
/// [`Kind::Outdated`] when another one was handed in since; nothing said, or nothing can be said any more.
pub async fn comment(
    app: &App,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    (field, quote): (&str, &str),
    text: &str,
) -> Result<(), Error> {
    find_for(app, actor, id, Action::Read).await?;
    let mut change = app.store.change().await?;
    let submission = change.submission(id).await?.ok_or(Kind::NotFound)?;
    must_say(&submission, expected)?;
    if !actor.permissions(app, &submission).comment {
        return Err(Kind::NotNow.into());
    }
    if text.trim().is_empty() {
        return Err(Error::invalid("wrong.reason"));
    }
    let about = About::read(&submission, field, quote)?;
    add(&mut change, By::Actor(actor), &submission, about, text.trim()).await?;
    change
        .record(&actor.event("comment", &submission.subject(), ""))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Marks a remark as settled, or as open again.
///
/// # Errors
/// [`Kind::Outdated`] when another content was handed in since; [`Kind::NotNow`] when the actor has nothing to decide now.
pub async fn settle(
    app: &App,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    remark: &str,
    is_settled: bool,
) -> Result<(), Error> {
    let known = super::submission::find(app, id).await?;
    actor.must(app, rights::deciding(known.state), &known).await?;
    let mut change = app.store.change().await?;
    let submission = change.submission(id).await?.ok_or(Kind::NotFound)?;
    must_say(&submission, expected)?;
    if !actor.permissions(app, &submission).settle {
        return Err(Kind::NotNow.into());
    }
    let messages = app.store.messages(id).await?;
    let message = messages.iter().find(|message| message.id == remark);
    let message = message.ok_or(Kind::NotFound)?;
    let (word, at) = if is_settled {
        ("settle", clock::now())
    } else {
        ("reopen", 0)
    };
    change.settle_message(&message.id, at).await?;
    change
        .record(&actor.event(word, &submission.subject(), &message.id))
        .await?;
    change.commit().await?;
    Ok(())
}
