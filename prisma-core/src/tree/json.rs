//! Conditions on what is in a `Json` column.

use super::{CompareOp, FieldId, MatchKind, Operand};
use crate::Value;

/// One step into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonKey {
    /// A member of an object.
    Name(String),
    /// An element of an array, counted from 0.
    Index(u32),
}

/// What must hold of the value that a path leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonTest {
    /// Nothing is there: no such path, or NULL in the column.
    IsNull,
    /// Something is there, be it JSON's own null.
    IsNotNull,
    /// It is this value.
    Equals(Operand),
    /// It is there, and not this value.
    Differs(Operand),
    /// It is a number that compares so.
    Number(CompareOp, Operand),
    /// It is text that compares so.
    Text(CompareOp, Operand),
    /// It is text, of which a part is the operand.
    Match(MatchKind, Operand),
    /// It is an array with all of these elements, or this one.
    ArrayContains(Value),
    /// It is an array whose first element is this.
    ArrayStartsWith(Value),
    /// It is an array whose last element is this.
    ArrayEndsWith(Value),
}

impl JsonTest {
    /// Another column of the record that it looks at.
    pub(super) fn other_field(&self) -> Option<FieldId> {
        match self {
            Self::Equals(operand)
            | Self::Differs(operand)
            | Self::Number(_, operand)
            | Self::Text(_, operand)
            | Self::Match(_, operand) => match operand {
                Operand::Field(other) => Some(*other),
                Operand::Value(_) => None,
            },
            Self::IsNull
            | Self::IsNotNull
            | Self::ArrayContains(_)
            | Self::ArrayStartsWith(_)
            | Self::ArrayEndsWith(_) => None,
        }
    }
}

macro_rules! index {
    ($($ty:ty)*) => {$(
        impl From<$ty> for JsonKey {
            fn from(index: $ty) -> Self {
                Self::Index(index.into())
            }
        }
    )*};
}
index!(u8 u16 u32);

impl From<i32> for JsonKey {
    /// A negative number is the name of a member: no array has such an element.
    fn from(index: i32) -> Self {
        u32::try_from(index).map_or_else(|_| Self::Name(index.to_string()), Self::Index)
    }
}
impl From<&str> for JsonKey {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}
impl From<String> for JsonKey {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}
impl From<&String> for JsonKey {
    fn from(name: &String) -> Self {
        Self::Name(name.clone())
    }
}
