//! The sequences behind `GENERATED … AS IDENTITY`, and their options.

use std::collections::HashMap;

use prisma_core::Error;
use prisma_core::driver::Connection;

use crate::column::SequenceOptions;
use crate::database::DatabaseSchema;
use crate::postgres::dialect::{SequenceNumbers, sequence_name};
use crate::read::{read, text};

/// All statements that make what the database has. No catalogue tells all options of a sequence.
const STATEMENTS: &str = "SELECT create_statement::text FROM [SHOW CREATE ALL TABLES]";

/// Reads the options of all columns that count by a sequence of their own; only where there are any is the database asked.
pub(super) async fn describe(connection: &mut dyn Connection, schema: &mut DatabaseSchema) -> Result<(), Error> {
    let is_identity = |c: &crate::Column| c.autoincrement.as_ref().is_some_and(|a| a.is_identity);
    if !schema.tables.iter().any(|t| t.columns.iter().any(is_identity)) {
        return Ok(());
    }
    let statements = read(connection, STATEMENTS, |row| text(row, 0)).await?;
    assign(schema, &statements.iter().filter_map(|sql| sequence(sql)).collect());
    Ok(())
}

/// Gives columns the options of their sequences, which are known by namespace and name.
fn assign(schema: &mut DatabaseSchema, sequences: &HashMap<(String, String), SequenceOptions>) {
    for table in &mut schema.tables {
        let name = table.name.clone();
        for column in &mut table.columns {
            let Some(counter) = column.autoincrement.as_mut().filter(|a| a.is_identity) else { continue };
            let own = counter.sequence.get_or_insert_with(|| sequence_name(&name, &column.name).name);
            let found = match &name.namespace {
                Some(namespace) => sequences.get(&(namespace.clone(), own.clone())),
                None => sequences.iter().find(|((_, sequence), _)| sequence == own).map(|(_, options)| options),
            };
            counter.options = found.copied().unwrap_or_default();
        }
    }
}

/// `CREATE SEQUENCE public."A_id_seq" MINVALUE 1 MAXVALUE 99 INCREMENT 1 START 1 VIRTUAL`
fn sequence(statement: &str) -> Option<((String, String), SequenceOptions)> {
    let rest = statement.trim().trim_end_matches(';').strip_prefix("CREATE SEQUENCE ")?;
    let (namespace, rest) = identifier(rest)?;
    let (name, rest) = identifier(rest.strip_prefix('.')?)?;
    let words: Vec<_> = rest.split_whitespace().collect();
    let number = |word: &str| {
        let at = words.iter().position(|w| *w == word)?;
        words.get(at + 1)?.parse().ok()
    };
    let options = SequenceOptions {
        is_virtual: words.contains(&"VIRTUAL"),
        cache: number("CACHE"),
        start: number("START"),
        increment: number("INCREMENT"),
        min_value: number("MINVALUE"),
        max_value: number("MAXVALUE"),
    };
    Some(((namespace, name), SequenceNumbers::of(&options).without_usual(options.is_virtual)))
}

/// A name, in double quotes or not, and what follows it.
fn identifier(sql: &str) -> Option<(String, &str)> {
    let Some(quoted) = sql.strip_prefix('"') else {
        let end = sql.find(['.', ' ']).unwrap_or(sql.len());
        return Some((sql[..end].to_owned(), &sql[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"')?;
        name += &rest[..end];
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Autoincrement;
    use crate::database::{Column, Table};

    #[test]
    fn options_are_read() {
        let none = SequenceOptions::default();
        for (statement, namespace, name, options) in [
            (
                "CREATE SEQUENCE public.a_id_seq MINVALUE 1 MAXVALUE 9223372036854775807 INCREMENT 1 START 1;",
                "public",
                "a_id_seq",
                none,
            ),
            (
                "CREATE SEQUENCE public.\"A_id_seq\" AS INT4 MINVALUE 1 MAXVALUE 2147483647 INCREMENT 1 START 1 VIRTUAL",
                "public",
                "A_id_seq",
                SequenceOptions { is_virtual: true, ..none },
            ),
            (
                "CREATE SEQUENCE \"my.schema\".\"say \"\"a\"\"\" MINVALUE 5 MAXVALUE 99 INCREMENT 2 START 7 PER SESSION CACHE 20",
                "my.schema",
                "say \"a\"",
                SequenceOptions {
                    cache: Some(20),
                    start: Some(7),
                    increment: Some(2),
                    min_value: Some(5),
                    max_value: Some(99),
                    is_virtual: false,
                },
            ),
            (
                "CREATE SEQUENCE public.down MINVALUE -9223372036854775808 MAXVALUE -1 INCREMENT -1 START -1",
                "public",
                "down",
                SequenceOptions { increment: Some(-1), ..none },
            ),
        ] {
            assert_eq!(sequence(statement), Some(((namespace.to_owned(), name.to_owned()), options)), "{statement}");
        }
        assert_eq!(sequence("CREATE TABLE public.a (id INT8)"), None);
    }

    #[test]
    fn columns_get_the_options_of_their_sequences() {
        let counter = |sequence: Option<&str>| {
            let sequence = sequence.map(str::to_owned);
            Some(Autoincrement { sequence, is_identity: true, ..Autoincrement::default() })
        };
        let column = |name: &str, autoincrement| Column { name: name.to_owned(), autoincrement, ..Column::default() };
        let columns = vec![column("a", counter(Some("own"))), column("b", counter(None)), column("c", None)];
        let tables = vec![Table { name: "T".into(), columns, ..Table::default() }];
        let mut schema = DatabaseSchema { tables, ..DatabaseSchema::default() };
        let statements =
            ["own MINVALUE 1 MAXVALUE 10 INCREMENT 1 START 1", "\"T_b_seq\" MINVALUE 1 MAXVALUE 9 INCREMENT 3 START 1"];
        assign(
            &mut schema,
            &statements.iter().filter_map(|s| sequence(&format!("CREATE SEQUENCE public.{s}"))).collect(),
        );
        let options = |i: usize| schema.tables[0].columns[i].autoincrement.as_ref().unwrap().options;
        assert_eq!(options(0), SequenceOptions { max_value: Some(10), ..SequenceOptions::default() });
        let expected = SequenceOptions { max_value: Some(9), increment: Some(3), ..SequenceOptions::default() };
        assert_eq!(options(1), expected);
    }
}
