//! Reads of the query tree, run on SQLite in memory.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod filters;
mod oracle;
mod paging;
mod relations;

use std::any::Any;
use std::sync::Arc;

use prisma_core::driver::{Driver, Row};
use prisma_core::engine::{Engine, Handle};
use prisma_core::tree::*;
use prisma_core::{Error, Groups, Sink, Value};
use prisma_drivers::ConnectOptions;
use prisma_drivers::sqlite::SqliteDriver;
use prisma_schema::{FieldId, ModelWalker, Schema, SourceFile};

const SCHEMA: &str = r#"
datasource db {
  provider = "sqlite"
  url      = "file::memory:"
}
model User {
  id        Int      @id
  name      String   @unique
  age       Int?
  managerId Int?
  manager   User?    @relation("Boss", fields: [managerId], references: [id])
  reports   User[]   @relation("Boss")
  profile   Profile?
  posts     Post[]
}
model Profile {
  id     Int    @id
  bio    String
  userId Int    @unique
  user   User   @relation(fields: [userId], references: [id])
}
model Post {
  id       Int     @id
  title    String
  subtitle String?
  views    Int
  authorId Int?
  author   User?   @relation(fields: [authorId], references: [id])
  tags     Tag[]
}
model Tag {
  id    Int    @id
  name  String @unique
  posts Post[]
}
model Flight {
  airline String
  number  Int
  legs    Leg[]
  @@id([airline, number])
}
model Leg {
  id      Int     @id
  airline String?
  number  Int?
  flight  Flight? @relation(fields: [airline, number], references: [airline, number])
}
"#;

const DATA: &str = r#"
CREATE TABLE "User" ("id" INTEGER PRIMARY KEY, "name" TEXT UNIQUE, "age" INTEGER, "managerId" INTEGER);
CREATE TABLE "Profile" ("id" INTEGER PRIMARY KEY, "bio" TEXT, "userId" INTEGER UNIQUE);
CREATE TABLE "Post" ("id" INTEGER PRIMARY KEY, "title" TEXT, "subtitle" TEXT, "views" INTEGER, "authorId" INTEGER);
CREATE TABLE "Tag" ("id" INTEGER PRIMARY KEY, "name" TEXT UNIQUE);
CREATE TABLE "_PostToTag" ("A" INTEGER, "B" INTEGER);
CREATE UNIQUE INDEX "_PostToTag_AB_unique" ON "_PostToTag" ("A", "B");
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag" ("B");
CREATE TABLE "Flight" ("airline" TEXT, "number" INTEGER, PRIMARY KEY ("airline", "number"));
CREATE TABLE "Leg" ("id" INTEGER PRIMARY KEY, "airline" TEXT, "number" INTEGER);
INSERT INTO "User" VALUES (1, 'ann', 40, NULL), (2, 'bob', NULL, 1), (3, 'cid', 25, 1), (4, 'dan', NULL, 2), (5, 'eve', 25, NULL);
INSERT INTO "Profile" VALUES (10, 'a', 1), (30, 'c', 3);
INSERT INTO "Post" VALUES
  (1, 'one 100%', 'one', 10, 1), (2, 'two_x', NULL, 20, 1), (3, 'three', 'thr', 30, 1), (4, 'four', '%', 10, 2),
  (5, 'five', NULL, 20, 2), (6, 'six', 'x\', 30, 3), (7, 'seven', NULL, 5, NULL), (8, 'eight', 'igh', 40, 1);
INSERT INTO "Tag" VALUES (1, 'red'), (2, 'green'), (3, 'blue');
INSERT INTO "_PostToTag" VALUES (1, 1), (1, 2), (2, 2), (3, 2), (6, 1), (8, 2), (8, 1);
INSERT INTO "Flight" VALUES ('LH', 1), ('LH', 2), ('SK', 1);
INSERT INTO "Leg" VALUES (1, 'LH', 1), (2, 'LH', 1), (3, 'SK', 1), (4, 'LH', NULL), (5, NULL, NULL), (6, 'LH', 2);
"#;

struct Db {
    handle: Handle,
    schema: Arc<Schema>,
}

impl Db {
    async fn new() -> Self {
        let sources = vec![SourceFile::new("schema.prisma", SCHEMA)];
        let schema = Arc::new(prisma_schema::parse(sources).expect("the schema is valid").schema);
        let driver = SqliteDriver::connect(":memory:", &ConnectOptions::default()).await.unwrap();
        driver.acquire().await.unwrap().execute_script(DATA).await.unwrap();
        let engine = Engine::new(Arc::clone(&schema), Arc::new(driver)).unwrap();
        Self { handle: Handle::new(Arc::new(engine)), schema }
    }

    fn model(&self, name: &str) -> ModelWalker<'_> {
        self.schema.find_model(name).expect("a model")
    }

    fn field(&self, path: &str) -> FieldId {
        let (model, field) = path.split_once('.').expect("model.field");
        self.model(model).find_field(field).expect("a field").id()
    }

    fn scalar(&self, path: &str, condition: Condition) -> Filter {
        Filter::Scalar { field: self.field(path), condition, mode: Mode::Default }
    }

    fn compare(&self, path: &str, op: CompareOp, value: impl Into<Lit>) -> Filter {
        self.scalar(path, Condition::Compare(op, Operand::Value(value.into().0)))
    }

    fn eq(&self, path: &str, value: impl Into<Lit>) -> Filter {
        self.compare(path, CompareOp::Eq, value)
    }

    fn related(&self, path: &str, quantifier: Quantifier, filter: Filter) -> Filter {
        Filter::Relation { field: self.field(path), quantifier, filter: Box::new(filter) }
    }

    fn by(&self, path: &str, direction: Direction) -> Order {
        Order { path: vec![], target: OrderTarget::Scalar(self.field(path)), direction, nulls: None }
    }

    fn fields(&self, paths: &[&str]) -> Columns {
        Columns::Fields(paths.iter().map(|p| self.field(p)).collect())
    }

    fn unique(&self, path: &str, value: impl Into<Lit>) -> Unique {
        Unique { key: vec![(self.field(path), value.into().0)], filter: None }
    }

    /// The records as text: the columns joined by `,`, each relation in brackets.
    async fn read(&self, model: &str, arguments: Arguments, selection: Selection) -> Vec<String> {
        let model = self.model(model);
        let mut dump = Dump::new(model, &selection);
        self.handle
            .read(
                &mut ReadQuery { model: model.id(), arguments, selection, options: ReadOptions::default() },
                &mut dump,
            )
            .await
            .unwrap();
        dump.rows
    }

    /// The identifiers of the records that the arguments choose.
    async fn ids(&self, model: &str, arguments: Arguments) -> String {
        let selection = Selection { columns: self.fields(&[&format!("{model}.id")]), ..Default::default() };
        self.read(model, arguments, selection).await.join(" ")
    }

    async fn matching(&self, model: &str, filter: Filter) -> String {
        let id = self.by(&format!("{model}.id"), Direction::Asc);
        self.ids(model, Arguments { filter: Some(filter), order: vec![id], ..Default::default() }).await
    }

    async fn aggregate(&self, model: &str, arguments: Arguments, aggregates: Vec<Aggregate>) -> Vec<Value> {
        let model = self.model(model).id();
        let mut values = Vec::new();
        let mut visit = |row: &dyn Row| {
            values = (0..row.len()).map(|i| row.dynamic(i).unwrap()).collect();
            Ok(())
        };
        self.handle.aggregate(AggregateQuery { model, arguments, aggregates }, &mut visit).await.unwrap();
        values
    }
}

