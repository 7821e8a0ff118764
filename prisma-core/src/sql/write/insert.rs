//! INSERT into the table of a model.

use prisma_schema::{FieldId, FieldWalker};
use sea_query::{Expr, ExprTrait, Func, OnConflict, Query, SchemaName, TypeRef};

use super::update::{changed, take_changes};
use super::{Lower, returning};
use crate::sql::lower::identifier;
use crate::sql::{ArrayType, Dialect, Lowering, Shape, SqlQuery, StatementKind, Table, table_ref};
use crate::tree::{ModelId, UpsertChanges};
use crate::{Error, Value};

/// INSERT of rows with the same columns.
#[derive(Debug)]
pub(crate) struct Insert<'q> {
    pub(crate) model: ModelId,
    pub(crate) columns: &'q [FieldId],
    /// How many rows.
    pub(crate) count: usize,
    /// A value for each column of each row, one row after the other.
    pub(crate) values: Vec<Value>,
    /// Whether each column is bound as one array, so that the statement is the same for any number of rows: each of the columns has an
    /// [array type](Dialect::array_type).
    pub(crate) as_arrays: bool,
    pub(crate) conflict: Conflict,
    pub(crate) returning: &'q [FieldId],
}

/// What an INSERT does with a row that violates a unique constraint.
#[derive(Debug, Clone)]
pub(crate) enum Conflict {
    /// It fails.
    Fail,
    /// It leaves the row out.
    Skip,
    /// It changes the row that has the same values in `key`; without changes, it leaves that as it is.
    Update { key: Vec<FieldId>, changes: UpsertChanges },
}

impl Lower for Insert<'_> {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::Create, self.model);
        shape.fields(self.columns);
        if self.as_arrays {
            // No rows stand for any number.
            shape.count(0);
            for column in 0..self.columns.len() {
                let values = self.values.iter_mut().skip(column).step_by(self.columns.len());
                shape.value(Value::List(values.map(std::mem::take).collect()));
            }
        } else {
            shape.count(self.count);
            shape.all_values(std::mem::take(&mut self.values));
        }
        match &mut self.conflict {
            Conflict::Fail => shape.tag(0),
            Conflict::Skip => shape.tag(1),
            Conflict::Update { key, changes } => {
                shape.tag(2);
                shape.fields(key);
                take_changes(&mut shape, &mut changes.scalars);
                shape.fields(&changes.excluded);
            }
        }
        shape.fields(self.returning);
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let table = Table::unaliased(lowering.schema.model(self.model));
        let mut insert = Query::insert();
        insert.into_table(table_ref(table.model)).columns(self.columns.iter().map(|&f| table.column_name(f)));
        match self.columns {
            [] => {
                insert.or_default_values();
            }
            columns if self.as_arrays => {
                // Several in one SELECT go on in step, and all have as many elements.
                let mut rows = Query::select();
                for &column in columns {
                    rows.expr(Func::cust("UNNEST").arg(array(lowering, table.model.field(column))?));
                }
                insert.select_from(rows).map_err(|e| Error::internal(e.to_string()))?;
            }
            columns => {
                for _ in 0..self.count {
                    let row: Vec<Expr> = columns.iter().map(|_| lowering.slot()).collect();
                    insert.values(row).map_err(|e| Error::internal(e.to_string()))?;
                }
            }
        }
        match &self.conflict {
            Conflict::Fail => {}
            Conflict::Skip => {
                insert.on_conflict(OnConflict::new().do_nothing().to_owned());
            }
            Conflict::Update { key, changes } => {
                let mut conflict = OnConflict::columns(key.iter().map(|&f| table.column_name(f)));
                conflict.values(changed(lowering, &table, &changes.scalars)?);
                conflict.update_columns(changes.excluded.iter().map(|&f| table.column_name(f)));
                if let (Some(&kept), true) = (key.first(), changes.is_empty()) {
                    // A row that nothing is done to would not be answered.
                    conflict.value(table.column_name(kept), table.column(kept));
                }
                insert.on_conflict(conflict);
            }
        }
        if let Some(clause) = returning(lowering, &table, self.returning)? {
            insert.returning(clause);
        }
        Ok(SqlQuery::Insert(Box::new(insert)))
    }
}

/// The marker for an array of a field's values.
pub(crate) fn array(lowering: &mut Lowering<'_>, field: FieldWalker<'_>) -> Result<Expr, Error> {
    let values = lowering.slot();
    match lowering.dialect.array_type(field) {
        Some(ArrayType::BuiltIn(name)) => Ok(values.cast_as(format!("{name}[]"))),
        Some(ArrayType::Enum(id)) => {
            let data = lowering.schema.enumeration(id).data();
            let schema = data.schema.as_deref().map(|schema| SchemaName(None, identifier(schema)));
            let name = identifier(data.map.as_deref().unwrap_or(&data.name));
            Ok(Expr::cust_with_exprs("CAST($1 AS $2[])", [values, Expr::TypeName(TypeRef(schema, name))]))
        }
        None => Err(Error::internal(format!("`{}` has no arrays", field.name()))),
    }
}
