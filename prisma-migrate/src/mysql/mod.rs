//! Schema changes on MySQL and MariaDB.

mod convert;
mod describe;
mod render;
mod types;

use prisma_core::Error;
use prisma_core::driver::{BoxFuture, Connection};
use prisma_schema::{Capabilities, FieldWalker, ScalarField, ScalarType};

use crate::column::{BaseType, ColumnDefault, ColumnType};
use crate::database::{Column, DatabaseSchema};
use crate::default::Holder;
use crate::diff::Step;
use crate::expression::Quoting;
use crate::flavour::Flavour;
use crate::native::Conversion;
use crate::sql::{BACKTICKS as NAMES, Names};
use types::{BOOLEAN, TYPES};

#[derive(Debug)]
pub(crate) struct Mysql;

impl Flavour for Mysql {
    fn column_type(&self, field: FieldWalker<'_>, scalar: &ScalarField) -> ColumnType {
        let base = match &scalar.ty {
            ScalarType::Enum(id) => {
                let values = field.model().schema().enumeration(*id).values();
                BaseType::Values(values.iter().map(|v| v.database_name().to_owned()).collect())
            }
            ty => match TYPES.of_scalar(scalar) {
                BaseType::Native { name, .. } if *ty == ScalarType::Boolean && name == "TINYINT" => {
                    BaseType::Native { name: BOOLEAN.to_owned(), arguments: Vec::new() }
                }
                base => base,
            },
        };
        ColumnType { base, is_list: false }
    }

    fn scalar(
        &self,
        ty: &ColumnType,
        capabilities: &Capabilities,
    ) -> Option<(ScalarType, Option<(&'static str, Vec<u32>)>)> {
        TYPES.scalar(ty, capabilities)
    }

    fn default_sql(&self, default: &ColumnDefault, ty: &ColumnType) -> String {
        render::default_sql(default, ty)
    }

    fn same_type(&self, a: &Column, b: &Column) -> bool {
        TYPES.same(&a.data_type, &b.data_type)
    }

    fn same_default(&self, a: &Column, b: &Column) -> bool {
        holder(&b.data_type).same(a.default.as_ref(), b.default.as_ref())
    }

    fn conversion(&self, from: &Column, to: &Column) -> Conversion {
        convert::conversion(&from.data_type, &to.data_type)
    }

    fn renames_foreign_keys(&self) -> bool {
        false
    }

    fn indexes_in_definition(&self) -> bool {
        true
    }

    fn indexes_foreign_keys(&self) -> bool {
        true
    }

    fn names(&self) -> Names {
        NAMES
    }

    fn holds_any(&self, column: &str, _is_list: bool, values: &[String]) -> String {
        format!("{} IN ({})", NAMES.name(column), render::texts(values))
    }

    /// Each change of a schema commits what went before.
    fn is_transactional(&self) -> bool {
        false
    }

    fn lock(&self) -> Option<&'static str> {
        Some("DO GET_LOCK('prisma_migrate', 10)")
    }

    fn unlock(&self) -> Option<&'static str> {
        Some("DO RELEASE_LOCK('prisma_migrate')")
    }

    fn describe<'c>(
        &self,
        connection: &'c mut dyn Connection,
        _namespaces: &'c [String],
    ) -> BoxFuture<'c, Result<DatabaseSchema, Error>> {
        Box::pin(describe::describe(connection))
    }

    fn render(&self, steps: &[Step]) -> String {
        render::render(steps)
    }

    fn render_reset(&self, everything: &DatabaseSchema) -> String {
        render::reset(everything)
    }
}

/// How the default of a column is read and compared.
fn holder(ty: &ColumnType) -> Holder {
    Holder { family: TYPES.row(ty).map(|r| r.family), is_list: false, quoting: Quoting::Mysql }
}
