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

const OLD_NAMES: &str = r#"
model User {
  id    Int    @id
  mail  String @unique
  role  Role   @default(ADMIN)
  posts Post[]
}
model Post {
  id       Int    @id
  author   User   @relation(fields: [authorId], references: [id])
  authorId Int
  tags     Tag[]
  @@index([authorId])
}
model Tag {
  id    Int    @id
  posts Post[]
}
enum Role {
  USER
  ADMIN
}
"#;

const NEW_NAMES: &str = r#"
model Member {
  id    Int    @id
  email String @unique @renamedFrom("mail")
  role  Kind   @default(ROOT)
  posts Text[]
  @@renamedFrom("User")
}
model Text {
  id       Int    @id
  writer   Member @relation(fields: [writerId], references: [id])
  writerId Int    @renamedFrom("authorId")
  tags     Tag[]
  @@index([writerId])
  @@renamedFrom("Post")
}
model Tag {
  id    Int    @id
  posts Text[]
}
enum Kind {
  USER
  ROOT @renamedFrom("ADMIN")
  @@renamedFrom("Role")
}
"#;

#[test]
fn renames() {
    for provider in [Provider::Postgresql, Provider::Mysql, Provider::Cockroachdb, Provider::Sqlite] {
        let database = |models: &str| {
            // SQLite knows nothing of the values of an enum.
            let text = match provider {
                Provider::Sqlite => models.replace("ROOT @renamedFrom(\"ADMIN\")", "ROOT @map(\"ADMIN\")"),
                _ => models.to_owned(),
            };
            let text = format!("datasource db {{\n  provider = \"{}\"\n}}\n{text}", provider.name());
            calculate(&schema("schema.prisma", &text)).unwrap()
        };
        let (old, new) = (database(OLD_NAMES), database(NEW_NAMES));
        let migration = diff(provider, &old, &new).unwrap();
        let name = provider.name();
        insta::assert_snapshot!(
            format!("renames_{name}"),
            prisma_migrate::history::draft(provider, &migration).unwrap()
        );
        insta::assert_snapshot!(format!("renames_{name}_summary"), prisma_migrate::summary(&migration.steps));
        insta::assert_snapshot!(format!("renames_{name}_back"), script(provider, &new, &old));
    }
}
