//! Columns in which an empty text or a zero stands for nothing: the only place that knows so.

use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

use crate::domain::names::Unknown;
use crate::domain::opinion::Verdict;

/// A value of such a column.
#[derive(Debug, Clone)]
pub(super) struct OrNone<T>(T);

/// What such a column holds for an optional value.
pub(super) trait OrEmpty {
    /// The type of the column.
    type Column;

    /// The value, or what stands for nothing.
    fn or_empty(&self) -> Self::Column;
}

impl OrEmpty for Option<String> {
    type Column = String;

    fn or_empty(&self) -> String {
        self.clone().unwrap_or_default()
    }
}

impl OrEmpty for Option<i64> {
    type Column = i64;

    fn or_empty(&self) -> i64 {
        self.unwrap_or_default()
    }
}

impl From<OrNone<String>> for Option<String> {
    fn from(OrNone(text): OrNone<String>) -> Self {
        Some(text).filter(|text| !text.is_empty())
    }
}

impl From<OrNone<i64>> for Option<i64> {
    fn from(OrNone(number): OrNone<i64>) -> Self {
        Some(number).filter(|number| *number != 0)
    }
}

impl TryFrom<OrNone<String>> for Option<Verdict> {
    type Error = Unknown;

    fn try_from(column: OrNone<String>) -> Result<Self, Unknown> {
        Option::<String>::from(column).map(Verdict::try_from).transpose()
    }
}

impl<DB: Database, T: Type<DB>> Type<DB> for OrNone<T> {
    fn type_info() -> DB::TypeInfo {
        T::type_info()
    }

    fn compatible(found: &DB::TypeInfo) -> bool {
        T::compatible(found)
    }
}

impl<'r, DB: Database, T: Decode<'r, DB>> Decode<'r, DB> for OrNone<T> {
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        T::decode(value).map(Self)
    }
}
