//! Orders, paging, relations and counts.

use super::*;

#[test]
fn orders_and_limits() {
    let db = Db::new();
    let by = |order: Order| Arguments { order: vec![order], ..Default::default() };
    let last = Order { nulls: Some(Nulls::Last), direction: Direction::Desc, ..db.by("User.name") };
    let count =
        Order { target: OrderTarget::Related(RelationAggregate::count(db.field("User.posts"))), ..db.by("User.name") };
    let cases = [
        (by(last.clone()), r#"ORDER BY "t0"."full_name" DESC NULLS LAST"#),
        (
            by(count),
            concat!(
                r#"LEFT JOIN (SELECT "t1"."authorId" AS "k0", COUNT(*) AS "n" FROM "Post" AS "t1" GROUP BY "t1"."authorId") "#,
                r#"AS "t2" ON "t2"."k0" = "t0"."id" ORDER BY COALESCE("t2"."n", 0) ASC"#
            ),
        ),
        (
            Arguments { skip: Some(2), take: Some(-3), ..by(last) },
            r#"ORDER BY "t0"."full_name" ASC NULLS FIRST, "t0"."id" DESC LIMIT +? OFFSET +?"#,
        ),
        (Arguments { take: Some(1), ..by(db.by("User.email")) }, r#"ORDER BY "t0"."email" ASC LIMIT +?"#),
        (Arguments { skip: Some(2), ..Default::default() }, r#"ORDER BY "t0"."id" ASC LIMIT +? OFFSET +?"#),
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
        let cursor = Some(Box::new(Unique { key: vec![(db.field(path), Value::Int(3))], filter: None }));
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
        let parents = Parents { field, count: keys as usize, many: keys > 1, apart: false };
        let values = (1..=keys).map(Value::Int).collect();
        let statement = db.statement(model, arguments, db.ids(model), Some((parents, values))).unwrap();
        (statement.sql.to_string(), statement.values.len())
    };
    let post =
        |sql: &str| format!(r#"SELECT "t0"."id", "t0"."authorId" FROM "Post" AS "t0" WHERE "t0"."authorId" {sql}"#);
    let last_two = || Arguments { take: Some(-2), ..Default::default() };
    assert_eq!(read("Post", "User.posts", 1, Arguments::default()), (post("= ?"), 1));
    assert_eq!(read("Post", "User.posts", 3, Arguments::default()), (post("IN (?, ?, ?, ?)"), 4));
    let one = post(r#"= ? ORDER BY "t0"."id" DESC LIMIT +?"#);
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

/// Pages of several parents whose records an index finds.
#[test]
fn pages_apart() {
    let db = Db::new();
    let read = |model: &str, path: &str, arguments: Arguments| {
        let (parent, _) = path.split_once('.').expect("model.field");
        let field = db.model(parent).field(db.field(path));
        let keys: Vec<_> = (1..=3).map(Value::Int).collect();
        let apart = reads_apart(dialect(db.provider).unwrap(), field, &arguments, &keys).unwrap();
        let parents = Parents { field, count: 3, many: true, apart };
        let statement = db.statement(model, arguments, db.ids(model), Some((parents, keys))).unwrap();
        (apart, statement.sql.to_string(), statement.values)
    };
    let last = || Arguments { take: Some(-1), ..Default::default() };
    let found = read("Tag", "Post.tags", last());
    let sql = concat!(
        r#"SELECT "t2"."id", "parents"."value" FROM json_each(?) AS "parents" CROSS JOIN "Tag" AS "t2" WHERE "t2"."id" IN "#,
        r#"(SELECT "t1"."id" FROM "_PostToTag" AS "t0" INNER JOIN "Tag" AS "t1" ON "t1"."id" = "t0"."B" "#,
        r#"WHERE "t0"."A" = "parents"."value" ORDER BY "t1"."id" DESC LIMIT +?) ORDER BY "parents"."key" ASC, "t2"."id" DESC"#
    );
    assert_eq!(found, (true, sql.to_owned(), vec![Value::List((1..=3).map(Value::Int).collect()), Value::BigInt(1)]));
    assert!(!read("Post", "User.posts", last()).0, "no index of `authorId`");
    assert!(!read("Tag", "Post.tags", Arguments::default()).0, "no page");
    let apart = |key: &str| {
        let field = db.model("Post").field(db.field("Post.tags"));
        reads_apart(dialect(db.provider).unwrap(), field, &last(), &[text(key), text("b")]).unwrap()
    };
    assert!(apart("a") && !apart("a\0"), "JSON would cut it");
    let distinct = Arguments { distinct: vec![db.field("Tag.name")], ..last() };
    assert!(!read("Tag", "Post.tags", distinct).0);
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
            r#"AS "page" WHERE "page"."d" = (1) ORDER BY "page"."n" ASC LIMIT +?"#
        )
    );
}

#[test]
fn counts_stand_in_the_same_statement() {
    let db = Db::new();
    let count = |field, filter| vec![RelationAggregate { field, aggregate: Aggregate::Count, filter }];
    let aggregates = count(db.field("Post.tags"), Some(db.eq("Tag.name", text("x"))));
    let selection = Selection { aggregates, ..db.ids("Post") };
    let filter = Some(db.eq("Post.title", text("y")));
    let statement = db.statement("Post", Arguments { filter, ..Default::default() }, selection, None).unwrap();
    assert_eq!(
        &*statement.sql,
        concat!(
            r#"SELECT "t0"."id", (SELECT COUNT(*) FROM "_PostToTag" AS "t1" INNER JOIN "Tag" AS "t2" ON "t2"."id" = "t1"."B" "#,
            r#"WHERE "t2"."name" = ? AND "t1"."A" = "t0"."id") FROM "Post" AS "t0" WHERE "t0"."title" = ?"#
        )
    );
    assert_eq!(statement.values, [text("x"), text("y")]);

    // Nothing leads from a user to the posts: all are counted together, unless it is for one user alone.
    let of_users = |filter| {
        let filter_of_posts = Some(db.eq("Post.title", text("x")));
        let aggregates = count(db.field("User.posts"), filter_of_posts);
        let selection = Selection { aggregates, ..db.ids("User") };
        let statement = db.statement("User", Arguments { filter: Some(filter), ..Default::default() }, selection, None);
        statement.unwrap().sql.to_string()
    };
    assert_eq!(
        of_users(db.eq("User.name", text("y"))),
        concat!(
            r#"SELECT "t0"."id", COALESCE("t2"."n", 0) FROM "users" AS "t0" LEFT JOIN (SELECT "t1"."authorId" AS "k0", "#,
            r#"COUNT(*) AS "n" FROM "Post" AS "t1" WHERE "t1"."title" = ? GROUP BY "t1"."authorId") AS "t2" "#,
            r#"ON "t2"."k0" = "t0"."id" WHERE "t0"."full_name" = ?"#
        )
    );
    assert_eq!(
        of_users(db.eq("User.id", Value::Int(1))),
        concat!(
            r#"SELECT "t0"."id", (SELECT COUNT(*) FROM "Post" AS "t1" WHERE "t1"."title" = ? AND "t1"."authorId" = "t0"."id") "#,
            r#"FROM "users" AS "t0" WHERE "t0"."id" = ?"#
        )
    );
}
