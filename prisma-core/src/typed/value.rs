//! Scalars, and what is accepted where one is wanted.

use bigdecimal::BigDecimal;
use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::column::FieldType;
use super::field::Field;
use crate::Value;
use crate::driver::{ColumnError, ElementType, Row};
use crate::tree::Operand;

/// One value of a column.
pub trait Scalar: Sized + Send + 'static {
    /// Its name in messages.
    const NAME: &'static str;
    /// How it is read within a list.
    const ELEMENT: ElementType;
    /// What several sum up to, if it is a number: integers of 32 bits to one of 64.
    type Sum: Scalar;
    /// What the mean of several is, if it is a number.
    type Mean: Scalar;

    /// Reads a column; `None` is NULL.
    ///
    /// # Errors
    /// It holds something else.
    fn read_scalar(row: &dyn Row, column: usize) -> Result<Option<Self>, ColumnError>;

    /// The value to bind.
    fn into_scalar(self) -> Value;

    /// Back from an element of a list.
    ///
    /// # Errors
    /// It is something else.
    fn from_element(value: Value, column: usize) -> Result<Self, ColumnError>;
}

/// A Rust enum that stands for an enum of the schema.
pub trait EnumScalar: Sized + Send + Copy + PartialEq + 'static {
    /// Its name in the schema.
    const NAME: &'static str;
    /// Its values, as the schema spells them and as the database does.
    const VALUES: &'static [(Self, &'static str, &'static str)];

    /// The value that the schema spells so.
    fn from_name(text: &str) -> Option<Self> {
        Self::VALUES.iter().find(|(_, name, _)| *name == text).map(|(value, ..)| *value)
    }

    /// The value that the database spells so.
    fn from_database(text: &str) -> Option<Self> {
        Self::VALUES.iter().find(|(.., name)| *name == text).map(|(value, ..)| *value)
    }

    /// How the schema spells it.
    fn name(self) -> &'static str {
        Self::VALUES.iter().find(|(value, ..)| *value == self).map_or("", |(_, name, _)| name)
    }

    /// How the database spells it.
    fn database_name(self) -> &'static str {
        Self::VALUES.iter().find(|(value, ..)| *value == self).map_or("", |(.., name)| name)
    }
}

/// Scalars with an order: they have `lt`, `lte`, `gt`, `gte`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field has no order: `lt`, `lte`, `gt` and `gte` are not there for it",
    note = "compare it with `eq`, `ne`, `is_in` or `not_in`"
)]
pub trait Ordered: Scalar {}

/// Scalars that are text: they have `contains`, `starts_with`, `ends_with`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field is no text: `contains`, `starts_with`, `ends_with`, `search` and `relevance` are there for `String` fields alone",
    note = "compare it with `eq`, `ne`, `is_in` or `not_in`, and, if it has an order, with `lt`, `lte`, `gt`, `gte`"
)]
pub trait Text: Scalar {}

/// Scalars to calculate with: they have `increment`, `decrement`, `multiply`, `divide`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field is no number: `increment`, `decrement`, `multiply` and `divide` are not there for it",
    note = "change it with `set`"
)]
pub trait Number: Scalar {}

/// What can be written to a field of type `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value for a field of type `{T}`",
    label = "a value for a `{T}` field is wanted here",
    note = "an optional field takes `T`, `Some(T)` and `None`; a required one takes a `T` alone"
)]
pub trait IntoValue<T> {
    /// The value to bind.
    fn into_value(self) -> Value;
}

/// What a field of model `M` with scalar `T` can be compared with: a value, or another field.
#[diagnostic::on_unimplemented(
    message = "a field of type `{T}` of the model `{M}` cannot be compared with `{Self}`",
    label = "a `{T}`, or another `{T}` field of `{M}`, is wanted here",
    note = "for NULL, optional fields have `is_null` and `is_not_null`"
)]
pub trait IntoOperand<M, T> {
    /// The operand.
    fn into_operand(self) -> Operand;
}

