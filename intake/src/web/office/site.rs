//! The portal's settings and declarations: which files there are, what waits to be decided on, what was decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jixia::content::{KINDS, RUBRICS, UNITS, VOCABULARIES};
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::difference::{Piece, folded, pieces};
use crate::domain::site::{self, FOLDERS, folder_of};
use crate::portal::{Remark, replaceable_paths};
use crate::services::site as service;
use crate::services::{Error as Refusal, Kind};
use crate::store::SiteChange;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

/// Changes that the page shows at most.
const SHOWN: i64 = 200;

#[derive(Serialize)]
struct SitePage {
    may_propose: bool,
    groups: Vec<Group>,
    /// Folders in which a file can be begun.
    folders: Vec<(&'static str, String)>,
    changes: Vec<ChangeLine>,
}

/// Files of one sort.
#[derive(Serialize)]
struct Group {
    title: String,
    files: Vec<FileLine>,
}

#[derive(Serialize)]
struct FileLine {
    path: String,
    /// What people call it.
    label: String,
    /// Whether it is the built-in one until somebody changes it.
    is_built_in: bool,
}

#[derive(Serialize)]
struct ChangeLine {
    id: String,
    path: String,
    reason: String,
    by: String,
    at: String,
    state: &'static str,
    state_label: String,
    decided: String,
    reply: Option<String>,
    is_own: bool,
}

#[derive(Serialize)]
struct ChangePage {
    change: ChangeLine,
    pieces: Vec<Piece>,
    remarks: Vec<Remark>,
    more: usize,
    stops: Vec<String>,
    is_sound: bool,
    /// The file changed since it was proposed.
    is_outdated: bool,
    may_decide: bool,
    may_withdraw: bool,
    may_redo: bool,
    /// What was typed as a reply.
    reply: String,
    wrong: String,
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    service::must_see(&app, &actor).await?;
    let names = names(&app).await?;
    let changes = app.store.site_changes(SHOWN).await?;
    let label = |folder: &'static str| (folder, app.texts.get(group_text(folder)).to_owned());
    let shown = SitePage {
        may_propose: site::may_propose(
            crate::services::actor::person(&actor.account),
            &app.portal.snapshot().units,
        ),
        groups: groups(&app)?,
        folders: FOLDERS.into_iter().map(label).collect(),
        changes: changes
            .iter()
            .map(|change| line(&app, &actor, change, &names))
            .collect(),
    };
    Ok(page(&app, Some(&actor), "site.html", &shown))
}

/// The key of the text that names a folder of declarations, or the settings as a whole.
fn group_text(folder: &str) -> &'static str {
    match folder {
        VOCABULARIES => "site_change.vocabularies",
        RUBRICS => "site_change.rubrics",
        KINDS => "site_change.kinds",
        _ => "site_change.whole",
    }
}

fn groups(app: &App) -> Result<Vec<Group>, Error> {
    let mut paths: Vec<(String, bool)> = app
        .portal
        .declarations()?
        .into_iter()
        .map(|path| (path, false))
        .collect();
    for path in replaceable_paths() {
        if !paths.iter().any(|(known, _)| *known == path) {
            paths.push((path, true));
        }
    }
    let mut by_folder: BTreeMap<usize, Vec<FileLine>> = BTreeMap::new();
    for (path, is_built_in) in paths {
        let folder = folder_of(&path).and_then(|folder| FOLDERS.iter().position(|known| *known == folder));
        let group = folder.map_or(0, |folder| folder + 1);
        let file = FileLine {
            label: label(app, &path),
            path,
            is_built_in,
        };
        by_folder.entry(group).or_default().push(file);
    }
    let title = |group: usize| match group {
        0 => app.texts.get("site_change.whole"),
        group => app.texts.get(group_text(FOLDERS[group - 1])),
    };
    let groups = by_folder.into_iter().map(|(group, files)| Group {
        title: title(group).to_owned(),
        files,
    });
    Ok(groups.collect())
}

