//! Tokens of column fields and of compound keys.

use std::fmt;
use std::marker::PhantomData;

use super::change::Change;
use super::column::{FieldType, Nullable, OneValue};
use super::filter::{Filter, UniqueFilter};
use super::order::OrderBy;
use super::value::{IntoOperand, IntoValue, Number, Ordered, Text};
use crate::Value;
use crate::tree::{CompareOp, Condition, Direction, FieldId, MatchKind, Operand, ScalarChange};

/// A column field of model `M` with Rust type `T`. `K` tells whether it is a unique key by itself.
///
/// The generated module of each model holds one for each field: `user::email`.
pub struct Field<M, T, K = Plain> {
    id: FieldId,
    types: PhantomData<fn() -> (M, T, K)>,
}

/// A [`Field`] that is no unique key.
#[derive(Debug)]
pub enum Plain {}
/// A [`Field`] that is a unique key by itself.
#[derive(Debug)]
pub enum UniqueKey {}

impl<M, T, K> Field<M, T, K> {
    /// The token of a field. Called by generated code.
    pub const fn new(id: u32) -> Self {
        Self { id: FieldId(id), types: PhantomData }
    }

    /// The field's place in its model.
    pub const fn id(self) -> FieldId {
        self.id
    }
}

impl<M, T, K> Clone for Field<M, T, K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M, T, K> Copy for Field<M, T, K> {}
impl<M, T, K> fmt::Debug for Field<M, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}
impl<M, T, K> From<Field<M, T, K>> for FieldId {
    fn from(field: Field<M, T, K>) -> Self {
        field.id
    }
}

impl<M, T: FieldType> Field<M, T, Plain> {
    /// Equals a value or another field of the same type.
    pub fn eq(self, operand: impl IntoOperand<M, T::Compared>) -> Filter<M> {
        Filter::compare(self.id, CompareOp::Eq, operand.into_operand())
    }
}

impl<M, T: FieldType> Field<M, T, UniqueKey> {
    /// Equals a value: names one record at most.
    pub fn eq(self, value: impl IntoValue<T::Compared>) -> UniqueFilter<M> {
        UniqueFilter::new(vec![(self.id, value.into_value())])
    }
}

impl<M, T: FieldType, K> Field<M, T, K> {
    /// Differs from a value or another field of the same type. NULL neither equals nor differs.
    pub fn ne(self, operand: impl IntoOperand<M, T::Compared>) -> Filter<M> {
        Filter::compare(self.id, CompareOp::Ne, operand.into_operand())
    }

    /// Equals one of the values; of none: no record.
    pub fn is_in<V: IntoValue<T::Scalar>>(self, values: impl IntoIterator<Item = V>) -> Filter<M>
    where
        T: OneValue,
    {
        self.list(values, false)
    }

    /// Equals none of the values; of none: every record.
    pub fn not_in<V: IntoValue<T::Scalar>>(self, values: impl IntoIterator<Item = V>) -> Filter<M>
    where
        T: OneValue,
    {
        self.list(values, true)
    }

    fn list<V: IntoValue<T::Scalar>>(self, values: impl IntoIterator<Item = V>, negated: bool) -> Filter<M> {
        let values = values.into_iter().map(IntoValue::into_value).collect();
        Filter::condition(self.id, Condition::In { values, negated })
    }

    /// Less than.
    pub fn lt(self, operand: impl IntoOperand<M, T::Scalar>) -> Filter<M>
    where
        T: OneValue,
        T::Scalar: Ordered,
    {
        Filter::compare(self.id, CompareOp::Lt, operand.into_operand())
    }

    /// Less than or equal.
    pub fn lte(self, operand: impl IntoOperand<M, T::Scalar>) -> Filter<M>
    where
        T: OneValue,
        T::Scalar: Ordered,
    {
        Filter::compare(self.id, CompareOp::Lte, operand.into_operand())
    }

    /// Greater than.
    pub fn gt(self, operand: impl IntoOperand<M, T::Scalar>) -> Filter<M>
    where
        T: OneValue,
        T::Scalar: Ordered,
    {
        Filter::compare(self.id, CompareOp::Gt, operand.into_operand())
    }

    /// Greater than or equal.
    pub fn gte(self, operand: impl IntoOperand<M, T::Scalar>) -> Filter<M>
    where
        T: OneValue,
        T::Scalar: Ordered,
    {
        Filter::compare(self.id, CompareOp::Gte, operand.into_operand())
    }

    /// Contains the text; `%` and `_` are plain characters.
    pub fn contains(self, operand: impl IntoOperand<M, T::Scalar>) -> Filter<M>
    where
        T: OneValue,
        T::Scalar: Text,
    {
        self.matches(MatchKind::Contains, operand.into_operand())
    }

    /// Starts with the text; `%` and `_` are plain characters.
    pub fn starts_with(self, operand: impl IntoOperand<M, T::Scalar>) -> Filter<M>
    where
        T: OneValue,
        T::Scalar: Text,
    {
        self.matches(MatchKind::StartsWith, operand.into_operand())
    }