impl<M, T, F: FieldType<Compared = T>, K> IntoOperand<M, T> for Field<M, F, K> {
    fn into_operand(self) -> Operand {
        Operand::Field(self.id())
    }
}

/// What can be appended to a list of `T`: one value, or an array or a list of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be appended to a list of `{T}`",
    label = "a `{T}`, or an array or `Vec` of them, is wanted here"
)]
pub trait IntoElements<T> {
    /// The elements, as a list.
    fn into_elements(self) -> Value;
}

impl<T: Scalar, V: IntoValue<T>, const N: usize> IntoValue<Vec<T>> for [V; N] {
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(IntoValue::into_value).collect())
    }
}
impl<T: Scalar, V: IntoValue<T> + Clone> IntoValue<Vec<T>> for &[V] {
    fn into_value(self) -> Value {
        Value::List(self.iter().cloned().map(IntoValue::into_value).collect())
    }
}
impl<M, T: Scalar, V: IntoValue<T>, const N: usize> IntoOperand<M, Vec<T>> for [V; N] {
    fn into_operand(self) -> Operand {
        Operand::Value(IntoValue::<Vec<T>>::into_value(self))
    }
}
impl<M, T: Scalar, V: IntoValue<T> + Clone> IntoOperand<M, Vec<T>> for &[V] {
    fn into_operand(self) -> Operand {
        Operand::Value(IntoValue::<Vec<T>>::into_value(self))
    }
}
impl<T: Scalar, V: IntoValue<T>, const N: usize> IntoElements<T> for [V; N] {
    fn into_elements(self) -> Value {
        IntoValue::<Vec<T>>::into_value(self)
    }
}
impl<T: Scalar, V: IntoValue<T> + Clone> IntoElements<T> for &[V] {
    fn into_elements(self) -> Value {
        IntoValue::<Vec<T>>::into_value(self)
    }
}

fn mismatch<T>(column: usize, expected: &'static str, found: &Value) -> Result<T, ColumnError> {
    let mut found = format!("{found:?}");
    if let Some((end, _)) = found.char_indices().nth(60) {
        found.truncate(end);
    }
    Err(ColumnError { column, expected, found })
}

macro_rules! scalar {
    ($ty:ty, $name:literal, $variant:ident, $element:ident, $calculated:tt, |$row:ident, $column:ident| $read:expr, [$($bound:ident),*], [$($from:ty => |$v:ident| $convert:expr),* $(,)?]) => {
        impl Scalar for $ty {
            const NAME: &'static str = $name;
            const ELEMENT: ElementType = ElementType::$element;
            calculated!($calculated);
            #[inline]
            fn read_scalar($row: &dyn Row, $column: usize) -> Result<Option<Self>, ColumnError> {
                $read
            }
            #[inline]
            fn into_scalar(self) -> Value {
                Value::$variant(self)
            }
            fn from_element(value: Value, column: usize) -> Result<Self, ColumnError> {
                match value {
                    Value::$variant(value) => Ok(value),
                    other => mismatch(column, $name, &other),
                }
            }
        }
        $(impl $bound for $ty {})*
        accept!($ty, $ty => |v| v);
        impl IntoValue<Option<$ty>> for Option<$ty> {
            fn into_value(self) -> Value {
                self.map_or(Value::Null, Value::$variant)
            }
        }
        impl IntoValue<Vec<$ty>> for Vec<$ty> {
            fn into_value(self) -> Value {
                Value::List(self.into_iter().map(Value::$variant).collect())
            }
        }
        impl<M> IntoOperand<M, Vec<$ty>> for Vec<$ty> {
            fn into_operand(self) -> Operand {
                Operand::Value(IntoValue::<Vec<$ty>>::into_value(self))
            }
        }
        impl IntoElements<$ty> for Vec<$ty> {
            fn into_elements(self) -> Value {
                IntoValue::<Vec<$ty>>::into_value(self)
            }
        }
        $(accept!($ty, $from => |$v| $convert);)*
    };
}

/// What comes of calculating with a scalar.
macro_rules! calculated {
    ([$sum:ty, $mean:ty]) => {
        type Sum = $sum;
        type Mean = $mean;
    };
    (-) => {
        calculated!([Self, Self]);
    };
}

