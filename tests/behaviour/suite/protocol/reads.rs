//! Reads: conditions, orders, pages, selections, aggregates.

use super::*;

/// a: Ada, 36, posts p1 (5 views, published) and p2 (1 view, content "c"), team t. b: 20, post p3 (3 views). c: Cyd.
async fn world() -> TestDb {
    let db = fresh().await;
    let posts = [
        post::create().title("p1").views(5).published(true).tags(tag::create().name("x")),
        post::create().title("p2").views(1).content("c"),
    ];
    let ada = user::create().email("a").name("Ada").age(36).role(Role::Moderator).team(team::create().name("t"));
    db.user().create(ada.posts(posts).profile(profile::create().bio("of a"))).await.unwrap();
    db.user().create(user::create().email("b").age(20).posts(post::create().title("p3").views(3))).await.unwrap();
    db.user().create(user::create().email("c").name("Cyd")).await.unwrap();
    db
}

/// The emails of the users that arguments give, one after the other.
async fn users(db: &PrismaClient, mut arguments: Value) -> String {
    if arguments.get("orderBy").is_none() {
        arguments["orderBy"] = json!({"id": "asc"});
    }
    let found = ask(db, "findMany", "User", arguments, json!({"email": true})).await;
    found.as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn conditions() {
    let db = fresh!(world());
    for (condition, expected) in [
        (json!({}), "abc"),
        (json!({"email": "b"}), "b"),
        (json!({"email": {"equals": "b"}}), "b"),
        (json!({"email": {"not": "b"}}), "ac"),
        (json!({"email": {"not": {"in": ["a", "b"]}}}), "c"),
        (json!({"email": {"in": ["a", "c", "z"]}}), "ac"),
        (json!({"email": {"notIn": ["a", "c", "z"]}}), "b"),
        (json!({"email": {"in": []}}), ""),
        (json!({"email": {"notIn": []}}), "abc"),
        (json!({"email": {"gt": "a", "lt": "c"}}), "b"),
        (json!({"name": {"contains": "y"}}), "c"),
        (json!({"name": {"startsWith": "A", "endsWith": "a"}}), "a"),
        (json!({"name": {"contains": "%"}}), ""),
        (json!({"age": {"gte": 20, "lte": 35}}), "b"),
        (json!({"role": "MODERATOR"}), "a"),
        (json!({"role": {"notIn": ["MODERATOR"]}}), "bc"),
        // NULL
        (json!({"name": null}), "b"),
        (json!({"name": {"equals": null}}), "b"),
        (json!({"name": {"not": null}}), "ac"),
        (json!({"name": {"not": "Ada"}}), "c"),
        (json!({"NOT": {"name": "Ada"}}), "c"),
        (json!({"age": {"in": [20, null]}}), "bc"),
        (json!({"age": {"notIn": [20, null]}}), "a"),
        // Put together
        (json!({"email": "a", "age": 20}), ""),
        (json!({"AND": [{"email": "a"}, {"age": 36}]}), "a"),
        (json!({"AND": {"email": "a"}}), "a"),
        (json!({"OR": [{"email": "a"}, {"age": 20}]}), "ab"),
        (json!({"NOT": {"email": "a"}}), "bc"),
        (json!({"NOT": [{"email": "a"}, {"email": "b"}]}), "c"),
        (json!({"NOT": {"OR": [{"email": "a"}, {"email": "b"}]}}), "c"),
        (json!({"NOT": {"email": "a", "age": 20}}), "abc"),
        (json!({"OR": [{"email": "a"}, {"email": "b"}], "AND": [{"age": {"gt": 30}}]}), "a"),
        (json!({"AND": []}), "abc"),
        (json!({"OR": []}), ""),
        (json!({"NOT": []}), "abc"),
        (json!({"AND": [{}]}), "abc"),
        (json!({"OR": [{}]}), ""),
        (json!({"OR": [{}, {"email": "a"}]}), "a"),
        (json!({"NOT": {}}), "abc"),
        (json!({"NOT": [{}, {"email": "a"}]}), "bc"),
        (json!({"email": {}}), "abc"),
        // Relations
        (json!({"posts": {"some": {}}}), "ab"),
        (json!({"posts": {"none": {}}}), "c"),
        (json!({"posts": {"every": {}}}), "abc"),
        (json!({"posts": {"some": {"views": {"gt": 4}}}}), "a"),
        (json!({"posts": {"every": {"views": {"gt": 2}}}}), "bc"),
        (json!({"posts": {"none": {"views": {"gt": 4}}}}), "bc"),
        (json!({"posts": {"some": {"views": 3}, "none": {"views": 5}}}), "b"),
        (json!({"team": {"name": "t"}}), "a"),
        (json!({"team": {"is": {"name": "t"}}}), "a"),
        (json!({"team": {"isNot": {"name": "t"}}}), "bc"),
        (json!({"team": null}), "bc"),
        (json!({"team": {"is": null}}), "bc"),
        (json!({"team": {"isNot": null}}), "a"),
        (json!({"team": {}}), "a"),
        (json!({"profile": {"is": {"bio": {"contains": "a"}}}}), "a"),
        (json!({"profile": null}), "bc"),
        (json!({"posts": {"some": {"tags": {"some": {"name": "x"}}}}}), "a"),
    ] {
        assert_eq!(users(&db, json!({"where": condition})).await, expected, "{condition}");
    }
    let same = json!({"_ref": "dislikes", "_container": "Post"});
    let same = json!({"where": {"likes": {"equals": {"$type": "FieldRef", "value": same}}}});
    let counted = ask(&db, "aggregate", "Post", same, json!({"_count": true})).await;
    assert_eq!(counted, json!({"_count": 3}));
}

#[tokio::test]
async fn one_record() {
    let db = fresh!(world());
    let email = || json!({"email": true});
    let of = |condition: Value| json!({"where": condition});
    for (condition, expected) in [
        (json!({"id": 2}), json!({"email": "b"})),
        (json!({"email": "a"}), json!({"email": "a"})),
        (json!({"id": {"equals": 2}}), json!({"email": "b"})),
        (json!({"id": 2, "age": {"gt": 10}}), json!({"email": "b"})),
        (json!({"id": 2, "age": {"gt": 30}}), Value::Null),
        (json!({"id": 1, "email": "b"}), Value::Null),
        (json!({"id": 1, "posts": {"some": {"views": 5}}}), json!({"email": "a"})),
        (json!({"id": 1, "OR": [{"name": "Ada"}, {"name": "Bob"}]}), json!({"email": "a"})),
        (json!({"id": 9}), Value::Null),
    ] {
        assert_eq!(ask(&db, "findUnique", "User", of(condition.clone()), email()).await, expected, "{condition}");
    }
    let post = json!({"authorId_title": {"authorId": 1, "title": "p2"}});
    assert_eq!(ask(&db, "findUnique", "Post", of(post), json!({"id": true})).await, json!({"id": 2}));
    for action in ["findUniqueOrThrow", "findFirstOrThrow"] {
        assert_eq!(ask(&db, action, "User", of(json!({"id": 1})), email()).await, json!({"email": "a"}));
        assert_eq!(refused(&db, action, "User", of(json!({"id": 9})), email()).await.0, "P2025");
    }
    let first = |arguments| ask(&db, "findFirst", "User", arguments, json!({"email": true}));
    assert_eq!(first(json!({"orderBy": {"id": "desc"}})).await, json!({"email": "c"}));
    assert_eq!(first(json!({"orderBy": {"id": "asc"}, "take": -1})).await, json!({"email": "c"}));
    assert_eq!(first(json!({"orderBy": {"id": "asc"}, "skip": 3})).await, Value::Null);
}

#[tokio::test]
async fn orders_and_pages() {
    let db = fresh!(world());
    for (arguments, expected) in [
        (json!({"orderBy": {"id": "desc"}}), "cba"),
        (json!({"orderBy": [{"role": "asc"}, {"id": "desc"}], "where": {"role": "USER"}}), "cb"),
        (json!({"orderBy": {"age": {"sort": "asc", "nulls": "first"}}}), "cba"),
        (json!({"orderBy": {"age": {"sort": "asc", "nulls": "last"}}}), "bac"),
        (json!({"orderBy": {"age": {"sort": "desc", "nulls": "last"}}}), "abc"),
        (json!({"orderBy": {"posts": {"_count": "desc"}}}), "abc"),
        (json!({"orderBy": [{"posts": {"_count": "asc"}}]}), "cba"),
        (json!({"orderBy": [{"team": {"name": "asc"}}, {"id": "asc"}], "where": {"id": 1}}), "a"),
        (json!({"orderBy": []}), "abc"),
        (json!({"take": 2}), "ab"),
        (json!({"take": -2}), "bc"),
        (json!({"take": 0}), ""),
        (json!({"skip": 1}), "bc"),
        (json!({"skip": 1, "take": -1}), "b"),
        (json!({"cursor": {"id": 2}}), "bc"),
        (json!({"cursor": {"id": 2}, "skip": 1}), "c"),
        (json!({"cursor": {"id": 2}, "take": -2}), "ab"),
        (json!({"cursor": {"email": "b"}, "skip": 1, "take": -5}), "a"),
        (json!({"cursor": {"id": 9}}), ""),
        (json!({"distinct": ["role"]}), "ab"),
        (json!({"distinct": "role", "orderBy": {"id": "desc"}}), "ca"),
        (json!({"distinct": ["role"], "skip": 1}), "b"),
        (json!({"distinct": ["role"], "take": 2}), "ab"),
        (json!({"distinct": ["role", "age"]}), "abc"),
        (json!({"where": null, "take": null, "skip": null, "cursor": null, "distinct": null}), "abc"),
    ] {
        assert_eq!(users(&db, arguments.clone()).await, expected, "{arguments}");
    }
}

#[tokio::test]
async fn selections() {
    let db = fresh!(world());
    for strategy in ["query", "join"] {
        let arguments = json!({"orderBy": {"id": "asc"}, "take": 2, "relationLoadStrategy": strategy});
        let selection = json!({
            "email": true,
            "posts": {
                "arguments": {"where": {"views": {"lt": 9}}, "orderBy": {"views": "desc"}, "take": 1},
                "selection": {"title": true, "tags": {"selection": {"name": true}}, "author": {"selection": {"name": true}}}
            },
            "team": {"arguments": {"where": {"name": "t"}}, "selection": {"name": true}},
            "_count": {"selection": {"posts": {"arguments": {"where": {"views": {"gt": 2}}}}, "friends": true}}
        });
        let found = ask(&db, "findMany", "User", arguments, selection).await;
        let expected = json!([
            {
                "email": "a",
                "posts": [{"title": "p1", "tags": [{"name": "x"}], "author": {"name": "Ada"}}],
                "team": {"name": "t"},
                "_count": {"posts": 1, "friends": 0}
            },
            {
                "email": "b",
                "posts": [{"title": "p3", "tags": [], "author": {"name": null}}],
                "team": null,
                "_count": {"posts": 1, "friends": 0}
            }
        ]);
        assert_eq!(found, expected, "{strategy}");
        let filtered = json!({"id": true, "team": {"arguments": {"where": {"name": "other"}}}});
        let arguments = json!({"where": {"id": 1}, "relationLoadStrategy": strategy});
        let found = ask(&db, "findUnique", "User", arguments, filtered).await;
        assert_eq!(found, json!({"id": 1, "team": null}), "{strategy}");
    }
    let scalars = ask(&db, "findUnique", "Tag", json!({"where": {"id": 1}}), json!({"$scalars": true})).await;
    assert_eq!(scalars, json!({"id": 1, "name": "x"}));
    let but = json!({"$scalars": true, "name": false, "_count": true, "posts": true});
    let found =
        ask(&db, "findUnique", "Team", json!({"where": {"id": 1}}), json!({"$scalars": true, "name": false})).await;
    assert_eq!(found, json!({"id": 1}));
    let found = ask(&db, "findUnique", "Tag", json!({"where": {"id": 1}}), but).await;
    assert_eq!(
        (&found["_count"], &found["posts"][0]["title"], found.get("name")),
        (&json!({"posts": 1}), &json!("p1"), None)
    );
}

#[tokio::test]
async fn aggregates() {
    let db = fresh!(world());
    let views = |functions: &[&str]| {
        Value::from_iter(functions.iter().map(|f| ((*f).to_owned(), json!({"selection": {"views": true}}))))
    };
    let all = ["_count", "_sum", "_avg", "_min", "_max"];
    let found = ask(&db, "aggregate", "Post", json!({}), views(&all)).await;
    let expected = json!({"_count": {"views": 3}, "_sum": {"views": 9}, "_avg": {"views": 3.0}, "_min": {"views": 1}, "_max": {"views": 5}});
    assert_eq!(found, expected);
    let none = ask(&db, "aggregate", "Post", json!({"where": {"id": 99}}), views(&all)).await;
    let expected = json!({"_count": {"views": 0}, "_sum": {"views": null}, "_avg": {"views": null}, "_min": {"views": null}, "_max": {"views": null}});
    assert_eq!(none, expected);
    // Of a page.
    for (arguments, sum) in [
        (json!({"orderBy": {"id": "asc"}, "take": 2}), 6),
        (json!({"orderBy": {"id": "asc"}, "skip": 1}), 4),
        (json!({"orderBy": {"id": "asc"}, "cursor": {"id": 3}}), 3),
        (json!({"orderBy": {"views": "asc"}, "take": -1}), 5),
    ] {
        let found = ask(&db, "aggregate", "Post", arguments.clone(), views(&["_sum"])).await;
        assert_eq!(found, json!({"_sum": {"views": sum}}), "{arguments}");
    }
    let counts = json!({"_count": {"selection": {"_all": true, "content": true}}});
    let found = ask(&db, "aggregate", "Post", json!({}), counts).await;
    assert_eq!(found, json!({"_count": {"_all": 3, "content": 1}}), "NULL is not counted");
}

#[tokio::test]
async fn groups() {
    let db = fresh!(world());
    let groups = |arguments: Value| {
        let selection =
            json!({"authorId": true, "_count": {"selection": {"_all": true}}, "_sum": {"selection": {"views": true}}});
        ask(&db, "groupBy", "Post", arguments, selection)
    };
    let group = |author: i32, count: i32, views: i32| json!({"authorId": author, "_count": {"_all": count}, "_sum": {"views": views}});
    let (a, b) = (group(1, 2, 6), group(2, 1, 3));
    for (arguments, expected) in [
        (json!({"by": ["authorId"], "orderBy": {"authorId": "asc"}}), vec![&a, &b]),
        (json!({"by": "authorId", "orderBy": {"_count": {"authorId": "asc"}}}), vec![&b, &a]),
        (json!({"by": ["authorId"], "orderBy": {"_sum": {"views": "desc"}}, "take": 1}), vec![&a]),
        (json!({"by": ["authorId"], "orderBy": {"authorId": "asc"}, "take": -1}), vec![&b]),
        (json!({"by": ["authorId"], "orderBy": {"authorId": "asc"}, "skip": 1}), vec![&b]),
        (json!({"by": ["authorId"], "having": {"views": {"_sum": {"gt": 3}}}}), vec![&a]),
        (json!({"by": ["authorId"], "having": {"authorId": {"_count": {"equals": 1}}}}), vec![&b]),
        (json!({"by": ["authorId"], "having": {"authorId": {"gt": 1}}}), vec![&b]),
        (json!({"by": ["authorId"], "having": {"OR": [{"authorId": 1}, {"views": {"_avg": {"lt": 0}}}]}}), vec![&a]),
        (json!({"by": ["authorId"], "having": {"NOT": {"authorId": 1}}}), vec![&b]),
        (json!({"by": ["authorId"], "where": {"id": 99}}), vec![]),
    ] {
        assert_eq!(groups(arguments.clone()).await, json!(expected), "{arguments}");
    }
}
