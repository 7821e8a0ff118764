//! The SQL of schemas that hold every construct of a provider: for an empty database, from the first to the second, and for what is
//! left of nothing.
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql", feature = "cockroachdb"))]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use prisma_migrate::{DatabaseSchema, calculate, diff, render};
use prisma_schema::{Provider, Schema, SourceFile};

fn schema(name: &str, text: &str) -> Schema {
    match prisma_schema::parse(vec![SourceFile::new(name, text.to_owned())]) {
        Ok(validated) => validated.schema,
        Err(errors) => panic!("{}", errors.render(false)),
    }
}

fn script(provider: Provider, from: &DatabaseSchema, to: &DatabaseSchema) -> String {
    render(provider, &diff(provider, from, to).unwrap().steps).unwrap()
}

macro_rules! scripts {
    ($($test:ident: $provider:expr, $before:literal, $after:literal;)*) => {$(
        #[test]
        fn $test() {
            let before = calculate(&schema($before, include_str!(concat!("schemas/", $before)))).unwrap();
            let after = calculate(&schema($after, include_str!(concat!("schemas/", $after)))).unwrap();
            let empty = DatabaseSchema { namespaces: Vec::new(), ..DatabaseSchema::default() };
            insta::assert_snapshot!(concat!(stringify!($test), "_from_nothing"), script($provider, &empty, &before));
            insta::assert_snapshot!(concat!(stringify!($test), "_changed"), script($provider, &before, &after));
            for both in [&before, &after] {
                assert_eq!(diff($provider, both, both).unwrap().steps, []);
            }
        }
    )*};
}

scripts! {
    postgresql: Provider::Postgresql, "postgresql.prisma", "postgresql.after.prisma";
    mysql: Provider::Mysql, "mysql.prisma", "mysql.after.prisma";
    cockroachdb: Provider::Cockroachdb, "cockroachdb.prisma", "cockroachdb.after.prisma";
    sqlite: Provider::Sqlite, "sqlite.prisma", "sqlite.after.prisma";
}
