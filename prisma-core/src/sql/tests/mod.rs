//! The SQL text of each construct, and the cache of it.

mod filters;
mod providers;
mod reads;

use prisma_schema::{ModelWalker, Provider, Schema, SourceFile};

use super::*;
use crate::driver::Statement;
use crate::tree::*;
use crate::{Error, Value};

const SCHEMA: &str = r#"
datasource db {
  provider = "sqlite"
  url      = "file:test.db"
}
model User {
  id        Int     @id
  email     String  @unique
  name      String? @map("full_name")
  managerId Int?    @map("manager_id")
  manager   User?   @relation("Boss", fields: [managerId], references: [id])
  reports   User[]  @relation("Boss")
  posts     Post[]
  @@map("users")
}
model Post {
  id       Int    @id
  title    String
  views    Int
  authorId Int
  author   User   @relation(fields: [authorId], references: [id])
  tags     Tag[]
}
model Tag {
  id    Int    @id
  name  String
  posts Post[]
}
"#;

struct Db {
    provider: Provider,
    schema: Schema,
    cache: Cache,
}

impl Db {
    fn new() -> Self {
        Self::of(Provider::Sqlite, SCHEMA)
    }

    /// The schema for another provider than its own.
    fn of(provider: Provider, schema: &str) -> Self {
        let text = schema.replace("\"sqlite\"", &format!("{:?}", provider.name()));
        let sources = vec![SourceFile::new("schema.prisma", text)];
        let schema = prisma_schema::parse(sources).expect("a valid schema").schema;
        Self { provider, schema, cache: Cache::default() }
    }

