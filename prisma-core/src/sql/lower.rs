//! What the lowering of every statement shares: markers, table aliases, columns.

use prisma_schema::{ModelWalker, Schema};
use sea_query::{DynIden, Expr, ExprTrait, IntoIden, SchemaName, TableName, TableRef};

use super::filter::is_element;
use super::{Dialect, Slots};
use crate::Error;
use crate::tree::{FieldId, ModelId};

/// Turns a query tree into one statement of sea-query. It never sees a value: it asks [`Slots`] for markers, in the
/// order in which [`Shape`](super::Shape) takes the values.
#[derive(Debug)]
pub(crate) struct Lowering<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) dialect: &'static dyn Dialect,
    slots: Slots,
    tables: u32,
}

impl<'s> Lowering<'s> {
    pub(crate) fn new(schema: &'s Schema, dialect: &'static dyn Dialect) -> Self {
        Self { schema, dialect, slots: Slots::default(), tables: 0 }
    }

    /// A marker for a value.
    pub(crate) fn slot(&mut self) -> Expr {
        Expr::val(self.slots.value())
    }

    /// A marker for LIMIT or OFFSET.
    pub(crate) fn limit_slot(&mut self) -> u64 {
        self.slots.limit()
    }

    /// Whether a value is one of `len` given ones, or (`negated`) none of them. Counterpart: [`Shape::list`](super::Shape::list).
    pub(crate) fn one_of_list(&mut self, value: Expr, len: usize, negated: bool) -> Expr {
        if len > 1 && self.dialect.has_arrays() {
            return is_element(value, self.slot(), negated);
        }
        let mut list = self.markers(len);
        match (list.len(), negated) {
            (1, false) => value.eq(list.remove(0)),
            (1, true) => value.ne(list.remove(0)),
            (_, false) => value.is_in(list),
            (_, true) => value.is_not_in(list),
        }
    }

    /// Markers for `len` values, and for those that a list of them is padded with.
    pub(crate) fn markers(&mut self, len: usize) -> Vec<Expr> {
        (0..super::shape::padded(self.dialect, len)).map(|_| self.slot()).collect()
    }

    /// A new alias: `t0`, `t1` ….
    pub(crate) fn alias(&mut self) -> DynIden {
        self.tables += 1;
        format!("t{}", self.tables - 1).into_iden()
    }

    /// A model's table under a new alias.
    pub(crate) fn table(&mut self, model: ModelId) -> Table<'s> {
        Table { model: self.schema.model(model), alias: self.alias(), keys: Vec::new() }
    }
}

/// A model's table within a statement.
#[derive(Debug, Clone)]
pub(crate) struct Table<'s> {
    pub(crate) model: ModelWalker<'s>,
    alias: DynIden,
    /// Where the table is only known through the key that points to it: the columns that hold that key.
    keys: Vec<(FieldId, DynIden)>,
}

impl<'s> Table<'s> {
    /// The table under its own name, as the target of UPDATE and DELETE.
    pub(crate) fn unaliased(model: ModelWalker<'s>) -> Self {
        Self { model, alias: identifier(model.database_name()), keys: Vec::new() }
    }

    /// A model of which only some fields are at hand, such as a key, in columns of another table.
    pub(super) fn of_key(model: ModelWalker<'s>, alias: DynIden, keys: Vec<(FieldId, DynIden)>) -> Self {
        Self { model, alias, keys }
    }

    /// Its alias.
    pub(crate) fn alias(&self) -> DynIden {
        self.alias.clone()
    }

    /// The table, to stand after FROM with the alias.
    pub(crate) fn source(&self) -> TableRef {
        TableRef::Table(table_name(self.model), Some(self.alias()))
    }

    /// A column.
    pub(crate) fn column(&self, field: FieldId) -> Expr {
        Expr::col((self.alias(), self.column_name(field)))
    }

    /// The name of a column.
    pub(crate) fn column_name(&self, field: FieldId) -> DynIden {
        match self.keys.iter().find(|(f, _)| *f == field) {
            Some((_, column)) => column.clone(),
            None => identifier(self.model.field(field).database_name()),
        }
    }
}

/// A model's table, to stand in a statement without an alias.
pub(crate) fn table_ref(model: ModelWalker<'_>) -> TableRef {
    TableRef::Table(table_name(model), None)
}

fn table_name(model: ModelWalker<'_>) -> TableName {
    qualified(model.data().schema.as_deref(), model.database_name())
}

fn qualified(schema: Option<&str>, table: &str) -> TableName {
    TableName(schema.map(|schema| SchemaName(None, identifier(schema))), identifier(table))
}

/// The table of an implicit m-n relation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JoinTable<'s> {
    pub(crate) schema: Option<&'s str>,
    pub(crate) table: &'s str,
}

impl JoinTable<'_> {
    /// The table, to stand in a statement without an alias.
    pub(crate) fn plain(self) -> TableRef {
        TableRef::Table(qualified(self.schema, self.table), None)
    }

    /// The table, to stand after FROM with an alias.
    pub(crate) fn aliased(self, alias: DynIden) -> TableRef {
        TableRef::Table(qualified(self.schema, self.table), Some(alias))
    }
}

/// A name of the database.
pub(crate) fn identifier(name: &str) -> DynIden {
    name.to_owned().into_iden()
}

/// What a relation field was expected to be.
pub(super) fn not_a_relation(model: ModelWalker<'_>, field: FieldId) -> Error {
    Error::internal(format!("`{}.{}` is not a relation", model.name(), model.field(field).name()))
}
