//! The ledger: submissions within somebody's reach, narrowed, sorted, counted, a page at a time.

use super::none::OrNone;
use super::row::row;
use super::sql::{Sql, Value, containing};
use super::{Change, Error, Store};
use crate::domain::ledger::{DEALT_WITH, Leaf, Order, Place, Wanted, Whose};
use crate::domain::reach::{Reach, Span};
use crate::domain::submission::{Purpose, State};

row! {
    /// A submission in the ledger.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct LedgerRow {
        pub id: String,
        pub kind: String,
        pub purpose: Purpose as String,
        pub path: String,
        pub unit: String,
        pub owner: String,
        pub owner_name: String,
        pub state: State as String,
        /// The unit whose turn it is.
        pub holder: Option<String> as OrNone<String>,
        /// Who of it took it up.
        pub reviewer_name: Option<String>,
        pub title: String,
        pub updated_at: i64,
        pub state_at: i64,
        pub submitted_at: Option<i64> as OrNone<i64>,
        /// Until when its holder is to have done with it.
        pub due_at: Option<i64> as OrNone<i64>,
        /// The authors that its fields name, a line each.
        pub authors: String,
    }
}

row! {
    /// How many submissions of a state, kind and unit there are within reach.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct LedgerCount {
        pub state: State as String,
        pub kind: String,
        pub unit: String,
        pub count: i64,
        pub late: i64,
    }
}

row! {
    /// A set of wishes that somebody keeps.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct LedgerView {
        pub id: String,
        pub account: String,
        pub name: String,
        /// As the address of the ledger says it.
        pub query: String,
        pub made_at: i64,
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Who asks.
    pub account: &'a str,
    /// What they can read.
    pub reach: &'a Reach,
    /// What they look for.
    pub wanted: &'a Wanted,
    /// The unit that is looked for with those below it; all of them without any.
    pub units: Option<&'a [String]>,
    /// What was to be done until then is overdue, milliseconds since 1970.
    pub now: i64,
}

/// A reach of more units is looked through as a whole, by the index that has it all; a smaller one unit by unit.
const WIDE: usize = 40;
/// Where more is found, the page is walked to in the order of an index; less is found by its unit and sorted.
const MANY: i64 = 5000;
/// What is due never stands behind everything that is due.
const NEVER: i64 = i64::MAX;

impl Sql {
    /// What somebody can read.
    fn within(&mut self, reach: &Reach) {
        let is_wide = reach.spans.iter().any(|span| span.units.len() > WIDE);
        let plain = if is_wide { self.plain } else { "" };
        self.add("(1 = 0");
        if let Some(own) = &reach.own {
            self.text(&format!(" OR {plain}owner = "), own);
        }
        if !reach.asked.is_empty() {
            self.add(" OR ");
            self.any_of(
                &format!("{plain}submission.id"),
                reach.asked.iter().map(String::as_str),
            );
        }
        for span in &reach.spans {
            for (column, units) in [("submission.unit", &span.units), ("holder", &span.holders)] {
                if !units.is_empty() {
                    self.add(" OR (submitted_at > 0 AND ");
                    self.any_of(&format!("{plain}{column}"), units.iter().map(String::as_str));
                    self.by(span, reach);
                    self.add(")");
                }
            }
        }
        self.add(")");
    }

    /// Who made what a span is about: what is the asker's own is in reach or not by itself.
    fn by(&mut self, span: &Span, reach: &Reach) {
        let named = reach.spans.iter().filter_map(|span| span.owner.as_deref());
        match &span.owner {
            Some(owner) => self.text(" AND owner = ", owner),
            None => {
                for owner in named.chain(reach.own.as_deref()) {
                    self.text(" AND owner <> ", owner);
                }
            }
        }
    }

    /// What is looked for, whatever its state, kind and unit and whether it is late.
    fn looked_for(&mut self, asked: &Asked<'_>) {
        match asked.wanted.whose {
            Whose::All => {}
            Whose::Mine => self.text(" AND owner = ", asked.account),
            Whose::Done => {
                self.text(
                    " AND submission.id IN (SELECT SUBSTR(subject, 12) FROM audit WHERE actor = ",
                    asked.account,
                );
                self.add(" AND ");
                self.any_of("action", DEALT_WITH);
                self.add(" AND subject LIKE 'submission/%')");
            }
        }
        for word in asked.wanted.words() {
            let pattern = containing(&word);
            for before in [
                " AND (LOWER(title) LIKE ",
                " OR LOWER(authors) LIKE ",
                " OR owner IN (SELECT id FROM account WHERE LOWER(name) LIKE ",
            ] {
                self.text(before, &pattern);
                self.add(" ESCAPE '!'");
            }
            self.add("))");
        }
    }

    fn narrowed(&mut self, asked: &Asked<'_>) {
        if let Some(state) = asked.wanted.state {
            self.text(" AND submission.state = ", state.name());
        }
        if let Some(kind) = &asked.wanted.kind {
            self.text(" AND kind = ", kind);
        }
        if let Some(units) = asked.units {
            self.add(" AND ");
            self.any_of("submission.unit", units.iter().map(String::as_str));
        }
        if asked.wanted.is_late {
            self.number(" AND due_at > 0 AND due_at <= ", asked.now);
        }
    }
}

/// The value that an order sorts by, as SQL.
fn key(order: Order) -> String {
    match order {
        Order::Updated => "updated_at".to_owned(),
        Order::Waiting => "state_at".to_owned(),
        Order::Due => format!("CASE WHEN due_at = 0 THEN {NEVER} ELSE due_at END"),
        Order::Title => "title".to_owned(),
    }
}

