//! Writes, nested ones among them.

use super::*;

#[tokio::test]
async fn of_one_record() {
    let db = fresh!();
    let seen = || json!({"email": true, "age": true, "name": true});
    let made = ask(&db, "createOne", "User", json!({"data": {"email": "a", "age": 1, "name": null}}), seen()).await;
    assert_eq!(made, json!({"email": "a", "age": 1, "name": null}));
    for (change, age) in [
        (json!({"increment": 5}), 6),
        (json!({"decrement": 2}), 4),
        (json!({"multiply": 3}), 12),
        (json!({"divide": 4}), 3),
        (json!({"set": 7}), 7),
        (json!(8), 8),
    ] {
        let arguments = json!({"where": {"email": "a"}, "data": {"age": change}});
        assert_eq!(
            ask(&db, "updateOne", "User", arguments, json!({"age": true})).await,
            json!({"age": age}),
            "{change}"
        );
    }
    let cleared = json!({"where": {"id": 1}, "data": {"age": null, "name": {"set": null}}});
    assert_eq!(ask(&db, "updateOne", "User", cleared, seen()).await, made_of("a", Value::Null));
    let upsert =
        |email: &str| json!({"where": {"email": email}, "create": {"email": email, "age": 1}, "update": {"age": 2}});
    assert_eq!(ask(&db, "upsertOne", "User", upsert("b"), seen()).await, made_of("b", json!(1)));
    assert_eq!(ask(&db, "upsertOne", "User", upsert("b"), seen()).await, made_of("b", json!(2)));
    let gone = ask(&db, "deleteOne", "User", json!({"where": {"email": "b"}}), seen()).await;
    assert_eq!(gone, made_of("b", json!(2)));
    for (action, arguments) in [
        ("deleteOne", json!({"where": {"email": "b"}})),
        ("updateOne", json!({"where": {"email": "b"}, "data": {"age": 1}})),
        ("updateOne", json!({"where": {"email": "a", "age": {"gt": 1}}, "data": {"age": 1}})),
    ] {
        assert_eq!(refused(&db, action, "User", arguments.clone(), seen()).await.0, "P2025", "{action} {arguments}");
    }
    assert_eq!(refused(&db, "createOne", "User", json!({"data": {"email": "a"}}), seen()).await.0, "P2002");
    assert_eq!(
        refused(&db, "createOne", "Post", json!({"data": {"title": "t", "authorId": 9}}), json!({"id": true})).await.0,
        "P2003"
    );
}

fn made_of(email: &str, age: Value) -> Value {
    json!({"email": email, "age": age, "name": null})
}

#[tokio::test]
async fn of_many_records() {
    let db = fresh!();
    let many = |emails: &[&str]| emails.iter().map(|email| json!({"email": email})).collect::<Value>();
    let count = |n: u32| json!({"count": n});
    assert_eq!(ask(&db, "createMany", "User", json!({"data": many(&["a", "b", "c"])}), json!({})).await, count(3));
    assert_eq!(ask(&db, "createMany", "User", json!({"data": {"email": "d"}}), json!({})).await, count(1));
    assert_eq!(ask(&db, "createMany", "User", json!({"data": []}), json!({})).await, count(0));
    assert_eq!(refused(&db, "createMany", "User", json!({"data": many(&["e", "a"])}), json!({})).await.0, "P2002");
    let returned =
        ask(&db, "createManyAndReturn", "User", json!({"data": many(&["e", "f"])}), json!({"id": true, "email": true}))
            .await;
    assert_eq!(returned.as_array().map(Vec::len), Some(2));
    for (arguments, expected) in [
        (json!({"data": {"age": 1}}), 6),
        (json!({"where": {"email": {"in": ["a", "b"]}}, "data": {"age": {"increment": 1}}}), 2),
        (json!({"where": {"age": 99}, "data": {"age": 1}}), 0),
        (json!({"where": {}, "data": {"age": 5}, "limit": 3}), 3),
        (json!({"where": {"age": 5}, "data": {}}), 0),
        (json!({"where": {"posts": {"none": {}}}, "data": {"name": "n"}}), 6),
    ] {
        assert_eq!(ask(&db, "updateMany", "User", arguments.clone(), json!({})).await, count(expected), "{arguments}");
    }
    let returned = json!({"where": {"age": 5}, "data": {"age": {"multiply": 2}}});
    let returned = ask(&db, "updateManyAndReturn", "User", returned, json!({"age": true})).await;
    assert_eq!(returned, json!([{"age": 10}, {"age": 10}, {"age": 10}]));
    for (arguments, expected) in [
        (json!({"where": {"age": 10}, "limit": 1}), 1),
        (json!({"where": {"age": 10}}), 2),
        (json!({"where": {"OR": []}}), 0),
        (json!({}), 3),
    ] {
        assert_eq!(ask(&db, "deleteMany", "User", arguments.clone(), json!({})).await, count(expected), "{arguments}");
    }
}

