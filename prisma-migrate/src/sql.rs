//! Small pieces of SQL text, with names quoted by sea-query.

use prisma_schema::ReferentialAction;
use sea_query::{DynIden, QuotedBuilder, SqliteQueryBuilder};

/// A name in double quotes, as SQLite and PostgreSQL quote.
pub(crate) fn quoted(name: &str) -> String {
    let mut sql = String::with_capacity(name.len() + 2);
    // Owned: sea-query takes a borrowed name for one that needs no escaping.
    SqliteQueryBuilder.prepare_iden(&DynIden::from(name.to_owned()), &mut sql);
    sql
}

/// Names in double quotes, with commas between.
pub(crate) fn quoted_list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(|n| quoted(n)).collect::<Vec<_>>().join(", ")
}

/// Text in single quotes.
pub(crate) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A referential action.
pub(crate) fn action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    }
}
