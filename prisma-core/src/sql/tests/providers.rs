//! What the SQL of PostgreSQL and CockroachDB has of its own.

use super::*;
use crate::sql::write::{Insert, Lower, Update};

const LISTS: &str = r#"
datasource db {
  provider = "sqlite"
  url      = "postgresql://localhost"
}
model Post {
  id     Int      @id
  title  String
  body   String?
  views  Int
  tags   String[]
  others String[]
}
"#;

const BOTH: [Provider; 2] = [Provider::Postgresql, Provider::Cockroachdb];

fn insensitive(filter: Filter) -> Filter {
    match filter {
        Filter::Scalar { field, condition, .. } => Filter::Scalar { field, condition, mode: Mode::Insensitive },
        other => other,
    }
}

fn write(db: &Db, mut statement: impl Lower) -> Statement {
    let dialect = dialect(db.provider).expect("a dialect");
    let shape = statement.shape(dialect);
    db.cache.statement(&db.schema, dialect, shape, |lowering| statement.lower(lowering)).unwrap()
}

/// A list of whatever length is one parameter, so that there is one text for all.
#[test]
fn lists_are_arrays() {
    for provider in BOTH {
        let db = Db::of(provider, SCHEMA);
        let within = |n: i32, negated| {
            let values = (0..n).map(Value::Int).collect();
            db.filter("User", db.scalar("User.id", Condition::In { values, negated }))
        };
        let list = |n: i32| [Value::List((0..n).map(Value::Int).collect())];
        assert_eq!(within(3, false).0, r#""t0"."id" = ANY($1)"#);
        assert_eq!(within(3, false).1, list(3));
        assert_eq!(within(100_000, false).1, list(100_000));
        assert_eq!(db.cache.len(), 1);
        assert_eq!(within(2, true).0, r#""t0"."id" <> ALL($1)"#);
        assert_eq!(within(1, false), (r#""t0"."id" = $1"#.to_owned(), vec![Value::Int(0)]));
        assert_eq!(within(0, false).0, "1=0");
        let names = vec![text("a"), text("B"), text("c")];
        let folded = insensitive(db.scalar("User.name", Condition::In { values: names, negated: false }));
        let expected = r#"LOWER("t0"."full_name") IN (LOWER($1), LOWER($2), LOWER($3), LOWER($4))"#;
        assert_eq!(db.filter("User", folded).0, expected);
    }
}

#[test]
fn related_records_by_an_array_of_keys() {
    for provider in BOTH {
        let db = Db::of(provider, SCHEMA);
        let of = |count: usize| {
            let parents =
                Parents { field: db.model("User").field(db.field("User.posts")), count, many: count > 1, apart: false };
            let keys = (0..count).map(|n| Value::BigInt(n as i64)).collect();
            db.statement("Post", Arguments::default(), db.ids("Post"), Some((parents, keys))).unwrap()
        };
        assert!(of(7).sql.ends_with(r#"WHERE "t0"."authorId" = ANY($1)"#), "{}", of(7).sql);
        assert!(std::sync::Arc::ptr_eq(&of(7).sql, &of(2).sql));
        assert!(of(1).sql.ends_with(r#"WHERE "t0"."authorId" = $1"#), "{}", of(1).sql);
    }
}

/// PostgreSQL is told the number of a usual page; what is left are few texts.
#[test]
fn limits_in_the_text() {
    let db = Db::of(Provider::Postgresql, SCHEMA);
    let page = |take: i64, skip: Option<u64>| {
        let order = vec![db.by("User.name"), db.by("User.id")];
        let statement = db.select("User", Arguments { take: Some(take), skip, order, ..Default::default() });
        let end = statement.sql.rfind(" LIMIT").expect("a limit");
        (statement.sql[end..].to_owned(), statement.values.len())
    };
    assert_eq!(page(10, None), (" LIMIT 10".to_owned(), 0));
    assert_eq!(page(-3, None), (" LIMIT 3".to_owned(), 0));
    assert_eq!(page(11, None), (" LIMIT $1".to_owned(), 1));
    assert_eq!(page(10, Some(20)), (" LIMIT $1 OFFSET $2".to_owned(), 2));
    assert_eq!(page(100_000, None), (" LIMIT $1".to_owned(), 1));
    assert_eq!(page(0, None), (" LIMIT $1".to_owned(), 1));
    let texts: std::collections::HashSet<_> = (0..3000).map(|take| page(take, None).0).collect();
    assert_eq!(texts.len(), 1 + 10 + 18 + 18);
}

#[test]
fn pages_of_several_parents_by_lateral() {
    let db = Db::of(Provider::Postgresql, SCHEMA);
    let field = db.model("Post").field(db.field("Post.tags"));
    let keys = || (1..=3).map(Value::BigInt).collect::<Vec<_>>();
    let arguments = Arguments { take: Some(2), skip: Some(1), ..Default::default() };
    assert!(reads_apart(dialect(db.provider).unwrap(), field, &arguments, &keys()).unwrap());
    let parents = Parents { field, count: 3, many: true, apart: true };
    let statement = db.statement("Tag", arguments, db.ids("Tag"), Some((parents, keys()))).unwrap();
    let sql = concat!(
        r#"SELECT "page"."c0" AS "c0", "page"."c1" AS "c1" FROM UNNEST(CAST($1 AS integer[])) AS "parents" "#,
        r#"INNER JOIN LATERAL (SELECT "t1"."id" AS "c0", "t0"."A" AS "c1" FROM "_PostToTag" AS "t0" "#,
        r#"INNER JOIN "Tag" AS "t1" ON "t1"."id" = "t0"."B" WHERE "t0"."A" = "parents"."parents" "#,
        r#"ORDER BY "t1"."id" ASC LIMIT $2 OFFSET $3) AS "page" ON TRUE"#
    );
    assert_eq!(&*statement.sql, sql);
    assert_eq!(statement.values, [Value::List(keys()), Value::BigInt(2), Value::BigInt(1)]);
    // A server whose SQL has it, but that it was never tried on.
    let db = Db::of(Provider::Cockroachdb, SCHEMA);
    let field = db.model("Post").field(db.field("Post.tags"));
    assert!(
        !reads_apart(dialect(db.provider).unwrap(), field, &Arguments { take: Some(2), ..Default::default() }, &keys())
            .unwrap()
    );
}

#[test]
fn text_without_regard_to_case() {
    for provider in BOTH {
        let db = Db::of(provider, SCHEMA);
        let of = |condition| db.filter("User", insensitive(db.scalar("User.email", condition))).0;
        let contains = Condition::Match(MatchKind::Contains, Operand::Value(text("a%")));
        assert_eq!(of(contains), r#""t0"."email" ILIKE $1"#);
        let equals = Condition::Compare(CompareOp::Eq, Operand::Value(text("A")));
        assert_eq!(of(equals), r#"LOWER("t0"."email") = LOWER($1)"#);
        let contains = Condition::Match(MatchKind::Contains, Operand::Value(text("a%")));
        let (sql, values) = db.filter("User", db.scalar("User.email", contains));
        assert_eq!(sql, r#""t0"."email" LIKE $1 ESCAPE E'\\'"#);
        assert_eq!(values, [text(r"%a\%%")]);
    }
}

#[test]
fn conditions_on_lists() {
    for provider in BOTH {
        let db = Db::of(provider, LISTS);
        let of = |condition| db.filter("Post", db.scalar("Post.tags", Condition::List(condition)));
        let list = || Value::List(vec![text("a"), text("b")]);
        let others = || Operand::Field(db.field("Post.others"));
        assert_eq!(of(ListCondition::Has(Operand::Value(text("a")))).0, r#""t0"."tags" @> $1"#);
        assert_eq!(of(ListCondition::Has(Operand::Value(text("a")))).1, [Value::List(vec![text("a")])]);
        let title = Operand::Field(db.field("Post.title"));
        assert_eq!(of(ListCondition::Has(title)).0, r#""t0"."title" = ANY("t0"."tags")"#);
        assert_eq!(
            of(ListCondition::HasEvery(Operand::Value(list()))),
            (r#""t0"."tags" @> $1"#.to_owned(), vec![list()])
        );
        assert_eq!(of(ListCondition::HasSome(Operand::Value(list()))).0, r#""t0"."tags" && $1"#);
        assert_eq!(of(ListCondition::HasSome(others())).0, r#""t0"."tags" && "t0"."others""#);
        assert_eq!(of(ListCondition::IsEmpty(true)).0, r#"cardinality("t0"."tags") = (0)"#);
        assert_eq!(of(ListCondition::IsEmpty(false)).0, r#"cardinality("t0"."tags") > (0)"#);
        let equals = db.scalar("Post.tags", Condition::Compare(CompareOp::Eq, Operand::Value(list())));
        assert_eq!(db.filter("Post", equals), (r#""t0"."tags" = $1"#.to_owned(), vec![list()]));
    }
}

#[test]
fn lists_grow() {
    for provider in BOTH {
        let db = Db::of(provider, LISTS);
        let push = ScalarChange::Push(Value::List(vec![text("x")]));
        let changes = vec![(db.field("Post.tags"), push)];
        let filter = Some(db.eq("Post.id", Value::Int(1)));
        let statement =
            write(&db, Update { model: db.model("Post").id(), changes, filter, limit: None, returning: &[] });
        assert_eq!(
            &*statement.sql,
            r#"UPDATE "Post" SET "tags" = array_cat("Post"."tags", $1) WHERE "Post"."id" = $2"#
        );
    }
}

#[test]
fn whole_numbers_are_divided_to_whole_numbers() {
    for (provider, operator) in [(Provider::Postgresql, "/"), (Provider::Cockroachdb, "//")] {
        let db = Db::of(provider, LISTS);
        let changes = vec![(db.field("Post.views"), ScalarChange::Divide(Value::Int(2)))];
        let statement =
            write(&db, Update { model: db.model("Post").id(), changes, filter: None, limit: None, returning: &[] });
        assert_eq!(&*statement.sql, format!(r#"UPDATE "Post" SET "views" = "Post"."views" {operator} $1"#));
    }
}

#[test]
fn writes_answer_their_rows() {
    for provider in BOTH {
        let db = Db::of(provider, LISTS);
        let (id, title) = (db.field("Post.id"), db.field("Post.title"));
        let values = vec![Value::Int(1), text("a"), Value::Int(2), text("b")];
        let conflict = crate::sql::write::Conflict::Skip;
        let columns = [id, title];
        let insert = Insert {
            model: db.model("Post").id(),
            columns: &columns,
            count: 2,
            values,
            as_arrays: false,
            conflict,
            returning: &[id],
        };
        assert_eq!(
            &*write(&db, insert).sql,
            r#"INSERT INTO "Post" ("id", "title") VALUES ($1, $2), ($3, $4) ON CONFLICT  DO NOTHING RETURNING "id""#
        );
    }
}

/// Any number of rows in one statement, where the types of their columns are known.
#[cfg(feature = "postgres")]
#[test]
fn rows_as_arrays() {
    let schema = r#"
datasource db {
  provider = "sqlite"
  url      = "postgresql://localhost"
}
enum Kind {
  SMALL
  @@map("kind")
}
model Thing {
  id    Int      @id @default(autoincrement())
  kind  Kind
  price Decimal? @db.Decimal(10, 2)
  tags  String[]
}
"#;
    let db = Db::of(Provider::Postgresql, schema);
    let columns = [db.field("Thing.kind"), db.field("Thing.price")];
    let insert = |count: usize| Insert {
        model: db.model("Thing").id(),
        columns: &columns,
        count,
        values: (0..count).flat_map(|_| [Value::Enum("SMALL".to_owned()), Value::Null]).collect(),
        as_arrays: true,
        conflict: crate::sql::write::Conflict::Skip,
        returning: &[],
    };
    let two = write(&db, insert(2));
    assert_eq!(
        &*two.sql,
        r#"INSERT INTO "Thing" ("kind", "price") SELECT UNNEST(CAST($1 AS "kind"[])), UNNEST(CAST($2 AS numeric[])) ON CONFLICT  DO NOTHING"#
    );
    assert_eq!(two.values[1], Value::List(vec![Value::Null; 2]));
    assert!(std::sync::Arc::ptr_eq(&two.sql, &write(&db, insert(3)).sql));
    let dialect = crate::sql::dialect(Provider::Postgresql).unwrap();
    assert_eq!(dialect.array_type(db.model("Thing").find_field("tags").unwrap()), None);
}

/// Where NULLs go if nothing is said, a cursor has to know.
#[test]
fn nulls_in_an_order() {
    for (provider, nulls_first) in [(Provider::Postgresql, false), (Provider::Cockroachdb, true)] {
        let db = Db::of(provider, SCHEMA);
        let last = db.select(
            "User",
            Arguments { order: vec![Order { nulls: Some(Nulls::Last), ..db.by("User.name") }], ..Default::default() },
        );
        assert!(last.sql.ends_with(r#"ORDER BY "t0"."full_name" ASC NULLS LAST"#), "{}", last.sql);
        let cursor = Unique { key: vec![(db.field("User.id"), Value::Int(1))], filter: None };
        let arguments =
            Arguments { order: vec![db.by("User.name")], cursor: Some(Box::new(cursor)), ..Default::default() };
        let sql = db.select("User", arguments).sql;
        let cursor_is_null = r#""cursor"."k0" IS NULL AND "t0"."full_name" IS NOT NULL"#;
        assert_eq!(sql.contains(cursor_is_null), nulls_first, "{sql}");
    }
}

#[test]
fn full_text_search() {
    let db = Db::of(Provider::Postgresql, LISTS);
    let fields = vec![db.field("Post.title"), db.field("Post.body")];
    let search = Filter::Search { fields: fields.clone(), query: text("cat & dog") };
    let document = r#"to_tsvector(concat_ws(' ', "t0"."title", "t0"."body"))"#;
    assert_eq!(db.filter("Post", search), (format!("{document} @@ to_tsquery($1)"), vec![text("cat & dog")]));
    let target = OrderTarget::Relevance { fields, search: "cat".to_owned() };
    let order = vec![Order { path: vec![], target, direction: Direction::Desc, nulls: None }];
    let statement = db.select("Post", Arguments { order: order.clone(), ..Default::default() });
    assert!(
        statement.sql.ends_with(&format!("ORDER BY ts_rank({document}, to_tsquery($1)) DESC")),
        "{}",
        statement.sql
    );
    assert_eq!(statement.values, [text("cat")]);
    // With a cursor the order is computed twice.
    let cursor = Some(Box::new(Unique { key: vec![(db.field("Post.id"), Value::Int(7))], filter: None }));
    let statement = db.select("Post", Arguments { order, cursor, take: Some(2), ..Default::default() });
    let bound: Vec<_> = statement.values.iter().filter(|v| **v == text("cat")).collect();
    assert_eq!(bound.len(), statement.sql.matches("to_tsquery").count(), "{statement:?}");
    assert!(statement.values.contains(&Value::Int(7)), "{statement:?}");

    let db = Db::of(Provider::Mysql, &LISTS.replace("tags   String[]", "").replace("others String[]", ""));
    let fields = vec![db.field("Post.title"), db.field("Post.body")];
    let search = Filter::Search { fields, query: text("+cat -dog") };
    assert_eq!(db.filter("Post", search).0, "MATCH (`t0`.`title`, `t0`.`body`) AGAINST (? IN BOOLEAN MODE)");
    // CockroachDB has none.
    let db = Db::of(Provider::Cockroachdb, LISTS);
    let search = Filter::Search { fields: vec![db.field("Post.title")], query: text("cat") };
    let arguments = Arguments { filter: Some(search), ..Default::default() };
    let error = db.statement("Post", arguments, db.ids("Post"), None).unwrap_err();
    assert_eq!(error.code(), Some("P2026"));
}
