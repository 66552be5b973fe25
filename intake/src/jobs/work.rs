//! What each job does.

use std::sync::Arc;

use crate::app::App;
use crate::clock;
use crate::domain::audit::Event;
use crate::domain::merge::{Conflict, Fields, three_way};
use crate::domain::submission::{Purpose, State, Step};
use crate::forge::{self, Merge, Person, Proposal, Status};
use crate::portal::{Added, Document, chapters, compose_whole};
use crate::store::{Job, JobKind, Message, Submission};

use super::{JobError, letters, mirror, notices};

/// The field that every endorsement sets.
const SIGNED_OFF: &str = "signed_off_by";

pub(super) async fn work(app: &Arc<App>, job: &Job) -> Result<(), JobError> {
    match job.kind {
        JobKind::Branch => branch(app, &job.subject).await,
        JobKind::Close => close(app, &job.subject).await,
        JobKind::Merge => merge(app, &job.subject).await,
        JobKind::Mirror => mirror::mirror(app, &find(app, &job.subject).await?).await,
        JobKind::Rebuild => rebuild(app, &job.subject).await,
        JobKind::Mail => letters::send(app, &job.subject).await,
        JobKind::Inspect => super::files::inspect(app, &job.subject).await,
        JobKind::Scan => super::files::scan(app, &job.subject).await,
    }
}

/// Runs what blocks beside the threads that answer requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JobError> {
    Ok(tokio::task::spawn_blocking(work).await?)
}

async fn find(app: &App, id: &str) -> Result<Submission, JobError> {
    let found = app.store.submission(id).await?;
    found.ok_or_else(|| JobError(format!("submission {id} has gone")))
}

async fn branch(app: &Arc<App>, id: &str) -> Result<(), JobError> {
    let submission = find(app, id).await?;
    let is_waiting = matches!(
        submission.state,
        State::Submitted | State::Endorsed | State::InReview
    );
    if !is_waiting {
        // Whatever came after asked for a job of its own.
        return Ok(());
    }
    let content = content(app, &submission).await?;
    let proposal = proposal(app, &submission, &content).await?;
    let forge = Arc::clone(&app.forge);
    blocking(move || forge.open(&proposal)).await??;
    Ok(())
}

async fn close(app: &Arc<App>, id: &str) -> Result<(), JobError> {
    let (forge, id) = (Arc::clone(&app.forge), id.to_owned());
    blocking(move || forge.close(&id)).await??;
    Ok(())
}

/// The content that a submission asks for.
async fn content(app: &App, submission: &Submission) -> Result<Fields, JobError> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind);
    let kind = kind.ok_or_else(|| JobError(format!("the kind {} has gone", submission.kind)))?;
    let uploads = app.store.uploads(&submission.id).await?;
    let at = [submission.accepted_at, submission.submitted_at]
        .into_iter()
        .find(|at| *at > 0);
    let date = clock::day(at.unwrap_or_else(clock::now), snapshot.zone());
    let added = Added {
        date: if submission.purpose == Purpose::New {
            &date
        } else {
            ""
        },
        unit: &submission.unit,
        signed_off_by: &submission.signed_off_by,
    };
    Ok(compose_whole(
        snapshot.schema(),
        kind,
        &submission.fields(),
        &submission.body,
        &uploads,
        &added,
    ))
}

async fn proposal(app: &App, submission: &Submission, content: &Fields) -> Result<Proposal, JobError> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind);
    let kind = kind.ok_or_else(|| JobError(format!("the kind {} has gone", submission.kind)))?;
    let base = submission.base();
    let document = Document::whole(snapshot.schema(), &submission.path, kind, content, &base);
    let files = chapters::files(document);
    Ok(Proposal {
        id: submission.id.clone(),
        title: submission.title.clone(),
        author: person(app, &submission.owner).await?,
        at: submission.submitted_at / 1000,
        files,
    })
}

