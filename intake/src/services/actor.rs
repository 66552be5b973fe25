//! Who does something, and what they may do.

use jixia::config::Second;

use super::{Error, Kind};
use crate::app::App;
use crate::clock;
use crate::domain::audit::Event;
use crate::domain::policy::{Action, Role};
use crate::domain::reach::Reach;
use crate::domain::recusal::Ground;
use crate::domain::rights::{self, Asker, Permissions, Right};
use crate::domain::routing::{Route, Turn};
use crate::domain::subject::{Involved, Person, Subject};
use crate::domain::submission::State;
use crate::portal::Snapshot;
use crate::store::{Account, Row, Submission};

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account.
    pub account: Account,
    /// The admins whose deputy the account is now.
    pub principals: Vec<Account>,
    /// The submissions about which the account, an expert's, is asked now.
    pub assigned: Vec<Row>,
}

/// What rights depend on of an account.
pub fn person(account: &Account) -> Person<'_> {
    Person {
        id: &account.id,
        name: &account.name,
        role: account.role(),
        unit: &account.unit,
    }
}

/// What rights depend on of a submission or of a row of a list.
#[derive(Debug)]
pub struct Facts<'a> {
    subject: Subject<'a>,
    involved: Involved,
}

impl<'a> Facts<'a> {
    /// Of a submission.
    pub fn of(app: &App, submission: &'a Submission) -> Self {
        let subject = Subject {
            owner: &submission.owner,
            unit: &submission.unit,
            holder: submission.holder.as_deref(),
            state: submission.state,
            was_submitted: submission.submitted_at.is_some(),
            turn: Route::read(&submission.route).turn(),
            ..BLANK
        };
        let authors = submission.authors();
        let authors = authors.iter().map(String::as_str);
        Self::new(app, subject, &submission.kind, authors, &submission.decided)
    }

    /// Of a row of a queue: what waits for somebody was handed in.
    pub fn in_queue(app: &App, row: &'a Row) -> Self {
        let subject = Subject {
            owner: &row.owner,
            unit: &row.unit,
            holder: row.holder.as_deref(),
            state: row.state,
            was_submitted: true,
            turn: Route::read(&row.route).turn(),
            ..BLANK
        };
        Self::new(app, subject, &row.kind, row.authors.lines(), &row.decided)
    }

    fn new<'n>(
        app: &App,
        subject: Subject<'a>,
        kind: &str,
        authors: impl Iterator<Item = &'n str>,
        decided: &str,
    ) -> Self {
        let snapshot = app.portal.snapshot();
        let chain = snapshot.kind(kind).map(|kind| snapshot.chain(kind));
        let second_is_deputy = second_is_deputy(&snapshot, subject.unit);
        let involved = Involved {
            authors: authors.map(|author| snapshot.author_named(author)).collect(),
            decided: decided.split_whitespace().map(str::to_owned).collect(),
            recuses_own_unit: chain.is_some_and(|chain| chain.recuse_own_unit),
        };
        Self {
            subject: Subject {
                second_is_deputy,
                ..subject
            },
            involved,
        }
    }

    /// As the rules want it.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            involved: &self.involved,
            ..self.subject
        }
    }
}

/// Whether deputies decide on what the admin whose deputy they are hands in for a unit.
fn second_is_deputy(snapshot: &Snapshot, unit: &str) -> bool {
    let unit = snapshot.units.get(unit);
    let is_roots = unit.is_some_and(|unit| unit.parent.is_none());
    is_roots && snapshot.config().review.root.second == Second::Deputy
}

static NOBODY: Involved = Involved {
    authors: Vec::new(),
    decided: Vec::new(),
    recuses_own_unit: false,
};

const BLANK: Subject<'static> = Subject {
    owner: "",
    unit: "",
    holder: None,
    state: State::Draft,
    was_submitted: false,
    turn: Turn::Publishes,
    involved: &NOBODY,
    second_is_deputy: false,
};

