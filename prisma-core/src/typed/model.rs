//! What a model, a record, a relation is to the compiler.

use std::any::Any;
use std::marker::PhantomData;

use super::cell::ToCell;
use super::client::ClientSchema;
use super::column::Decode;
use super::replace::Position;
use crate::tree::{FieldId, ModelId};
use crate::{Error, ErrorKind, Groups};

/// A model of the schema: the record type with nothing included.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model of a Prisma schema",
    note = "models come from `prisma_schema!`, or from `#[derive(Model)]` with `client!`"
)]
pub trait Model: Record<Model = Self, Base = Self> + Decode + Sync {
    /// The schema that it is part of.
    type Schema: ClientSchema;
    /// [`ID`](Self::ID), [`NAME`](Self::NAME) and [`RELATIONS`](Self::RELATIONS): one constant for all, since the compiler checks each
    /// by itself.
    const DESCRIPTION: (u32, &'static str, &'static [(u32, &'static str)]);
    /// Its place in the schema.
    const ID: ModelId = ModelId(Self::DESCRIPTION.0);
    /// Its name in the schema.
    const NAME: &'static str = Self::DESCRIPTION.1;
    /// Its relations: each field's place among the fields of the model, and its name in the schema.
    const RELATIONS: &'static [(u32, &'static str)] = Self::DESCRIPTION.2;
}

/// What a row and its related records become: a model's record, with some relations included.
pub trait Record: Sized + Send + 'static {
    /// The model.
    type Model: Model;
    /// What one row alone becomes; the relations come after.
    type Base: Decode + Send + 'static;
    /// What the fields of the relations hold: `(A, (B, ()))`, or blocks of 16 such lists where there are more.
    type Relations;

    /// The record, from its own row and the values of its relations.
    ///
    /// # Errors
    /// A required relation without a record.
    fn assemble(base: Self::Base, slots: &mut Slots) -> Result<Self, Error>;

    /// The values of the columns of a model's record, in the order of [`Decode::FIELDS`]; nothing of any other.
    #[doc(hidden)]
    fn cells(&self) -> Vec<&dyn ToCell> {
        Vec::new()
    }
}

/// The record of a model whose relations' fields hold `L`, a list as in [`Record::Relations`]. Implemented by the record with nothing
/// included.
pub trait WithRelations<L> {
    /// The record.
    type Record;
}

/// The relation is not read: the type of a relation's field until the query includes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct NotIncluded;

/// What a relation's field may hold: [`NotIncluded`], a record, `Option` or `Vec` of one.
#[diagnostic::on_unimplemented(message = "`{Self}` is not what a relation's field holds")]
pub trait Slot: Sized + Send + 'static {
    /// Whether the relation was read.
    const IS_INCLUDED: bool = true;

    /// The next record's value.
    ///
    /// # Errors
    /// The engine did not fill this relation: a defect.
    fn take(slots: &mut Slots) -> Result<Self, Error> {
        slots.next()
    }
}

impl Slot for NotIncluded {
    const IS_INCLUDED: bool = false;

    fn take(slots: &mut Slots) -> Result<Self, Error> {
        slots.position += 1;
        Ok(NotIncluded)
    }
}
impl<T: Record> Slot for T {}
impl<T: Record> Slot for Option<T> {}
impl<T: Record> Slot for Vec<T> {}

/// The values of the relations of the records that are being put together, one iterator for each relation that was read.
#[derive(Default)]
pub struct Slots {
    columns: Vec<Option<Box<dyn Any + Send>>>,
    position: usize,
}

impl Slots {
    /// `values` is a `Vec` of the relation's slot type, one for each record.
    pub(super) fn fill(&mut self, position: usize, values: Box<dyn Any + Send>) {
        if self.columns.len() <= position {
            self.columns.resize_with(position + 1, || None);
        }
        self.columns[position] = Some(values);
    }

    /// The value of one relation of the one record that is being put together.
    pub(super) fn fill_one<S: Slot>(&mut self, position: usize, value: S) {
        self.fill(position, Box::new(vec![value].into_iter()));
    }

    pub(super) fn start_record(&mut self) {
        self.position = 0;
    }

    /// The values of the next relations, at most 12.
    ///
    /// # Errors
    /// The engine did not fill one of them: a defect.
    pub fn several<T: SlotTuple>(&mut self) -> Result<T, Error> {
        T::take(self)
    }

    fn next<S: Slot>(&mut self) -> Result<S, Error> {
        let position = self.position;
        self.position += 1;
        self.columns
            .get_mut(position)
            .and_then(Option::as_mut)
            .and_then(|values| values.downcast_mut::<std::vec::IntoIter<S>>())
            .and_then(Iterator::next)
            .ok_or_else(|| Error::internal("a relation was not filled"))
    }
}

/// A tuple of what relations' fields hold, as [`ColumnTuple`](super::column::ColumnTuple) is one of columns.
pub trait SlotTuple: Sized {
    /// Takes the values of as many relations.
    ///
    /// # Errors
    /// The engine did not fill one of them: a defect.
    fn take(slots: &mut Slots) -> Result<Self, Error>;
}

