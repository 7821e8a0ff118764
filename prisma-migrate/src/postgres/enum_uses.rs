//! What names values of enums: CHECK constraints, and indexes with conditions or expressions.

use prisma_core::Error;
use prisma_core::driver::{Connection, Row};

use super::describe::Scope;
use crate::database::{DatabaseSchema, EnumUse, EnumUseDefinition, ObjectName};
use crate::read::{read_with, text};

const USES: &str = "SELECT n.nspname::text, c.relname::text, u.name::text, u.kind, u.definition, tn.nspname::text, \
    t.typname::text, a.attname::text FROM ( \
        SELECT 'pg_catalog.pg_constraint'::regclass AS class, k.oid AS object, k.conrelid AS relation, k.conname AS name, \
        'check'::text AS kind, pg_get_constraintdef(k.oid)::text AS definition \
        FROM pg_catalog.pg_constraint k WHERE k.contype = 'c' AND k.conrelid <> 0 \
        UNION ALL \
        SELECT 'pg_catalog.pg_class'::regclass, i.oid, x.indrelid, i.relname, 'index', pg_get_indexdef(i.oid)::text \
        FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid \
        WHERE x.indpred IS NOT NULL OR x.indexprs IS NOT NULL \
    ) u JOIN pg_catalog.pg_class c ON c.oid = u.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_catalog.pg_depend d ON d.classid = u.class AND d.objid = u.object AND d.refclassid = 'pg_catalog.pg_type'::regclass \
    JOIN pg_catalog.pg_type o ON o.oid = d.refobjid \
    JOIN pg_catalog.pg_type t ON t.typtype = 'e' AND (t.oid = o.oid OR t.oid = o.typelem) \
    JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace \
    JOIN pg_catalog.pg_depend r ON r.classid = u.class AND r.objid = u.object AND r.refobjid = u.relation AND r.refobjsubid > 0 \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = u.relation AND a.attnum = r.refobjsubid \
    WHERE {namespaces} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 6, 7, 8";

struct Found {
    table: ObjectName,
    name: String,
    definition: EnumUseDefinition,
    of: ObjectName,
    column: String,
}

impl Found {
    fn read(row: &dyn Row, has_namespaces: bool) -> Result<Self, Error> {
        let own = text(row, 0)?;
        let of = text(row, 5)?;
        let other = Some(of.clone()).filter(|of| has_namespaces || *of != own);
        let sql = text(row, 4)?;
        let definition = match text(row, 3)?.as_str() {
            "check" => EnumUseDefinition::Check(sql),
            _ => EnumUseDefinition::IndexSql(sql),
        };
        Ok(Self {
            table: ObjectName::new(Some(own).filter(|_| has_namespaces), text(row, 1)?),
            name: text(row, 2)?,
            definition,
            of: ObjectName::new(other, text(row, 6)?),
            column: text(row, 7)?,
        })
    }
}

/// Adds them to the enums; only where there are any is the database asked.
pub(super) async fn describe(
    connection: &mut dyn Connection,
    namespaces: &[String],
    schema: &mut DatabaseSchema,
) -> Result<(), Error> {
    if schema.enums.is_empty() {
        return Ok(());
    }
    let scope = Scope::of(namespaces);
    let read = |row: &dyn Row| Found::read(row, !namespaces.is_empty());
    let found = read_with(connection, &scope.query(USES), &scope.values, read).await?;
    for Found { table, name, definition, of, column } in found {
        let Some(uses) = schema.enums.iter_mut().find(|e| e.name == of).map(|e| &mut e.uses) else { continue };
        match uses.last_mut().filter(|known| known.table == table && known.name == name) {
            Some(known) => known.columns.push(column),
            None => uses.push(EnumUse { table, name, columns: vec![column], definition }),
        }
    }
    Ok(())
}
