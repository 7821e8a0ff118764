//! Filters.

use super::*;

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
