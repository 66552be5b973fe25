//! The audit log in words: of a unit for its admins, of every unit for the province's, who also sees what work went wrong.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::audit_acts::{GROUPS, REFUSED_GROUP};
use crate::services::log::{self, LogQuery};
use crate::services::publishing;
use crate::store::JobState;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    from: String,
    until: String,
    person: String,
    unit: String,
    act: String,
    q: String,
    before: String,
}

#[derive(Serialize)]
struct Choice {
    id: String,
    label: String,
    is_chosen: bool,
}

/// Acts of a group.
#[derive(Serialize)]
struct Group {
    whole: Choice,
    acts: Vec<Choice>,
}

#[derive(Serialize)]
struct AuditPage {
    entries: Vec<EntryLine>,
    /// Where older events are.
    older: Option<String>,
    is_narrowed: bool,
    from: String,
    until: String,
    query: String,
    people: Vec<Choice>,
    /// Only for whoever reads the log of every unit.
    units: Vec<Choice>,
    acts: Vec<Group>,
    csv: String,
    jobs: Vec<JobLine>,
}

#[derive(Serialize)]
struct EntryLine {
    number: i64,
    at: String,
    who: String,
    what: String,
    subject: String,
    url: String,
    detail: String,
}

#[derive(Serialize)]
struct JobLine {
    id: String,
    state: JobState,
    attempts: i64,
    problem: String,
}

impl Wanted {
    fn query(&self) -> LogQuery {
        LogQuery {
            from: self.from.clone(),
            until: self.until.clone(),
            person: self.person.clone(),
            unit: self.unit.clone(),
            act: self.act.clone(),
            text: self.q.clone(),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = vec![
            ("from", &*self.from),
            ("until", &*self.until),
            ("person", &*self.person),
            ("unit", &*self.unit),
            ("act", &*self.act),
            ("q", &*self.q),
        ];
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    fn address(&self, place: &str, before: Option<i64>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        query.extend_pairs(before.map(|number| ("before", number.to_string())));
        format!("{place}?{}", query.finish())
    }
}

fn acts(app: &App, chosen: &str) -> Vec<Group> {
    let choice = |id: &str, label: String| Choice {
        is_chosen: id == chosen,
        id: id.to_owned(),
        label,
    };
    let label = |name: &str| app.texts.get(&format!("audit.group-{name}")).to_owned();
    let all = log::acts(app);
    let groups = GROUPS.iter().map(|group| Group {
        whole: choice(group.name, label(group.name)),
        acts: all[group.name]
            .iter()
            .map(|(act, words)| choice(act, words.clone()))
            .collect(),
    });
    let refused = Group {
        whole: choice(REFUSED_GROUP, label(REFUSED_GROUP)),
        acts: Vec::new(),
    };
    groups.chain([refused]).collect()
}

async fn people(app: &App, actor: &Actor, chosen: &str) -> Result<Vec<Choice>, Error> {
    let people = log::people(app, actor).await?;
    let snapshot = app.portal.snapshot();
    let choice = |account: crate::store::Account| Choice {
        label: format!("{}（{}）", account.name, snapshot.units.name(&account.unit)),
        is_chosen: account.id == chosen,
        id: account.id,
    };
    Ok(people.into_iter().map(choice).collect())
}

fn units(app: &App, actor: &Actor, chosen: &str) -> Vec<Choice> {
    let snapshot = app.portal.snapshot();
    let choice = |unit: &crate::domain::units::Unit| Choice {
        id: unit.id.clone(),
        label: unit.name.clone(),
        is_chosen: unit.id == chosen,
    };
    if log::reads_all(app, actor) {
        snapshot.units.iter().map(choice).collect()
    } else {
        Vec::new()
    }
}

async fn jobs(app: &App, actor: &Actor) -> Result<Vec<JobLine>, Error> {
    if !log::reads_all(app, actor) {
        return Ok(Vec::new());
    }
    let jobs = app.store.troubled_jobs().await?.into_iter();
    let line = |job: crate::store::Job| JobLine {
        id: job.id,
        state: job.state,
        attempts: job.attempts,
        problem: job.problem.unwrap_or_default(),
    };
    Ok(jobs.map(line).collect())
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Page, Error> {
    let before = wanted.before.parse().ok();
    let found = log::page(&app, &actor, &wanted.query(), before).await?;
    let line = |entry: log::Entry| EntryLine {
        number: entry.number,
        at: entry.at,
        who: entry.who,
        what: entry.what,
        subject: entry.subject,
        url: entry.url,
        detail: entry.detail,
    };
    let shown = AuditPage {
        older: found
            .older
            .map(|number| wanted.address("/intake/audit", Some(number))),
        entries: found.entries.into_iter().map(line).collect(),
        is_narrowed: !wanted.pairs().is_empty() || before.is_some(),
        people: people(&app, &actor, &wanted.person).await?,
        units: units(&app, &actor, &wanted.unit),
        acts: acts(&app, &wanted.act),
        csv: wanted.address("/intake/audit.csv", None),
        jobs: jobs(&app, &actor).await?,
        from: wanted.from,
        until: wanted.until,
        query: wanted.q,
    };
    Ok(page(&app, Some(&actor), "audit.html", &shown))
}

pub(crate) async fn csv(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let bytes = log::csv(&app, &actor, &wanted.query()).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
        (CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, bytes).into_response())
}

pub(crate) async fn retry(
    State(app): State<Arc<App>>,
    Signed { actor, .. }: Signed<Form>,
) -> Result<Response, Error> {
    publishing::retry(&app, &actor).await?;
    Ok(Redirect::to("/intake/audit").into_response())
}
