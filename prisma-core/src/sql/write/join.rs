//! INSERT into and DELETE from the table of an implicit m-n relation.

use prisma_schema::FieldId;
use sea_query::{Expr, ExprTrait, Query};

use super::Lower;
use crate::sql::{Dialect, JoinTable, Lowering, Shape, SqlQuery, StatementKind};
use crate::tree::ModelId;
use crate::{Error, Value};

/// INSERT into the table of an implicit m-n relation; pairs that are there already are passed over.
#[derive(Debug)]
pub(crate) struct Join<'q> {
    pub(crate) model: ModelId,
    pub(crate) table: JoinColumns<'q>,
    /// The record of this model, and those that it is connected with.
    pub(crate) own: Value,
    pub(crate) others: Vec<Value>,
}

/// The table of an implicit m-n relation, seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JoinColumns<'q> {
    /// The relation field.
    pub(crate) field: FieldId,
    pub(crate) table: JoinTable<'q>,
    pub(crate) own: &'static str,
    pub(crate) other: &'static str,
}

impl Lower for Join<'_> {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::Connect, self.model);
        shape.field(self.table.field);
        shape.count(self.others.len());
        for other in &mut self.others {
            shape.value(self.own.clone());
            shape.value(std::mem::take(other));
        }
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let mut insert = Query::insert();
        insert.into_table(self.table.table.plain()).columns([self.table.own, self.table.other]);
        for _ in &self.others {
            let pair = [lowering.slot(), lowering.slot()];
            insert.values(pair).map_err(|e| Error::internal(e.to_string()))?;
        }
        insert.on_conflict(lowering.dialect.leave_alone(self.table.own));
        Ok(SqlQuery::Insert(Box::new(insert)))
    }
}

/// DELETE from the table of an implicit m-n relation.
#[derive(Debug)]
pub(crate) struct Unjoin<'q> {
    pub(crate) model: ModelId,
    pub(crate) table: JoinColumns<'q>,
    pub(crate) own: Value,
    pub(crate) others: Vec<Value>,
    /// Whether `others` are those that stay.
    pub(crate) but: bool,
}

impl Lower for Unjoin<'_> {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::Disconnect, self.model);
        shape.field(self.table.field);
        shape.tag(u8::from(self.but));
        shape.value(std::mem::take(&mut self.own));
        shape.list(self.others.iter_mut().map(std::mem::take));
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let mut delete = Query::delete();
        delete.from_table(self.table.table.plain());
        delete.and_where(Expr::col(self.table.own).eq(lowering.slot()));
        if !(self.others.is_empty() && self.but) {
            let other = Expr::col(self.table.other);
            delete.and_where(lowering.one_of_list(other, self.others.len(), self.but));
        }
        Ok(SqlQuery::Delete(Box::new(delete)))
    }
}
