//! From a driver's report, in tables and columns, to an error in models and fields.

use prisma_schema::{ModelWalker, Schema};

use crate::driver::{Constraint, DriverError};
use crate::{Error, ErrorKind};

/// The error that a driver's report stands for.
pub(crate) fn explain(schema: &Schema, error: DriverError) -> Error {
    Error::new(match error {
        DriverError::UniqueViolation { constraint, .. } => {
            let (model, fields) = fields(schema, &constraint);
            ErrorKind::UniqueConstraint { model, fields }
        }
        DriverError::NullViolation { constraint, .. } => {
            let (model, fields) = fields(schema, &constraint);
            ErrorKind::NullConstraint { model, fields }
        }
        DriverError::ForeignKeyViolation { constraint, .. } => {
            let (model, fields) = fields(schema, &constraint);
            ErrorKind::ForeignKey { model, constraint: (!fields.is_empty()).then(|| fields.join(", ")) }
        }
        DriverError::TableNotFound { table } => {
            let bare = table.rsplit('.').next().unwrap_or(&table);
            ErrorKind::TableNotFound { model: by_table(schema, bare).map(|m| m.name().to_owned()), table }
        }
        DriverError::ColumnNotFound { column } => ErrorKind::ColumnNotFound { column },
        DriverError::WriteConflict { message } => ErrorKind::WriteConflict { message },
        other => ErrorKind::Database(other),
    })
}

fn by_table<'s>(schema: &'s Schema, table: &str) -> Option<ModelWalker<'s>> {
    schema.walk_models().find(|m| m.database_name() == table)
}

/// Model and fields of a constraint, as far as the database tells them.
fn fields(schema: &Schema, constraint: &Constraint) -> (Option<String>, Vec<String>) {
    match constraint {
        Constraint::Columns { table, columns } => {
            let model = table.as_deref().and_then(|t| by_table(schema, t));
            let field = |column: &String| {
                model
                    .and_then(|m| m.scalar_fields().find(|f| f.database_name() == column))
                    .map_or_else(|| column.clone(), |f| f.name().to_owned())
            };
            (model.map(|m| m.name().to_owned()), columns.iter().map(field).collect())
        }
        Constraint::Name(name) => (None, vec![name.clone()]),
        Constraint::Unknown => (None, Vec::new()),
    }
}
