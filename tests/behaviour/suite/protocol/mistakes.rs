//! Requests that make no sense: each has its code, and the path to its place.

use super::*;

/// Requests that fail before anything runs: action, model, arguments, selection, and the code and the path that are answered.
async fn all_refused(db: &PrismaClient, cases: Vec<(&str, &str, Value, Value, &str, &str)>) {
    let mut others = Vec::new();
    for (action, model, arguments, selection, code, path) in cases {
        let path = if path.is_empty() { action.to_owned() } else { format!("{action}.{path}") };
        let found = refused(db, action, model, arguments.clone(), selection.clone()).await;
        if found != (code.to_owned(), path) {
            others.push(format!("{action} {model} {arguments} {selection}: {found:?}"));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
    assert_eq!(db.user().count().await.unwrap() + db.post().count().await.unwrap(), 0, "nothing was done");
}

#[tokio::test]
async fn unknown_names() {
    let db = fresh!();
    let id = || json!({"id": true});
    let new = |data: Value| json!({"data": data});
    let by_id = |mut more: Value| {
        more["where"] = json!({"id": 1});
        more
    };
    all_refused(
        &db,
        vec![
            ("findMany", "User", json!({"wher": {}}), id(), "P2009", "wher"),
            ("findUnique", "User", by_id(json!({"orderBy": {"id": "asc"}})), id(), "P2009", "orderBy"),
            (
                "createOne",
                "User",
                json!({"data": {"email": "a"}, "skipDuplicates": true}),
                id(),
                "P2009",
                "skipDuplicates",
            ),
            ("updateOne", "User", by_id(json!({"data": {}, "limit": 1})), id(), "P2009", "limit"),
            (
                "upsertOne",
                "User",
                by_id(json!({"create": {"email": "a"}, "update": {}, "data": {}})),
                id(),
                "P2009",
                "data",
            ),
            ("deleteOne", "User", by_id(json!({"take": 1})), id(), "P2009", "take"),
            ("deleteMany", "User", json!({"wehre": {"id": 1}}), json!({}), "P2009", "wehre"),
            ("updateMany", "User", json!({"data": {}, "take": 1}), json!({}), "P2009", "take"),
            ("createMany", "User", json!({"data": [], "returning": true}), json!({}), "P2009", "returning"),
            ("groupBy", "User", json!({"by": ["id"], "cursor": {"id": 1}}), id(), "P2009", "cursor"),
            ("findMany", "User", json!({"where": {"mail": "a"}}), id(), "P2009", "where.mail"),
            ("findMany", "User", json!({"where": {"email": {"begins": "a"}}}), id(), "P2009", "where.email.begins"),
            ("findMany", "User", json!({"where": {"AND": [{"OR": [{"x": 1}]}]}}), id(), "P2009", "where.AND.OR.x"),
            ("findMany", "User", json!({"where": {"posts": {"any": {}}}}), id(), "P2009", "where.posts"),
            ("findMany", "User", json!({"where": {"posts": {"some": {"x": 1}}}}), id(), "P2009", "where.posts.some.x"),
            ("findMany", "Post", json!({"where": {"author": {"is": {"x": 1}}}}), id(), "P2009", "where.author.is.x"),
            ("findMany", "User", json!({"orderBy": {"x": "asc"}}), id(), "P2009", "orderBy.x"),
            ("findMany", "User", json!({"orderBy": {"team": {"x": "asc"}}}), id(), "P2009", "orderBy.team.x"),
            ("findMany", "User", json!({"distinct": ["posts"]}), id(), "P2009", "distinct"),
            ("findMany", "User", json!({"cursor": {"name": "a"}}), id(), "P2009", "cursor"),
            ("createOne", "User", new(json!({"email": "a", "x": 1})), id(), "P2009", "data.x"),
            ("updateOne", "User", by_id(new(json!({"x": 1}))), id(), "P2009", "data.x"),
            ("updateOne", "User", by_id(new(json!({"age": {"add": 1}}))), id(), "P2009", "data.age"),
            ("createOne", "User", new(json!({"email": "a", "posts": {"set": []}})), id(), "P2009", "data.posts.set"),
            (
                "createOne",
                "User",
                new(json!({"email": "a", "posts": {"create": {"title": "t", "x": 1}}})),
                id(),
                "P2009",
                "data.posts.create.x",
            ),
            ("updateOne", "User", by_id(new(json!({"posts": {"remove": []}}))), id(), "P2009", "data.posts.remove"),
            (
                "updateOne",
                "User",
                by_id(new(json!({"posts": {"update": {"where": {"id": 1}, "data": {}, "x": 1}}}))),
                id(),
                "P2009",
                "data.posts.update.x",
            ),
            (
                "updateOne",
                "User",
                by_id(new(
                    json!({"posts": {"upsert": {"where": {"id": 1}, "create": {"title": "t"}, "update": {}, "x": 1}}}),
                )),
                id(),
                "P2009",
                "data.posts.upsert.x",
            ),
            (
                "updateOne",
                "User",
                by_id(new(
                    json!({"posts": {"connectOrCreate": {"where": {"id": 1}, "create": {"title": "t"}, "x": 1}}}),
                )),
                id(),
                "P2009",
                "data.posts.connectOrCreate.x",
            ),
            (
                "updateOne",
                "User",
                by_id(new(json!({"posts": {"updateMany": {"where": {}, "data": {}, "x": 1}}}))),
                id(),
                "P2009",
                "data.posts.updateMany.x",
            ),
            (
                "updateOne",
                "User",
                by_id(new(json!({"posts": {"createMany": {"data": [], "x": 1}}}))),
                id(),
                "P2009",
                "data.posts.createMany.x",
            ),
            (
                "findUnique",
                "Seat",
                json!({"where": {"row_number": {"row": 1, "number": 1, "x": 1}}}),
                json!({"row": true}),
                "P2009",
                "where.row_number.x",
            ),
            ("findMany", "User", json!({}), json!({"x": true}), "P2009", "selection.x"),
            (
                "findMany",
                "User",
                json!({}),
                json!({"posts": {"arguments": {"x": 1}}}),
                "P2009",
                "selection.posts.arguments.x",
            ),
            (
                "findMany",
                "User",
                json!({}),
                json!({"posts": {"selections": {"id": true}}}),
                "P2009",
                "selection.posts.selections",
            ),
            (
                "findMany",
                "User",
                json!({}),
                json!({"posts": {"selection": {"x": true}}}),
                "P2009",
                "selection.posts.selection.x",
            ),
            (
                "findMany",
                "User",
                json!({}),
                json!({"_count": {"selection": {"x": true}}}),
                "P2009",
                "selection._count.x",
            ),
            (
                "findMany",
                "User",
                json!({}),
                json!({"_count": {"selection": {"posts": {"arguments": {"take": 1}}}}}),
                "P2009",
                "selection._count.posts.arguments.take",
            ),
            (
                "aggregate",
                "User",
                json!({}),
                json!({"_median": {"selection": {"age": true}}}),
                "P2009",
                "selection._median.age",
            ),
            ("aggregate", "User", json!({}), json!({"_sum": {"selection": {"x": true}}}), "P2009", "selection._sum.x"),
            ("findAll", "User", json!({}), id(), "P2009", ""),
        ],
    )
    .await;
    // Of no action, and of no model.
    let answer = json::answer(db.handle(), &json!({"action": "findMany", "modelName": "Nobody", "query": {}})).await;
    assert_eq!(answer["errors"][0]["user_facing_error"]["error_code"], "P2009");
    let answer = json::answer(db.handle(), &json!({"modelName": "User", "query": {}})).await;
    assert_eq!(answer["errors"][0]["user_facing_error"]["error_code"], "P2012");
}

#[tokio::test]
async fn what_is_missing() {
    let db = fresh!();
    let id = || json!({"id": true});
    let by_id = |mut more: Value| {
        more["where"] = json!({"id": 1});
        more
    };
    let nested = |what: Value| by_id(json!({"data": {"posts": what}}));
    all_refused(
        &db,
        vec![
            ("findUnique", "User", json!({}), id(), "P2012", "where"),
            ("deleteOne", "User", json!({}), id(), "P2012", "where"),
            ("updateOne", "User", json!({"where": {"id": 1}}), id(), "P2012", "data"),
            ("upsertOne", "User", by_id(json!({"create": {"email": "a"}})), id(), "P2012", "update"),
            ("upsertOne", "User", by_id(json!({"update": {}})), id(), "P2012", "create"),
            ("createMany", "User", json!({}), json!({}), "P2012", "data"),
            ("createOne", "User", json!({"data": {}}), id(), "P2012", "data.email"),
            ("createOne", "User", json!({}), id(), "P2012", "data.email"),
            ("createMany", "User", json!({"data": [{"email": "a"}, {"name": "b"}]}), json!({}), "P2012", "data.email"),
            ("createOne", "Profile", json!({"data": {"bio": "b"}}), id(), "P2012", "data.userId"),
            (
                "createOne",
                "User",
                json!({"data": {"email": "a", "profile": {"create": {}}}}),
                id(),
                "P2012",
                "data.profile.create.bio",
            ),
            ("updateOne", "User", nested(json!({"update": {"data": {}}})), id(), "P2012", "data.posts.update.where"),
            (
                "updateOne",
                "User",
                nested(json!({"update": {"where": {"id": 1}}})),
                id(),
                "P2012",
                "data.posts.update.data",
            ),
            (
                "updateOne",
                "User",
                nested(json!({"updateMany": {"data": {}}})),
                id(),
                "P2012",
                "data.posts.updateMany.where",
            ),
            (
                "updateOne",
                "User",
                nested(json!({"upsert": {"where": {"id": 1}, "update": {}}})),
                id(),
                "P2012",
                "data.posts.upsert.create",
            ),
            (
                "updateOne",
                "User",
                nested(json!({"connectOrCreate": {"create": {"title": "t"}}})),
                id(),
                "P2012",
                "data.posts.connectOrCreate.where",
            ),
            ("updateOne", "User", nested(json!({"createMany": {}})), id(), "P2012", "data.posts.createMany.data"),
            (
                "findUnique",
                "Seat",
                json!({"where": {"row_number": {"row": 1}}}),
                json!({"row": true}),
                "P2012",
                "where.row_number.number",
            ),
            ("groupBy", "User", json!({}), id(), "P2012", "by"),
            ("groupBy", "User", json!({"by": ["age"], "take": 1}), json!({"age": true}), "P2012", "orderBy"),
            // Not enough to name one record.
            ("findUnique", "User", json!({"where": {}}), id(), "P2009", "where"),
            ("findUnique", "User", json!({"where": {"name": "a"}}), id(), "P2009", "where"),
            ("findUnique", "User", json!({"where": {"id": null}}), id(), "P2009", "where"),
            ("findUnique", "User", json!({"where": {"id": {"gt": 1}}}), id(), "P2009", "where"),
            ("updateOne", "User", nested(json!({"connect": {"title": "t"}})), id(), "P2009", "data.posts.connect"),
            // Nothing is selected.
            ("findMany", "User", json!({}), json!({}), "P2009", "selection"),
            ("findMany", "User", json!({}), json!({"id": false}), "P2009", "selection"),
            (
                "findMany",
                "User",
                json!({}),
                json!({"id": true, "posts": {"selection": {}}}),
                "P2009",
                "selection.posts.selection",
            ),
            ("aggregate", "User", json!({}), json!({}), "P2009", "selection"),
            ("aggregate", "User", json!({}), json!({"_count": {"selection": {"_all": false}}}), "P2009", "selection"),
            ("groupBy", "User", json!({"by": ["age"]}), json!({}), "P2009", "selection"),
        ],
    )
    .await;
}

#[tokio::test]
async fn wrong_types() {
    let db = fresh!();
    let id = || json!({"id": true});
    let filter = |field: &str, is: Value| json!({"where": {field: is}});
    let text = "1".to_owned();
    let mut cases = vec![
        ("findMany", "User", json!({"where": 1}), id(), "P2009", "where"),
        ("findMany", "User", json!({"where": {"AND": 1}}), id(), "P2009", "where.AND"),
        ("findMany", "User", json!({"where": {"posts": []}}), id(), "P2009", "where.posts"),
        ("findMany", "User", json!({"take": "many"}), id(), "P2009", "take"),
        ("findMany", "User", json!({"take": 1.5}), id(), "P2009", "take"),
        ("findMany", "User", json!({"skip": -1}), id(), "P2009", "skip"),
        ("findMany", "User", json!({"orderBy": {"id": "up"}}), id(), "P2009", "orderBy.id"),
        ("findMany", "User", json!({"orderBy": {"id": "asc", "name": "asc"}}), id(), "P2009", "orderBy"),
        ("findMany", "User", json!({"orderBy": {"id": {"sort": "asc", "nulls": "last"}}}), id(), "P2009", "orderBy.id"),
        (
            "findMany",
            "User",
            json!({"orderBy": {"name": {"sort": "asc", "nulls": "middle"}}}),
            id(),
            "P2009",
            "orderBy.name",
        ),
        ("findMany", "User", json!({"orderBy": {"name": {"nulls": "last"}}}), id(), "P2009", "orderBy.name"),
        ("findMany", "User", json!({"orderBy": {"posts": {"title": "asc"}}}), id(), "P2009", "orderBy.posts"),
        ("findMany", "User", json!({"distinct": 1}), id(), "P2009", "distinct"),
        ("findMany", "User", json!({"relationLoadStrategy": "all"}), id(), "P2009", "relationLoadStrategy"),
        ("deleteMany", "User", json!({"limit": -1}), json!({}), "P2009", "limit"),
        ("createOne", "User", json!({"data": []}), id(), "P2009", "data"),
        ("createOne", "User", json!({"data": {"email": null}}), id(), "P2009", "data.email"),
        ("createOne", "User", json!({"data": {"email": 1}}), id(), "P2009", "data.email"),
        ("createOne", "User", json!({"data": {"email": "a", "role": "KING"}}), id(), "P2009", "data.role"),
        ("createOne", "User", json!({"data": {"email": "a", "posts": [{"title": "t"}]}}), id(), "P2009", "data.posts"),
        (
            "createOne",
            "User",
            json!({"data": {"email": "a", "team": {"connect": [{"id": 1}, {"id": 2}]}}}),
            id(),
            "P2009",
            "data.team.connect",
        ),
        (
            "createOne",
            "User",
            json!({"data": {"email": "a", "team": {"create": []}}}),
            id(),
            "P2009",
            "data.team.create",
        ),
        ("createMany", "User", json!({"data": [{"email": "a"}, 1]}), json!({}), "P2009", "data"),
        ("createMany", "User", json!({"data": {"email": "a", "posts": {"create": []}}}), json!({}), "P2009", "data"),
        ("updateMany", "User", json!({"data": {"posts": {"deleteMany": {}}}}), json!({}), "P2009", "data"),
        (
            "createOne",
            "Post",
            json!({"data": {"title": "t", "authorId": 1, "reviewer": {"connect": {"id": 1}}}}),
            id(),
            "P2009",
            "data",
        ),
        ("updateOne", "User", json!({"where": {"id": "one"}, "data": {}}), id(), "P2009", "where.id"),
        (
            "updateOne",
            "User",
            json!({"where": {"id": 1}, "data": {"email": {"increment": 1}}}),
            id(),
            "P2009",
            "data.email",
        ),
        (
            "updateOne",
            "User",
            json!({"where": {"id": 1}, "data": {"age": {"increment": 1, "set": 2}}}),
            id(),
            "P2009",
            "data.age",
        ),
        (
            "updateOne",
            "User",
            json!({"where": {"id": 1}, "data": {"age": {"increment": "a"}}}),
            id(),
            "P2009",
            "data.age",
        ),
        (
            "updateOne",
            "User",
            json!({"where": {"id": 1}, "data": {"email": {"set": null}}}),
            id(),
            "P2009",
            "data.email",
        ),
        (
            "updateOne",
            "Profile",
            json!({"where": {"id": 1}, "data": {"user": {"disconnect": true}}}),
            id(),
            "P2009",
            "data.user.disconnect",
        ),
        (
            "updateOne",
            "Profile",
            json!({"where": {"id": 1}, "data": {"user": {"delete": true}}}),
            id(),
            "P2009",
            "data.user.delete",
        ),
        ("findMany", "User", json!({}), json!({"id": {"selection": {}}}), "P2009", "selection.id"),
        ("findMany", "User", json!({}), json!({"id": 1}), "P2009", "selection.id"),
        ("findMany", "User", json!({}), json!({"posts": 1}), "P2009", "selection.posts"),
        (
            "findMany",
            "Post",
            json!({}),
            json!({"author": {"arguments": {"take": 1}}}),
            "P2009",
            "selection.author.arguments.take",
        ),
        (
            "findMany",
            "Profile",
            json!({}),
            json!({"user": {"arguments": {"where": {"id": 1}}}}),
            "P2009",
            "selection.user.arguments.where",
        ),
        (
            "aggregate",
            "User",
            json!({}),
            json!({"_sum": {"selection": {"email": true}}}),
            "P2009",
            "selection._sum.email",
        ),
        ("aggregate", "User", json!({}), json!({"_sum": true}), "P2009", "selection._sum"),
        // What does not go together.
        ("groupBy", "User", json!({"by": ["age"]}), id(), "P2019", "selection"),
        (
            "groupBy",
            "User",
            json!({"by": ["age"], "orderBy": {"age": "asc", "id": "asc"}}),
            json!({"age": true}),
            "P2019",
            "orderBy",
        ),
        ("groupBy", "User", json!({"by": ["age"], "having": {"name": "a"}}), json!({"age": true}), "P2019", "having"),
        ("groupBy", "User", json!({"by": ["age"], "orderBy": {"id": "asc"}}), json!({"age": true}), "P2019", "orderBy"),
        ("groupBy", "User", json!({"by": []}), json!({"_count": true}), "P2019", "by"),
    ];
    let reference =
        |of: &str, field: &str| json!({"equals": {"$type": "FieldRef", "value": {"_ref": field, "_container": of}}});
    cases.extend([
        ("findMany", "User", filter("age", reference("User", "email")), id(), "P2019", "where.age.equals"),
        ("findMany", "User", filter("age", reference("Post", "views")), id(), "P2019", "where.age.equals"),
        ("findMany", "User", filter("age", reference("User", "posts")), id(), "P2019", "where.age.equals"),
        ("findMany", "User", filter("age", reference("User", "x")), id(), "P2019", "where.age.equals"),
        ("findMany", "User", filter("id", json!(null)), id(), "P2009", "where.id"),
        ("findMany", "User", filter("id", json!({"not": null})), id(), "P2009", "where.id.not"),
        ("findMany", "Profile", filter("user", json!(null)), id(), "P2009", "where.user"),
    ]);
    all_refused(&db, cases).await;
    for (field, wrong) in [
        ("id", json!(1)),
        ("string", json!(true)),
        ("boolean", json!("true")),
        ("boolean", json!(1)),
        ("int", json!(text)),
        ("int", json!(1.5)),
        ("int", json!(2_147_483_648_i64)),
        ("int", json!(1e100)),
        ("bigInt", json!("many")),
        ("bigInt", json!("9223372036854775808")),
        ("float", json!("1.5")),
        ("decimal", json!("1,5")),
        ("decimal", json!(true)),
        ("dateTime", json!("2020-13-01T00:00:00Z")),
        ("dateTime", json!(0)),
        ("bytes", json!("not base64!")),
        ("bytes", json!([1, 2])),
        ("role", json!("mod")),
        ("role", json!(1)),
        ("json", json!({"$type": "Json", "value": "{"})),
        ("json", json!({"$type": "Enum", "value": "AnyNull"})),
        ("json", json!({"$type": "Enum", "value": "DbNull"})),
    ] {
        let found = refused(&db, "createOne", "Everything", json!({"data": {field: wrong}}), id()).await;
        assert_eq!(found, ("P2009".to_owned(), format!("createOne.data.{field}")), "{wrong}");
    }
    for (field, operator, wrong) in [
        ("int", "contains", json!("1")),
        ("int", "in", json!(["1"])),
        ("boolean", "lt", json!(true)),
        ("role", "gt", json!("USER")),
        ("bytes", "gt", json!("AQID")),
        ("string", "startsWith", json!(1)),
        ("string", "has", json!("a")),
        ("json", "contains", json!("a")),
        ("string", "mode", json!("loud")),
    ] {
        let found = refused(&db, "findMany", "Everything", filter(field, json!({operator: wrong})), id()).await;
        assert_eq!(found, ("P2009".to_owned(), format!("findMany.where.{field}.{operator}")), "{wrong}");
    }
}
