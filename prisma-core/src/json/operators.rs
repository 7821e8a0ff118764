//! The operators of `where` and `having`: what is put to one column, or to what is computed of it.

use prisma_schema::{Arity, FieldWalker, ScalarType};
use serde_json::Value as Json;

use super::filter::{Junction, joined};
use super::input::{Object, Within, input_error, invalid, list, tagged, unknown};
use super::{json_filter, value};
use crate::driver::ElementType;
use crate::engine::element_type;
use crate::tree::{Aggregate, CompareOp, Condition, FieldId, Filter, ListCondition, MatchKind, Mode, Operand};
use crate::{Error, Value};

/// What a condition is put to: a column, or what is computed of it.
#[derive(Clone, Copy)]
pub(super) struct Subject<'s> {
    field: FieldWalker<'s>,
    of: Option<Aggregate>,
}

impl<'s> From<FieldWalker<'s>> for Subject<'s> {
    fn from(field: FieldWalker<'s>) -> Self {
        Self { field, of: None }
    }
}

impl<'s> Subject<'s> {
    /// What is computed of a field.
    pub(super) fn computed(field: FieldWalker<'s>, aggregate: Aggregate) -> Self {
        Self { field, of: Some(aggregate) }
    }

    /// A condition: a value, null, or an object of operators.
    pub(super) fn filter(self, json: &Json) -> Result<Filter, Error> {
        match operators(json) {
            Some(of) => self.operator_object(of),
            None if self.is_json() => json_filter::equality(self.field, None, json, false, Mode::Default),
            None => self.equals(json, Mode::Default),
        }
    }

    fn operator_object(self, of: &Object) -> Result<Filter, Error> {
        let mode = match of.get("mode").map(|m| m.as_str().or_else(|| tagged(m)?.1.as_str())) {
            None | Some(Some("default")) => Mode::Default,
            Some(Some("insensitive")) if has_insensitive(self.field) => Mode::Insensitive,
            Some(_) => return Err(unknown("mode: insensitive", &["mode: default"])).within("mode"),
        };
        if self.is_json() {
            return json_filter::operators(self.field, of, mode);
        }
        let others = of.iter().filter(|(key, _)| *key != "mode");
        let all: Result<_, _> = others.map(|(key, json)| self.operator(key, json, mode).within(key)).collect();
        all.map(|all| joined(all, Junction::And))
    }

    fn operator(self, key: &str, json: &Json, mode: Mode) -> Result<Filter, Error> {
        if self.is_list() && !matches!(key, "equals" | "not") {
            return self.list_operator(key, json);
        }
        let compare = |op| Ok(self.condition(Condition::Compare(op, self.operand(json)?), mode));
        let matches = |kind| match self.is_text() {
            true => Ok(self.condition(Condition::Match(kind, self.operand(json)?), mode)),
            false => Err(invalid(format!("`{}` is no text", self.field.name()))),
        };
        match key {
            "equals" => self.equals(json, mode),
            "not" => match operators(json) {
                Some(of) => Ok(Filter::Not(Box::new(self.operator_object(of)?))),
                None if json.is_null() || value::is_db_null(json) => self.null(true, mode),
                None => compare(CompareOp::Ne),
            },
            "in" => self.is_in(json, false, mode),
            "notIn" => self.is_in(json, true, mode),
            "lt" | "lte" | "gt" | "gte" if !self.is_ordered() => {
                Err(invalid(format!("`{}` has no order", self.field.name())))
            }
            "lt" => compare(CompareOp::Lt),
            "lte" => compare(CompareOp::Lte),
            "gt" => compare(CompareOp::Gt),
            "gte" => compare(CompareOp::Gte),
            "contains" => matches(MatchKind::Contains),
            "startsWith" => matches(MatchKind::StartsWith),
            "endsWith" => matches(MatchKind::EndsWith),
            "search" if self.is_text() && self.of.is_none() => {
                Ok(Filter::Search { fields: vec![self.field.id()], query: self.value(json)? })
            }
            other => Err(unknown(other, &OPERATORS)),
        }
    }

    fn list_operator(self, key: &str, json: &Json) -> Result<Filter, Error> {
        let found = match key {
            "has" => ListCondition::Has(match tagged(json) {
                Some(("FieldRef", reference)) => Operand::Field(self.field_reference(reference, false)?),
                _ => Operand::Value(self.value(json)?),
            }),
            "hasEvery" => ListCondition::HasEvery(self.operand(json)?),
            "hasSome" => ListCondition::HasSome(self.operand(json)?),
            "isEmpty" => ListCondition::IsEmpty(json.as_bool().ok_or_else(|| invalid("true or false is wanted"))?),
            other => return Err(unknown(other, &["equals", "not", "has", "hasEvery", "hasSome", "isEmpty"])),
        };
        Ok(self.condition(Condition::List(found), Mode::Default))
    }

    fn equals(self, json: &Json, mode: Mode) -> Result<Filter, Error> {
        if json.is_null() || value::is_db_null(json) {
            return self.null(false, mode);
        }
        Ok(self.condition(Condition::Compare(CompareOp::Eq, self.operand(json)?), mode))
    }