/// `$from` is accepted where a `$ty` is wanted, also by optional fields and in comparisons.
macro_rules! accept {
    ($ty:ty, $from:ty => |$v:ident| $convert:expr) => {
        impl IntoValue<$ty> for $from {
            #[inline]
            fn into_value(self) -> Value {
                let $v = self;
                Scalar::into_scalar({
                    let value: $ty = $convert;
                    value
                })
            }
        }
        impl IntoValue<Option<$ty>> for $from {
            #[inline]
            fn into_value(self) -> Value {
                IntoValue::<$ty>::into_value(self)
            }
        }
        impl IntoElements<$ty> for $from {
            fn into_elements(self) -> Value {
                Value::List(vec![IntoValue::<$ty>::into_value(self)])
            }
        }
        impl<M> IntoOperand<M, $ty> for $from {
            #[inline]
            fn into_operand(self) -> Operand {
                Operand::Value(IntoValue::<$ty>::into_value(self))
            }
        }
    };
}

scalar!(bool, "Boolean", Boolean, Boolean, -, |row, column| row.boolean(column), [], []);
scalar!(
    i32, "Int", Int, Int, [i64, f64],
    |row, column| match row.integer(column)? {
        None => Ok(None),
        Some(value) => match i32::try_from(value) {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(ColumnError { column, expected: "Int (32 bits)", found: value.to_string() }),
        },
    },
    [Ordered, Number],
    [i16 => |v| v.into(), i8 => |v| v.into(), u16 => |v| v.into(), u8 => |v| v.into()]
);
scalar!(
    i64, "BigInt", BigInt, BigInt, [i64, f64], |row, column| row.integer(column), [Ordered, Number],
    [i32 => |v| v.into(), i16 => |v| v.into(), i8 => |v| v.into(), u32 => |v| v.into(), u16 => |v| v.into(), u8 => |v| v.into()]
);
scalar!(
    f64, "Float", Float, Float, [f64, f64], |row, column| row.float(column), [Ordered, Number],
    [f32 => |v| v.into(), i32 => |v| v.into(), u32 => |v| v.into()]
);
scalar!(
    BigDecimal, "Decimal", Decimal, Decimal, [BigDecimal, BigDecimal], |row, column| row.decimal(column), [Ordered, Number],
    [&BigDecimal => |v| v.clone(), i32 => |v| v.into(), i64 => |v| v.into(), u32 => |v| v.into(), u64 => |v| v.into()]
);
scalar!(
    String, "String", String, String, -, |row, column| Ok(row.text(column)?.map(std::borrow::Cow::into_owned)), [Ordered, Text],
    [&str => |v| v.to_owned(), &String => |v| v.clone(), std::borrow::Cow<'_, str> => |v| v.into_owned(), Box<str> => |v| v.into(), char => |v| v.into()]
);
scalar!(
    Vec<u8>, "Bytes", Bytes, Bytes, -, |row, column| Ok(row.bytes(column)?.map(std::borrow::Cow::into_owned)), [],
    [&[u8] => |v| v.to_vec(), &Vec<u8> => |v| v.clone()]
);
scalar!(
    DateTime<Utc>, "DateTime", DateTime, DateTime, -, |row, column| row.date_time(column), [Ordered],
    [DateTime<FixedOffset> => |v| v.to_utc(), DateTime<Local> => |v| v.to_utc()]
);
scalar!(NaiveDate, "DateTime (date)", Date, Date, -, |row, column| row.date(column), [Ordered], []);
scalar!(NaiveTime, "DateTime (time)", Time, Time, -, |row, column| row.time(column), [Ordered], []);
scalar!(serde_json::Value, "Json", Json, Json, -, |row, column| row.json(column), [], []);
scalar!(Uuid, "String (uuid)", Uuid, Uuid, -, |row, column| row.uuid(column), [Ordered], []);

/// Told of an `Option` of a reference. Not implemented by anything: that it were would leave open of what type a plain `None` is.
#[diagnostic::on_unimplemented(
    message = "`Option<{Self}>` is no value for an optional field: in an `Option`, the value must be owned",
    label = "an `Option` of a reference",
    note = "a value that is there for certain needs no `Some`: `.name(\"Ada\")`",
    note = "one that may be absent is made owned by `.map(str::to_owned)`, or `.map(<[u8]>::to_vec)` for bytes"
)]
pub trait OwnedInOption {}