/// Each operation on the posts of user 1, who has p1 and p2; p3 is user 2's. What is there afterwards, or the code of the error.
#[tokio::test]
async fn of_to_many_relations() {
    let db = fresh!();
    let delete_all = async || {
        db.post().delete_many().all().await.unwrap();
        db.user().delete_many().all().await.unwrap();
    };
    for (operation, expected) in [
        (json!({"create": {"title": "new"}}), "new p1 p2"),
        (json!({"create": [{"title": "m"}, {"title": "n"}]}), "m n p1 p2"),
        (json!({"create": {"title": "p1"}}), "P2002"),
        (json!({"createMany": {"data": [{"title": "m"}, {"title": "n"}]}}), "m n p1 p2"),
        (json!({"connect": {"id": 103}}), "p1 p2 p3"),
        (json!({"connect": [{"id": 103}, {"id": 101}]}), "p1 p2 p3"),
        (json!({"connect": {"id": 109}}), "P2018"),
        (json!({"connectOrCreate": {"where": {"id": 103}, "create": {"title": "new"}}}), "p1 p2 p3"),
        (json!({"connectOrCreate": [{"where": {"id": 109}, "create": {"title": "new"}}]}), "new p1 p2"),
        (json!({"set": []}), ""),
        (json!({"set": [{"id": 102}, {"id": 103}]}), "p2 p3"),
        (json!({"disconnect": {"id": 101}}), "p2"),
        (json!({"disconnect": [{"id": 101}, {"id": 103}]}), "p2"),
        (json!({"update": {"where": {"id": 101}, "data": {"title": "P1"}}}), "P1 p2"),
        (json!({"update": {"where": {"id": 103}, "data": {"title": "P3"}}}), "P2025"),
        (json!({"updateMany": {"where": {"title": "p2"}, "data": {"title": "P2"}}}), "P2 p1"),
        (json!({"updateMany": [{"where": {"title": "p3"}, "data": {"title": "P3"}}]}), "p1 p2"),
        (json!({"upsert": {"where": {"id": 101}, "create": {"title": "new"}, "update": {"title": "P1"}}}), "P1 p2"),
        (json!({"upsert": {"where": {"id": 103}, "create": {"title": "new"}, "update": {"title": "P3"}}}), "new p1 p2"),
        (json!({"delete": {"id": 101}}), "p2"),
        (json!({"delete": [{"id": 103}]}), "P2017"),
        (json!({"deleteMany": {}}), ""),
        (json!({"deleteMany": [{"title": "p1"}, {"title": "p3"}]}), "p2"),
        // First what takes away, then what adds, then what changes.
        (json!({"create": {"title": "new"}, "set": []}), "new"),
        (json!({"create": {"title": "new"}, "set": [{"id": 103}]}), "p3"),
        (json!({"connect": {"id": 101}, "set": [{"id": 103}]}), "p1 p3"),
        (json!({"connect": {"id": 103}, "set": []}), "p3"),
        (json!({"create": [{"title": "new"}], "deleteMany": {}}), "new"),
        (json!({"connect": {"id": 103}, "update": {"where": {"id": 103}, "data": {"title": "P3"}}}), "P3 p1 p2"),
        (
            json!({"disconnect": {"id": 101}, "connectOrCreate": {"where": {"id": 101}, "create": {"title": "new"}}}),
            "p1 p2",
        ),
    ] {
        delete_all().await;
        for (id, email) in [(1, "a"), (2, "b")] {
            db.user().create(user::create().id(id).email(email)).await.unwrap();
        }
        for (id, author) in [(101, 1), (102, 1), (103, 2)] {
            db.post().create(post::create().id(id).title(format!("p{}", id - 100)).author_id(author)).await.unwrap();
        }
        let arguments = json!({"where": {"id": 1}, "data": {"posts": operation}});
        let selection = json!({"posts": {"arguments": {"orderBy": {"title": "asc"}}, "selection": {"title": true}}});
        if expected.starts_with("P20") {
            assert_eq!(refused(&db, "updateOne", "User", arguments, selection).await.0, expected, "{operation}");
            assert_eq!(titles(&db, post::author_id.eq(1)).await, ["p1", "p2"], "{operation}");
            continue;
        }
        ask(&db, "updateOne", "User", arguments, selection).await;
        let mut found = titles(&db, post::author_id.eq(1)).await;
        found.sort();
        assert_eq!(found.join(" "), expected, "{operation}");
    }
}

