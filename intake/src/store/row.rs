//! Rows as types. What sqlx derives would do, but its macros have every database driver compiled a second time, for the
//! compiler, which is a quarter of a first build.

/// Defines a struct that is read from a row, a column a field. `field: Type as Column` is for a type made of another one
/// that the database knows.
macro_rules! row {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $(
                $(#[$of_field:meta])*
                $field_visibility:vis $field:ident: $type:ty $(as $column:ty)?,
            )*
        }
    ) => {
        $(#[$attribute])*
        $visibility struct $name {
            $($(#[$of_field])* $field_visibility $field: $type,)*
        }

        impl ::sqlx::FromRow<'_, ::sqlx::any::AnyRow> for $name {
            fn from_row(row: &::sqlx::any::AnyRow) -> Result<Self, ::sqlx::Error> {
                Ok(Self {
                    $($field: $crate::store::row::field!(row, stringify!($field) $(, $column)?),)*
                })
            }
        }
    };
}

/// The value of a column, made into another type if one is named.
macro_rules! field {
    ($row:ident, $name:expr) => {
        ::sqlx::Row::try_get($row, $name)?
    };
    ($row:ident, $name:expr, $column:ty) => {
        ::sqlx::Row::try_get::<$column, _>($row, $name).and_then(|value| {
            value.try_into().map_err(|wrong| ::sqlx::Error::ColumnDecode {
                index: $name.to_owned(),
                source: Box::new(wrong),
            })
        })?
    };
}

pub(super) use {field, row};