macro_rules! owned_option {
    ($($ty:ty)*) => {$(
        impl<'v, V: ?Sized> IntoValue<Option<$ty>> for Option<&'v V>
        where
            &'v V: OwnedInOption,
        {
            fn into_value(self) -> Value {
                Value::Null
            }
        }
    )*};
}
owned_option!(String Vec<u8>);

impl<const N: usize> IntoValue<Vec<u8>> for [u8; N] {
    fn into_value(self) -> Value {
        Value::Bytes(self.to_vec())
    }
}
impl<const N: usize> IntoValue<Vec<u8>> for &[u8; N] {
    fn into_value(self) -> Value {
        Value::Bytes(self.to_vec())
    }
}
impl<M, const N: usize> IntoOperand<M, Vec<u8>> for &[u8; N] {
    fn into_operand(self) -> Operand {
        Operand::Value(Value::Bytes(self.to_vec()))
    }
}

impl<E: EnumScalar> Scalar for E {
    const NAME: &'static str = <E as EnumScalar>::NAME;
    const ELEMENT: ElementType = ElementType::Enum;
    calculated!(-);

    fn read_scalar(row: &dyn Row, column: usize) -> Result<Option<Self>, ColumnError> {
        let Some(text) = row.text(column)? else { return Ok(None) };
        let value = if row.has_schema_names() { E::from_name(&text) } else { E::from_database(&text) };
        match value {
            Some(value) => Ok(Some(value)),
            None => mismatch(column, <E as EnumScalar>::NAME, &Value::String(text.into_owned())),
        }
    }

    fn into_scalar(self) -> Value {
        Value::Enum(self.database_name().to_owned())
    }

    fn from_element(value: Value, column: usize) -> Result<Self, ColumnError> {
        match &value {
            Value::Enum(text) | Value::String(text) => {
                E::from_database(text).map_or_else(|| mismatch(column, <E as EnumScalar>::NAME, &value), Ok)
            }
            Value::Json(serde_json::Value::String(text)) => {
                E::from_name(text).map_or_else(|| mismatch(column, <E as EnumScalar>::NAME, &value), Ok)
            }
            other => mismatch(column, <E as EnumScalar>::NAME, other),
        }
    }
}
impl<E: EnumScalar> IntoValue<E> for E {
    fn into_value(self) -> Value {
        self.into_scalar()
    }
}
impl<E: EnumScalar> IntoValue<Option<E>> for E {
    fn into_value(self) -> Value {
        self.into_scalar()
    }
}
impl<E: EnumScalar> IntoValue<Option<E>> for Option<E> {
    fn into_value(self) -> Value {
        self.map_or(Value::Null, Scalar::into_scalar)
    }
}
impl<E: EnumScalar> IntoValue<Vec<E>> for Vec<E> {
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(Scalar::into_scalar).collect())
    }
}
impl<M, E: EnumScalar> IntoOperand<M, Vec<E>> for Vec<E> {
    fn into_operand(self) -> Operand {
        Operand::Value(IntoValue::<Vec<E>>::into_value(self))
    }
}
impl<E: EnumScalar> IntoElements<E> for E {
    fn into_elements(self) -> Value {
        Value::List(vec![self.into_scalar()])
    }
}
impl<E: EnumScalar> IntoElements<E> for Vec<E> {
    fn into_elements(self) -> Value {
        IntoValue::<Vec<E>>::into_value(self)
    }
}
impl<M, E: EnumScalar> IntoOperand<M, E> for E {
    fn into_operand(self) -> Operand {
        Operand::Value(self.into_scalar())
    }
}
