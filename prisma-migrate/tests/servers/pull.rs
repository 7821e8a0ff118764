//! From a database back to a schema.

use prisma_migrate::PushOptions;
use prisma_schema::{Provider, Schema, SourceFile};

use crate::bed::{Bed, schema};

on_each_server!(
    what_is_pushed_is_pulled,
    names_and_words_stay,
    names_that_the_language_has_not,
    what_has_no_key_is_ignored,
);

/// What is pulled with nothing known of it reads back, and says what the database has.
pub async fn pulled(bed: &Bed, models: &str) -> Schema {
    let mut bare = schema(bed.provider, models);
    (bare.models, bare.enums, bare.relations) = Default::default();
    pulled_with(bed, &bare).await
}

/// A schema that the database has been made of is left as it is written.
pub async fn stays(bed: &Bed, models: &str) {
    let existing = schema(bed.provider, models);
    let database = bed.describe(&existing.datasource.schemas).await;
    let found = prisma_migrate::introspect(&database, &existing).unwrap().schema;
    let files = prisma_schema::update(&existing, &found, None);
    assert_eq!(files[0].text, existing.sources[0].text);
}

async fn pulled_with(bed: &Bed, existing: &Schema) -> Schema {
    let database = bed.describe(&existing.datasource.schemas).await;
    let text = prisma_migrate::introspect(&database, existing).unwrap().schema.to_psl();
    let read = match prisma_schema::parse(vec![SourceFile::new("pulled.prisma", text.clone())]) {
        Ok(validated) => validated.schema,
        Err(errors) => panic!("{text}\n{}", errors.render(false)),
    };
    let left = prisma_migrate::diff(bed.provider, &database, &prisma_migrate::calculate(&read).unwrap()).unwrap();
    assert!(left.is_empty(), "{text}\nleft: {:#?}", left.steps);
    read
}

async fn what_is_pushed_is_pulled(provider: Provider) {
    let bed = Bed::new(provider).await;
    if provider == Provider::Postgresql {
        bed.script("CREATE EXTENSION citext").await;
    }
    for models in [
        crate::constructs::native_types(provider),
        crate::constructs::defaults(provider),
        crate::constructs::indexes(provider),
    ] {
        bed.pushed(&models, PushOptions { accept_data_loss: true, ..PushOptions::default() }).await;
        pulled(&bed, &models).await;
        stays(&bed, &models).await;
    }
}

const NAMED: &str = r#"
/// People.
model Person {
  /// Never changes.
  key     String   @id @default(cuid()) @map("id")
  mail    String   @unique @map("e-mail")
  changed DateTime @updatedAt
  secret  String?  @ignore
  letters Letter[] @relation("written")
  got     Letter[] @relation("received")
  tags    Tag[]    @relation("tagging")
  mood    Mood     @default(GOOD)
  first   String
  last    String

  @@unique([first, last], name: "whole")
  @@map("people")
}

model Letter {
  writer   Person  @relation("written", fields: [writerId], references: [key], onDelete: Cascade)
  writerId String  @map("writer_id")
  to       Person? @relation("received", fields: [toId], references: [key])
  toId     String?
  number   Int     @id @default(autoincrement())
}

model Tag {
  name   String   @id
  people Person[] @relation("tagging")
}

/// How they are.
enum Mood {
  /// Well.
  GOOD @map("good")
  BAD
}
"#;

async fn names_and_words_stay(provider: Provider) {
    let bed = Bed::new(provider).await;
    bed.pushed(NAMED, PushOptions::default()).await;
    let mut existing = schema(provider, NAMED);
    let mut read = pulled_with(&bed, &existing).await;
    existing.forget_places();
    read.forget_places();
    // Relations are in no order that anybody wrote.
    existing.relations.clear();
    read.relations.clear();
    for model in existing.models.iter_mut().chain(&mut read.models) {
        for field in &mut model.fields {
            if let prisma_schema::FieldKind::Relation(relation) = &mut field.kind {
                relation.relation = prisma_schema::RelationId(0);
            }
        }
    }
    assert_eq!(read, existing, "{}", read.to_psl());
}

async fn names_that_the_language_has_not(provider: Provider) {
    let bed = Bed::new(provider).await;
    bed.script(
        "CREATE TABLE \"1 table\" (\"a b\" INT PRIMARY KEY, \"a-b\" INT, \"_\" INT, \"1\" INT, \"1 table\" INT, FOREIGN KEY (\"1 table\") REFERENCES \"1 table\" (\"a b\"), \
         FOREIGN KEY (\"_\") REFERENCES \"1 table\" (\"a b\")); CREATE TABLE \"new\" (id INT PRIMARY KEY); CREATE TABLE \"String\" (id INT PRIMARY KEY)",
    )
    .await;
    let read = pulled(&bed, "").await;
    let mut names: Vec<_> = read.models.iter().map(|m| m.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["RenamedString", "Renamednew", "table"]);
}

async fn what_has_no_key_is_ignored(provider: Provider) {
    let bed = Bed::new(provider).await;
    bed.script(
        "CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (x INT UNIQUE, a INT, FOREIGN KEY (a) REFERENCES a (id))",
    )
    .await;
    let read = pulled(&bed, "").await;
    let ignored: Vec<_> = read.models.iter().filter(|m| m.is_ignored).map(|m| m.name.as_str()).collect();
    assert_eq!(ignored, ["b"]);
}