macro_rules! slot_tuples {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<$first: Slot, $($rest: Slot),*> SlotTuple for ($first, $($rest,)*) {
            fn take(slots: &mut Slots) -> Result<Self, Error> {
                Ok(($first::take(slots)?, $($rest::take(slots)?,)*))
            }
        }
        slot_tuples!($($rest)*);
    };
}
slot_tuples!(A B C D E F G H I J K L);

/// A relation field of a model: a type without values, of the same name as its token.
pub trait Relation: Sized + Send + Sync + 'static {
    /// The model that has the field.
    type Model: Model;
    /// The model at the other end.
    type Target: Model;
    /// [`Many`], [`Optional`] or [`One`].
    type Arity: Arity;
    /// Where it is in [`Record::Relations`].
    type Index: Position;
    /// Its position among the relations of the record.
    const SLOT: usize = <Self::Index as Position>::POSITION;
    /// The field.
    const FIELD: FieldId = FieldId(<Self::Model as Model>::RELATIONS[Self::SLOT].0);
    /// Its name in the schema.
    const NAME: &'static str = <Self::Model as Model>::RELATIONS[Self::SLOT].1;
}

/// A relation field as generated code describes it: by one type, since the compiler takes up each associated type by itself. It is a
/// [`Relation`].
pub trait RelationField: Sized + Send + Sync + 'static {
    /// All that [`Relation`] tells.
    type Ends: RelationEnds;
}

/// What a [`RelationField`] is described by: [`Ends`].
pub trait RelationEnds {
    /// [`Relation::Model`]
    type Model: Model;
    /// [`Relation::Target`]
    type Target: Model;
    /// [`Relation::Arity`]
    type Arity: Arity;
    /// [`Relation::Index`]
    type Index: Position;
}

/// The model of a relation field, the one that it leads to, how many records of that there are, and where the field is.
#[derive(Debug)]
pub struct Ends<M, T, A, I>(PhantomData<fn() -> (M, T, A, I)>);

impl<M: Model, T: Model, A: Arity, I: Position> RelationEnds for Ends<M, T, A, I> {
    type Model = M;
    type Target = T;
    type Arity = A;
    type Index = I;
}

#[diagnostic::do_not_recommend]
impl<R: RelationField> Relation for R {
    type Model = <R::Ends as RelationEnds>::Model;
    type Target = <R::Ends as RelationEnds>::Target;
    type Arity = <R::Ends as RelationEnds>::Arity;
    type Index = <R::Ends as RelationEnds>::Index;
}

/// How many records are at the other end of a relation.
pub trait Arity: 'static {
    /// What the field holds when the relation is included.
    type Slot<T: Record>: Slot;

    /// The field's value for each parent, as `Vec<Self::Slot<T>>`.
    ///
    /// # Errors
    /// A required relation without a record.
    fn distribute<T: Record>(children: Vec<T>, groups: &Groups, relation: &str) -> Result<Vec<Self::Slot<T>>, Error>;
}

/// To-many.
#[derive(Debug)]
pub enum Many {}
/// To-one, optional.
#[derive(Debug)]
pub enum Optional {}
/// To-one, required.
#[derive(Debug)]
pub enum One {}

impl Arity for Many {
    type Slot<T: Record> = Vec<T>;

    fn distribute<T: Record>(children: Vec<T>, groups: &Groups, _: &str) -> Result<Vec<Vec<T>>, Error> {
        let mut children = Children::new(children, groups);
        (0..groups.parents()).map(|i| groups.of(i).iter().map(|&p| children.take(p)).collect()).collect()
    }
}

impl Arity for Optional {
    type Slot<T: Record> = Option<T>;

    fn distribute<T: Record>(children: Vec<T>, groups: &Groups, _: &str) -> Result<Vec<Option<T>>, Error> {
        let mut children = Children::new(children, groups);
        (0..groups.parents()).map(|i| groups.of(i).first().map(|&p| children.take(p)).transpose()).collect()
    }
}

impl Arity for One {
    type Slot<T: Record> = T;

    fn distribute<T: Record>(children: Vec<T>, groups: &Groups, relation: &str) -> Result<Vec<T>, Error> {
        let mut children = Children::new(children, groups);
        (0..groups.parents())
            .map(|i| match groups.of(i).first() {
                Some(&p) => children.take(p),
                None => Err(ErrorKind::InconsistentColumn {
                    model: <T::Model as Model>::NAME.to_owned(),
                    field: relation.to_owned(),
                    message: "the relation is required, but its record is not there".to_owned(),
                }
                .into()),
            })
            .collect()
    }
}

/// Children on their way to their parents: each is taken once.
enum Children<T> {
    /// They are wanted in the order in which they came.
    Sorted(std::vec::IntoIter<T>),
    Mixed(Vec<Option<T>>),
}

impl<T> Children<T> {
    fn new(children: Vec<T>, groups: &Groups) -> Self {
        let positions = groups.positions.iter().enumerate();
        if groups.positions.len() == children.len() && positions.into_iter().all(|(i, &p)| i == p as usize) {
            Self::Sorted(children.into_iter())
        } else {
            Self::Mixed(children.into_iter().map(Some).collect())
        }
    }

    fn take(&mut self, position: u32) -> Result<T, Error> {
        let child = match self {
            Self::Sorted(children) => children.next(),
            Self::Mixed(children) => children.get_mut(position as usize).and_then(Option::take),
        };
        child.ok_or_else(|| Error::internal("a group names a child that is not there"))
    }
}
