//! The SQL text of each construct, and the cache of it.

use prisma_schema::{ModelWalker, Schema, SourceFile};

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
    schema: Schema,
    cache: Cache,
}

impl Db {
    fn new() -> Self {
        let sources = vec![SourceFile::new("schema.prisma", SCHEMA)];
        Self { schema: prisma_schema::parse(sources).expect("a valid schema").schema, cache: Cache::default() }
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
        let dialect = dialect(prisma_schema::Provider::Sqlite).expect("a dialect");
        let model = self.model(model);
        let of = parents
            .as_ref()
            .map(|(p, _)| Parents { field: self.model(p.field.model().name()).field(p.field.id()), ..*p });
        let layout = Layout::new(model, &selection, of.map(|p| p.field))?;
        let shape = read_shape(dialect, StatementKind::Read, model, &mut arguments, &mut selection, parents);
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
fn scalar_filters() {
    let db = Db::new();
    let name = |condition| db.scalar("User.name", condition);
    let within =
        |values: &[&str], negated| name(Condition::In { values: values.iter().map(|v| text(v)).collect(), negated });
    let like = |kind, operand| Condition::Match(kind, operand);
    let insensitive = Filter::Scalar {
        field: db.field("User.name"),
        condition: like(MatchKind::EndsWith, Operand::Value(text("x"))),
        mode: Mode::Insensitive,
    };
    let nested = Filter::Not(Box::new(Filter::Or(vec![
        name(Condition::IsNull),
        Filter::And(vec![db.eq("User.id", Value::Int(1)), name(Condition::IsNotNull)]),
    ])));
    let email = || Operand::Field(db.field("User.email"));
    let cases = [
        (within(&["a", "b", "c"], false), r#""t0"."full_name" IN (?, ?, ?, ?)"#, vec!["a", "b", "c", "c"]),
        (within(&["a"], true), r#""t0"."full_name" <> ?"#, vec!["a"]),
        (within(&[], true), "1=1", vec![]),
        (Filter::Or(vec![]), "1=0", vec![]),
        (
            name(like(MatchKind::Contains, Operand::Value(text("50%_\\")))),
            r#""t0"."full_name" LIKE ? ESCAPE '\'"#,
            vec![r"%50\%\_\\%"],
        ),
        (
            name(like(MatchKind::StartsWith, email())),
            r#""t0"."full_name" LIKE (REPLACE(REPLACE(REPLACE("t0"."email", '\', '\\'), '%', '\%'), '_', '\_') || '%') ESCAPE '\'"#,
            vec![],
        ),
        (insensitive, r#"LOWER("t0"."full_name") LIKE LOWER(?) ESCAPE '\'"#, vec!["%x"]),
        (name(Condition::Compare(CompareOp::Lte, email())), r#""t0"."full_name" <= "t0"."email""#, vec![]),
    ];
    for (filter, sql, values) in cases {
        let values: Vec<_> = values.into_iter().map(text).collect();
        assert_eq!(db.filter("User", filter), (sql.to_owned(), values));
    }
    let sql = r#"NOT ("t0"."full_name" IS NULL OR ("t0"."id" = ? AND "t0"."full_name" IS NOT NULL))"#;
    assert_eq!(db.filter("User", nested), (sql.to_owned(), vec![Value::Int(1)]));
}

#[test]
fn relation_filters() {
    let db = Db::new();
    let post = |quantifier| db.related("User.posts", quantifier, db.eq("Post.title", text("x")));
    let manager = |quantifier, filter| db.related("User.manager", quantifier, filter);
    let one = || Value::Int(1);
    let users = [
        (post(Quantifier::Some), r#""t0"."id" IN (SELECT "t1"."authorId" FROM "Post" AS "t1" WHERE "t1"."title" = ?)"#),
        (
            post(Quantifier::None),
            r#"NOT "t0"."id" IN (SELECT "t1"."authorId" FROM "Post" AS "t1" WHERE "t1"."title" = ?)"#,
        ),
        (
            post(Quantifier::Every),
            r#"NOT "t0"."id" IN (SELECT "t1"."authorId" FROM "Post" AS "t1" WHERE NOT "t1"."title" = ?)"#,
        ),
        (
            db.related("User.posts", Quantifier::Some, none()),
            r#""t0"."id" IN (SELECT "t1"."authorId" FROM "Post" AS "t1")"#,
        ),
        (
            db.related("User.reports", Quantifier::None, none()),
            r#"NOT "t0"."id" IN (SELECT "t1"."manager_id" FROM "users" AS "t1" WHERE "t1"."manager_id" IS NOT NULL)"#,
        ),
        (
            manager(Quantifier::IsNot, db.eq("User.email", text("x"))),
            r#"NOT ("t0"."manager_id" IS NOT NULL AND "t0"."manager_id" IN (SELECT "t1"."id" FROM "users" AS "t1" WHERE "t1"."email" = ?))"#,
        ),
        (manager(Quantifier::IsNull, none()), r#""t0"."manager_id" IS NULL"#),
        // The key is at hand: the other table is not asked.
        (
            manager(Quantifier::Is, db.eq("User.id", one())),
            r#""t0"."manager_id" IS NOT NULL AND "t0"."manager_id" = ?"#,
        ),
    ];
    for (filter, sql) in users {
        assert_eq!(db.filter("User", filter).0, sql);
    }
    let posts = [
        (db.related("Post.author", Quantifier::Is, db.eq("User.id", one())), r#""t0"."authorId" = ?"#),
        (
            db.related("Post.tags", Quantifier::Some, db.eq("Tag.id", one())),
            r#""t0"."id" IN (SELECT "t1"."A" FROM "_PostToTag" AS "t1" WHERE "t1"."B" = ?)"#,
        ),
        (
            db.related("Post.tags", Quantifier::Some, db.eq("Tag.name", text("x"))),
            r#""t0"."id" IN (SELECT "t1"."A" FROM "_PostToTag" AS "t1" INNER JOIN "Tag" AS "t2" ON "t2"."id" = "t1"."B" WHERE "t2"."name" = ?)"#,
        ),
    ];
    for (filter, sql) in posts {
        assert_eq!(db.filter("Post", filter).0, sql);
    }
}

#[test]
fn orders_and_limits() {
    let db = Db::new();
    let by = |order: Order| Arguments { order: vec![order], ..Default::default() };
    let last = Order { nulls: Some(Nulls::Last), direction: Direction::Desc, ..db.by("User.name") };
    let count = Order { target: OrderTarget::Count(db.field("User.posts")), ..db.by("User.name") };
    let cases = [
        (by(last.clone()), r#"ORDER BY "t0"."full_name" DESC NULLS LAST"#),
        (by(count), r#"ORDER BY (SELECT COUNT(*) FROM "Post" AS "t1" WHERE "t1"."authorId" = "t0"."id") ASC"#),
        (
            Arguments { skip: Some(2), take: Some(-3), ..by(last) },
            r#"ORDER BY "t0"."full_name" ASC NULLS FIRST, "t0"."id" DESC LIMIT ? OFFSET ?"#,
        ),
        (Arguments { take: Some(1), ..by(db.by("User.email")) }, r#"ORDER BY "t0"."email" ASC LIMIT ?"#),
        (Arguments { skip: Some(2), ..Default::default() }, r#"ORDER BY "t0"."id" ASC LIMIT ? OFFSET ?"#),
    ];
    for (arguments, sql) in cases {
        assert_eq!(db.select("User", arguments).sql.split_once(" AS \"t0\" ").expect("an alias").1, sql);
    }
    let path = vec![db.field("Post.author"), db.field("User.manager")];
    let sql = db.select("Post", by(Order { path, ..db.by("User.name") })).sql;
    assert_eq!(
        &*sql,
        concat!(
            r#"SELECT "t0"."id" FROM "Post" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."authorId" "#,
            r#"LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."manager_id" ORDER BY "t2"."full_name" ASC"#
        )
    );
    let skip = db.select("User", Arguments { skip: Some(2), ..Default::default() });
    assert_eq!(skip.values, [Value::BigInt(i64::MAX), Value::BigInt(2)]);
}

#[test]
fn cursors() {
    let db = Db::new();
    let from = |path: &str, order: &str, direction| {
        let cursor = Some(Unique { key: vec![(db.field(path), Value::Int(3))], filter: None });
        let order = vec![Order { direction, ..db.by(order) }];
        let sql =
            db.select(path.split('.').next().expect("a model"), Arguments { cursor, order, ..Default::default() }).sql;
        sql.split_once(" INNER JOIN ").expect("a join").1.to_owned()
    };
    assert_eq!(
        from("Post.id", "Post.id", Direction::Desc),
        concat!(
            r#"(SELECT "t1"."id" AS "k0" FROM "Post" AS "t1" WHERE "t1"."id" = ?) AS "cursor" "#,
            r#"ON "t0"."id" <= "cursor"."k0" ORDER BY "t0"."id" DESC"#
        )
    );
    assert_eq!(
        from("Post.id", "Post.views", Direction::Asc),
        concat!(
            r#"(SELECT "t1"."views" AS "k0", "t1"."id" AS "k1" FROM "Post" AS "t1" WHERE "t1"."id" = ?) AS "cursor" "#,
            r#"ON "t0"."views" > "cursor"."k0" OR ("t0"."views" = "cursor"."k0" AND "t0"."id" >= "cursor"."k1") "#,
            r#"ORDER BY "t0"."views" ASC, "t0"."id" ASC"#
        )
    );
    let nullable = from("User.id", "User.name", Direction::Asc);
    let first =
        r#"ON "t0"."full_name" > "cursor"."k0" OR ("cursor"."k0" IS NULL AND "t0"."full_name" IS NOT NULL) OR "#;
    assert!(nullable.contains(first), "{nullable}");
}

#[test]
fn relations_of_many() {
    let db = Db::new();
    let read = |model: &str, path: &str, keys: i32, arguments| {
        let (parent, _) = path.split_once('.').expect("model.field");
        let field = db.model(parent).field(db.field(path));
        let parents = Parents { field, count: keys as usize, many: keys > 1 };
        let values = (1..=keys).map(Value::Int).collect();
        let statement = db.statement(model, arguments, db.ids(model), Some((parents, values))).unwrap();
        (statement.sql.to_string(), statement.values.len())
    };
    let post =
        |sql: &str| format!(r#"SELECT "t0"."id", "t0"."authorId" FROM "Post" AS "t0" WHERE "t0"."authorId" {sql}"#);
    let last_two = || Arguments { take: Some(-2), ..Default::default() };
    assert_eq!(read("Post", "User.posts", 1, Arguments::default()), (post("= ?"), 1));
    assert_eq!(read("Post", "User.posts", 3, Arguments::default()), (post("IN (?, ?, ?, ?)"), 4));
    let one = post(r#"= ? ORDER BY "t0"."id" DESC LIMIT ?"#);
    assert_eq!(read("Post", "User.posts", 1, last_two()), (one, 2));
    let windowed = concat!(
        r#"SELECT "page"."c0" AS "c0", "page"."c1" AS "c1" FROM (SELECT "t0"."id" AS "c0", "t0"."authorId" AS "c1", "#,
        r#"ROW_NUMBER() OVER ( PARTITION BY "t0"."authorId" ORDER BY "t0"."id" DESC ) AS "n" FROM "Post" AS "t0" "#,
        r#"WHERE "t0"."authorId" IN (?, ?, ?, ?)) AS "page" WHERE "page"."n" <= ? ORDER BY "page"."n" DESC"#
    );
    assert_eq!(read("Post", "User.posts", 3, last_two()), (windowed.to_owned(), 5));
    let joined = concat!(
        r#"SELECT "t1"."id", "t0"."A" FROM "_PostToTag" AS "t0" INNER JOIN "Tag" AS "t1" ON "t1"."id" = "t0"."B" "#,
        r#"WHERE "t0"."A" IN (?, ?)"#
    );
    assert_eq!(read("Tag", "Post.tags", 2, Arguments::default()), (joined.to_owned(), 2));
}

#[test]
fn distinct_records() {
    let db = Db::new();
    let sql = db
        .select("Post", Arguments { distinct: vec![db.field("Post.views")], take: Some(2), ..Default::default() })
        .sql;
    assert_eq!(
        &*sql,
        concat!(
            r#"SELECT "page"."c0" AS "c0" FROM (SELECT "t0"."id" AS "c0", ROW_NUMBER() OVER ( PARTITION BY "t0"."views" "#,
            r#"ORDER BY "t0"."id" ASC ) AS "d", ROW_NUMBER() OVER (  ORDER BY "t0"."id" ASC ) AS "n" FROM "Post" AS "t0") "#,
            r#"AS "page" WHERE "page"."d" = (1) ORDER BY "page"."n" ASC LIMIT ?"#
        )
    );
}

#[test]
fn counts_stand_in_the_same_statement() {
    let db = Db::new();
    let counts = vec![CountSelection { field: db.field("Post.tags"), filter: Some(db.eq("Tag.name", text("x"))) }];
    let selection = Selection { counts, ..db.ids("Post") };
    let filter = Some(db.eq("Post.title", text("y")));
    let statement = db.statement("Post", Arguments { filter, ..Default::default() }, selection, None).unwrap();
    assert_eq!(
        &*statement.sql,
        concat!(
            r#"SELECT "t0"."id", (SELECT COUNT(*) FROM "_PostToTag" AS "t1" INNER JOIN "Tag" AS "t2" ON "t2"."id" = "t1"."B" "#,
            r#"WHERE "t1"."A" = "t0"."id" AND "t2"."name" = ?) FROM "Post" AS "t0" WHERE "t0"."title" = ?"#
        )
    );
    assert_eq!(statement.values, [text("x"), text("y")]);
}

#[test]
fn one_text_for_each_shape() {
    let db = Db::new();
    let within = |n: i32| {
        let values = (0..n).map(Value::Int).collect();
        let filter = Some(db.scalar("User.id", Condition::In { values, negated: false }));
        db.select("User", Arguments { filter, ..Default::default() })
    };
    let (three, four) = (within(3), within(4));
    assert!(std::sync::Arc::ptr_eq(&three.sql, &four.sql));
    assert_eq!(three.values, [0, 1, 2, 2].map(Value::Int));
    assert_eq!(db.cache.len(), 1);
    within(5);
    assert_eq!(db.cache.len(), 2);
    assert!(within(4).persistent);
    assert!(!within(5000).persistent);
    assert_eq!(db.cache.len(), 2);
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
    let values = (0..40_000).map(Value::Int).collect();
    let filter = Some(db.scalar("User.id", Condition::In { values, negated: false }));
    let query = Arguments { filter, ..Default::default() };
    let error = db.statement("User", query, db.ids("User"), None).unwrap_err();
    assert_eq!(error.code(), Some("P2029"));
}
