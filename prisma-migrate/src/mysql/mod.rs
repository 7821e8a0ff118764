//! Schema changes on MySQL and MariaDB.

mod convert;
mod describe;
mod render;
mod rest;
mod types;

use prisma_core::Error;
use prisma_core::driver::{BoxFuture, Connection};
use prisma_schema::{Capabilities, FieldWalker, ReferentialAction, ScalarField, ScalarType};

use crate::column::{BaseType, ColumnDefault, ColumnType};
use crate::database::{Column, DatabaseSchema};
use crate::default::Holder;
use crate::diff::Step;
use crate::expression::Quoting;
use crate::flavour::Flavour;
use crate::history::lock::AdvisoryLock;
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

    /// InnoDB takes the words, and does the usual.
    fn kept_action(&self, action: ReferentialAction) -> ReferentialAction {
        match action {
            ReferentialAction::SetDefault => ReferentialAction::Restrict,
            other => other,
        }
    }

    /// Names that the database made up follow the table.
    fn key_of_renamed_table(&self, key: &str, from: &str, to: &str) -> String {
        match key.strip_prefix(from).filter(|rest| rest.starts_with("_ibfk_")) {
            Some(rest) => format!("{to}{rest}"),
            None => key.to_owned(),
        }
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

    /// The lock that Prisma takes.
    fn advisory_lock(&self) -> Option<AdvisoryLock> {
        Some(AdvisoryLock { take: "SELECT GET_LOCK('prisma_migrate', 0)", give: "DO RELEASE_LOCK('prisma_migrate')" })
    }

    fn finds_history(&self) -> &'static str {
        "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '_prisma_migrations'"
    }

    fn creates_history(&self) -> &'static str {
        "CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             DATETIME(3),
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          DATETIME(3),
    started_at              DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    applied_steps_count     INTEGER UNSIGNED NOT NULL DEFAULT 0
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;"
    }

    fn remembers_session(&self) -> Option<&'static str> {
        Some(
            "SELECT CONCAT('USE `', REPLACE(DATABASE(), '`', '``'), '`; SET foreign_key_checks = ', @@foreign_key_checks, \
             ', sql_mode = ', QUOTE(@@sql_mode), ', time_zone = ', QUOTE(@@time_zone))",
        )
    }

    fn describe<'c>(
        &self,
        connection: &'c mut dyn Connection,
        _namespaces: &'c [String],
    ) -> BoxFuture<'c, Result<DatabaseSchema, Error>> {
        Box::pin(describe::describe(connection))
    }

    fn describe_rest<'c>(
        &self,
        connection: &'c mut dyn Connection,
        _namespaces: &'c [String],
        schema: &'c mut DatabaseSchema,
    ) -> BoxFuture<'c, Result<(), Error>> {
        Box::pin(rest::describe_rest(connection, schema))
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
