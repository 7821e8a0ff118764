//! Conditions on what is in a `Json` field.

use std::marker::PhantomData;

use bigdecimal::BigDecimal;

use super::client::ClientSchema;
use super::column::{FieldType, Nullable, OneValue};
use super::field::Field;
use super::filter::Filter;
use super::model::Model;
use super::value::IntoOperand;
use crate::Value;
use crate::tree::{CompareOp, Condition, FieldId, JsonKey, JsonTest, MatchKind, Operand};

/// A place in the value of a `Json` field of `M`: `post::meta.path(["a", "b"])`.
#[must_use = "a place is no condition yet: ask something of it"]
pub struct JsonPath<M> {
    field: FieldId,
    path: Vec<JsonKey>,
    model: PhantomData<fn() -> M>,
}

/// A provider that can look for elements anywhere in a JSON array.
#[diagnostic::on_unimplemented(
    message = "`array_contains` is not there for this provider",
    note = "PostgreSQL, CockroachDB and MySQL have it; `array_starts_with` and `array_ends_with` are there for SQLite too"
)]
pub trait JsonArrayContains {}

/// A way into a JSON value: names of members and numbers of elements, as an array, a `Vec`, or a tuple of both; `()` is the value itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no path into a Json field",
    note = "write `[\"a\", \"b\"]`, or `(\"a\", 0, \"b\")` where an element of an array is on the way"
)]
pub trait IntoJsonPath {
    /// The steps.
    fn into_path(self) -> Vec<JsonKey>;
}

impl<K: Into<JsonKey>, const N: usize> IntoJsonPath for [K; N] {
    fn into_path(self) -> Vec<JsonKey> {
        self.into_iter().map(Into::into).collect()
    }
}
impl<K: Into<JsonKey>> IntoJsonPath for Vec<K> {
    fn into_path(self) -> Vec<JsonKey> {
        self.into_iter().map(Into::into).collect()
    }
}
impl<K: Into<JsonKey> + Clone> IntoJsonPath for &[K] {
    fn into_path(self) -> Vec<JsonKey> {
        self.iter().cloned().map(Into::into).collect()
    }
}
impl IntoJsonPath for () {
    fn into_path(self) -> Vec<JsonKey> {
        Vec::new()
    }
}
macro_rules! tuple {
    ($($t:ident $v:ident),*) => {
        impl<$($t: Into<JsonKey>),*> IntoJsonPath for ($($t,)*) {
            fn into_path(self) -> Vec<JsonKey> {
                let ($($v,)*) = self;
                vec![$($v.into()),*]
            }
        }
    };
}
tuple!(A a);
tuple!(A a, B b);
tuple!(A a, B b, C c);
tuple!(A a, B b, C c, D d);
tuple!(A a, B b, C c, D d, E e);
tuple!(A a, B b, C c, D d, E e, F f);

/// What an ordered condition on JSON compares with: a number or text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no order among JSON values",
    note = "numbers and text have: other values are compared by `eq` and `ne`"
)]
pub trait IntoJsonOrdered {
    /// The test.
    fn test(self, op: CompareOp) -> JsonTest;
}

macro_rules! number {
    ($($ty:ty)*) => {$(
        impl IntoJsonOrdered for $ty {
            fn test(self, op: CompareOp) -> JsonTest {
                JsonTest::Number(op, Operand::Value(Value::Decimal(self.into())))
            }
        }
    )*};
}
number!(i8 i16 i32 i64 u8 u16 u32 u64 BigDecimal);

impl IntoJsonOrdered for f64 {
    fn test(self, op: CompareOp) -> JsonTest {
        // By its shortest digits, as JSON writes it; what is no number is refused when it is bound.
        let number = self.to_string().parse().map_or(Value::Float(self), Value::Decimal);
        JsonTest::Number(op, Operand::Value(number))
    }
}
impl IntoJsonOrdered for &str {
    fn test(self, op: CompareOp) -> JsonTest {
        JsonTest::Text(op, Operand::Value(Value::String(self.to_owned())))
    }
}
impl IntoJsonOrdered for String {
    fn test(self, op: CompareOp) -> JsonTest {
        JsonTest::Text(op, Operand::Value(Value::String(self)))
    }
}

/// The scalar of `Json` fields: they have `path` and `is_any_null`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field is no Json: `path` and `is_any_null` are there for `Json` fields alone"
)]
pub trait JsonScalar {}

