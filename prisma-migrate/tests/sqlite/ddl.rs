use prisma_migrate::PushOptions;

use crate::{Database, schema};

const MODELS: &str = r#"
model User {
  id      Int      @id @default(autoincrement())
  email   String   @unique
  role    Role     @default(ADMIN)
  joined  DateTime @default(now())
  changed DateTime @updatedAt
  balance Decimal  @default(1.50)
  big     BigInt   @default(9007199254740993)
  ratio   Float?
  note    String   @default("it's")
  raw     Bytes    @default("AP8=")
  data    Json?
  active  Boolean  @default(true)
  token   String   @default(uuid())
  code    Int      @default(dbgenerated("abs(-1)"))
  posts   Post[]
  @@map("users")
}

model Post {
  slug     String
  lang     String
  author   User?  @relation(fields: [authorId], references: [id], onDelete: Cascade)
  authorId Int?   @map("author_id")
  tags     Tag[]
  parts    Part[]
  @@id([slug, lang])
  @@index([authorId, lang(sort: Desc)])
}

model Part {
  id   String @id
  post Post   @relation(fields: [slug, lang], references: [slug, lang])
  slug String
  lang String
  tag  Tag[]
}

model Tag {
  id    Int    @id
  posts Part[]
  other Post?  @relation(fields: [a, b], references: [slug, lang])
  a     String?
  b     String?
}

enum Role {
  ADMIN @map("admin")
  USER
}
"#;

fn models() -> String {
    // An implicit m-n needs single ids at both ends: Part and Tag.
    MODELS.replace("  tags     Tag[]\n", "  tagged   Tag[]\n")
}

const DDL: &str = r#"-- CreateTable
CREATE TABLE "users" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'admin',
    "joined" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed" DATETIME NOT NULL,
    "balance" DECIMAL NOT NULL DEFAULT 1.50,
    "big" BIGINT NOT NULL DEFAULT 9007199254740993,
    "ratio" REAL,
    "note" TEXT NOT NULL DEFAULT 'it''s',
    "raw" BLOB NOT NULL DEFAULT X'00FF',
    "data" JSONB,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "token" TEXT NOT NULL,
    "code" INTEGER NOT NULL DEFAULT (abs(-1))
);

-- CreateTable
CREATE TABLE "Post" (
    "slug" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "author_id" INTEGER,

    PRIMARY KEY ("slug", "lang"),
    CONSTRAINT "Post_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Part" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "slug" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    CONSTRAINT "Part_slug_lang_fkey" FOREIGN KEY ("slug", "lang") REFERENCES "Post" ("slug", "lang") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Tag" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "a" TEXT,
    "b" TEXT,
    CONSTRAINT "Tag_a_b_fkey" FOREIGN KEY ("a", "b") REFERENCES "Post" ("slug", "lang") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "_PartToTag" (
    "A" TEXT NOT NULL,
    "B" INTEGER NOT NULL,
    CONSTRAINT "_PartToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Part" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_PartToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "Post_author_id_lang_idx" ON "Post"("author_id", "lang" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "_PartToTag_AB_unique" ON "_PartToTag"("A", "B");

-- CreateIndex
CREATE INDEX "_PartToTag_B_index" ON "_PartToTag"("B");
"#;

#[tokio::test]
async fn a_schema_becomes_tables_and_stays_in_sync() {
    let database = Database::new().await;
    let outcome = database.push(&models(), PushOptions::default()).await.unwrap();
    assert_eq!(outcome.script, DDL);
    assert!(outcome.warnings.is_empty());
    let again = database.push(&models(), PushOptions::default()).await.unwrap();
    assert_eq!(again, Default::default());
}

#[test]
fn a_key_that_cannot_be_all_null_restricts() {
    let target = prisma_migrate::calculate(&schema(
        "model A {\n id Int\n t Int\n bs B[]\n @@id([id, t])\n}\n\
         model B {\n id Int @id\n t Int\n aId Int?\n a A? @relation(fields: [aId, t], references: [id, t])\n}",
    ))
    .unwrap();
    assert_eq!(target.tables[1].foreign_keys[0].on_delete, prisma_schema::ReferentialAction::Restrict);
}

#[tokio::test]
async fn without_foreign_keys_if_the_client_keeps_references() {
    let text = format!("datasource db {{\nprovider = \"sqlite\"\nrelationMode = \"prisma\"\n}}\n{}", models());
    let parsed = prisma_schema::parse(vec![prisma_schema::SourceFile::new("s.prisma", text)]).unwrap();
    let target = prisma_migrate::calculate(&parsed.schema).unwrap();
    assert_eq!(target.tables.len(), 5);
    assert!(target.tables.iter().all(|t| t.foreign_keys.is_empty()));
}

#[tokio::test]
async fn names_are_quoted() {
    let models = r#"
        model A {
          id Int @id
          b  Int @unique(map: "u\"k; DROP TABLE x") @map("co\"l")
          a  A?  @relation("self", fields: [b], references: [id], onDelete: NoAction, onUpdate: NoAction)
          c  A?  @relation("self")
          @@map("ta\"ble")
        }"#;
    let database = Database::new().await;
    database.push(models, PushOptions::default()).await.unwrap();
    assert!(database.difference(models).await.is_empty());
    database.script("INSERT INTO \"ta\"\"ble\" (id, \"co\"\"l\") VALUES (1, 1)").await;
}

#[tokio::test]
async fn a_database_spelled_another_way_is_in_sync() {
    let database = Database::new().await;
    database
        .script(
            "CREATE TABLE a (id integer primary key autoincrement not null, s VARCHAR(20) NOT NULL DEFAULT \"x\",
                 b BOOL NOT NULL DEFAULT 1, u TEXT UNIQUE, d DATETIME DEFAULT current_timestamp, p INT REFERENCES a ON DELETE SET NULL ON UPDATE CASCADE);
             CREATE TABLE _prisma_migrations (id TEXT)",
        )
        .await;
    let models = r#"
        model a {
          id Int @id @default(autoincrement())
          s  String @default("x")
          b  Boolean @default(true)
          u  String? @unique
          d  DateTime? @default(now())
          p  Int?
          parent a? @relation("tree", fields: [p], references: [id])
          children a[] @relation("tree")
        }"#;
    assert_eq!(database.difference(models).await.steps, []);
}

#[test]
fn views_and_what_is_ignored() {
    let target = prisma_migrate::calculate(&schema(
        "model A {\n id Int @id\n x String @ignore\n y Unsupported(\"geo\")?\n}\nmodel B {\n id Int @id\n @@ignore\n}\nenum E {\n A\n}",
    ))
    .unwrap();
    let names: Vec<_> = target.tables.iter().map(|t| t.name.name.as_str()).collect();
    assert_eq!(names, ["A", "B"]);
    let columns: Vec<_> = target.tables[0].columns.iter().map(|c| (c.name.as_str(), c.data_type.to_string())).collect();
    assert_eq!(columns, [("id", "INTEGER"), ("x", "TEXT"), ("y", "geo")].map(|(c, t)| (c, t.to_owned())));
}
