//! Full-text search.

use std::fmt;
use std::marker::PhantomData;

use super::client::ClientSchema;
use super::column::{FieldType, OneValue};
use super::field::Field;
use super::filter::Filter;
use super::model::Model;
use super::order::OrderBy;
use super::tuples::for_tuples;
use super::value::Text;
use crate::Value;
use crate::tree::{self, Direction, FieldId, Order, OrderTarget};

/// A provider with full-text search.
#[diagnostic::on_unimplemented(
    message = "full-text search is not there for this provider",
    note = "PostgreSQL and MySQL have `search` and `relevance`; other providers compare text with `contains` and its kin"
)]
pub trait FullTextSearch {}

impl<M: Model, T: FieldType, K> Field<M, T, K> {
    /// Meets a query of full-text search, in the database's own language: for PostgreSQL words with `&`, `|`, `!` and `<->` between
    /// them, for MySQL words with `+` and `-` before them.
    pub fn search(self, query: impl Into<String>) -> Filter<M>
    where
        T: OneValue,
        T::Scalar: Text,
        <M::Schema as ClientSchema>::Provider: FullTextSearch,
    {
        Filter::search(self, query)
    }

    /// How well it meets a query of full-text search, as an order of records; of several fields: [`OrderBy::relevance`].
    pub fn relevance(self, query: impl Into<String>) -> Relevance<M>
    where
        T: OneValue,
        T::Scalar: Text,
        <M::Schema as ClientSchema>::Provider: FullTextSearch,
    {
        OrderBy::relevance(self, query)
    }
}

impl<M: Model> Filter<M> {
    /// The words of text fields, taken together, meet a query of full-text search: `Filter::search((post::title, post::content), "cat & dog")`.
    pub fn search(fields: impl TextFields<M>, query: impl Into<String>) -> Self
    where
        <M::Schema as ClientSchema>::Provider: FullTextSearch,
    {
        let mut ids = Vec::new();
        fields.add_to(&mut ids);
        Self::new(tree::Filter::Search { fields: ids, query: Value::String(query.into()) })
    }
}

impl<M: Model> OrderBy<M> {
    /// How well text fields meet a query of full-text search: `OrderBy::relevance((post::title, post::content), "cat | dog").desc()`.
    pub fn relevance(fields: impl TextFields<M>, query: impl Into<String>) -> Relevance<M>
    where
        <M::Schema as ClientSchema>::Provider: FullTextSearch,
    {
        let mut ids = Vec::new();
        fields.add_to(&mut ids);
        Relevance { target: OrderTarget::Relevance { fields: ids, search: query.into() }, model: PhantomData }
    }
}

/// An order by how well texts meet a query, before it is said which way.
#[must_use]
pub struct Relevance<M> {
    target: OrderTarget,
    model: PhantomData<fn() -> M>,
}

impl<M> Relevance<M> {
    /// From the least relevant to the most.
    pub fn asc(self) -> OrderBy<M> {
        self.order(Direction::Asc)
    }

    /// From the most relevant to the least.
    pub fn desc(self) -> OrderBy<M> {
        self.order(Direction::Desc)
    }

    fn order(self, direction: Direction) -> OrderBy<M> {
        OrderBy::new(Order { path: Vec::new(), target: self.target, direction, nulls: None })
    }
}

impl<M> fmt::Debug for Relevance<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.target.fmt(f)
    }
}

/// Text fields of `M`: one, or an array or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "text fields of `{M}` are wanted, and `{Self}` is none",
    note = "give one field, or several in an array or a tuple: `(post::title, post::content)`"
)]
pub trait TextFields<M> {
    /// Adds the fields.
    fn add_to(self, fields: &mut Vec<FieldId>);
}

impl<M, T: OneValue + FieldType<Scalar: Text>, K> TextFields<M> for Field<M, T, K> {
    fn add_to(self, fields: &mut Vec<FieldId>) {
        fields.push(self.id());
    }
}

impl<M, F: TextFields<M>, const N: usize> TextFields<M> for [F; N] {
    fn add_to(self, fields: &mut Vec<FieldId>) {
        self.into_iter().for_each(|f| f.add_to(fields));
    }
}

macro_rules! tuple {
    ($($t:ident)*) => {
        impl<M, $($t: TextFields<M>),*> TextFields<M> for ($($t,)*) {
            fn add_to(self, fields: &mut Vec<FieldId>) {
                #[allow(non_snake_case)]
                let ($($t,)*) = self;
                $($t.add_to(fields);)*
            }
        }
    };
}
for_tuples!(tuple from A: B C D);