async fn person(app: &App, account: &str) -> Result<Person, JobError> {
    let found = app.store.account(account).await?;
    let name = found.map_or_else(|| account.to_owned(), |account| account.name);
    Ok(Person::of_account(account, &name))
}

async fn merge(app: &Arc<App>, id: &str) -> Result<(), JobError> {
    let submission = find(app, id).await?;
    if submission.state != State::Accepted {
        return Ok(());
    }
    let (forge, branch) = (Arc::clone(&app.forge), id.to_owned());
    let merged = match blocking(move || forge.status(&branch)).await?? {
        // An earlier try came so far, and then the server stopped.
        Status::Merged(commit) => Ok(commit),
        // The job is tried again until it is.
        Status::Merging => return Err(forge::Error::UnderWay.into()),
        _ => propose_and_merge(app, &submission).await?,
    };
    match merged {
        Ok(commit) => note_merge(app, id, commit).await,
        Err(fields) => note_conflict(app, id, &fields).await,
    }
}

/// Puts an edit on top of what is published now. The inner error names the fields that both changed.
async fn propose_and_merge(
    app: &Arc<App>,
    submission: &Submission,
) -> Result<Result<String, Vec<String>>, JobError> {
    let mut content = content(app, submission).await?;
    if submission.purpose != Purpose::New {
        match on_top(app, submission, &content).await? {
            Ok(merged) => content = merged,
            Err(fields) => return Ok(Err(fields)),
        }
    }
    let proposal = proposal(app, submission, &content).await?;
    let merge = Merge {
        id: submission.id.clone(),
        title: format!(
            "{}：{}",
            app.texts.get(&format!("purpose.{}", submission.purpose.name())),
            submission.title
        ),
        reviewer: person(app, &submission.reviewer).await?,
        at: submission.accepted_at / 1000,
        trailers: trailers(app, submission).await?,
    };
    let forge = Arc::clone(&app.forge);
    let merged = blocking(move || {
        forge.open(&proposal)?;
        forge.merge(&merge)
    });
    match merged.await? {
        Ok(commit) => Ok(Ok(commit)),
        Err(forge::Error::Conflict) => Ok(Err(Vec::new())),
        Err(error) => Err(error.into()),
    }
}

async fn on_top(
    app: &Arc<App>,
    submission: &Submission,
    ours: &Fields,
) -> Result<Result<Fields, Vec<String>>, JobError> {
    let (shared, path) = (Arc::clone(app), submission.path.clone());
    let kind = app.portal.snapshot().kind(&submission.kind).map(Arc::clone);
    let kind = kind.ok_or_else(|| JobError(format!("the kind {} has gone", submission.kind)))?;
    let theirs = blocking(move || shared.portal.published(&kind, &path)).await??;
    let Some(theirs) = theirs else {
        return Err(JobError(format!("{} is no longer published", submission.path)));
    };
    let mut base = submission.base();
    // Who signed off is not edited but said anew with each submission.
    match theirs.get(SIGNED_OFF) {
        Some(leader) => base.insert(SIGNED_OFF.to_owned(), leader.clone()),
        None => base.shift_remove(SIGNED_OFF),
    };
    let merged = three_way(&base, &theirs, ours);
    let named = |conflict: Conflict| match (&conflict.ours["title"], &conflict.theirs["title"]) {
        // A chapter is known by its title.
        (serde_json::Value::String(title), _) | (_, serde_json::Value::String(title)) => {
            format!("{}{title}", app.texts.get("chapter.one"))
        }
        _ => conflict.field,
    };
    Ok(merged.map_err(|conflicts| conflicts.into_iter().map(named).collect()))
}

