//! Columns become fields.

use super::value::{EnumScalar, Scalar};
use crate::Value;
use crate::driver::{ColumnError, Row};

/// Made of the columns of one row, in order.
pub trait Decode: Sized + 'static {
    /// The schema's names of the fields that are read, in the order of the columns.
    const FIELDS: &'static [&'static str];

    /// Reads the row.
    ///
    /// # Errors
    /// A column that does not hold what the field is.
    fn decode(columns: &mut Columns<'_>) -> Result<Self, ColumnError>;
}

/// The columns of a row, read one after the other.
pub struct Columns<'a> {
    row: &'a dyn Row,
    next: usize,
}

impl<'a> Columns<'a> {
    /// All columns of a row.
    pub fn new(row: &'a dyn Row) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    /// It does not hold a `T`.
    #[inline]
    #[allow(clippy::should_implement_trait)]
    pub fn next<T: FieldType>(&mut self) -> Result<T, ColumnError> {
        let column = self.next;
        self.next += 1;
        T::read(self.row, column)
    }

    /// All columns, with their names and by the types that the database says they have.
    pub(super) fn dynamic(&mut self, mut see: impl FnMut(&str, Value)) -> Result<(), ColumnError> {
        for column in self.next..self.row.len() {
            see(self.row.column_name(column), self.row.dynamic(column)?);
        }
        Ok(())
    }

    /// The next columns, at most 12.
    ///
    /// # Errors
    /// One does not hold what it is read as.
    #[inline]
    pub fn several<T: ColumnTuple>(&mut self) -> Result<T, ColumnError> {
        T::read(self)
    }
}

/// A tuple of fields' types. Generated code reads columns in tuples, since that is checked sooner than a call for each.
pub trait ColumnTuple: Sized {
    /// Reads as many columns.
    ///
    /// # Errors
    /// One does not hold what it is read as.
    fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError>;
}

macro_rules! column_tuples {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<$first: FieldType, $($rest: FieldType),*> ColumnTuple for ($first, $($rest,)*) {
            #[inline]
            fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError> {
                Ok((columns.next::<$first>()?, $(columns.next::<$rest>()?,)*))
            }
        }
        column_tuples!($($rest)*);
    };
}
column_tuples!(A B C D E F G H I J K L);

/// The type of a column field: a scalar `T`, `Option<T>` or `Vec<T>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a column field",
    note = "fields are scalars (`String`, `bool`, `i32`, `i64`, `f64`, `BigDecimal`, `DateTime<Utc>`, `serde_json::Value`, `Vec<u8>` …), enums, and `Option` or `Vec` of these"
)]
pub trait FieldType: Sized + Send + 'static {
    /// What it holds one or more of.
    type Scalar: Scalar;
    /// What it is compared with as a whole: the scalar, or a list of them.
    type Compared;

    /// Reads a column.
    ///
    /// # Errors
    /// It holds something else.
    fn read(row: &dyn Row, column: usize) -> Result<Self, ColumnError>;

    /// The value to bind.
    fn into_value(self) -> Value;
}

/// A field of one value, not of a list.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field is a list: this is there for fields of one value",
    note = "lists have `eq`, `ne`, `has`, `has_every`, `has_some`, `is_empty`, and the changes `set` and `push`"
)]
pub trait OneValue: FieldType {}

/// A field that may be null.
#[diagnostic::on_unimplemented(
    message = "this field is required: a `{Self}` is never null",
    note = "only optional fields (`?` in the schema, `Option` in Rust) have `is_null`, `is_not_null`, `unset_null` and NULLs to order"
)]
pub trait Nullable: FieldType {}

fn required<T>(value: Option<T>, column: usize, expected: &'static str) -> Result<T, ColumnError> {
    value.ok_or_else(|| ColumnError { column, expected, found: "NULL".to_owned() })
}

macro_rules! scalar_field {
    ([$($generics:tt)*] $scalar:ty) => {
        scalar_field!([$($generics)*] $scalar, |row, column| <$scalar>::read_scalar(row, column));
    };
    ([$($generics:tt)*] $scalar:ty, |$row:ident, $column:ident| $optional:expr) => {
        impl $($generics)* FieldType for $scalar {
            type Scalar = Self;
            type Compared = Self;
            #[inline]
            fn read(row: &dyn Row, column: usize) -> Result<Self, ColumnError> {
                required(<$scalar>::read_scalar(row, column)?, column, <$scalar>::NAME)
            }
            fn into_value(self) -> Value {
                self.into_scalar()
            }
        }
        impl $($generics)* OneValue for $scalar {}
        impl $($generics)* FieldType for Option<$scalar> {
            type Scalar = $scalar;
            type Compared = $scalar;
            #[inline]
            fn read($row: &dyn Row, $column: usize) -> Result<Self, ColumnError> {
                $optional
            }
            fn into_value(self) -> Value {
                self.map_or(Value::Null, Scalar::into_scalar)
            }
        }
        impl $($generics)* OneValue for Option<$scalar> {}
        impl $($generics)* Nullable for Option<$scalar> {}
        impl $($generics)* FieldType for Vec<$scalar> {
            type Scalar = $scalar;
            type Compared = Self;
            fn read(row: &dyn Row, column: usize) -> Result<Self, ColumnError> {
                let elements = row.list(column, <$scalar>::ELEMENT)?.unwrap_or_default();
                elements.into_iter().map(|v| <$scalar>::from_element(v, column)).collect()
            }
            fn into_value(self) -> Value {
                Value::List(self.into_iter().map(Scalar::into_scalar).collect())
            }
        }
    };
}

scalar_field!([] bool);
scalar_field!([] i32);
scalar_field!([] i64);
scalar_field!([] f64);
scalar_field!([] bigdecimal::BigDecimal);
scalar_field!([] String);
scalar_field!([] Vec<u8>);
scalar_field!([] chrono::DateTime<chrono::Utc>);
scalar_field!([] chrono::NaiveDate);
scalar_field!([] chrono::NaiveTime);
// In JSON, there is one `null` for both: it is NULL where there can be one.
scalar_field!([] serde_json::Value, |row, column| {
    Ok(row.json(column)?.filter(|value| !(value.is_null() && row.has_schema_names())))
});
scalar_field!([] uuid::Uuid);
scalar_field!([<E: EnumScalar>] E);
