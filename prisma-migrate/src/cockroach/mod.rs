//! Schema changes on CockroachDB.

mod sequence;
mod types;

use prisma_core::Error;
use prisma_core::driver::{BoxFuture, Connection};
use prisma_schema::{Capabilities, FieldWalker, ScalarField, ScalarType};

use crate::column::{ColumnDefault, ColumnType};
use crate::database::{Column, DatabaseSchema, ObjectName};
use crate::diff::Step;
use crate::flavour::Flavour;
use crate::native::Conversion;
use crate::postgres::dialect::{SequenceNumbers, Spelling, sequence_name};
use crate::postgres::{self, convert, describe, rest};
use crate::sql::{DOUBLE_QUOTES as NAMES, Names};

#[derive(Debug)]
pub(crate) struct Cockroach;

const SPELLING: Spelling =
    Spelling { types: &types::TYPES, has_serial_types: false, drops_constraints: false, drops_namespaces: false };

impl Flavour for Cockroach {
    fn column_type(&self, field: FieldWalker<'_>, scalar: &ScalarField) -> ColumnType {
        postgres::column_type(&types::TYPES, field, scalar)
    }

    fn operator_class(&self, class: &str) -> String {
        postgres::operator_class(class)
    }

    fn scalar(
        &self,
        ty: &ColumnType,
        capabilities: &Capabilities,
    ) -> Option<(ScalarType, Option<(&'static str, Vec<u32>)>)> {
        types::TYPES.scalar(ty, capabilities)
    }

    fn default_sql(&self, default: &ColumnDefault, ty: &ColumnType) -> String {
        SPELLING.default(default, ty)
    }

    fn same_type(&self, a: &Column, b: &Column) -> bool {
        types::TYPES.same(&a.data_type, &b.data_type)
    }

    fn same_default(&self, a: &Column, b: &Column) -> bool {
        SPELLING.holder(&b.data_type).same(a.default.as_ref(), b.default.as_ref())
    }

    /// `autoincrement()` and `sequence()` are two things, and no sequence becomes a virtual one.
    fn same_autoincrement(&self, a: &Column, b: &Column) -> bool {
        match (&a.autoincrement, &b.autoincrement) {
            (Some(a), Some(b)) => a.is_identity == b.is_identity && a.options.is_virtual == b.options.is_virtual,
            (None, None) => true,
            _ => false,
        }
    }

    fn altered_sequence(&self, table: &ObjectName, from: &Column, to: &Column) -> Option<Step> {
        let (old, new) = (from.autoincrement.as_ref()?, to.autoincrement.as_ref()?);
        let (a, b) = (SequenceNumbers::of(&old.options), SequenceNumbers::of(&new.options));
        if !new.is_identity || !self.same_autoincrement(from, to) || a.is_same(&b) {
            return None;
        }
        let usual = sequence_name(table, &to.name);
        let name = old.sequence.as_ref().map_or(usual, |own| table.sibling(own));
        Some(Step::AlterSequence { name, from: old.options, to: new.options })
    }

    fn conversion(&self, from: &Column, to: &Column) -> Conversion {
        convert::conversion(&types::TYPES, &from.data_type, &to.data_type)
    }

    fn has_enum_types(&self) -> bool {
        true
    }

    fn names(&self) -> Names {
        NAMES
    }

    fn holds_any(&self, column: &str, is_list: bool, values: &[String]) -> String {
        postgres::holds_any(column, is_list, values)
    }

    fn placeholder(&self, number: usize) -> String {
        format!("${number}")
    }

    fn finds_history(&self) -> &'static str {
        postgres::FINDS_HISTORY
    }

    fn creates_history(&self) -> &'static str {
        postgres::CREATES_HISTORY
    }

    fn remembers_session(&self) -> Option<&'static str> {
        Some(postgres::REMEMBERS_SESSION)
    }

    /// It takes many changes of a schema back only after the end of the transaction, and refuses others within one.
    fn wraps_migrations(&self) -> bool {
        false
    }

    fn describe<'c>(
        &self,
        connection: &'c mut dyn Connection,
        namespaces: &'c [String],
    ) -> BoxFuture<'c, Result<DatabaseSchema, Error>> {
        Box::pin(async move {
            let mut schema = describe::describe(connection, namespaces, &SPELLING).await?;
            schema.tables.iter_mut().for_each(forget_hidden_key);
            sequence::describe(connection, &mut schema).await?;
            Ok(schema)
        })
    }

    fn describe_rest<'c>(
        &self,
        connection: &'c mut dyn Connection,
        namespaces: &'c [String],
        schema: &'c mut DatabaseSchema,
    ) -> BoxFuture<'c, Result<(), Error>> {
        Box::pin(rest::describe_rest(connection, namespaces, &SPELLING, schema))
    }

    fn render(&self, steps: &[Step]) -> String {
        SPELLING.render(steps)
    }

    fn render_reset(&self, everything: &DatabaseSchema) -> String {
        SPELLING.reset(everything)
    }
}

/// A table without a primary key gets one of its own, on a column that nobody sees.
fn forget_hidden_key(table: &mut crate::Table) {
    const HIDDEN: &str = "rowid";
    if table.is_primary_key(HIDDEN) && table.column(HIDDEN).is_some_and(|c| c.autoincrement.is_some()) {
        table.primary_key = None;
        table.columns.retain(|c| c.name != HIDDEN);
    }
}