impl JsonScalar for serde_json::Value {}

impl<M, T: FieldType, K> Field<M, T, K> {
    /// A place in the value: members by name, elements of arrays by number.
    pub fn path(self, path: impl IntoJsonPath) -> JsonPath<M>
    where
        T: OneValue,
        T::Scalar: JsonScalar,
    {
        JsonPath { field: self.id(), path: path.into_path(), model: PhantomData }
    }

    /// Is NULL in the database, or JSON's own null: Prisma's `AnyNull`. [`is_null`](Self::is_null) is `DbNull`, and `eq(json!(null))`
    /// is `JsonNull`.
    pub fn is_any_null(self) -> Filter<M>
    where
        T: Nullable,
        T::Scalar: JsonScalar,
    {
        let json_null = Operand::Value(Value::Json(serde_json::Value::Null));
        let id = self.id();
        Filter::any([
            Filter::condition(id, Condition::IsNull),
            Filter::condition(id, Condition::Json { path: Vec::new(), test: JsonTest::Equals(json_null) }),
        ])
    }
}

impl<M> JsonPath<M> {
    fn test(self, test: JsonTest) -> Filter<M> {
        Filter::condition(self.field, Condition::Json { path: self.path, test })
    }

    /// Is this JSON value; `json!(null)` is JSON's own null.
    pub fn eq(self, value: impl IntoOperand<M, serde_json::Value>) -> Filter<M> {
        self.test(JsonTest::Equals(value.into_operand()))
    }

    /// Is there, and another JSON value.
    pub fn ne(self, value: impl IntoOperand<M, serde_json::Value>) -> Filter<M> {
        self.test(JsonTest::Differs(value.into_operand()))
    }

    /// Nothing is there.
    pub fn is_null(self) -> Filter<M> {
        self.test(JsonTest::IsNull)
    }

    /// Something is there, be it JSON's own null.
    pub fn is_not_null(self) -> Filter<M> {
        self.test(JsonTest::IsNotNull)
    }

    /// Is text that contains this; `%` and `_` are plain characters.
    pub fn string_contains(self, text: impl Into<String>) -> Filter<M> {
        self.matches(MatchKind::Contains, text.into())
    }

    /// Is text that starts with this.
    pub fn string_starts_with(self, text: impl Into<String>) -> Filter<M> {
        self.matches(MatchKind::StartsWith, text.into())
    }

    /// Is text that ends with this.
    pub fn string_ends_with(self, text: impl Into<String>) -> Filter<M> {
        self.matches(MatchKind::EndsWith, text.into())
    }

    fn matches(self, kind: MatchKind, text: String) -> Filter<M> {
        self.test(JsonTest::Match(kind, Operand::Value(Value::String(text))))
    }

    /// Is an array with all elements of this array, in any order; or with this element.
    pub fn array_contains(self, elements: impl Into<serde_json::Value>) -> Filter<M>
    where
        M: Model,
        <M::Schema as ClientSchema>::Provider: JsonArrayContains,
    {
        self.test(JsonTest::ArrayContains(Value::Json(elements.into())))
    }

    /// Is an array whose first element is this.
    pub fn array_starts_with(self, element: impl Into<serde_json::Value>) -> Filter<M> {
        self.test(JsonTest::ArrayStartsWith(Value::Json(element.into())))
    }

    /// Is an array whose last element is this.
    pub fn array_ends_with(self, element: impl Into<serde_json::Value>) -> Filter<M> {
        self.test(JsonTest::ArrayEndsWith(Value::Json(element.into())))
    }

    /// Is a number less than this, or text before it.
    pub fn lt(self, bound: impl IntoJsonOrdered) -> Filter<M> {
        self.test(bound.test(CompareOp::Lt))
    }

    /// Is a number not greater than this, or text not behind it.
    pub fn lte(self, bound: impl IntoJsonOrdered) -> Filter<M> {
        self.test(bound.test(CompareOp::Lte))
    }

    /// Is a number greater than this, or text behind it.
    pub fn gt(self, bound: impl IntoJsonOrdered) -> Filter<M> {
        self.test(bound.test(CompareOp::Gt))
    }

    /// Is a number not less than this, or text not before it.
    pub fn gte(self, bound: impl IntoJsonOrdered) -> Filter<M> {
        self.test(bound.test(CompareOp::Gte))
    }
}
