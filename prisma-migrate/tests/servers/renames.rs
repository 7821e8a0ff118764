//! `@renamedFrom`: new names for what is there.

use prisma_core::Value;
use prisma_migrate::{DatabaseSchema, PushOptions, Step};
use prisma_schema::Provider;

use crate::bed::{Bed, LOSE, schema};

on_each_provider!(
    everything_gets_new_names_and_keeps_its_rows,
    a_new_name_comes_with_other_changes,
    only_the_spelling_of_capitals_differs,
    join_tables_follow_their_models,
    the_way_back_is_a_rename_too,
    names_that_could_be_new_ones_are_told,
);

const BEFORE: &str = "
model User {
  id        Int     @id @default(autoincrement())
  mail      String  @unique
  firstName String? @map(\"first_name\")
  role      Role    @default(ADMIN)
  posts     Post[]
  @@index([mail, firstName])
}
model Post {
  id       Int    @id
  title    String
  authorId Int
  author   User   @relation(fields: [authorId], references: [id])
  tags     Tag[]
  @@index([authorId, title])
}
model Tag {
  id    Int    @id
  posts Post[]
}
enum Role {
  USER
  ADMIN
}";

const ROWS: &str = "
INSERT INTO \"User\" (id, mail, first_name, role) VALUES (1, 'a@b.c', 'Ada', 'USER'), (2, 'd@e.f', NULL, 'ADMIN');
INSERT INTO \"Post\" VALUES (7, 'one', 2);
INSERT INTO \"Tag\" VALUES (3);
INSERT INTO \"_PostToTag\" VALUES (7, 3);";

/// In the alphabet, `Writing` and `Tag` stand the other way round, and so do the columns of their table.
fn after(provider: Provider) -> String {
    let attribute = if provider == Provider::Sqlite { "@map" } else { "@renamedFrom" };
    format!(
        "
model Member {{
  id        Int       @id @default(autoincrement())
  email     String    @unique @renamedFrom(\"mail\")
  givenName String?   @map(\"given_name\") @renamedFrom(\"firstName\", map: \"first_name\")
  role      Kind      @default(ROOT)
  posts     Writing[]
  @@index([email, givenName])
  @@renamedFrom(\"User\")
}}
model Writing {{
  id       Int    @id
  title    String
  writerId Int    @renamedFrom(\"authorId\")
  writer   Member @relation(fields: [writerId], references: [id])
  tags     Tag[]
  @@index([writerId, title])
  @@renamedFrom(\"Post\")
}}
model Tag {{
  id    Int       @id
  posts Writing[]
}}
enum Kind {{
  USER
  ROOT {attribute}(\"ADMIN\")
  @@renamedFrom(\"Role\")
}}"
    )
}

/// What a database has, in an order that does not depend on when it was made.
async fn sorted(bed: &Bed) -> DatabaseSchema {
    let mut found = bed.describe(&[]).await;
    found.tables.sort_by(|a, b| a.name.cmp(&b.name));
    for table in &mut found.tables {
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.foreign_keys.sort_by(|a, b| a.columns.cmp(&b.columns));
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        // A sequence keeps its name.
        table.columns.iter_mut().filter_map(|c| c.autoincrement.as_mut()).for_each(|a| a.sequence = None);
    }
    found
}

fn names(rows: Vec<Vec<Value>>) -> Vec<Vec<String>> {
    let name = |value: Value| match value {
        Value::String(text) | Value::Enum(text) => text.to_string(),
        Value::Int(n) => n.to_string(),
        Value::BigInt(n) => n.to_string(),
        Value::Null => "NULL".to_owned(),
        other => panic!("{other:?}"),
    };
    rows.into_iter().map(|row| row.into_iter().map(name).collect()).collect()
}

async fn everything_gets_new_names_and_keeps_its_rows(provider: Provider) {
    let bed = Bed::new(provider).await;
    let after = after(provider);
    bed.start(BEFORE, ROWS).await;
    // Nothing is lost, so that nobody has to agree to it.
    let outcome = bed.pushed(&after, PushOptions::default()).await;
    assert_eq!(outcome.warnings, [] as [&str; 0], "{}", outcome.script);
    let role = if provider == Provider::Sqlite { "ADMIN" } else { "ROOT" };
    let members = names(bed.rows("SELECT id, email, given_name, role FROM \"Member\" ORDER BY id").await);
    assert_eq!(members, [["1", "a@b.c", "Ada", "USER"], ["2", "d@e.f", "NULL", role]], "{}", outcome.script);
    assert_eq!(names(bed.rows("SELECT id, title, \"writerId\" FROM \"Writing\"").await), [["7", "one", "2"]]);
    assert_eq!(names(bed.rows("SELECT \"A\", \"B\" FROM \"_TagToWriting\"").await), [["3", "7"]]);

    // As if it had been made so.
    let fresh = Bed::new(provider).await;
    fresh.pushed(&after, PushOptions::default()).await;
    assert_eq!(sorted(&bed).await, sorted(&fresh).await, "{}", outcome.script);
    bed.script("INSERT INTO \"Member\" (id, email) VALUES (9, 'g@h.i')").await;
    assert_eq!(names(bed.rows("SELECT role FROM \"Member\" WHERE email = 'g@h.i'").await), [[role]]);

    // The attributes may stay, and may go.
    bed.pushed(&after, PushOptions::default()).await;
    let without = regex_free_of_renames(&after);
    assert!(bed.difference(&without).await.is_empty());
}

/// The schema without `@renamedFrom`.
fn regex_free_of_renames(models: &str) -> String {
    let line = |line: &str| line.split("@renamedFrom").next().unwrap_or_default().trim_end_matches('@').to_owned();
    models.lines().map(line).collect::<Vec<_>>().join("\n")
}

async fn a_new_name_comes_with_other_changes(provider: Provider) {
    let bed = Bed::new(provider).await;
    let before = "model A {\n id Int @id\n n Int?\n gone String?\n b B @relation(fields: [bId], references: [id])\n bId Int @unique\n}\n\
                  model B {\n id Int @id\n a A?\n}";
    let after = "model C {\n id BigInt @id\n m BigInt @default(0) @renamedFrom(\"n\")\n more Int @default(5)\n \
                 d D @relation(fields: [dId], references: [id])\n dId BigInt @unique @renamedFrom(\"bId\")\n @@renamedFrom(\"A\")\n}\n\
                 model D {\n id BigInt @id\n c C?\n @@renamedFrom(\"B\")\n}";
    bed.start(before, "INSERT INTO \"B\" VALUES (4); INSERT INTO \"A\" VALUES (1, NULL, 'x', 4)").await;
    let refused = bed.push(after, PushOptions::default()).await.unwrap_err().to_string();
    // The data is asked while it has its old names.
    assert!(refused.contains("the column `gone` of `A` is to be dropped, with 1 value in it"), "{refused}");
    bed.pushed(after, LOSE).await;
    let rows = names(bed.rows("SELECT id, m, more, \"dId\" FROM \"C\"").await);
    assert_eq!(rows, [["1", "0", "5", "4"]]);
}

async fn only_the_spelling_of_capitals_differs(provider: Provider) {
    let bed = Bed::new(provider).await;
    bed.start("model users {\n id Int @id\n Name String\n}", "INSERT INTO \"users\" VALUES (1, 'Ada')").await;
    let after = "model Users {\n id Int @id\n name String @renamedFrom(\"Name\")\n @@renamedFrom(\"users\")\n}";
    bed.pushed(after, PushOptions::default()).await;
    assert_eq!(names(bed.rows("SELECT name FROM \"Users\"").await), [["Ada"]]);
}

async fn join_tables_follow_their_models(provider: Provider) {
    let bed = Bed::new(provider).await;
    let models = |one: &str, relation: &str, more: &str| {
        format!(
            "model {one} {{\n id Int @id\n ms M[] {relation}\n {more}\n}}\nmodel M {{\n id Int @id\n all {one}[] {relation}\n}}"
        )
    };
    for relation in ["", "@relation(\"Named\")"] {
        let table = if relation.is_empty() { "_AToM" } else { "_Named" };
        let rows = format!(
            "INSERT INTO \"A\" VALUES (1); INSERT INTO \"M\" VALUES (2); INSERT INTO \"{table}\" VALUES (1, 2)"
        );
        bed.start(&models("A", relation, ""), &rows).await;
        for (name, more, expected) in [
            ("Z", "@@renamedFrom(\"A\")", ["2", "1"]),
            // The table of the model stays.
            ("B", "@@map(\"Z\")\n @@renamedFrom(\"Z\", map: \"Z\")", ["1", "2"]),
            ("B", "@@renamedFrom(\"Z\")", ["1", "2"]),
        ] {
            let outcome = bed.pushed(&models(name, relation, more), PushOptions::default()).await;
            let table = match (relation, name) {
                ("", "Z") => "_MToZ",
                ("", _) => "_BToM",
                _ => "_Named",
            };
            let found = names(bed.rows(&format!("SELECT \"A\", \"B\" FROM \"{table}\"")).await);
            assert_eq!(found, [expected], "{relation} {name} {more}\n{}", outcome.script);
        }
    }
    // Nobody but the client knows what the columns point to.
    let emulated = |text: String| format!(" relationMode = \"prisma\"\n---\n{text}");
    bed.start(&emulated(models("A", "@relation(\"Named\")", "")), "INSERT INTO \"_Named\" VALUES (1, 2)").await;
    for _ in 0..2 {
        let renamed = emulated(models("Z", "@relation(\"Named\")", "@@renamedFrom(\"A\")"));
        bed.pushed(&renamed, PushOptions::default()).await;
        assert_eq!(names(bed.rows("SELECT \"A\", \"B\" FROM \"_Named\"").await), [["2", "1"]]);
    }
}

async fn the_way_back_is_a_rename_too(provider: Provider) {
    let bed = Bed::new(provider).await;
    let after = after(provider);
    bed.start(BEFORE, ROWS).await;
    bed.pushed(&after, PushOptions::default()).await;
    let of = |models: &str| prisma_migrate::calculate(&schema(provider, models)).unwrap();
    let back = prisma_migrate::diff(provider, &of(&after), &of(BEFORE)).unwrap();
    let is_loss = |s: &Step| matches!(s, Step::DropTable { .. } | Step::CreateTable(_));
    assert!(!back.steps.iter().any(is_loss), "{:#?}", back.steps);
    bed.driver
        .acquire()
        .await
        .unwrap()
        .execute_script(&prisma_migrate::render(provider, &back.steps).unwrap())
        .await
        .unwrap_or_else(|e| panic!("{:#?}\n{e}", back.steps));
    assert!(bed.difference(BEFORE).await.is_empty(), "{:#?}", bed.difference(BEFORE).await.steps);
    let users = names(bed.rows("SELECT id, mail, first_name, role FROM \"User\" ORDER BY id").await);
    assert_eq!(users, [["1", "a@b.c", "Ada", "USER"], ["2", "d@e.f", "NULL", "ADMIN"]]);
    assert_eq!(names(bed.rows("SELECT \"A\", \"B\" FROM \"_PostToTag\"").await), [["7", "3"]]);
}

async fn names_that_could_be_new_ones_are_told(provider: Provider) {
    let bed = Bed::new(provider).await;
    bed.start("model A {\n id Int @id\n a String?\n n Int?\n}", "INSERT INTO \"A\" VALUES (1, 'x', 2)").await;
    for (models, told) in [
        (
            "model A {\n id Int @id\n b String?\n c String?\n n Int?\n}",
            "the column `a` of `A` is to be dropped, with 1 value in it; if it is `b` or `c` now, say so there, and it stays: \
             `@renamedFrom(\"a\")`",
        ),
        (
            "model B {\n id Int @id\n a String?\n n Int?\n}",
            "the table `A` is to be dropped, with 1 row in it; if it is `B` now, say so there, and it stays: \
             `@@renamedFrom(\"A\")`",
        ),
        (
            "model A {\n id Int @id\n a String?\n m DateTime?\n}",
            "the column `n` of `A` is to be dropped, with 1 value in it\n",
        ),
        ("model B {\n id Int @id\n a String?\n}", "the table `A` is to be dropped, with 1 row in it\n"),
    ] {
        let refused = bed.push(models, PushOptions::default()).await.unwrap_err().to_string();
        assert!(refused.contains(told), "{refused}");
    }
}
