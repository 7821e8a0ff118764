//! What tokens of list fields have of their own.

use super::change::Change;
use super::column::FieldType;
use super::field::Field;
use super::filter::Filter;
use super::value::{IntoElements, IntoOperand, Scalar};
use crate::tree::{Condition, ListCondition, ScalarChange};

impl<M, T: Scalar, K> Field<M, Vec<T>, K>
where
    Vec<T>: FieldType<Scalar = T>,
{
    /// Has this element: a value, or another field of the elements' type.
    pub fn has(self, element: impl IntoOperand<M, T>) -> Filter<M> {
        self.list_condition(ListCondition::Has(element.into_operand()))
    }

    /// Has all of these elements; of none: every record.
    pub fn has_every(self, elements: impl IntoOperand<M, Vec<T>>) -> Filter<M> {
        self.list_condition(ListCondition::HasEvery(elements.into_operand()))
    }

    /// Has one of these elements at least; of none: no record.
    pub fn has_some(self, elements: impl IntoOperand<M, Vec<T>>) -> Filter<M> {
        self.list_condition(ListCondition::HasSome(elements.into_operand()))
    }

    /// Has no element; a record that was created without the list has none.
    pub fn is_empty(self) -> Filter<M> {
        Filter::any([
            self.list_condition(ListCondition::IsEmpty(true)),
            Filter::condition(self.id(), Condition::IsNull),
        ])
    }

    fn list_condition(self, condition: ListCondition) -> Filter<M> {
        Filter::condition(self.id(), Condition::List(condition))
    }

    /// Appends a value, or an array or `Vec` of them, within the database.
    pub fn push(self, elements: impl IntoElements<T>) -> Change<M> {
        Change::scalar(self.id(), ScalarChange::Push(elements.into_elements()))
    }
}