/// The same with a to-one relation: of user 1, who has a profile, and of user 2, who has none.
#[tokio::test]
async fn of_to_one_relations() {
    let db = fresh!();
    let mut others = Vec::new();
    for (operation, first, second) in [
        (json!({"create": {"bio": "new"}}), "P2014", "new"),
        (json!({"connect": {"id": 101}}), "one", "one"),
        (json!({"connect": {"id": 9}}), "P2025", "P2025"),
        (json!({"connectOrCreate": {"where": {"id": 9}, "create": {"bio": "new"}}}), "P2014", "new"),
        (json!({"update": {"bio": "new"}}), "new", "P2025"),
        (json!({"update": {"where": {"bio": "one"}, "data": {"bio": "new"}}}), "new", "P2025"),
        (json!({"update": {"where": {"bio": "two"}, "data": {"bio": "new"}}}), "P2025", "P2025"),
        (json!({"upsert": {"create": {"bio": "new"}, "update": {"bio": "old"}}}), "old", "new"),
        (json!({"delete": true}), "", "P2025"),
        (json!({"delete": false}), "one", ""),
        (json!({"delete": {"bio": "one"}}), "", "P2025"),
        (json!({"delete": {"bio": "two"}}), "P2025", "P2025"),
    ] {
        for (id, expected) in [(1, first), (2, second)] {
            db.user().delete_many().all().await.unwrap();
            db.user()
                .create(user::create().id(1).email("a").profile(profile::create().id(101).bio("one")))
                .await
                .unwrap();
            db.user().create(user::create().id(2).email("b")).await.unwrap();
            let arguments = json!({"where": {"id": id}, "data": {"profile": operation}});
            let selection = json!({"profile": {"selection": {"bio": true}}});
            let answer = answer(&db, "updateOne", "User", arguments, selection).await;
            let found = match answer.get("data") {
                Some(data) => data["updateOneUser"]["profile"]["bio"].as_str().unwrap_or_default(),
                None => answer["errors"][0]["user_facing_error"]["error_code"].as_str().unwrap_or_default(),
            };
            if found != expected {
                others.push(format!("{operation} of {id}: {answer}"));
            }
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[tokio::test]
async fn to_any_depth() {
    let db = fresh!();
    let data = json!({"data": {
        "email": "a",
        "team": {"connectOrCreate": {"where": {"id": 7}, "create": {"name": "t"}}},
        "profile": {"create": {"bio": "b"}},
        "posts": {"create": [
            {"title": "p1", "tags": {"create": [{"name": "x"}, {"name": "y"}]}, "comments": {"createMany": {"data": [{"text": "c1"}, {"text": "c2"}]}}},
            {"title": "p2", "reviewer": {"create": {"email": "r"}}}
        ]}
    }});
    let selection = json!({
        "team": {"selection": {"name": true}},
        "profile": {"selection": {"bio": true}},
        "posts": {"arguments": {"orderBy": {"title": "asc"}}, "selection": {
            "reviewer": {"selection": {"email": true}},
            "_count": {"selection": {"tags": true, "comments": true}}
        }}
    });
    let made = ask(&db, "createOne", "User", data, selection).await;
    let expected = json!({
        "team": {"name": "t"},
        "profile": {"bio": "b"},
        "posts": [
            {"reviewer": null, "_count": {"tags": 2, "comments": 2}},
            {"reviewer": {"email": "r"}, "_count": {"tags": 0, "comments": 0}}
        ]
    });
    assert_eq!(made, expected);
    // Nothing of it if the last of it fails.
    let late = json!({"where": {"email": "a"}, "data": {"name": "lost", "posts": {
        "update": {"where": {"id": 1}, "data": {"title": "lost", "tags": {"deleteMany": {}, "connect": {"name": "z"}}}}
    }}});
    assert_eq!(refused(&db, "updateOne", "User", late, json!({"id": true})).await.0, "P2025");
    assert_eq!((db.tag().count().await.unwrap(), titles(&db, None).await.join(" ")), (2, "p1 p2".to_owned()));
}

/// What is in each type of column, there and back.
#[tokio::test]
async fn values() {
    let db = fresh!();
    let tagged = |tag: &str, value: &str| json!({"$type": tag, "value": value});
    let (big, decimal) = (tagged("BigInt", "9007199254740993"), tagged("Decimal", "1.5"));
    let (time, bytes) = (tagged("DateTime", "2020-01-02T03:04:05.678Z"), tagged("Bytes", "AAEC"));
    let document = tagged("Json", r#"{"a":[1,null,"x"]}"#);
    for (field, given, read) in [
        ("string", json!("é🦀"), json!("é🦀")),
        ("boolean", json!(false), json!(false)),
        ("int", json!(-5), json!(-5)),
        ("int", json!(5.0), json!(5)),
        ("bigInt", big.clone(), big.clone()),
        ("bigInt", json!("9007199254740993"), big.clone()),
        ("bigInt", json!(7), tagged("BigInt", "7")),
        ("float", json!(0.1), json!(0.1)),
        ("float", json!(2), json!(2.0)),
        ("decimal", decimal.clone(), decimal.clone()),
        ("decimal", json!("1.50"), decimal.clone()),
        ("decimal", json!(1.5), decimal),
        ("dateTime", time.clone(), time.clone()),
        ("dateTime", json!("2020-01-02T05:04:05.678+02:00"), time),
        ("bytes", bytes.clone(), bytes.clone()),
        ("bytes", json!("AAEC"), bytes),
        ("role", json!("MODERATOR"), json!("MODERATOR")),
        ("role", tagged("Enum", "MODERATOR"), json!("MODERATOR")),
        ("json", document.clone(), document.clone()),
        ("json", json!({"a": [1, null, "x"]}), document),
        ("json", tagged("Enum", "JsonNull"), tagged("Json", "null")),
        ("jsonOpt", tagged("Enum", "DbNull"), Value::Null),
        ("jsonOpt", tagged("Enum", "JsonNull"), tagged("Json", "null")),
        ("stringOpt", Value::Null, Value::Null),
    ] {
        let made =
            ask(&db, "createOne", "Everything", json!({"data": {field: given}}), json!({"id": true, field: true}))
                .await;
        assert_eq!(made[field], read, "{field} {given}");
        let found = json!({"where": {"id": made["id"]}});
        let found = ask(&db, "findUnique", "Everything", found, json!({"id": true, field: true})).await;
        assert_eq!(found, made, "{field} {given}");
        let both = json!({"where": {"id": made["id"], "AND": [{field: {"equals": given}}]}});
        let by_value = ask(&db, "findFirst", "Everything", both, json!({field: true})).await;
        assert_eq!(by_value[field], read, "found by {field} {given}");
    }
}
