//! Queries that are put together, because what they are narrowed by differs.

use sqlx::any::AnyRow;
use sqlx::query::QueryAs;
use sqlx::{Any, AssertSqlSafe};

use super::Store;

/// What is bound.
pub(super) enum Value {
    Text(String),
    Number(i64),
}

/// A query in the making; what comes from people is bound, never written into it.
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
    /// Keeps SQLite, which knows no figures of its tables, from using an index of this column. PostgreSQL knows better.
    pub(super) plain: &'static str,
}

impl Sql {
    /// Begins with this.
    pub(super) fn new(begin: &str, store: &Store) -> Self {
        Self {
            text: begin.to_owned(),
            values: Vec::new(),
            plain: if store.is_sqlite() { "+" } else { "" },
        }
    }

    /// Adds a text of this program's.
    pub(super) fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds a value.
    pub(super) fn bind(&mut self, value: Value) {
        self.values.push(value);
        let number = self.values.len();
        self.text.push_str(&format!("${number}"));
    }

    /// Adds a text of this program's, and a value behind it.
    pub(super) fn text(&mut self, before: &str, value: &str) {
        self.add(before);
        self.bind(Value::Text(value.to_owned()));
    }

    /// Adds a text of this program's, and a number behind it.
    pub(super) fn number(&mut self, before: &str, value: i64) {
        self.add(before);
        self.bind(Value::Number(value));
    }

    /// `column IN (…)`; of nothing it is false.
    pub(super) fn any_of<'v>(&mut self, column: &str, values: impl IntoIterator<Item = &'v str>) {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return self.add("1 = 0");
        }
        self.add(column);
        for (position, value) in values.enumerate() {
            self.text(if position == 0 { " IN (" } else { ", " }, value);
        }
        self.add(")");
    }

    /// The query with its values.
    pub(super) fn bound<O>(self) -> QueryAs<'static, Any, O, sqlx::any::AnyArguments>
    where
        O: for<'r> sqlx::FromRow<'r, AnyRow>,
    {
        // Made of the texts above and of numbers of values; every value is bound.
        let query = sqlx::query_as(AssertSqlSafe(self.text));
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
        })
    }
}

/// The pattern of texts in which a word stands, whatever signs it has.
pub(super) fn containing(word: &str) -> String {
    let mut pattern = String::from("%");
    for sign in word.chars() {
        if matches!(sign, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(sign);
    }
    pattern + "%"
}