/// What people call a file: the label of what it declares.
pub(super) fn label(app: &App, path: &str) -> String {
    let snapshot = app.portal.snapshot();
    let schema = snapshot.schema();
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml");
    let known = match folder_of(path) {
        Some(VOCABULARIES) => schema.vocabularies.get(name).map(|known| known.label.clone()),
        Some(RUBRICS) => schema.rubrics.get(name).map(|known| known.title.clone()),
        Some(_) => schema.kinds.get(name).map(|known| known.label.clone()),
        None if path == UNITS => Some(app.texts.get("site_change.units").to_owned()),
        None => Some(app.texts.get("site_change.settings").to_owned()),
    };
    known.unwrap_or_else(|| name.to_owned())
}

async fn names(app: &App) -> Result<BTreeMap<String, String>, Error> {
    let accounts = app.store.accounts().await?.into_iter();
    Ok(accounts.map(|account| (account.id, account.name)).collect())
}

fn line(app: &App, actor: &Actor, change: &SiteChange, names: &BTreeMap<String, String>) -> ChangeLine {
    let snapshot = app.portal.snapshot();
    let name = |id: &str| names.get(id).cloned().unwrap_or_default();
    let decided = match (&change.decided_by, change.decided_at) {
        (Some(by), Some(at)) => format!("{}，{}", name(by), clock::written(at, snapshot.zone())),
        _ => String::new(),
    };
    let state = format!("site_change.{}", change.state.name());
    ChangeLine {
        id: change.id.clone(),
        path: change.file.clone(),
        reason: change.reason.clone(),
        by: name(&change.proposed_by),
        at: clock::written(change.proposed_at, snapshot.zone()),
        state: change.state.name(),
        state_label: app.texts.get(&state).to_owned(),
        decided,
        reply: change.reply.clone(),
        is_own: change.proposed_by == actor.account.id,
    }
}

pub(crate) async fn change(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Page, Error> {
    change_page(&app, &actor, &id, ("", "")).await
}

async fn change_page(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    (reply, wrong): (&str, &str),
) -> Result<Page, Error> {
    let found = service::find(app, actor, id).await?;
    let names = names(app).await?;
    let is_waiting = found.state == site::State::Proposed;
    let may_propose = site::may_propose(
        crate::services::actor::person(&actor.account),
        &app.portal.snapshot().units,
    );
    let mut shown = ChangePage {
        change: line(app, actor, &found, &names),
        pieces: folded(pieces(&found.base, &found.text)),
        remarks: Vec::new(),
        more: 0,
        stops: Vec::new(),
        is_sound: true,
        is_outdated: false,
        may_decide: is_waiting && service::decides(app, actor, &found.proposed_by),
        may_withdraw: is_waiting && found.proposed_by == actor.account.id,
        may_redo: may_propose && found.state != site::State::Merged && found.state != site::State::Approved,
        reply: reply.to_owned(),
        wrong: wrong.to_owned(),
    };
    if is_waiting {
        let looked = service::look(app, &found.file, &found.text).await?;
        shown.is_outdated = looked.published != found.base;
        // What it would do to what is published now.
        shown.pieces = folded(pieces(&looked.published, &found.text));
        shown.is_sound = looked.is_sound();
        shown.remarks = looked.remarks;
        shown.more = looked.more;
        shown.stops = looked.stops;
    }
    Ok(page(app, Some(actor), "site-change.html", &shown))
}

pub(crate) async fn decide(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let reply = form.get("reply");
    let done = match form.get("do") {
        "approve" => service::approve(&app, &actor, &id).await,
        "refuse" => service::refuse(&app, &actor, &id, reply).await,
        "withdraw" => service::withdraw(&app, &actor, &id).await,
        _ => Err(Refusal::invalid("wrong.form")),
    };
    let (status, key) = match done {
        Ok(()) => return Ok(Redirect::to("/intake/site").into_response()),
        Err(error) if error.kind == Kind::Outdated => (StatusCode::CONFLICT, "site_change.is_outdated"),
        Err(error) if error.kind == Kind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, error.key),
        Err(error) => return Err(error.into()),
    };
    let shown = change_page(&app, &actor, &id, (reply, app.texts.get(key))).await?;
    Ok((status, shown).into_response())
}
