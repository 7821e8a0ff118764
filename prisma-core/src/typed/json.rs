//! Records as serde sees them: what the generated `Serialize` and `Deserialize` are made of.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Unexpected, Visitor};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize, forward_to_deserialize_any};

use super::cell::ToCell;
use super::column::{Columns, Decode};
use super::json_row::JsonRow;
use super::model::{Model, NotIncluded, Record, Slot, Slots};
use super::value::EnumScalar;

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

/// The fields of a record that is being serialized.
pub struct Fields<S: Serializer>(Result<S::SerializeStruct, S::Error>);

impl<S: Serializer> Fields<S> {
    /// The columns, with so many relations to follow.
    pub fn new<M: Model>(serializer: S, record: &impl Record, relations: usize) -> Self {
        Self(Self::columns::<M>(serializer, &record.cells(), relations))
    }

    fn columns<M: Model>(
        serializer: S,
        cells: &[&dyn ToCell],
        relations: usize,
    ) -> Result<S::SerializeStruct, S::Error> {
        let mut fields = serializer.serialize_struct(M::NAME, cells.len() + relations)?;
        for (name, value) in M::FIELDS.iter().zip(cells) {
            fields.serialize_field(name, &value.cell())?;
        }
        Ok(fields)
    }

    /// A relation, if it was read.
    pub fn relation<T: Slot + Serialize>(&mut self, name: &'static str, value: &T) {
        if let Ok(fields) = &mut self.0 {
            let done = if T::IS_INCLUDED { fields.serialize_field(name, value) } else { fields.skip_field(name) };
            if let Err(error) = done {
                self.0 = Err(error);
            }
        }
    }

    /// The end.
    ///
    /// # Errors
    /// What the serializer has reported on the way.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }
}

impl<S: Serializer> fmt::Debug for Fields<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fields")
    }
}

/// The relations of a record that is being deserialized.
pub trait FromFields<'de>: Record {
    /// Reads the value of one of them: [`relation`] of its type.
    ///
    /// # Errors
    /// It holds something else.
    fn relation<D: Deserializer<'de>>(position: usize, deserializer: D, slots: &mut Slots) -> Result<(), D::Error>;
}

/// Reads the value of a relation.
///
/// # Errors
/// It holds something else.
pub fn relation<'de, T: Slot + Deserialize<'de>, D: Deserializer<'de>>(
    position: usize,
    deserializer: D,
    slots: &mut Slots,
) -> Result<(), D::Error> {
    slots.fill_one(position, T::deserialize(deserializer)?);
    Ok(())
}

/// Passes over a value. Used by records without relations.
///
/// # Errors
/// What the deserializer reports.
pub fn ignore<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| ())
}

/// Deserializes a record.
///
/// # Errors
/// A field that is missing or holds something else.
pub fn record<'de, T: FromFields<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_struct(<T::Model as Model>::NAME, T::Base::FIELDS, RecordVisitor(PhantomData))
}

struct RecordVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: FromFields<'de>> Visitor<'de> for RecordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a record of {}", <T::Model as Model>::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let names = T::Base::FIELDS;
        let mut row = JsonRow { names, cells: vec![None; names.len()] };
        let mut slots = Slots::default();
        let mut seen = vec![false; <T::Model as Model>::RELATIONS.len()];
        while let Some(name) =
            map.next_key_seed(FieldName { columns: names, relations: <T::Model as Model>::RELATIONS })?
        {
            match name {
                Name::Column(i) => row.cells[i] = Some(map.next_value()?),
                Name::Relation(i) => {
                    map.next_value_seed(RelationSeed::<T>(i, &mut slots, PhantomData))?;
                    seen[i] = true;
                }
                Name::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        for (i, (_, name)) in <T::Model as Model>::RELATIONS.iter().enumerate().filter(|(i, _)| !seen[*i]) {
            T::relation(i, Missing(name, PhantomData), &mut slots)?;
        }
        let base = T::Base::decode(&mut Columns::new(&row)).map_err(|error| {
            let name = names.get(error.column).copied().unwrap_or_default();
            match row.cells.get(error.column) {
                Some(Some(_)) => A::Error::custom(format_args!(
                    "the field `{name}` of `{}` is {}, and {} is no such value",
                    <T::Model as Model>::NAME,
                    error.expected,
                    error.found
                )),
                _ => A::Error::missing_field(name),
            }
        })?;
        slots.start_record();
        T::assemble(base, &mut slots).map_err(A::Error::custom)
    }
}

struct RelationSeed<'s, T>(usize, &'s mut Slots, PhantomData<fn() -> T>);

impl<'de, T: FromFields<'de>> DeserializeSeed<'de> for RelationSeed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::relation(self.0, deserializer, self.1)
    }
}

/// What the name of a field names.
enum Name {
    Column(usize),
    Relation(usize),
    Other,
}

/// A field's name, to be found among these.
struct FieldName {
    columns: &'static [&'static str],
    relations: &'static [(u32, &'static str)],
}

impl<'de> DeserializeSeed<'de> for FieldName {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for FieldName {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        let column = self.columns.iter().position(|field| *field == name).map(Name::Column);
        let relation = || self.relations.iter().position(|(_, field)| *field == name).map(Name::Relation);
        Ok(column.or_else(relation).unwrap_or(Name::Other))
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
pub fn enum_value<'de, T: EnumScalar, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(EnumVisitor(PhantomData))
}

struct EnumVisitor<T>(PhantomData<fn() -> T>);

impl<T: EnumScalar> Visitor<'_> for EnumVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of the enum {}:", T::NAME)?;
        T::VALUES.iter().try_for_each(|(_, name, _)| write!(f, " {name}"))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        T::from_name(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
