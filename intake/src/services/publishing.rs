//! What follows a decision outside the database: the proposal in the forge, its merge, the portal that shows it. All of it
//! is harmless when repeated.

use std::sync::Arc;

use super::actor::Actor;
use super::blocking::blocking;
use super::checks::{Moment, checks};
use super::content::{self, Proposed};
use super::steps::{StepDetails, advance};
use super::submission::{By, find};
use super::{Error, Kind, telling};
use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::submission::{Purpose, State, Step};
use crate::domain::trailers;
use crate::forge::{self, Merge, Person, Proposal, Status};
use crate::portal::{Finding, chapters};
use crate::store::Submission;

/// Brings the forge's proposal up to what is to be published.
///
/// # Errors
/// When the repository does not take it; it is tried again.
pub async fn branch(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let submission = find(app, id).await?;
    let is_waiting = matches!(
        submission.state,
        State::Submitted | State::Endorsed | State::InReview
    );
    if !is_waiting {
        // Whatever came after asked for a job of its own.
        return Ok(());
    }
    let proposed = content::proposed(app, &submission).await?;
    let proposal = proposal(app, &submission, proposed).await?;
    let forge = Arc::clone(&app.forge);
    blocking(move || forge.open(&proposal))
        .await?
        .map_err(Error::internal)?;
    Ok(())
}

/// Closes the proposal.
///
/// # Errors
/// When the repository does not do it; it is tried again.
pub async fn close(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let (forge, id) = (Arc::clone(&app.forge), id.to_owned());
    blocking(move || forge.close(&id))
        .await?
        .map_err(Error::internal)?;
    Ok(())
}

async fn proposal(app: &App, submission: &Submission, proposed: Proposed) -> Result<Proposal, Error> {
    Ok(Proposal {
        id: submission.id.clone(),
        title: submission.title.clone(),
        author: person(app, &submission.owner).await?,
        at: submission.submitted_at.unwrap_or_default() / 1000,
        base: Some(proposed.base),
        files: chapters::files(proposed.document),
    })
}

async fn person(app: &App, account: &str) -> Result<Person, Error> {
    let found = app.store.account(account).await?;
    let name = found.map_or_else(|| account.to_owned(), |account| account.name);
    Ok(Person::of_account(account, &name))
}

/// Merges what was accepted, or gives it back when somebody else changed the same meanwhile.
///
/// # Errors
/// When the repository or the database does not do its part; it is tried again.
pub async fn merge(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let submission = find(app, id).await?;
    if submission.state != State::Accepted {
        return Ok(());
    }
    let (forge, branch) = (Arc::clone(&app.forge), id.to_owned());
    let merged = match blocking(move || forge.status(&branch))
        .await?
        .map_err(Error::internal)?
    {
        // An earlier try came so far, and then the server stopped.
        Status::Merged(commit) => Ok(commit),
        // The job is tried again until it is.
        Status::Merging => return Err(Error::internal(forge::Error::UnderWay)),
        _ => propose_and_merge(app, &submission).await?,
    };
    match merged {
        Ok(commit) => server_step(app, &submission, Step::Merge, ("", Some(&commit))).await,
        Err(why) => server_step(app, &submission, Step::Conflict, (&why, None)).await,
    }
}

/// Why what was accepted cannot be merged as it is now, in words: it is not what was handed in and decided on, or is not
/// sound any more beside what was published meanwhile. Returns `None` if it can.
async fn obstacle(app: &Arc<App>, submission: &Submission) -> Result<Option<String>, Error> {
    let files = app.store.uploads(&submission.id).await?;
    if submission.submitted_hash.as_deref() != Some(&*content::hash(submission, &files)) {
        return Ok(Some(app.texts.get("item.not-as-decided").to_owned()));
    }
    let findings = checks(app, submission, Moment::Deciding).await?;
    let stops = findings.iter().filter(|finding| finding.is_error);
    let stops: Vec<String> = stops.map(Finding::in_words).collect();
    let why = || app.texts.fill("item.unsound", &[("findings", &stops.join("；"))]);
    Ok((!stops.is_empty()).then(why))
}

/// Proposes what is to be published as it is composed now, and merges it. The inner error says why that cannot be.
async fn propose_and_merge(app: &Arc<App>, submission: &Submission) -> Result<Result<String, String>, Error> {
    let conflict = |fields: &str| app.texts.fill("item.conflict", &[("fields", fields)]);
    let proposed = content::proposed(app, submission).await?;
    if !proposed.conflicts.is_empty() {
        return Ok(Err(conflict(&proposed.conflicts.join("、"))));
    }
    if let Some(why) = obstacle(app, submission).await? {
        return Ok(Err(why));
    }
    if submission.purpose != Purpose::New && proposed.published.is_none() {
        let path = &submission.path;
        return Err(Error::internal(format!("{path} is no longer published")));
    }
    let proposal = proposal(app, submission, proposed).await?;
    let purpose = format!("purpose.{}", submission.purpose.name());
    let (Some(reviewer), Some(accepted_at)) = (&submission.reviewer, submission.accepted_at) else {
        return Err(Error::internal(format!("nobody accepted {}", submission.id)));
    };
    let reviewer = person(app, reviewer).await?;
    let merge = Merge {
        id: submission.id.clone(),
        title: format!("{}：{}", app.texts.get(&purpose), submission.title),
        trailers: trailers(app, submission, reviewer.clone()).await?,
        reviewer,
        at: accepted_at / 1000,
    };
    let forge = Arc::clone(&app.forge);
    let merged = blocking(move || {
        forge.open(&proposal)?;
        forge.merge(&merge)
    });
    match merged.await? {
        Ok(commit) => Ok(Ok(commit)),
        Err(forge::Error::Conflict) => Ok(Err(conflict(""))),
        Err(error) => Err(Error::internal(error)),
    }
}

