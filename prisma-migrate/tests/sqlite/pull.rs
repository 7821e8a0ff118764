//! From a database that somebody else made to a schema.

use prisma_migrate::Introspected;
use prisma_schema::{Provider, SourceFile};

use super::{Database, schema};

async fn pulled(database: &Database, existing: &str) -> Introspected {
    let mut connection = prisma_core::driver::Driver::acquire(&database.0).await.unwrap();
    let found = prisma_migrate::describe_all(Provider::Sqlite, &mut *connection, &[]).await.unwrap();
    prisma_migrate::introspect(&found, &schema(existing)).unwrap()
}

/// The models, as text that reads back.
async fn models(database: &Database, existing: &str) -> String {
    let text = pulled(database, existing).await.schema.to_psl();
    if let Err(errors) = prisma_schema::parse(vec![SourceFile::new("schema.prisma", text.clone())]) {
        panic!("{text}\n{}", errors.render(false));
    }
    let start = text.find("model ").unwrap_or_else(|| panic!("{text}"));
    text[start..].to_owned()
}

#[tokio::test]
async fn a_key_is_required_whatever_its_definition_says() {
    let database = Database::new().await;
    database.script("CREATE TABLE a (id TEXT PRIMARY KEY, n INT)").await;
    assert_eq!(models(&database, "").await, "model a {\n  id String @id\n  n  Int?\n}\n");
    let left = database.difference("model a {\n id String @id\n n Int?\n}").await;
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn enums_that_the_database_holds_as_text_stay() {
    let database = Database::new().await;
    let written = "model a {\n  id   Int   @id\n  mood Mood  @default(GOOD)\n  gone Gone?\n}\n\nenum Mood {\n  GOOD @map(\"good\")\n  BAD\n}\n\n\
                   enum Unused {\n  A\n}\n\nenum Gone {\n  B\n}\n";
    database.push(written, prisma_migrate::PushOptions::default()).await.unwrap();
    assert_eq!(models(&database, written).await, written);
    database.script("ALTER TABLE a DROP COLUMN gone").await;
    let expected =
        written.replace("  gone Gone?\n", "").replace("\n\nenum Gone {\n  B\n}", "").replace("Int   @id", "Int  @id");
    assert_eq!(models(&database, written).await, expected.replace("Mood  @default", "Mood @default"));
}

#[tokio::test]
async fn what_the_language_cannot_say_is_told() {
    let database = Database::new().await;
    database
        .script(
            "CREATE TABLE \"the table\" (id INTEGER PRIMARY KEY, \"a-b\" INT, n INT, geo GEOMETRY); CREATE TABLE new (id INTEGER PRIMARY KEY, n INT REFERENCES \"the table\" (n)); \
             CREATE VIEW counted AS SELECT count(*) AS number FROM new",
        )
        .await;
    let views = "generator client {\n  provider = \"x\"\n  previewFeatures = [\"views\"]\n}\n";
    let warnings = pulled(&database, views).await.warnings;
    insta::assert_snapshot!(warnings.join("\n"), @r"
    the table `the table` is called `the_table` in the schema, which cannot have its name
    the column `a-b` of `the table` is called `a_b` in the schema, which cannot have its name
    the column `geo` of `the table` has the type `GEOMETRY`, which the client does not know
    the table `new` is called `Renamednew` in the schema, which cannot have its name
    the database tells no type for the column `number` of `counted`: give the field one in the schema, where it stays
    the foreign key on (n) of `new` points to columns of `the table` that are no key of it; it is left out
    ");
    let known = format!("{views}view counted {{\n  number Int\n}}\n");
    let Introspected { schema, warnings } = pulled(&database, &known).await;
    assert!(schema.to_psl().contains("view counted {\n  number Int\n}"), "{}", schema.to_psl());
    assert!(!warnings.iter().any(|w| w.contains("counted")), "{warnings:?}");
}