impl LedgerRow {
    /// Where it stands in the ledger.
    pub fn place(&self, order: Order) -> Place {
        let key = match order {
            Order::Updated => self.updated_at.to_string(),
            Order::Waiting => self.state_at.to_string(),
            Order::Due => self.due_at.unwrap_or(NEVER).to_string(),
            Order::Title => self.title.clone(),
        };
        Place {
            id: self.id.clone(),
            key,
        }
    }
}

impl Store {
    /// A page of the ledger, of at most `most`; `found` is how many there are in all, as [`Store::ledger_counts`] tells it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ledger(
        &self,
        asked: &Asked<'_>,
        (leaf, most): (&Leaf, i64),
        found: i64,
    ) -> Result<Vec<LedgerRow>, Error> {
        let (wanted, is_back) = (asked.wanted, matches!(leaf, Leaf::Before(_)));
        let key = key(wanted.order);
        let descends = wanted.descends != is_back;
        let (direction, sign) = if descends { ("DESC", "<") } else { ("ASC", ">") };
        let mut sql = Sql::new(
            "SELECT submission.id, kind, purpose, path, submission.unit, owner, account.name AS owner_name,
             submission.state, holder, reviewing.name AS reviewer_name, title, updated_at, state_at, submitted_at,
             due_at, authors
             FROM submission JOIN account ON account.id = owner
             LEFT JOIN account AS reviewing ON reviewing.id = submission.reviewer
             WHERE submission.id IN (SELECT submission.id FROM submission WHERE ",
            self,
        );
        sql.within(asked.reach);
        sql.looked_for(asked);
        sql.narrowed(asked);
        if let Leaf::After(place) | Leaf::Before(place) = leaf {
            sql.add(&format!(" AND ({key}, submission.id) {sign} ("));
            match wanted.order {
                Order::Title => sql.text("", &place.key),
                // Whoever writes numbers into the address themselves finds the beginning.
                _ => sql.number("", place.key.parse().unwrap_or_default()),
            }
            sql.text(", ", &place.id);
            sql.add(")");
        }
        let plain = if found > MANY { "" } else { sql.plain };
        let plain = if wanted.order == Order::Due { "" } else { plain };
        sql.number(
            &format!(" ORDER BY {plain}{key} {direction}, submission.id {direction} LIMIT "),
            most,
        );
        sql.add(&format!(
            ") ORDER BY {key} {direction}, submission.id {direction}"
        ));
        let mut rows: Vec<LedgerRow> = sql.bound().fetch_all(&self.pool).await?;
        if is_back {
            rows.reverse();
        }
        Ok(rows)
    }

    /// How many submissions are within reach and looked for, by state, kind and unit, whichever of these are wanted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ledger_counts(&self, asked: &Asked<'_>) -> Result<Vec<LedgerCount>, Error> {
        let mut sql = Sql::new("SELECT submission.unit, kind, state, COUNT(*) AS count, ", self);
        sql.number("CAST(SUM(CASE WHEN due_at > 0 AND due_at <= ", asked.now);
        sql.add(" THEN 1 ELSE 0 END) AS BIGINT) AS late FROM submission WHERE ");
        sql.within(asked.reach);
        sql.looked_for(asked);
        sql.add(" GROUP BY submission.unit, kind, state ORDER BY submission.unit, kind, state");
        sql.bound().fetch_all(&self.pool).await
    }

    /// What an account did last to each of these submissions, and when; see [`DEALT_WITH`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_acts(
        &self,
        account: &str,
        ids: &[String],
    ) -> Result<Vec<(String, String, i64)>, Error> {
        let mut sql = Sql::new(
            "SELECT SUBSTR(subject, 12), action, at FROM audit WHERE actor = ",
            self,
        );
        sql.bind(Value::Text(account.to_owned()));
        sql.add(" AND ");
        sql.any_of("action", DEALT_WITH);
        sql.add(" AND ");
        let subjects: Vec<String> = ids.iter().map(|id| format!("submission/{id}")).collect();
        sql.any_of("subject", subjects.iter().map(String::as_str));
        sql.add(" ORDER BY number");
        sql.bound().fetch_all(&self.pool).await
    }

    /// The views of an account, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ledger_views(&self, account: &str) -> Result<Vec<LedgerView>, Error> {
        let query = sqlx::query_as("SELECT * FROM ledger_view WHERE account = $1 ORDER BY name, id");
        query.bind(account).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// How many views an account keeps, but for one of this name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn other_views(&mut self, account: &str, name: &str) -> Result<i64, Error> {
        let query = sqlx::query_scalar("SELECT COUNT(*) FROM ledger_view WHERE account = $1 AND name <> $2");
        let query = query.bind(account).bind(name);
        query.fetch_one(&mut *self.transaction).await
    }

    /// Keeps a view, in the place of an earlier one of the same name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_view(&mut self, view: &LedgerView) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO ledger_view (id, account, name, query, made_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (account, name) DO UPDATE SET query = excluded.query, made_at = excluded.made_at",
        );
        let query = query.bind(&*view.id).bind(&*view.account).bind(&*view.name);
        let query = query.bind(&*view.query).bind(view.made_at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Forgets a view of an account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_view(&mut self, account: &str, id: &str) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM ledger_view WHERE account = $1 AND id = $2");
        let query = query.bind(account).bind(id);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }
}