/// Everybody's part, as git keeps it.
async fn trailers(
    app: &App,
    submission: &Submission,
    reviewer: Person,
) -> Result<Vec<(&'static str, String)>, Error> {
    let written = |person: Person| format!("{} <{}>", person.name, person.address);
    let mut trailers = vec![(
        trailers::SUBMITTED_BY,
        written(person(app, &submission.owner).await?),
    )];
    if let Some(endorser) = &submission.endorser {
        trailers.push((trailers::ENDORSED_BY, written(person(app, endorser).await?)));
    }
    if let Some(leader) = &submission.signed_off_by {
        let snapshot = app.portal.snapshot();
        let unit = forge::one_line(snapshot.units.name(&submission.unit));
        trailers.push((
            trailers::SIGNED_OFF_BY,
            format!("{} ({unit})", forge::one_line(leader)),
        ));
    }
    let endorser = submission.endorser.as_deref();
    for decided in submission.decided.split_whitespace() {
        if Some(decided) != endorser {
            trailers.push((trailers::PASSED_BY, written(person(app, decided).await?)));
        }
    }
    trailers.push((trailers::REVIEWED_BY, written(reviewer)));
    trailers.push((trailers::SUBMISSION, submission.id.clone()));
    Ok(trailers)
}

/// Takes a step that the server itself takes, if the submission is still where the work began.
async fn server_step(
    app: &Arc<App>,
    submission: &Submission,
    step: Step,
    (message, commit): (&str, Option<&str>),
) -> Result<(), Error> {
    let details = StepDetails {
        message,
        commit,
        ..StepDetails::default()
    };
    let expected = Some(submission.decided_on());
    match advance(app, By::Server, &submission.id, expected, step, details).await {
        // Another server on the same data was faster.
        Err(error) if matches!(error.kind, Kind::Outdated | Kind::NotNow) => Ok(()),
        result => result.map(|_| ()),
    }
}

/// Rebuilds the portal. One build publishes everything that was merged before it began.
///
/// # Errors
/// When the content cannot be built or the repository not be read; it is tried again.
pub async fn rebuild(app: &Arc<App>, id: &str) -> Result<(), Error> {
    if app
        .store
        .submission(id)
        .await?
        .is_some_and(|submission| submission.state != State::Merged)
    {
        return Ok(());
    }
    let shared = Arc::clone(app);
    let rebuilt = blocking(move || shared.portal.rebuild())
        .await?
        .map_err(Error::internal)?;
    tracing::info!(
        commit = rebuilt.commit,
        changed = rebuilt.changed,
        "portal rebuilt"
    );
    telling::announce(app).await?;
    for path in &rebuilt.set_aside {
        tracing::error!(path, "left out of the portal: it cannot be published");
    }
    for path in &rebuilt.damaged {
        tracing::error!(
            path,
            "an attachment is damaged or gone: a notice stands in its place"
        );
    }
    if !(rebuilt.set_aside.is_empty() && rebuilt.damaged.is_empty()) {
        app.bells.watch.notify_one();
    }
    for submission in app.store.submissions_in(State::Merged).await? {
        // What is left out of the portal is not published, whatever is in the repository.
        if rebuilt.set_aside.contains(&submission.path) {
            continue;
        }
        let Some(commit) = submission.commit_id.clone() else {
            continue;
        };
        let repository = Arc::clone(&app.repository);
        let built = rebuilt.commit.clone();
        if blocking(move || repository.contains(&built, &commit))
            .await?
            .map_err(Error::internal)?
        {
            server_step(app, &submission, Step::Publish, ("", Some(&rebuilt.commit))).await?;
        }
    }
    Ok(())
}

/// Has every job that gave up tried again.
///
/// # Errors
/// [`Kind::Forbidden`] for those who do not read the log of jobs.
pub async fn retry(app: &App, actor: &Actor) -> Result<(), Error> {
    let unit = &actor.account.unit;
    actor.must_in(app, Action::TendServer, unit).await?;
    let mut change = app.store.change().await?;
    change.revive_jobs(clock::now()).await?;
    change.record(&actor.event("retry-jobs", "jobs", "")).await?;
    change.commit().await?;
    app.bells.ring();
    Ok(())
}
