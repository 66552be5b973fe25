//! Changes of the portal's settings and declarations: looked at by the generator, proposed, and decided on by a second person.

use std::sync::Arc;

use jixia::config::Second;

use super::actor::{Actor, person};
use super::blocking::{blocking, looking};
use super::{Error, Kind};
use crate::app::App;
use crate::domain::account::AccountState;
use crate::domain::policy::Action;
use crate::domain::site::{LONGEST, State, is_editable, may_decide, may_propose, stranded};
use crate::portal::{Remark, SiteCheck, built_in};
use crate::store::{JobKind, SiteChange, SiteDecision};
use crate::{clock, ids};

/// Most characters of a reason or a reply.
const LONGEST_REASON: usize = 300;
/// Most names that a sentence lists.
const LISTED: usize = 5;

/// A text of a file of settings or declarations that the generator has looked at. Nothing else can be proposed.
#[derive(Debug)]
pub struct Looked {
    /// The file.
    pub path: String,
    /// The text.
    pub text: String,
    /// What is published now; empty for a new file.
    pub published: String,
    /// What the generator says of the text.
    pub remarks: Vec<Remark>,
    /// How many more remarks there are.
    pub more: usize,
    /// What else keeps it from going on, in sentences.
    pub stops: Vec<String>,
}

impl Looked {
    /// Whether nothing keeps it from going on.
    pub fn is_sound(&self) -> bool {
        self.stops.is_empty() && !self.remarks.iter().any(|remark| remark.is_error)
    }
}

/// Refuses, and notes it, whoever does not run the portal.
///
/// # Errors
/// [`Kind::Forbidden`].
pub async fn must_propose(app: &App, actor: &Actor) -> Result<(), Error> {
    actor
        .must_in(app, Action::ChangeSite, &actor.account.unit)
        .await?;
    if may_propose(person(&actor.account), &app.portal.snapshot().units) {
        Ok(())
    } else {
        Err(Kind::Forbidden.into())
    }
}

/// Whether the actor decides on a change that an account proposed.
pub fn decides(app: &App, actor: &Actor, proposed_by: &str) -> bool {
    let snapshot = app.portal.snapshot();
    let has_deputies = snapshot.config().review.root.second == Second::Deputy;
    let principals: Vec<_> = actor.principals.iter().map(person).collect();
    let who = person(&actor.account);
    may_decide(who, &principals, has_deputies, proposed_by, &snapshot.units)
}

/// Refuses, and notes it, whoever neither proposes changes nor decides on those of others.
///
/// # Errors
/// [`Kind::Forbidden`].
pub async fn must_see(app: &App, actor: &Actor) -> Result<(), Error> {
    // What nobody proposed is everybody else's.
    if decides(app, actor, "") {
        return Ok(());
    }
    must_propose(app, actor).await
}

/// What is published in a file; empty where there is none yet.
///
/// # Errors
/// [`Kind::NotFound`] for a file that is not changed here.
pub async fn published(app: &Arc<App>, path: &str) -> Result<String, Error> {
    if !is_editable(path) {
        return Err(Kind::NotFound.into());
    }
    let (shared, path) = (Arc::clone(app), path.to_owned());
    let read = blocking(move || shared.portal.published_file(&path)).await?;
    Ok(read.map_err(Error::internal)?.unwrap_or_default())
}

/// What an edit of a file begins with: what is published, or else the built-in declaration that the file would replace.
pub fn beginning(path: &str, published: &str) -> String {
    match published {
        "" => built_in(path).unwrap_or_default(),
        published => published.to_owned(),
    }
}

/// Has the generator look at a text of a file, on top of all that is published.
///
/// # Errors
/// [`Kind::NotFound`] for a file that is not changed here; a text that is too long; [`Kind::Busy`].
pub async fn look(app: &Arc<App>, path: &str, text: &str) -> Result<Looked, Error> {
    let published = published(app, path).await?;
    if text.chars().count() > LONGEST {
        return Err(Error::invalid("site_change.too-long"));
    }
    let (shared, file, typed) = (Arc::clone(app), path.to_owned(), text.to_owned());
    let check = looking(app, move |stop| {
        shared.portal.examine_declaration(&file, &typed, stop)
    });
    let check = check.await??;
    let stops = stops(app, &check).await?;
    Ok(Looked {
        path: path.to_owned(),
        text: text.to_owned(),
        published,
        remarks: check.remarks,
        more: check.more,
        stops,
    })
}

/// What would break though the generator finds no mistake.
async fn stops(app: &App, check: &SiteCheck) -> Result<Vec<String>, Error> {
    let accounts = app.store.accounts().await?;
    let snapshot = app.portal.snapshot();
    let open = accounts
        .iter()
        .filter(|account| account.state != AccountState::Closed);
    let placed = open
        .clone()
        .map(|account| (account.unit.as_str(), account.role()));
    let units = stranded(placed, &snapshot.units, &check.units);
    let lost: Vec<&str> = check.lost.iter().map(String::as_str).collect();
    let mut stops = Vec::new();
    for (key, names) in [("site_change.stranded", &units), ("site_change.lost", &lost)] {
        if !names.is_empty() {
            let count = names.len().to_string();
            let some = names.iter().copied().take(LISTED).collect::<Vec<_>>();
            let arguments = [("names", &*some.join("、")), ("count", &count)];
            stops.push(app.texts.fill(key, &arguments));
        }
    }
    if !open.map(person).any(|account| may_propose(account, &check.units)) {
        stops.push(app.texts.get("site_change.no-root").to_owned());
    }
    Ok(stops)
}