    /// Ends with the text; `%` and `_` are plain characters.
    pub fn ends_with(self, operand: impl IntoOperand<M, T::Scalar>) -> Filter<M>
    where
        T: OneValue,
        T::Scalar: Text,
    {
        self.matches(MatchKind::EndsWith, operand.into_operand())
    }

    fn matches(self, kind: MatchKind, operand: Operand) -> Filter<M> {
        Filter::condition(self.id, Condition::Match(kind, operand))
    }

    /// Is NULL.
    pub fn is_null(self) -> Filter<M>
    where
        T: Nullable,
    {
        Filter::condition(self.id, Condition::IsNull)
    }

    /// Is not NULL.
    pub fn is_not_null(self) -> Filter<M>
    where
        T: Nullable,
    {
        Filter::condition(self.id, Condition::IsNotNull)
    }

    /// From the least to the greatest.
    pub fn asc(self) -> OrderBy<M> {
        OrderBy::scalar(self.id, Direction::Asc)
    }

    /// From the greatest to the least.
    pub fn desc(self) -> OrderBy<M> {
        OrderBy::scalar(self.id, Direction::Desc)
    }

    /// Gets this value.
    pub fn set(self, value: impl IntoValue<T>) -> Change<M> {
        Change::scalar(self.id, ScalarChange::Set(value.into_value()))
    }

    /// Becomes NULL.
    pub fn unset_null(self) -> Change<M>
    where
        T: Nullable,
    {
        Change::scalar(self.id, ScalarChange::Set(Value::Null))
    }

    /// Grows by a number, within the database. NULL stays NULL.
    pub fn increment(self, by: impl IntoValue<T::Scalar>) -> Change<M>
    where
        T: OneValue,
        T::Scalar: Number,
    {
        Change::scalar(self.id, ScalarChange::Increment(by.into_value()))
    }

    /// Shrinks by a number, within the database. NULL stays NULL.
    pub fn decrement(self, by: impl IntoValue<T::Scalar>) -> Change<M>
    where
        T: OneValue,
        T::Scalar: Number,
    {
        Change::scalar(self.id, ScalarChange::Decrement(by.into_value()))
    }

    /// Is multiplied by a number, within the database. NULL stays NULL.
    pub fn multiply(self, by: impl IntoValue<T::Scalar>) -> Change<M>
    where
        T: OneValue,
        T::Scalar: Number,
    {
        Change::scalar(self.id, ScalarChange::Multiply(by.into_value()))
    }

    /// Is divided by a number, within the database: integers as the database divides them. NULL stays NULL.
    pub fn divide(self, by: impl IntoValue<T::Scalar>) -> Change<M>
    where
        T: OneValue,
        T::Scalar: Number,
    {
        Change::scalar(self.id, ScalarChange::Divide(by.into_value()))
    }
}

/// A unique key of several fields, whose types are the tuple `T`.
pub struct CompoundKey<M, T> {
    fields: &'static [u32],
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> CompoundKey<M, T> {
    /// The token of a key. Called by generated code.
    pub const fn new(fields: &'static [u32]) -> Self {
        Self { fields, types: PhantomData }
    }

    pub(super) fn fields(self) -> Vec<FieldId> {
        self.fields.iter().map(|&f| FieldId(f)).collect()
    }

    /// Equals these values: names one record at most.
    pub fn eq(self, values: impl IntoKey<T>) -> UniqueFilter<M> {
        UniqueFilter::new(self.fields().into_iter().zip(values.into_values()).collect())
    }
}

impl<M, T> Clone for CompoundKey<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M, T> Copy for CompoundKey<M, T> {}
impl<M, T> fmt::Debug for CompoundKey<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fields.fmt(f)
    }
}

/// Values of a compound key, in the order of its fields.
#[diagnostic::on_unimplemented(
    message = "this key has the fields `{T}`, and `{Self}` is no tuple of values for them",
    label = "a tuple `{T}` is wanted here"
)]
pub trait IntoKey<T> {
    /// The values to bind.
    fn into_values(self) -> Vec<Value>;
}

macro_rules! key {
    ($($t:ident $v:ident),*) => {
        impl<$($t: FieldType, $v: IntoValue<$t::Compared>),*> IntoKey<($($t,)*)> for ($($v,)*) {
            fn into_values(self) -> Vec<Value> {
                #[allow(non_snake_case)]
                let ($($v,)*) = self;
                vec![$($v.into_value()),*]
            }
        }
    };
}
key!(A V0, B V1);
key!(A V0, B V1, C V2);
key!(A V0, B V1, C V2, D V3);
key!(A V0, B V1, C V2, D V3, E V4);
key!(A V0, B V1, C V2, D V3, E V4, F V5);
key!(A V0, B V1, C V2, D V3, E V4, F V5, G V6);
key!(A V0, B V1, C V2, D V3, E V4, F V5, G V6, H V7);
