//! What no schema can say, and what views are: some queries, however many tables.

use prisma_core::Error;
use prisma_core::driver::{Connection, Row};

use crate::database::{DatabaseSchema, Remark};
use crate::read::{optional_text, read, text};

const DEFINITIONS: &str = "SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY table_name";

const CHECKS: &str = "SELECT table_name, constraint_name FROM information_schema.table_constraints \
    WHERE table_schema = DATABASE() AND constraint_type = 'CHECK' ORDER BY table_name, constraint_name";

const TRIGGERS: &str = "SELECT event_object_table, trigger_name FROM information_schema.triggers \
    WHERE event_object_schema = DATABASE() ORDER BY event_object_table, trigger_name";

const PARTITIONS: &str = "SELECT DISTINCT table_name FROM information_schema.partitions \
    WHERE table_schema = DATABASE() AND partition_name IS NOT NULL ORDER BY table_name";

const COMMENTS: &str = "SELECT t.table_name FROM information_schema.tables t \
    WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND (t.table_comment <> '' OR EXISTS (SELECT 1 \
    FROM information_schema.columns c WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name \
    AND c.column_comment <> '')) ORDER BY t.table_name";

pub(super) async fn describe_rest(connection: &mut dyn Connection, schema: &mut DatabaseSchema) -> Result<(), Error> {
    if !schema.views.is_empty() {
        schema.namespaces = read(connection, "SELECT DATABASE()", |row| text(row, 0)).await?;
        let definition = |row: &dyn Row| Ok((text(row, 0)?, optional_text(row, 1)?));
        for (name, sql) in read(connection, DEFINITIONS, definition).await? {
            let view = schema.views.iter_mut().find(|v| v.name.name == name);
            view.into_iter().for_each(|v| v.definition.clone_from(&sql));
        }
    }
    let named = |row: &dyn Row| Ok((text(row, 0)?, text(row, 1)?));
    let plain = |row: &dyn Row| text(row, 0);
    let mut found = Vec::new();
    for (table, name) in read(connection, CHECKS, named).await? {
        let table = schema.tables.iter().find(|t| t.name.name == table);
        // What makes a column of MariaDB JSON has the name of the column.
        if let Some(table) = table.filter(|t| t.column(&name).is_none_or(|c| c.data_type.to_string() != "JSON")) {
            found.push((table.name.name.clone(), format!("the CHECK constraint `{name}`")));
        }
    }
    for (table, name) in read(connection, TRIGGERS, named).await? {
        found.push((table, format!("the trigger `{name}`")));
    }
    for table in read(connection, PARTITIONS, plain).await? {
        found.push((table, "partitions".to_owned()));
    }
    for table in read(connection, COMMENTS, plain).await? {
        found.push((table, "comments".to_owned()));
    }
    let remarks = found.into_iter().map(|(table, what)| Remark { table: table.as_str().into(), what });
    schema.remarks.extend(remarks.filter(|r| schema.tables.iter().any(|t| t.name == r.table)));
    Ok(())
}
