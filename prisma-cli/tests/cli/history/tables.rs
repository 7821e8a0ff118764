//! The table of the history and its checksums, as a database has them.

use crate::bed::Bed;
use crate::on_each_provider;

on_each_provider! { the_table_is_that_of_prisma }

fn the_table_is_that_of_prisma(bed: &Bed) {
    bed.models("");
    bed.write("20260101000000_init", "CREATE TABLE a (id INT PRIMARY KEY);\n");
    bed.on_elsewhere(&["migrate", "deploy"]).ok();
    let columns = match bed.provider.name() {
        "sqlite" => "SELECT sql FROM sqlite_master WHERE name = '_prisma_migrations'",
        "mysql" => {
            "SELECT CAST(CONCAT_WS(' ', COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, DATETIME_PRECISION, IS_NULLABLE, COLLATION_NAME) AS CHAR) \
             FROM information_schema.COLUMNS \
             WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '_prisma_migrations' ORDER BY ORDINAL_POSITION"
        }
        _ => {
            "SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) \
             FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
             WHERE a.attrelid = '_prisma_migrations'::regclass AND a.attnum > 0 ORDER BY a.attnum"
        }
    };
    let rows = bed.elsewhere.rows(
        "SELECT migration_name, checksum, logs, rolled_back_at, applied_steps_count, LENGTH(id) FROM _prisma_migrations \
         WHERE started_at <= finished_at",
    );
    let text = format!("{}\n\n{}", bed.elsewhere.rows(columns).join("\n"), rows.join("\n"));
    insta::assert_snapshot!(format!("table_{}", bed.provider.name()), text);
}