    fn model(&self, name: &str) -> ModelWalker<'_> {
        self.schema.find_model(name).expect("a model")
    }

    fn field(&self, path: &str) -> FieldId {
        let (model, field) = path.split_once('.').expect("model.field");
        self.model(model).find_field(field).expect("a field").id()
    }

    fn eq(&self, path: &str, value: Value) -> Filter {
        self.scalar(path, Condition::Compare(CompareOp::Eq, Operand::Value(value)))
    }

    fn scalar(&self, path: &str, condition: Condition) -> Filter {
        Filter::Scalar { field: self.field(path), condition, mode: Mode::Default }
    }

    fn related(&self, path: &str, quantifier: Quantifier, filter: Filter) -> Filter {
        Filter::Relation { field: self.field(path), quantifier, filter: Box::new(filter) }
    }

    fn by(&self, path: &str) -> Order {
        let target = OrderTarget::Scalar(self.field(path));
        Order { path: vec![], target, direction: Direction::Asc, nulls: None }
    }

    fn statement(
        &self,
        model: &str,
        mut arguments: Arguments,
        mut selection: Selection,
        parents: Option<(Parents<'_>, Vec<Value>)>,
    ) -> Result<Statement, Error> {
        let dialect = dialect(self.provider).expect("a dialect");
        let model = self.model(model);
        let of = parents
            .as_ref()
            .map(|(p, _)| Parents { field: self.model(p.field.model().name()).field(p.field.id()), ..*p });
        let layout = Layout::new(model, &selection, of.map(|p| p.field))?;
        let shape =
            read_shape(dialect, Fetch::plain(StatementKind::Read), model, &mut arguments, &mut selection, parents);
        self.cache.statement(&self.schema, dialect, shape, |lowering| {
            let read = Select { model, arguments: &arguments, selection: &selection, parents: of };
            Ok(SqlQuery::Select(Box::new(lowering.select(read, &layout, false)?)))
        })
    }

    fn ids(&self, model: &str) -> Selection {
        let id = self.model(model).find_field("id").expect("id").id();
        Selection { columns: Columns::Fields(vec![id]), ..Default::default() }
    }

    fn select(&self, model: &str, arguments: Arguments) -> Statement {
        self.statement(model, arguments, self.ids(model), None).unwrap()
    }

    /// What stands after WHERE for a filter.
    fn filter(&self, model: &str, filter: Filter) -> (String, Vec<Value>) {
        let statement = self.select(model, Arguments { filter: Some(filter), ..Default::default() });
        let (_, condition) = statement.sql.split_once(" WHERE ").expect("WHERE");
        (condition.to_owned(), statement.values)
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn none() -> Filter {
    Filter::And(vec![])
}

#[test]
fn one_record_by_its_key() {
    let db = Db::new();
    let filter = Some(db.eq("User.id", Value::Int(7)));
    let query = Arguments { filter, take: Some(1), ..Default::default() };
    let statement = db.statement("User", query, Selection::default(), None).unwrap();
    assert_eq!(
        &*statement.sql,
        r#"SELECT "t0"."id", "t0"."email", "t0"."full_name", "t0"."manager_id" FROM "users" AS "t0" WHERE "t0"."id" = ?"#
    );
    assert_eq!(statement.values, [Value::Int(7)]);
}

#[test]
fn one_text_for_each_shape() {
    let db = Db::new();
    let within_values = |values| {
        let filter = Some(db.scalar("User.id", Condition::In { values, negated: false }));
        db.select("User", Arguments { filter, ..Default::default() })
    };
    let within = |n: i32| within_values((0..n).map(Value::Int).collect());
    let (three, four) = (within(3), within(4));
    assert!(std::sync::Arc::ptr_eq(&three.sql, &four.sql));
    assert_eq!(three.values, [0, 1, 2, 2].map(Value::Int));
    assert_eq!(db.cache.len(), 1);
    within(5);
    assert_eq!(db.cache.len(), 2);
    assert!(within(4).persistent);
    assert!(!within_values((0..5000).map(|n| Value::Bytes(vec![n as u8])).collect()).persistent);
    assert_eq!(db.cache.len(), 2);
    let (long, longer) = (within(5000), within(50_000));
    assert!(long.persistent && std::sync::Arc::ptr_eq(&long.sql, &longer.sql));
    assert_eq!(db.cache.len(), 3);
}

/// Queries that differ in one thing but values have different keys.
#[test]
fn shapes_differ() {
    let db = Db::new();
    let filter = |filter| Arguments { filter: Some(filter), ..Default::default() };
    let by = |order| Arguments { order: vec![order], ..Default::default() };
    let one = || db.eq("User.id", Value::Int(1));
    let arguments = [
        Arguments::default(),
        filter(one()),
        filter(Filter::Not(Box::new(one()))),
        filter(Filter::And(vec![one(), one()])),
        filter(Filter::Or(vec![one(), one()])),
        filter(Filter::And(vec![one(), Filter::And(vec![one()])])),
        filter(Filter::And(vec![Filter::And(vec![one(), one()])])),
        filter(db.scalar("User.id", Condition::Compare(CompareOp::Ne, Operand::Value(Value::Int(1))))),
        filter(db.scalar("User.id", Condition::Compare(CompareOp::Eq, Operand::Field(db.field("User.managerId"))))),
        filter(db.scalar("User.id", Condition::IsNull)),
        filter(db.related("User.posts", Quantifier::Some, none())),
        filter(db.related("User.posts", Quantifier::None, none())),
        by(db.by("User.id")),
        by(Order { direction: Direction::Desc, ..db.by("User.id") }),
        by(Order { nulls: Some(Nulls::First), ..db.by("User.id") }),
        by(Order { nulls: Some(Nulls::Last), ..db.by("User.id") }),
        by(Order { path: vec![db.field("User.manager")], ..db.by("User.id") }),
        Arguments { take: Some(1), ..Default::default() },
        Arguments { take: Some(-1), ..Default::default() },
        Arguments { skip: Some(1), ..Default::default() },
        Arguments { skip: Some(1), take: Some(1), ..Default::default() },
        Arguments { distinct: vec![db.field("User.name")], ..Default::default() },
    ];
    let count = arguments.len();
    for arguments in arguments {
        db.select("User", arguments);
    }
    assert_eq!(db.cache.len(), count);
}

#[test]
fn too_many_values() {
    let db = Db::new();
    let query = |values| {
        let filter = Some(db.scalar("User.id", Condition::In { values, negated: false }));
        db.statement("User", Arguments { filter, ..Default::default() }, db.ids("User"), None)
    };
    let error = query((0..40_000).map(|n| Value::Bytes(vec![n as u8])).collect()).unwrap_err();
    assert_eq!(error.code(), Some("P2029"));
    // Types of which JSON loses nothing go into one parameter.
    assert_eq!(query((0..40_000).map(Value::Int).collect()).unwrap().values.len(), 1);
}
