//! Editing a file of settings or declarations: the text, forms for units and terms, the generator's check, the difference.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jixia::config::SETTINGS;
use jixia::content::{Level, UNITS, VOCABULARIES};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::difference::{Piece, folded, pieces};
use crate::domain::site::{FOLDERS, folder_of, is_editable};
use crate::domain::site_tables::{Fault, Place, TermRow, UnitRow, put_term, put_unit, terms, units};
use crate::ids;
use crate::portal::Remark;
use crate::services::site as service;
use crate::services::site::{Looked, Proposing};
use crate::services::{Error as Refusal, Kind};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::office::site::label;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

/// The levels that units of the tree have; schools and groups join it from their entries.
const LEVELS: [Level; 4] = [Level::Province, Level::City, Level::County, Level::Other];

/// Which file, and what it begins with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Visit {
    #[serde(default)]
    path: String,
    /// The folder of a new file.
    #[serde(default)]
    folder: String,
    /// The name of a new file.
    #[serde(default)]
    name: String,
    /// A change whose text is taken up again.
    #[serde(default)]
    change: String,
}

#[derive(Default, Serialize)]
struct EditPage {
    path: String,
    label: String,
    /// Whether the file is not there yet.
    is_new: bool,
    text: String,
    /// Fingerprint of what is published.
    base: String,
    reason: String,
    replaces: String,
    /// Whether the generator has looked at the text.
    is_checked: bool,
    is_sound: bool,
    remarks: Vec<Remark>,
    more: usize,
    stops: Vec<String>,
    pieces: Vec<Piece>,
    has_units: bool,
    unit: UnitRow,
    units: Vec<UnitRow>,
    levels: Vec<(&'static str, String)>,
    cities: Vec<(String, String)>,
    has_terms: bool,
    term: TermRow,
    terms: Vec<TermRow>,
    behind: String,
    wrong: String,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(visit): Query<Visit>,
) -> Result<Page, Error> {
    service::must_propose(&app, &actor).await?;
    let mut edit = EditPage {
        path: path_of(&visit),
        ..EditPage::default()
    };
    if !visit.change.is_empty() {
        let change = service::find(&app, &actor, &visit.change).await?;
        edit.path.clone_from(&change.file);
        edit.reason = change.reason;
        edit.replaces = change.id;
        edit.text = change.text;
    }
    if !is_editable(&edit.path) {
        return Err(Error::invalid("site_change.bad-name"));
    }
    let published = service::published(&app, &edit.path).await?;
    if edit.replaces.is_empty() {
        edit.text = service::beginning(&edit.path, &published);
    }
    edit.base = ids::fingerprint(&published);
    edit.is_new = published.is_empty();
    edit.pieces = difference(&published, &edit.text);
    Ok(edit_page(&app, &actor, edit))
}

/// The file that an address names: without one the portal's settings.
fn path_of(visit: &Visit) -> String {
    let folder = FOLDERS.iter().find(|folder| **folder == visit.folder);
    match folder {
        Some(folder) => format!("{folder}/{}.toml", visit.name.trim()),
        None if visit.path.is_empty() => SETTINGS.to_owned(),
        None => visit.path.clone(),
    }
}

/// None where nothing changes.
fn difference(published: &str, text: &str) -> Vec<Piece> {
    if published == text {
        return Vec::new();
    }
    folded(pieces(published, text))
}

pub(crate) async fn change(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    service::must_propose(&app, &actor).await?;
    let mut edit = typed(&form);
    let put = match form.get("do") {
        "unit" => put_unit(&edit.text, &edit.unit),
        "term" => put_term(&edit.text, &edit.term, place(&edit.behind)),
        _ => Ok(edit.text.clone()),
    };
    match put {
        Ok(text) => edit.text = text,
        Err(fault) => app.texts.get(fault_text(fault)).clone_into(&mut edit.wrong),
    }
    if let Some(id) = form.get("do").strip_prefix("pick:") {
        pick(&mut edit, id);
    }
    let looked = service::look(&app, &edit.path, &edit.text).await?;
    if form.get("do") != "send" {
        return Ok(looked_page(&app, &actor, edit, looked).into_response());
    }
    let (status, key) = match send(&app, &actor, &edit, &looked).await {
        Ok(id) => return Ok(Redirect::to(&format!("/intake/site/changes/{id}")).into_response()),
        Err(error) if error.kind == Kind::Outdated => (StatusCode::CONFLICT, "site_change.moved"),
        Err(error) if error.kind == Kind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, error.key),
        Err(error) => return Err(error.into()),
    };
    app.texts.get(key).clone_into(&mut edit.wrong);
    Ok((status, looked_page(&app, &actor, edit, looked)).into_response())
}

