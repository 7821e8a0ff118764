//! Filters on what is in a `Json` column.

use sea_query::{Expr, ExprTrait};

use super::filter::{compare, pattern_of};
use super::shape::like_pattern;
use super::{Lowering, Shape, Table};
use crate::driver::DriverError;
use crate::tree::{FieldId, JsonKey, JsonTest, Mode, Operand};
use crate::{Error, Value};

impl Shape {
    /// Counterpart: [`Lowering::json_condition`].
    pub(super) fn json_condition(&mut self, path: &[JsonKey], test: &mut JsonTest) {
        self.tag(u8::from(!path.is_empty()));
        if let (false, Some(json)) = (path.is_empty(), self.dialect().json()) {
            self.value(json.path(path));
        }
        match test {
            JsonTest::IsNull => self.tag(0),
            JsonTest::IsNotNull => self.tag(1),
            JsonTest::Equals(operand) => self.json_operand(2, operand),
            JsonTest::Differs(operand) => self.json_operand(3, operand),
            JsonTest::Number(op, operand) => self.json_operand(10 + *op as u8, operand),
            JsonTest::Text(op, operand) => self.json_operand(20 + *op as u8, operand),
            JsonTest::Match(kind, operand) => {
                let kind = *kind;
                self.tag(30 + kind as u8);
                self.operand(operand, |v| like_pattern(kind, v));
            }
            JsonTest::ArrayContains(value) => self.json_value(40, value),
            JsonTest::ArrayStartsWith(value) => self.json_value(41, value),
            JsonTest::ArrayEndsWith(value) => self.json_value(42, value),
        }
    }

    fn json_operand(&mut self, tag: u8, operand: &mut Operand) {
        self.tag(tag);
        self.operand(operand, |v| v);
    }

    fn json_value(&mut self, tag: u8, value: &mut Value) {
        self.tag(tag);
        self.value(std::mem::take(value));
    }
}

impl<'s> Lowering<'s> {
    /// A condition on the value that a path leads to in a column. What is not there is NULL, so that neither a test nor its
    /// opposite holds; what is of another type fails the test.
    pub(super) fn json_condition(
        &mut self,
        table: &Table<'s>,
        field: FieldId,
        path: &[JsonKey],
        test: &JsonTest,
        mode: Mode,
    ) -> Result<Expr, Error> {
        let dialect = self.dialect;
        let unsupported = |what: &str| Error::from(DriverError::Unsupported { feature: what.to_owned() });
        let json = dialect.json().ok_or_else(|| unsupported("filters on what is in a `Json` field"))?;
        let column = json.column(table.column(field));
        let value = if path.is_empty() { column } else { json.at(column, self.slot()) };
        let fold = |expr: Expr| match mode {
            Mode::Default => expr,
            Mode::Insensitive => dialect.fold_case(expr),
        };
        Ok(match test {
            JsonTest::IsNull => value.is_null(),
            JsonTest::IsNotNull => value.is_not_null(),
            JsonTest::Equals(operand) => json.equals(value, self.json_operand(table, operand)),
            JsonTest::Differs(operand) => json.equals(value, self.json_operand(table, operand)).not(),
            JsonTest::Number(op, operand) => {
                let right = match operand {
                    Operand::Value(_) => self.slot(),
                    Operand::Field(other) => json.number(json.column(table.column(*other))),
                };
                json.is_number(value.clone()).and(compare(json.number(value), *op, right))
            }
            JsonTest::Text(op, operand) => {
                let right = self.json_text(table, operand);
                json.is_text(value.clone()).and(compare(fold(json.text(value)), *op, fold(right)))
            }
            JsonTest::Match(kind, operand) => {
                let right = match operand {
                    Operand::Value(_) => self.slot(),
                    Operand::Field(_) => pattern_of(dialect, *kind, self.json_text(table, operand)),
                };
                json.is_text(value.clone()).and(dialect.like(json.text(value), right, mode))
            }
            JsonTest::ArrayContains(_) => {
                let elements = self.slot();
                let contains = json.contains(value.clone(), elements);
                json.is_array(value).and(contains.ok_or_else(|| unsupported("`array_contains`"))?)
            }
            JsonTest::ArrayStartsWith(_) | JsonTest::ArrayEndsWith(_) => {
                let is_last = matches!(test, JsonTest::ArrayEndsWith(_));
                let element = self.slot();
                json.is_array(value.clone()).and(json.equals(json.element(value, is_last), element))
            }
        })
    }

    fn json_operand(&mut self, table: &Table<'s>, operand: &Operand) -> Expr {
        match (operand, self.dialect.json()) {
            (Operand::Value(_), _) => self.slot(),
            (Operand::Field(other), Some(json)) => json.column(table.column(*other)),
            (Operand::Field(other), None) => table.column(*other),
        }
    }

    fn json_text(&mut self, table: &Table<'s>, operand: &Operand) -> Expr {
        match (operand, self.dialect.json()) {
            (Operand::Value(_), _) => self.slot(),
            (Operand::Field(other), Some(json)) => json.text(json.column(table.column(*other))),
            (Operand::Field(other), None) => table.column(*other),
        }
    }
}