/// What is proposed besides a text that was looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proposing<'a> {
    /// Fingerprint of what was published when the page was shown.
    pub base: &'a str,
    /// Why.
    pub reason: &'a str,
    /// A change of the actor's that waits and that this one replaces; empty for none.
    pub replaces: &'a str,
}

/// Proposes a change. Returns its id.
///
/// # Errors
/// [`Kind::Forbidden`]; [`Kind::Outdated`] when the file changed since the page was shown; no reason, no change, and what
/// would break the site.
pub async fn propose(
    app: &App,
    actor: &Actor,
    looked: &Looked,
    proposing: Proposing<'_>,
) -> Result<String, Error> {
    must_propose(app, actor).await?;
    if ids::fingerprint(&looked.published) != proposing.base {
        return Err(Kind::Outdated.into());
    }
    if looked.text == looked.published {
        return Err(Error::invalid("site_change.same"));
    }
    if !looked.is_sound() {
        return Err(Error::invalid("site_change.unsound"));
    }
    let change = SiteChange {
        id: ids::name(),
        file: looked.path.clone(),
        base: looked.published.clone(),
        text: looked.text.clone(),
        reason: sentence(proposing.reason, "site_change.no-reason")?,
        proposed_by: actor.account.id.clone(),
        proposed_at: clock::now(),
        state: State::Proposed,
        decided_by: None,
        decided_at: None,
        reply: None,
    };
    let own = app.store.site_change(proposing.replaces).await?;
    let mut transaction = app.store.change().await?;
    transaction.add_site_change(&change).await?;
    let event = actor.event("site-proposed", &change.subject(), &change.file);
    transaction.record(&event).await?;
    if let Some(own) = own.filter(|own| own.proposed_by == actor.account.id) {
        let decision = decision(actor, State::Withdrawn, "");
        if transaction.decide_site_change(&own.id, decision).await? {
            let event = actor.event("site-withdrawn", &own.subject(), "");
            transaction.record(&event).await?;
        }
    }
    transaction.commit().await?;
    Ok(change.id)
}

fn sentence(text: &str, key: &'static str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(key));
    }
    if text.chars().count() > LONGEST_REASON {
        return Err(Error::invalid("site_change.long-reason"));
    }
    Ok(text.to_owned())
}

fn decision<'a>(actor: &'a Actor, to: State, reply: &'a str) -> SiteDecision<'a> {
    SiteDecision {
        from: State::Proposed,
        to,
        by: &actor.account.id,
        at: clock::now(),
        reply,
    }
}

/// A change, for whoever may see it.
///
/// # Errors
/// [`Kind::Forbidden`], [`Kind::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: &str) -> Result<SiteChange, Error> {
    must_see(app, actor).await?;
    Ok(app.store.site_change(id).await?.ok_or(Kind::NotFound)?)
}

/// Approves a change that somebody else proposed; it is written at once.
///
/// # Errors
/// As [`find`]; [`Kind::Outdated`] when the file changed since it was proposed, [`Kind::NotNow`] when it was decided on;
/// what would break the site by now.
pub async fn approve(app: &Arc<App>, actor: &Actor, id: &str) -> Result<(), Error> {
    let change = waiting(app, actor, id).await?;
    let looked = look(app, &change.file, &change.text).await?;
    if looked.published != change.base {
        return Err(Kind::Outdated.into());
    }
    if !looked.is_sound() {
        return Err(Error::invalid("site_change.unsound").hint(looked.stops));
    }
    decide(app, actor, &change, ("site-approved", State::Approved), "").await
}

/// Turns a change down that somebody else proposed, with a reason.
///
/// # Errors
/// As [`find`]; no reason; [`Kind::NotNow`] when it was decided on.
pub async fn refuse(app: &App, actor: &Actor, id: &str, reason: &str) -> Result<(), Error> {
    let change = waiting(app, actor, id).await?;
    let reason = sentence(reason, "wrong.reason")?;
    decide(app, actor, &change, ("site-refused", State::Refused), &reason).await
}

/// Takes one's own change back.
///
/// # Errors
/// As [`find`]; [`Kind::Forbidden`] for somebody else's; [`Kind::NotNow`] when it was decided on.
pub async fn withdraw(app: &App, actor: &Actor, id: &str) -> Result<(), Error> {
    let change = find(app, actor, id).await?;
    if change.proposed_by != actor.account.id {
        return Err(Kind::Forbidden.into());
    }
    decide(app, actor, &change, ("site-withdrawn", State::Withdrawn), "").await
}

/// A change that the actor decides on.
async fn waiting(app: &App, actor: &Actor, id: &str) -> Result<SiteChange, Error> {
    let change = find(app, actor, id).await?;
    if decides(app, actor, &change.proposed_by) {
        Ok(change)
    } else {
        Err(Error::invalid("site_change.own"))
    }
}

async fn decide(
    app: &App,
    actor: &Actor,
    change: &SiteChange,
    (word, to): (&str, State),
    reply: &str,
) -> Result<(), Error> {
    let decision = decision(actor, to, reply);
    let mut transaction = app.store.change().await?;
    if !transaction.decide_site_change(&change.id, decision).await? {
        return Err(Kind::NotNow.into());
    }
    let event = actor.event(word, &change.subject(), &change.file);
    transaction.record(&event).await?;
    if to == State::Approved {
        transaction
            .enqueue(JobKind::Site, &change.id, to.name(), decision.at)
            .await?;
    }
    transaction.commit().await?;
    app.bells.ring();
    Ok(())
}