async fn send(app: &App, actor: &Actor, edit: &EditPage, looked: &Looked) -> Result<String, Refusal> {
    let proposing = Proposing {
        base: &edit.base,
        reason: &edit.reason,
        replaces: &edit.replaces,
    };
    service::propose(app, actor, looked, proposing).await
}

/// What somebody typed.
fn typed(form: &Form) -> EditPage {
    let get = |name: &str| form.get(name).trim().to_owned();
    EditPage {
        path: form.get("path").to_owned(),
        text: form.get("text").to_owned(),
        base: form.get("base").to_owned(),
        reason: form.get("reason").to_owned(),
        replaces: form.get("replaces").to_owned(),
        unit: UnitRow {
            id: get("unit.id"),
            name: get("unit.name"),
            short_name: get("unit.short_name"),
            level: get("unit.level"),
            city: get("unit.city"),
            parent: get("unit.parent"),
        },
        term: TermRow {
            id: get("term.id"),
            label: get("term.label"),
            label_en: get("term.label_en"),
        },
        behind: get("behind"),
        ..EditPage::default()
    }
}

/// Where a term comes to stand, as the form says it.
fn place(behind: &str) -> Place<'_> {
    match behind {
        "" => Place::AsItIs,
        "first" => Place::First,
        other => Place::Behind(other.strip_prefix("after:").unwrap_or_default()),
    }
}

fn fault_text(fault: Fault) -> &'static str {
    match fault {
        Fault::Unreadable => "site_change.unreadable",
        Fault::NoId => "site_change.no-id",
    }
}

/// Fills the form of a row with what the text says of it.
fn pick(edit: &mut EditPage, id: &str) {
    if edit.path == UNITS {
        edit.unit = units(&edit.text)
            .into_iter()
            .find(|unit| unit.id == id)
            .unwrap_or_default();
    } else {
        edit.term = terms(&edit.text)
            .into_iter()
            .find(|term| term.id == id)
            .unwrap_or_default();
    }
}

/// The page with what the generator said. What is published by now is what a next sending goes by.
fn looked_page(app: &App, actor: &Actor, mut edit: EditPage, looked: Looked) -> Page {
    edit.is_checked = true;
    edit.is_sound = looked.is_sound();
    edit.base = ids::fingerprint(&looked.published);
    edit.is_new = looked.published.is_empty();
    edit.pieces = difference(&looked.published, &looked.text);
    edit.text = looked.text;
    edit.remarks = looked.remarks;
    edit.more = looked.more;
    edit.stops = looked.stops;
    edit_page(app, actor, edit)
}

fn edit_page(app: &App, actor: &Actor, mut edit: EditPage) -> Page {
    let snapshot = app.portal.snapshot();
    edit.label = label(app, &edit.path);
    edit.has_units = edit.path == UNITS;
    edit.has_terms = folder_of(&edit.path) == Some(VOCABULARIES);
    if edit.has_units {
        edit.units = units(&edit.text);
        edit.cities = snapshot.terms("city");
        let level = |level: &Level| {
            let key = format!("site_change.level-{}", level.name());
            (level.name(), app.texts.get(&key).to_owned())
        };
        edit.levels = LEVELS.iter().map(level).collect();
    }
    if edit.has_terms {
        edit.terms = terms(&edit.text);
    }
    page(app, Some(actor), "site-edit.html", &edit)
}