/// A literal of a test.
struct Lit(Value);

impl From<i32> for Lit {
    fn from(value: i32) -> Self {
        Self(Value::Int(value))
    }
}

impl From<&str> for Lit {
    fn from(value: &str) -> Self {
        Self(Value::String(value.to_owned()))
    }
}

/// Keeps records as text.
struct Dump {
    columns: usize,
    children: Vec<(String, Dump)>,
    rows: Vec<String>,
}

impl Dump {
    fn new(model: ModelWalker<'_>, selection: &Selection) -> Self {
        let columns = match &selection.columns {
            Columns::All => model.client_scalars().count(),
            Columns::Fields(fields) => fields.len(),
        };
        let children = selection.relations.iter().map(|r| {
            let field = model.field(r.field);
            (field.name().to_owned(), Dump::new(field.related_model().unwrap(), &r.selection))
        });
        Self { columns: columns + selection.aggregates.len(), children: children.collect(), rows: Vec::new() }
    }

    fn empty(&self) -> Self {
        let children = self.children.iter().map(|(name, dump)| (name.clone(), dump.empty())).collect();
        Self { columns: self.columns, children, rows: Vec::new() }
    }
}

fn show(value: Value) -> String {
    match value {
        Value::Null => "-".into(),
        Value::Int(n) => n.to_string(),
        Value::BigInt(n) => n.to_string(),
        Value::Float(n) => n.to_string(),
        Value::String(text) => text,
        other => format!("{other:?}"),
    }
}

impl Sink for Dump {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        let columns: Vec<_> = (0..self.columns).map(|i| show(row.dynamic(i).unwrap())).collect();
        self.rows.push(columns.join(","));
        Ok(())
    }

    fn reverse(&mut self) {
        self.rows.reverse();
    }

    fn child(&self, relation: usize) -> Box<dyn Sink> {
        Box::new(self.children[relation].1.empty())
    }

    fn attach(&mut self, relation: usize, child: Box<dyn Sink>, groups: Groups) -> Result<(), Error> {
        let child = child.into_any().downcast::<Dump>().unwrap();
        assert_eq!(groups.offsets.len(), self.rows.len() + 1);
        for (i, row) in self.rows.iter_mut().enumerate() {
            let of: Vec<_> = groups.of(i).iter().map(|&c| child.rows[c as usize].as_str()).collect();
            row.push_str(&format!(" {}[{}]", self.children[relation].0, of.join("; ")));
        }
        Ok(())
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
