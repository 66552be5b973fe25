//! What an author does with what is theirs besides writing it: throw a draft away, begin another one like it.

use serde_json::json;

use super::actor::Actor;
use super::drafts::{editable_in, new};
use super::submission::find_for;
use super::{Error, Kind, files};
use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::submission::Purpose;
use crate::ids;
use crate::store::{Submission, Upload};

/// Whether the actor can throw it away: what was never handed in. What was is kept as a record.
pub fn may_remove(app: &App, actor: &Actor, submission: &Submission) -> bool {
    submission.version == 0 && actor.permissions(app, submission).edit
}

/// Whether the actor can begin another one like it: of what is theirs and was new, in whatever state, where they may begin
/// such a kind. An edit is of its entry alone.
pub fn may_copy(app: &App, actor: &Actor, submission: &Submission) -> bool {
    let snapshot = app.portal.snapshot();
    let kinds = snapshot.kinds_begun_by(actor.role(), &actor.account.unit);
    submission.purpose == Purpose::New
        && submission.owner == actor.account.id
        && kinds.iter().any(|kind| kind.id == submission.kind)
}

/// Throws a draft away: nothing that was written or sent stays. Its files go once nothing refers to them.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] once it was handed in.
pub async fn remove(app: &App, actor: &Actor, id: &str) -> Result<(), Error> {
    find_for(app, actor, id, Action::Edit).await?;
    let mut change = app.store.change().await?;
    let submission = editable_in(app, &mut change, actor, id).await?;
    if submission.version > 0 {
        return Err(Kind::NotNow.into());
    }
    let now = clock::now();
    let uploads = change.uploads(id).await?;
    for upload in &uploads {
        change.take_away(&upload.id, now).await?;
    }
    change.empty_submission(id, now).await?;
    change
        .record(&actor.event("draft-removed", &submission.subject(), ""))
        .await?;
    change.commit().await?;
    for upload in uploads.iter().filter(|upload| !upload.is_whole()) {
        app.stages.forget(&upload.id);
        app.blobs.discard(&upload.id)?;
    }
    Ok(())
}

/// Begins a new draft with the words and files of another one of the actor's, without what was set from above.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] for what no other can be like; files that are too much together.
pub async fn copy(app: &App, actor: &Actor, id: &str) -> Result<Submission, Error> {
    let known = find_for(app, actor, id, Action::Read).await?;
    if !may_copy(app, actor, &known) {
        return Err(Kind::NotNow.into());
    }
    let mut added = new(app, actor, &known.kind)?;
    let mut fields = known.fields();
    let snapshot = app.portal.snapshot();
    if let Some(kind) = snapshot.kind(&known.kind) {
        fields.retain(|name, _| kind.field(name).is_none_or(|field| field.set_by.is_none()));
    }
    // An entry is dated by its own day.
    fields.shift_remove("date");
    added.title.clone_from(&known.title);
    added.fields = json!(fields).to_string();
    added.body.clone_from(&known.body);
    let sent = app.store.uploads(id).await?;
    let mut change = app.store.change().await?;
    change.add_submission(&added).await?;
    for file in sent.into_iter().filter(Upload::is_whole) {
        let size = u64::try_from(file.size).unwrap_or_default();
        let too_much = files::too_much(app, &mut change, &added, &actor.account.id, size).await?;
        if let Some(key) = too_much {
            return Err(Error::invalid(key));
        }
        let same = Upload {
            id: ids::name(),
            submission: added.id.clone(),
            owner: actor.account.id.clone(),
            created_at: clock::now(),
            ..file
        };
        change.add_upload(&same).await?;
    }
    change
        .record(&actor.event("create", &added.subject(), &added.path))
        .await?;
    change.commit().await?;
    Ok(added)
}