impl Actor {
    /// The account of an id, with those whose deputy it is and what it is asked about.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(app: &App, account: Account) -> Result<Self, Error> {
        let principals = app.store.principals_of(&account.id, clock::now()).await?;
        let assigned = match account.role() {
            Role::Expert => app.store.assigned_to(&account.id).await?,
            _ => Vec::new(),
        };
        Ok(Self {
            account,
            principals,
            assigned,
        })
    }

    /// What the account is there for.
    pub fn role(&self) -> Role {
        self.account.role()
    }

    fn asker(&self, submission: &str) -> Asker<'_> {
        Asker {
            own: person(&self.account),
            principals: self.principals.iter().map(person).collect(),
            is_asked: self.assigned.iter().any(|row| row.id == submission),
        }
    }

    /// Everything that the actor can read.
    pub fn reach(&self, app: &App) -> Reach {
        let snapshot = app.portal.snapshot();
        let asked = self.assigned.iter().map(|row| row.id.clone()).collect();
        let is_second = |unit: &str| second_is_deputy(&snapshot, unit);
        Reach::of(&self.asker(""), asked, is_second, &snapshot.units)
    }

    /// By what right the actor may do something with a submission now. Returns `None` if it may not be done.
    pub fn right(&self, app: &App, action: Action, submission: &Submission) -> Option<Right<'_>> {
        let (units, facts) = (&app.portal.snapshot().units, Facts::of(app, submission));
        let right = self.asker(&submission.id).right(action, facts.subject(), units);
        // Of those whose place may be taken, which are known whatever becomes of the facts.
        match right? {
            Right::Own => Some(Right::Own),
            Right::InPlaceOf(admin) => {
                let mut principals = self.principals.iter().map(person);
                principals
                    .find(|known| known.id == admin.id)
                    .map(Right::InPlaceOf)
            }
        }
    }

    /// Whether the actor may do something with a submission now, by their own right or as somebody's deputy.
    pub fn may(&self, app: &App, action: Action, submission: &Submission) -> bool {
        self.right(app, action, submission).is_some()
    }

    /// What the actor can do with a submission now.
    pub fn permissions(&self, app: &App, submission: &Submission) -> Permissions {
        let (units, facts) = (&app.portal.snapshot().units, Facts::of(app, submission));
        self.asker(&submission.id).permissions(facts.subject(), units)
    }

    /// Why the actor keeps out of deciding on a submission whose turn is their unit's. Returns `None` if they do not.
    pub fn recused(&self, app: &App, submission: &Submission) -> Option<Ground> {
        let (units, facts) = (&app.portal.snapshot().units, Facts::of(app, submission));
        self.asker(&submission.id).recused(facts.subject(), units)
    }

    /// What the actor's yes to a submission under review means.
    pub fn turn(&self, app: &App, right: Right<'_>, submission: &Submission) -> Turn {
        let facts = Facts::of(app, submission);
        self.asker(&submission.id).turn(right, facts.subject())
    }

    /// What the actor can do with a submission of a queue now.
    pub fn permissions_in_queue(&self, app: &App, row: &Row) -> Permissions {
        let (units, facts) = (&app.portal.snapshot().units, Facts::in_queue(app, row));
        self.asker(&row.id).permissions(facts.subject(), units)
    }

    /// Whether the actor may see a submission of a list.
    pub fn may_read(&self, app: &App, row: &Row) -> bool {
        let (units, facts) = (&app.portal.snapshot().units, Facts::in_queue(app, row));
        self.asker(&row.id).may(Action::Read, facts.subject(), units)
    }

    /// Refuses, and notes it, unless the actor may do something with a submission.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] when the actor may not.
    pub async fn must(&self, app: &App, action: Action, submission: &Submission) -> Result<(), Error> {
        if self.may(app, action, submission) {
            return Ok(());
        }
        let action = rights::meant(action, Facts::of(app, submission).subject());
        self.refused(app, action, &submission.subject()).await
    }

    /// Whether the actor may do something in a unit.
    pub fn may_in(&self, app: &App, action: Action, unit: &str) -> bool {
        rights::may_in(person(&self.account), action, unit, &app.portal.snapshot().units)
    }

    /// Refuses, and notes it, unless the actor may do something in a unit.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] when the actor may not.
    pub async fn must_in(&self, app: &App, action: Action, unit: &str) -> Result<(), Error> {
        if self.may_in(app, action, unit) {
            return Ok(());
        }
        self.refused(app, action, &format!("unit/{unit}")).await
    }

    async fn refused(&self, app: &App, action: Action, subject: &str) -> Result<(), Error> {
        let event = self.event(&format!("refused:{}", action.name()), subject, "");
        let mut change = app.store.change().await?;
        change.record(&event).await?;
        change.commit().await?;
        Err(Kind::Forbidden.into())
    }

    /// Something this actor did, for the audit log.
    pub fn event(&self, action: &str, subject: &str, detail: &str) -> Event {
        Event {
            at: clock::now(),
            actor: Some(self.account.id.clone()),
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: detail.to_owned(),
        }
    }
}

/// Something that was done with an account whose holder is not signed in, for the audit log.
pub(super) fn event_of(account: &Account, action: &str, at: i64) -> Event {
    Event {
        at,
        actor: Some(account.id.clone()),
        action: action.to_owned(),
        subject: account.subject(),
        detail: String::new(),
    }
}
