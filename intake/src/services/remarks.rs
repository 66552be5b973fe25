//! What is said about a submission: about the whole, a field, or a passage of the body; answered, said to be mended by its
//! author, and open until a reviewer settles it.

use std::collections::BTreeSet;

use super::actor::Actor;
use super::notices::{self, Told};
use super::submission::{By, find, find_for, must_say};
use super::{Error, Kind};
use crate::app::App;
use crate::domain::passage;
use crate::domain::policy::Action;
use crate::domain::rights;
use crate::domain::submission::Version;
use crate::store::{Change, Message, Submission};
use crate::{clock, ids, mail};

/// Most characters of a quoted passage.
const LONGEST_QUOTE: usize = 500;
/// Most characters of what is said.
const LONGEST: usize = 4000;

/// What a remark is about.
#[derive(Debug, Default, Clone, Copy)]
pub struct About<'a> {
    /// Name of the field; the whole without one.
    pub field: Option<&'a str>,
    /// Words of the body; the field as a whole without any.
    pub quote: Option<&'a str>,
}

impl<'a> About<'a> {
    /// What somebody says a remark is about, as forms send it: empty for nothing. A passage must be in the body.
    ///
    /// # Errors
    /// When the passage is not there, or too long.
    pub fn read(submission: &Submission, field: &'a str, quote: &'a str) -> Result<Self, Error> {
        let quote = quote.trim();
        if quote.is_empty() {
            return Ok(Self {
                field: Some(field).filter(|field| !field.is_empty()),
                quote: None,
            });
        }
        if quote.chars().count() > LONGEST_QUOTE || passage::find(&submission.body, quote).is_none() {
            return Err(Error::invalid("wrong.quote"));
        }
        Ok(Self {
            field: Some("body"),
            quote: Some(quote),
        })
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
        author: by.account().map(str::to_owned),
        field: about.field.map(str::to_owned),
        quote: about.quote.map(str::to_owned),
        text: text.chars().take(LONGEST).collect(),
        version: submission.version,
        at: clock::now(),
        settled_at: None,
        parent: None,
        mended_at: None,
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
    tell(app, &mut change, actor, &submission, &[&submission.owner]).await?;
    change.commit().await?;
    Ok(())
}

/// Tells whom a remark or an answer concerns, each once; the actor knows.
async fn tell(
    app: &App,
    change: &mut Change<'_>,
    actor: &Actor,
    submission: &Submission,
    accounts: &[&str],
) -> Result<(), Error> {
    let accounts: BTreeSet<&str> = accounts.iter().copied().collect();
    for account in accounts
        .into_iter()
        .filter(|account| *account != actor.account.id)
    {
        if let Some(recipient) = change.recipient(account).await? {
            let told = Told::of(mail::Kind::Remark, &submission.id, clock::now()).without_mail();
            notices::tell(app, change, &recipient, told).await?;
        }
    }
    Ok(())
}

/// The remark of a submission with this id: never an answer.
async fn remark_of(app: &App, submission: &str, remark: &str) -> Result<Message, Error> {
    let messages = app.store.messages(submission).await?;
    let mut messages = messages.into_iter();
    let found = messages.find(|message| message.id == remark && message.parent.is_none());
    found.ok_or_else(|| Kind::NotFound.into())
}

/// Answers a remark.
///
/// # Errors
/// As [`comment`]; [`Kind::NotFound`] when there is no such remark.
pub async fn reply(
    app: &App,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    (remark, text): (&str, &str),
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
    let answered = remark_of(app, id, remark).await?;
    let message = Message {
        id: ids::name(),
        submission: submission.id.clone(),
        author: Some(actor.account.id.clone()),
        field: None,
        quote: None,
        text: text.trim().chars().take(LONGEST).collect(),
        version: submission.version,
        at: clock::now(),
        settled_at: None,
        parent: Some(answered.id.clone()),
        mended_at: None,
    };
    change.add_message(&message).await?;
    change
        .record(&actor.event("reply", &submission.subject(), &answered.id))
        .await?;
    let by = answered.author.as_deref();
    let concerned: Vec<&str> = by.into_iter().chain([submission.owner.as_str()]).collect();
    tell(app, &mut change, actor, &submission, &concerned).await?;
    change.commit().await?;
    Ok(())
}

/// The author says that what a remark asks for was mended, or that it was not yet.
///
/// # Errors
/// [`Kind::Forbidden`] for all but the author; [`Kind::NotNow`] when all is over; [`Kind::NotFound`] for another remark.
pub async fn mend(
    app: &App,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    (remark, is_mended): (&str, bool),
) -> Result<(), Error> {
    find_for(app, actor, id, Action::Edit).await?;
    let mut change = app.store.change().await?;
    let submission = change.submission(id).await?.ok_or(Kind::NotFound)?;
    must_say(&submission, expected)?;
    if !actor.permissions(app, &submission).mend {
        return Err(Kind::NotNow.into());
    }
    let mended = remark_of(app, id, remark).await?;
    if mended.settled_at.is_some() {
        return Err(Kind::NotNow.into());
    }
    let (word, at) = if is_mended {
        ("mended", Some(clock::now()))
    } else {
        ("unmended", None)
    };
    change.mend_message(&mended.id, at).await?;
    change
        .record(&actor.event(word, &submission.subject(), &mended.id))
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
    let known = find(app, id).await?;
    actor.must(app, rights::deciding(known.state), &known).await?;
    let mut change = app.store.change().await?;
    let submission = change.submission(id).await?.ok_or(Kind::NotFound)?;
    must_say(&submission, expected)?;
    if !actor.permissions(app, &submission).settle {
        return Err(Kind::NotNow.into());
    }
    let message = remark_of(app, id, remark).await?;
    let (word, at) = if is_settled {
        ("settle", Some(clock::now()))
    } else {
        ("reopen", None)
    };
    change.settle_message(&message.id, at).await?;
    change
        .record(&actor.event(word, &submission.subject(), &message.id))
        .await?;
    change.commit().await?;
    Ok(())
}
