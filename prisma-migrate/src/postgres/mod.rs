//! Schema changes on PostgreSQL, and what CockroachDB shares with it.

pub(crate) mod convert;
pub(crate) mod describe;
pub(crate) mod dialect;
#[cfg(feature = "postgres")]
mod enum_uses;
mod render;
pub(crate) mod rest;
#[cfg(feature = "postgres")]
mod types;

/// PostgreSQL.
#[cfg(feature = "postgres")]
pub(crate) use flavour::Postgres;

pub(crate) const FINDS_HISTORY: &str = "SELECT COUNT(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = current_schema() AND c.relname = '_prisma_migrations'";

pub(crate) const CREATES_HISTORY: &str = "CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
);";

/// The dumps of pg_dump empty the search path.
pub(crate) const REMEMBERS_SESSION: &str = "SELECT 'SELECT pg_catalog.set_config(''search_path'', ' || quote_literal(current_setting('search_path')) || ', false)'";

/// A type of a field's column.
pub(crate) fn column_type(
    types: &crate::native::NativeTypes,
    field: prisma_schema::FieldWalker<'_>,
    scalar: &prisma_schema::ScalarField,
) -> crate::column::ColumnType {
    use prisma_schema::{Arity, ScalarType};
    let schema = field.model().schema();
    let base = match &scalar.ty {
        ScalarType::Enum(id) => {
            crate::column::BaseType::Enum(crate::calculate::enum_name(schema, schema.enumeration(*id)))
        }
        _ => types.of_scalar(scalar),
    };
    crate::column::ColumnType { base, is_list: field.arity() == Arity::List }
}

/// A condition that is true of rows whose column holds one of some values of an enum.
pub(crate) fn holds_any(column: &str, is_list: bool, values: &[String]) -> String {
    let column = crate::sql::DOUBLE_QUOTES.name(column);
    let values = crate::sql::texts(values);
    match is_list {
        true => format!("{column}::text[] && ARRAY[{values}]::text[]"),
        false => format!("{column}::text IN ({values})"),
    }
}

#[cfg(feature = "postgres")]
mod flavour {
    use prisma_core::Error;
    use prisma_core::driver::{BoxFuture, Connection, DriverError};
    use prisma_schema::{Capabilities, FieldWalker, ScalarField, ScalarType};

    use super::dialect::Spelling;
    use super::{convert, describe, enum_uses, rest, types};
    use crate::column::{ColumnDefault, ColumnType};
    use crate::database::{Column, DatabaseSchema};
    use crate::diff::Step;
    use crate::flavour::Flavour;
    use crate::history::lock::AdvisoryLock;
    use crate::native::Conversion;
    use crate::sql::{DOUBLE_QUOTES as NAMES, Names};

    #[derive(Debug)]
    pub(crate) struct Postgres;

    const SPELLING: Spelling =
        Spelling { types: &types::TYPES, has_serial_types: true, drops_constraints: true, drops_namespaces: true };

    impl Flavour for Postgres {
        fn column_type(&self, field: FieldWalker<'_>, scalar: &ScalarField) -> ColumnType {
            super::column_type(&types::TYPES, field, scalar)
        }

        fn operator_class(&self, class: &str) -> String {
            super::operator_class(class)
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

        fn conversion(&self, from: &Column, to: &Column) -> Conversion {
            convert::conversion(&types::TYPES, &from.data_type, &to.data_type)
        }

        fn has_enum_types(&self) -> bool {
            true
        }

        fn remakes_enums(&self) -> bool {
            true
        }

        fn join_tables_have_keys(&self) -> bool {
            true
        }

        fn names(&self) -> Names {
            NAMES
        }

        fn holds_any(&self, column: &str, is_list: bool, values: &[String]) -> String {
            super::holds_any(column, is_list, values)
        }

        /// The lock that Prisma takes.
        fn advisory_lock(&self) -> Option<AdvisoryLock> {
            Some(AdvisoryLock {
                take: "SELECT pg_try_advisory_lock(72707369)::int::int8",
                give: "SELECT pg_advisory_unlock(72707369)",
            })
        }

        fn placeholder(&self, number: usize) -> String {
            format!("${number}")
        }

        fn finds_history(&self) -> &'static str {
            super::FINDS_HISTORY
        }

        fn creates_history(&self) -> &'static str {
            super::CREATES_HISTORY
        }

        fn remembers_session(&self) -> Option<&'static str> {
            Some(super::REMEMBERS_SESSION)
        }

        /// active_sql_transaction: CREATE INDEX CONCURRENTLY, VACUUM and their kin.
        fn refuses_transaction(&self, error: &DriverError) -> bool {
            matches!(error, DriverError::Database { code: Some(code), .. } if code == "25001")
        }

        fn describe<'c>(
            &self,
            connection: &'c mut dyn Connection,
            namespaces: &'c [String],
        ) -> BoxFuture<'c, Result<DatabaseSchema, Error>> {
            Box::pin(async move {
                let mut schema = describe::describe(connection, namespaces, &SPELLING).await?;
                enum_uses::describe(connection, namespaces, &mut schema).await?;
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
}

/// An operator class as SQL: `JsonbPathOps` is `jsonb_path_ops`.
pub(crate) fn operator_class(class: &str) -> String {
    if let Some(sql) = class.strip_prefix("raw(\"").and_then(|c| c.strip_suffix("\")")) {
        return sql.replace("\\\"", "\"").replace("\\\\", "\\");
    }
    let mut stem = class.strip_suffix("Ops").unwrap_or(class);
    let mut parts = vec!["ops"];
    for (word, sql) in [
        ("MinMaxMulti", "minmax_multi"),
        ("MinMax", "minmax"),
        ("Bloom", "bloom"),
        ("Inclusion", "inclusion"),
        ("Path", "path"),
    ] {
        if let Some(rest) = stem.strip_suffix(word) {
            stem = rest;
            parts.insert(0, sql);
            break;
        }
    }
    format!("{}_{}", stem.to_lowercase(), parts.join("_"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn operator_classes() {
        for (class, sql) in [
            ("JsonbOps", "jsonb_ops"),
            ("JsonbPathOps", "jsonb_path_ops"),
            ("ArrayOps", "array_ops"),
            ("Int4MinMaxMultiOps", "int4_minmax_multi_ops"),
            ("TimestampTzBloomOps", "timestamptz_bloom_ops"),
            ("InetInclusionOps", "inet_inclusion_ops"),
            ("VarBitMinMaxOps", "varbit_minmax_ops"),
            ("raw(\"gin_trgm_ops\")", "gin_trgm_ops"),
        ] {
            assert_eq!(super::operator_class(class), sql);
        }
    }
}