    fn is_in(self, json: &Json, negated: bool, mode: Mode) -> Result<Filter, Error> {
        if json.is_null() {
            return self.null(negated, mode);
        }
        if let (Some(("FieldRef", reference)), None) = (tagged(json), self.of) {
            let lists = Subject::from(self.field.model().field(self.field_reference(reference, true)?));
            let found = lists.condition(Condition::List(ListCondition::Has(Operand::Field(self.field.id()))), mode);
            return Ok(if negated { Filter::Not(Box::new(found)) } else { found });
        }
        let (nulls, values): (Vec<&Json>, Vec<&Json>) = list(json).iter().partition(|j| j.is_null());
        let values = values.into_iter().map(|j| self.value(j)).collect::<Result<_, _>>()?;
        let found = self.condition(Condition::In { values, negated }, mode);
        if nulls.is_empty() {
            return Ok(found);
        }
        let null = self.null(negated, mode)?;
        Ok(if negated { Filter::And(vec![found, null]) } else { Filter::Or(vec![found, null]) })
    }

    /// It is null, or (`negated`) is not.
    fn null(self, negated: bool, mode: Mode) -> Result<Filter, Error> {
        match self.of {
            None => optional(self.field)?,
            Some(Aggregate::Count | Aggregate::CountField(_)) => return Err(invalid("a count is never null")),
            Some(_) => {}
        }
        Ok(self.condition(if negated { Condition::IsNotNull } else { Condition::IsNull }, mode))
    }

    /// A value, or a field of the same model and type.
    fn operand(self, json: &Json) -> Result<Operand, Error> {
        if let Some(other) = self.other_field(json)? {
            return Ok(other);
        }
        if self.is_list() {
            let elements: Result<_, _> = list(json).iter().map(|json| self.value(json)).collect();
            return elements.map(|v| Operand::Value(Value::List(v)));
        }
        self.value(json).map(Operand::Value)
    }

    /// Another field of the same model and type, if it is a reference to one.
    pub(super) fn other_field(self, json: &Json) -> Result<Option<Operand>, Error> {
        match tagged(json) {
            Some(("FieldRef", reference)) => {
                self.field_reference(reference, self.is_list()).map(|id| Some(Operand::Field(id)))
            }
            _ => Ok(None),
        }
    }

    fn value(self, json: &Json) -> Result<Value, Error> {
        match self.element() {
            Some(element) => value::one_of(self.field, element, json),
            None => value::one(self.field, json),
        }
    }

    fn condition(self, condition: Condition, mode: Mode) -> Filter {
        match self.of {
            None => Filter::Scalar { field: self.field.id(), condition, mode },
            Some(aggregate) => Filter::Aggregate { aggregate, condition, mode },
        }
    }

    /// Another field of the same model and scalar, a list or not.
    fn field_reference(self, reference: &Json, is_list: bool) -> Result<FieldId, Error> {
        let model = self.field.model();
        let name =
            reference["_ref"].as_str().ok_or_else(|| invalid("a field reference has `_ref` and `_container`"))?;
        if let Some(container) = reference["_container"].as_str().filter(|c| *c != model.name()) {
            return Err(input_error(format!(
                "a field of `{container}` is referred to in a filter of `{}`",
                model.name()
            )));
        }
        let other = model
            .find_field(name)
            .ok_or_else(|| input_error(format!("the model `{}` has no field `{name}`", model.name())))?;
        let is_same = match (self.field.scalar(), other.scalar()) {
            (Some(_), Some(b)) if self.is_count() => b.ty == ScalarType::Int,
            (Some(a), Some(b)) => a.ty == b.ty,
            _ => false,
        };
        match is_same && (other.arity() == Arity::List) == is_list {
            true => Ok(other.id()),
            false => Err(input_error(format!("`{name}` is of another type than `{}`", self.field.name()))),
        }
    }

    /// The type of its values.
    fn element(self) -> Option<ElementType> {
        let own = element_type(self.field);
        match (self.of, own) {
            _ if self.is_count() => Some(ElementType::BigInt),
            (Some(Aggregate::Sum(_)), Some(ElementType::Int)) => Some(ElementType::BigInt),
            (Some(Aggregate::Avg(_)), Some(ElementType::Int | ElementType::BigInt)) => Some(ElementType::Float),
            _ => own,
        }
    }

    fn is_count(self) -> bool {
        matches!(self.of, Some(Aggregate::Count | Aggregate::CountField(_)))
    }

    fn is_list(self) -> bool {
        self.of.is_none() && self.field.arity() == Arity::List
    }

    fn is_json(self) -> bool {
        !self.is_list() && self.element() == Some(ElementType::Json)
    }

    fn is_text(self) -> bool {
        self.element() == Some(ElementType::String)
    }

    fn is_ordered(self) -> bool {
        !matches!(
            self.element(),
            None | Some(ElementType::Boolean | ElementType::Json | ElementType::Bytes | ElementType::Enum)
        )
    }
}

const OPERATORS: [&str; 13] =
    ["equals", "not", "in", "notIn", "lt", "lte", "gt", "gte", "contains", "startsWith", "endsWith", "mode", "search"];

/// The operators of an object; a tagged value is none.
pub(super) fn operators(json: &Json) -> Option<&Object> {
    json.as_object().filter(|_| tagged(json).is_none())
}

/// Refuses a required field where null is meant.
pub(super) fn optional(field: FieldWalker<'_>) -> Result<(), Error> {
    match field.arity() {
        Arity::Required => Err(invalid(format!("`{}` is required and never null", field.name()))),
        _ => Ok(()),
    }
}

/// A condition on a column.
pub(super) fn condition(field: FieldWalker<'_>, condition: Condition, mode: Mode) -> Result<Filter, Error> {
    Ok(Subject::from(field).condition(condition, mode))
}

fn has_insensitive(field: FieldWalker<'_>) -> bool {
    field.model().schema().provider().capabilities().insensitive_filters
}