/// Everybody's part, as git keeps it.
async fn trailers(app: &App, submission: &Submission) -> Result<Vec<(&'static str, String)>, JobError> {
    let written = |person: Person| format!("{} <{}>", person.name, person.address);
    let mut trailers = vec![("Submitted-by", written(person(app, &submission.owner).await?))];
    if !submission.endorser.is_empty() {
        trailers.push(("Endorsed-by", written(person(app, &submission.endorser).await?)));
    }
    if !submission.signed_off_by.is_empty() {
        let snapshot = app.portal.snapshot();
        let unit = forge::one_line(snapshot.units.name(&submission.unit));
        trailers.push((
            "Signed-off-by",
            format!("{} ({unit})", forge::one_line(&submission.signed_off_by)),
        ));
    }
    trailers.push(("Reviewed-by", written(person(app, &submission.reviewer).await?)));
    trailers.push(("Submission-Id", submission.id.clone()));
    Ok(trailers)
}

/// Takes a step that the server itself takes, if the submission still can.
async fn step(
    app: &App,
    id: &str,
    step: Step,
    detail: &str,
    alter: impl FnOnce(&mut Submission) + Send,
) -> Result<Option<Submission>, JobError> {
    let mut change = app.store.change().await?;
    let Some(mut submission) = change.submission(id).await? else {
        return Ok(None);
    };
    let Ok(state) = submission.state.after(step) else {
        return Ok(None);
    };
    let now = clock::now();
    submission.state = state;
    submission.state_at = now;
    submission.updated_at = now;
    alter(&mut submission);
    change.put_submission(&submission).await?;
    let event = Event {
        at: now,
        actor: None,
        action: step.name().to_owned(),
        subject: submission.subject(),
        detail: detail.to_owned(),
    };
    change.record(&event).await?;
    let edition = format!("{}-{}", submission.version, state.name());
    change.enqueue(JobKind::Mirror, id, &edition, now).await?;
    match state {
        State::Merged => {
            change
                .enqueue(JobKind::Rebuild, id, &submission.commit_id, now)
                .await?;
        }
        State::Published => {
            change
                .enqueue(JobKind::Close, id, &submission.commit_id, now)
                .await?;
        }
        State::Returned => {
            let message = Message {
                id: format!("{id}-conflict-{}", submission.version),
                submission: id.to_owned(),
                author: String::new(),
                field: String::new(),
                quote: String::new(),
                text: detail.to_owned(),
                version: submission.version,
                at: now,
                settled_at: 0,
            };
            change.add_message(&message).await?;
        }
        _ => {}
    }
    notices::of_step(app, &mut change, &submission, state, "", detail, now).await?;
    change.commit().await?;
    app.bells.ring();
    Ok(Some(submission))
}

async fn note_merge(app: &App, id: &str, commit: String) -> Result<(), JobError> {
    let detail = commit.clone();
    step(app, id, Step::Merge, &detail, |submission| {
        submission.commit_id = commit;
        submission.holder.clear();
    })
    .await?;
    Ok(())
}

async fn note_conflict(app: &App, id: &str, fields: &[String]) -> Result<(), JobError> {
    let detail = app.texts.fill("item.conflict", &[("fields", &fields.join("、"))]);
    step(app, id, Step::Conflict, &detail, |submission| {
        submission.holder.clear();
    })
    .await?;
    Ok(())
}

/// One build publishes everything that was merged before it began.
async fn rebuild(app: &Arc<App>, id: &str) -> Result<(), JobError> {
    if app
        .store
        .submission(id)
        .await?
        .is_some_and(|submission| submission.state != State::Merged)
    {
        return Ok(());
    }
    let shared = Arc::clone(app);
    let rebuilt = blocking(move || shared.portal.rebuild()).await??;
    tracing::info!(
        commit = rebuilt.commit,
        changed = rebuilt.changed,
        "portal rebuilt"
    );
    for submission in app.store.submissions_in(State::Merged).await? {
        let (repository, commit) = (Arc::clone(&app.repository), submission.commit_id.clone());
        let built = rebuilt.commit.clone();
        if blocking(move || repository.contains(&built, &commit)).await?? {
            step(app, &submission.id, Step::Publish, &rebuilt.commit, |_| {}).await?;
        }
    }
    Ok(())
}
