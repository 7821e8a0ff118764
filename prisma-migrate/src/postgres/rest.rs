//! What no schema can say, and what views are: two or three queries, however many tables.

use prisma_core::Error;
use prisma_core::driver::{Connection, Row};

use super::describe::{COLUMNS, FoundColumn, Reader, Scope};
use super::dialect::Spelling;
use crate::database::{DatabaseSchema, Remark};
use crate::read::{optional_text, read_with, text};

const DEFINITIONS: &str = "SELECT n.nspname::text, c.relname::text, pg_get_viewdef(c.oid)::text \
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE {namespaces} AND {free c.oid} AND c.relkind IN ('v', 'm') ORDER BY c.oid";

/// What is remarked: as SQL, where it is found beside the table `c`, and on what condition.
const REMARKS: [(&str, &str, &str); 8] = [
    (
        "'the CHECK constraint `' || k.conname || '`'",
        "JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid",
        "k.contype = 'c'",
    ),
    (
        "'the exclusion constraint `' || k.conname || '`'",
        "JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid",
        "k.contype = 'x'",
    ),
    (
        "'that the constraint `' || k.conname || '` is deferrable'",
        "JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid",
        "k.condeferrable",
    ),
    ("'the trigger `' || t.tgname || '`'", "JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid", "NOT t.tgisinternal"),
    (
        "'the index `' || i.relname || '` over expressions'",
        "JOIN pg_catalog.pg_index x ON x.indrelid = c.oid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid",
        "x.indexprs IS NOT NULL",
    ),
    ("'row level security'", "", "c.relrowsecurity"),
    ("'partitions'", "", "c.relkind = 'p'"),
    (
        "'comments'",
        "",
        "EXISTS (SELECT 1 FROM pg_catalog.pg_description d WHERE d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::regclass)",
    ),
];

pub(crate) async fn describe_rest(
    connection: &mut dyn Connection,
    namespaces: &[String],
    spelling: &Spelling,
    schema: &mut DatabaseSchema,
) -> Result<(), Error> {
    let scope = Scope::of(namespaces);
    let reader = Reader { spelling, has_namespaces: !namespaces.is_empty() };
    if !schema.views.is_empty() {
        let definition = |row: &dyn Row| Ok((text(row, 0)?, text(row, 1)?, optional_text(row, 2)?));
        for (namespace, name, sql) in
            read_with(connection, &scope.query(DEFINITIONS), &scope.values, definition).await?
        {
            let name = reader.name(namespace, name);
            if let Some(view) = schema.views.iter_mut().find(|v| v.name == name) {
                view.definition = sql;
            }
        }
        let columns = scope.query(&COLUMNS.replace("{kinds}", "'v', 'm'"));
        for found in read_with(connection, &columns, &scope.values, FoundColumn::read).await? {
            let (namespace, name, column) = reader.column(found);
            let name = reader.name(namespace, name);
            if let Some(view) = schema.views.iter_mut().find(|v| v.name == name) {
                view.columns.push(column);
            }
        }
    }
    let one = |(what, join, condition): &(&str, &str, &str)| {
        format!(
            "SELECT n.nspname::text, c.relname::text, ({what})::text AS what FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace {join} \
             WHERE {{namespaces}} AND c.relkind IN ('r', 'p') AND ({condition})"
        )
    };
    let all = REMARKS.iter().map(one).collect::<Vec<_>>().join(" UNION ALL ") + " ORDER BY 1, 2, 3";
    let remark = |row: &dyn Row| Ok(Remark { table: reader.name(text(row, 0)?, text(row, 1)?), what: text(row, 2)? });
    let remarks = read_with(connection, &scope.query(&all), &scope.values, remark).await?;
    // Extensions have tables that are in no schema.
    schema.remarks.extend(remarks.into_iter().filter(|r| schema.tables.iter().any(|t| t.name == r.table)));
    Ok(())
}
