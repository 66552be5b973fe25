//! What somebody sees first: what waits for them, what they sent up, what their unit owes this year, what is overdue below.

use super::actor::Actor;
use super::{Error, takedown_notices};
use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::reminders::Phase;
use crate::portal::Year;
use crate::store::{Filter, JobKind, Row, Tasks};

/// Submissions that a list of the desk shows; the ledger has the others.
const MOST: i64 = 20;
/// Units that lack something which the desk names.
const MOST_UNITS: usize = 10;

/// Something to do, in a sentence, and where it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// The sentence.
    pub text: String,
    /// The address.
    pub url: &'static str,
}

/// How much there is to do for the actor: what the menu says.
///
/// # Errors
/// When the database does not answer.
pub async fn tasks(app: &App, actor: &Actor) -> Result<Tasks, Error> {
    let unit = if actor.role().is_admin() {
        actor.account.unit.as_str()
    } else {
        ""
    };
    Ok(app.store.tasks(&actor.account.id, unit).await?)
}

/// Everything that waits for the actor besides submissions that are listed, the most urgent first.
///
/// # Errors
/// When the database does not answer.
pub async fn todo(app: &App, actor: &Actor, tasks: &Tasks) -> Result<Vec<Todo>, Error> {
    if !actor.role().is_admin() {
        return Ok(Vec::new());
    }
    let fill = |key: &str, count: i64| app.texts.fill(key, &[("count", &count.to_string())]);
    let mut todo = Vec::new();
    for (phase, count) in app.store.reminded(&actor.account.unit).await? {
        todo.push(Todo {
            text: fill(&format!("desk.{}", phase.name()), count),
            url: match phase {
                Phase::Late => "/intake/queue?late=yes",
                Phase::Soon => "/intake/queue",
            },
        });
    }
    for (key, count, url) in [
        ("desk.registrations", tasks.registrations, "/intake/people"),
        ("desk.problems", tasks.problems, "/intake/problems"),
        (
            "desk.recommended",
            tasks.recommendations,
            "/intake/recommendations",
        ),
    ] {
        if count > 0 {
            todo.push(Todo {
                text: fill(key, count),
                url,
            });
        }
    }
    for (key, count, until) in takedown_notices::of_desk(app, actor).await? {
        let arguments = [("count", &*count.to_string()), ("until", &until)];
        todo.push(Todo {
            text: app.texts.fill(key, &arguments),
            url: "/intake/takedowns",
        });
    }
    if actor.may_in(app, Action::TendServer, &actor.account.unit) {
        let untold = app.store.troubled(JobKind::Tell).await?;
        if untold > 0 {
            todo.push(Todo {
                text: fill("desk.untold", untold),
                url: "/intake/audit",
            });
        }
    }
    Ok(todo)
}

/// What waits for a unit, the longest waiting first.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(app: &App, unit: &str) -> Result<Vec<Row>, Error> {
    let filter = Filter {
        holder: unit.to_owned(),
        ..Filter::default()
    };
    Ok(app.store.queue(&filter, MOST).await?)
}

/// What the actor's unit and those below it handed on, and which a unit above has now.
///
/// # Errors
/// When the database does not answer.
pub async fn sent_up(app: &App, actor: &Actor) -> Result<Vec<Row>, Error> {
    if !actor.role().is_admin() {
        return Ok(Vec::new());
    }
    let (units, own) = (&app.portal.snapshot().units, &actor.account.unit);
    let above: Vec<String> = units.above(own).map(|unit| unit.id.clone()).collect();
    seen(app, actor, (&units.with_below(own), &above), None).await
}

/// What units below the actor's keep waiting for longer than they should.
///
/// # Errors
/// When the database does not answer.
pub async fn overdue_below(app: &App, actor: &Actor) -> Result<Vec<Row>, Error> {
    if !actor.role().is_admin() {
        return Ok(Vec::new());
    }
    let (units, own) = (&app.portal.snapshot().units, &actor.account.unit);
    let own_and_below = units.with_below(own);
    let below = own_and_below.get(1..).unwrap_or_default();
    seen(app, actor, (&own_and_below, below), Some(clock::now())).await
}

async fn seen(
    app: &App,
    actor: &Actor,
    among: (&[String], &[String]),
    due_until: Option<i64>,
) -> Result<Vec<Row>, Error> {
    let mut rows = app.store.held_by(among, due_until, MOST).await?;
    rows.retain(|row| actor.may_read(app, row));
    Ok(rows)
}

/// What the actor's unit did of what it owes this school year.
pub fn year(app: &App, actor: &Actor) -> Option<Year> {
    app.portal.snapshot().year_of(&actor.account.unit, &app.today())
}

/// The units below the actor's that have not done what they owe this year, with what they did and owe, and how many more
/// there are.
pub fn lacking_below(app: &App, actor: &Actor) -> (Vec<(String, usize, usize)>, usize) {
    if !actor.role().is_admin() {
        return (Vec::new(), 0);
    }
    let snapshot = app.portal.snapshot();
    let lacking = snapshot.lacking_below(&actor.account.unit, &app.today());
    let named = lacking.iter().take(MOST_UNITS);
    let named = named.map(|(unit, done, owed)| (unit.name.clone(), *done, *owed));
    (named.collect(), lacking.len().saturating_sub(MOST_UNITS))
}

/// The next submission that the actor can decide on, but for one, and how many wait for their unit.
///
/// # Errors
/// When the database does not answer.
pub async fn next(app: &App, actor: &Actor, but: &str) -> Result<Option<Row>, Error> {
    if !actor.role().is_admin() {
        return Ok(None);
    }
    let rows = waiting(app, &actor.account.unit).await?;
    let decides = |row: &Row| row.id != but && actor.permissions_in_queue(app, row).send_back;
    Ok(rows.into_iter().find(decides))
}
