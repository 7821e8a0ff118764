//! Records as serde sees them: what the generated `Serialize` and `Deserialize` are made of.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Unexpected, Visitor};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize, forward_to_deserialize_any};

use super::model::{NotIncluded, Slot};

/// Nothing: within a record, the field is left out.
impl Serialize for NotIncluded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

/// Whatever is there is passed over.
impl<'de> Deserialize<'de> for NotIncluded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<IgnoredAny>::deserialize(deserializer).map(|_| NotIncluded)
    }
}

/// The fields of a record that is being serialized. The first error is kept until the [`end`](Self::end), so that the generated
/// code need not look for one after every field.
pub struct Fields<S: Serializer>(Result<S::SerializeStruct, S::Error>);

impl<S: Serializer> Fields<S> {
    /// The beginning.
    pub fn new(serializer: S, name: &'static str, fields: usize) -> Self {
        Self(serializer.serialize_struct(name, fields))
    }

    /// A column.
    pub fn column<T: Serialize>(&mut self, name: &'static str, value: &T) {
        if let Ok(fields) = &mut self.0 {
            if let Err(error) = fields.serialize_field(name, value) {
                self.0 = Err(error);
            }
        }
    }

    /// A relation, if it was read.
    pub fn relation<T: Slot + Serialize>(&mut self, name: &'static str, value: &T) {
        if T::IS_INCLUDED {
            self.column(name, value);
        } else if let Ok(fields) = &mut self.0 {
            if let Err(error) = fields.skip_field(name) {
                self.0 = Err(error);
            }
        }
    }

    /// The end.
    ///
    /// # Errors
    /// The first that the serializer reported.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.and_then(SerializeStruct::end)
    }
}

impl<S: Serializer> fmt::Debug for Fields<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fields")
    }
}

/// A record to be made of the fields of a map.
pub trait FromFields<'de>: Sized {
    /// The model's name.
    const NAME: &'static str;
    /// The fields' names in the schema.
    const FIELDS: &'static [&'static str];

    /// The record.
    ///
    /// # Errors
    /// A field that is missing or holds something else.
    fn from_fields<A: MapAccess<'de>>(fields: &mut Entries<A>) -> Result<Self, A::Error>;
}

/// Deserializes a record.
///
/// # Errors
/// A field that is missing or holds something else.
pub fn record<'de, T: FromFields<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_struct(T::NAME, T::FIELDS, RecordVisitor(PhantomData))
}

struct RecordVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: FromFields<'de>> Visitor<'de> for RecordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a record of {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let mut entries = Entries { map, names: T::FIELDS, next: 0, early: Vec::new(), is_at_end: false };
        let record = T::from_fields(&mut entries)?;
        while entries.next_position()?.is_some() {
            entries.map.next_value::<IgnoredAny>()?;
        }
        Ok(record)
    }
}

/// The entries of a map, handed out in the order of the record's fields, in which they mostly come: only what comes before its
/// turn is kept.
#[derive(Debug)]
pub struct Entries<A> {
    map: A,
    names: &'static [&'static str],
    /// The field whose turn it is.
    next: usize,
    early: Vec<(usize, serde_json::Value)>,
    is_at_end: bool,
}

impl<'de, A: MapAccess<'de>> Entries<A> {
    /// The value of the next field. One that is missing is `None`, or a relation that is not included; or else an error.
    ///
    /// # Errors
    /// The field is missing, or holds something else.
    #[allow(clippy::should_implement_trait)]
    pub fn next<T: Deserialize<'de>>(&mut self) -> Result<T, A::Error> {
        let field = self.next;
        self.next += 1;
        if let Some(at) = self.early.iter().position(|(position, _)| *position == field) {
            return T::deserialize(self.early.swap_remove(at).1).map_err(A::Error::custom);
        }
        while let Some(position) = self.next_position()? {
            if position == field {
                return self.map.next_value();
            }
            self.early.push((position, self.map.next_value()?));
        }
        T::deserialize(Missing(self.names.get(field).copied().unwrap_or("?"), PhantomData))
    }

    /// The position of the next entry that is a field whose turn has not passed; others are passed over.
    fn next_position(&mut self) -> Result<Option<usize>, A::Error> {
        while !self.is_at_end {
            match self.map.next_key_seed(FieldName(self.names))? {
                Some(Some(position)) if position + 1 >= self.next => return Ok(Some(position)),
                Some(_) => {
                    self.map.next_value::<IgnoredAny>()?;
                }
                None => self.is_at_end = true,
            }
        }
        Ok(None)
    }
}

/// A field's name, to be found among these.
struct FieldName(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for FieldName {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for FieldName {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|&field| field == name))
    }
}

/// Stands for a field that is missing.
struct Missing<E>(&'static str, PhantomData<E>);

impl<'de, E: serde::de::Error> Deserializer<'de> for Missing<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The value of an enum, by its name in the schema.
///
/// # Errors
/// No value has that name.
pub fn enum_value<'de, T: Copy, D: Deserializer<'de>>(
    deserializer: D,
    name: &'static str,
    values: &[(&'static str, T)],
) -> Result<T, D::Error> {
    deserializer.deserialize_str(EnumVisitor { name, values })
}

struct EnumVisitor<'a, T> {
    name: &'static str,
    values: &'a [(&'static str, T)],
}

impl<T: Copy> Visitor<'_> for EnumVisitor<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of the enum {}:", self.name)?;
        self.values.iter().try_for_each(|(name, _)| write!(f, " {name}"))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        let value = self.values.iter().find(|(name, _)| *name == text);
        value.map(|(_, value)| *value).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Pair {
        id: i32,
        name: Option<String>,
    }

    impl<'de> FromFields<'de> for Pair {
        const NAME: &'static str = "Pair";
        const FIELDS: &'static [&'static str] = &["id", "name"];

        fn from_fields<A: MapAccess<'de>>(fields: &mut Entries<A>) -> Result<Self, A::Error> {
            Ok(Self { id: fields.next()?, name: fields.next()? })
        }
    }

    fn read(text: &str) -> Result<Pair, String> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let pair = record(&mut deserializer).map_err(|e| e.to_string())?;
        deserializer.end().map_err(|e| e.to_string())?;
        Ok(pair)
    }

    #[test]
    fn fields_come_in_any_order_among_others() {
        let full = Pair { id: 1, name: Some("a".to_owned()) };
        assert_eq!(read(r#"{"id": 1, "name": "a"}"#).unwrap(), full);
        assert_eq!(read(r#"{"name": "a", "x": [1], "id": 1, "y": {}}"#).unwrap(), full);
    }

    #[test]
    fn what_is_missing_is_none_or_an_error() {
        assert_eq!(read(r#"{"x": 0, "id": 1}"#).unwrap(), Pair { id: 1, name: None });
        assert!(read(r#"{"name": "a"}"#).unwrap_err().contains("missing field `id`"));
        assert!(read(r#"{"name": 5, "id": 1}"#).unwrap_err().contains("expected a string"));
    }
}
