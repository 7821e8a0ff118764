//! Many records, each changed if it is there, and created if it is not.

use prisma_client::select;

use super::*;
use crate::check;

/// Users a and b.
async fn world() -> TestDb {
    let db = fresh().await;
    let users = ["a", "b"].map(|email| user::create().email(email).name(email.to_uppercase()).age(1));
    db.user().create_many(users).await.unwrap();
    db
}

type Row = (String, Option<String>, Option<i32>, i32);

/// Email, name, age and version of all users.
async fn users(db: &PrismaClient) -> Vec<Row> {
    let users = db.user().find_many().order_by(user::email.asc()).await.unwrap();
    users.into_iter().map(|u| (u.email, u.name, u.age, u.version)).collect()
}

fn row(email: &str, name: Option<&str>, age: impl Into<Option<i32>>, version: i32) -> Row {
    (email.to_owned(), name.map(str::to_owned), age.into(), version)
}

#[tokio::test]
async fn by_default_what_is_given() {
    let db = fresh!(world());
    let records = [user::create().email("b").name("new").version(7), user::create().email("c").name("C").version(8)];
    assert_eq!(db.user().upsert_many(records).on(user::email).await.unwrap(), 2);
    let expected = [row("a", Some("A"), 1, 1), row("b", Some("new"), 1, 7), row("c", Some("C"), None, 8)];
    assert_eq!(users(&db).await, expected, "the age of b was not given, and stays");
}

/// What one record leaves out stays as it is, whatever the others give.
#[tokio::test]
async fn of_different_columns() {
    let db = fresh!(world());
    let records = [
        user::create().email("a").name("N"),
        user::create().email("b").age(9),
        user::create().email("c"),
        user::create().name("D").email("d"),
        user::create().email("e").name(None).age(5),
    ];
    assert_eq!(db.user().upsert_many(records).on(user::email).await.unwrap(), 5);
    let none = user::create().name(None).email("b");
    assert_eq!(db.user().upsert_many([none, user::create().email("a")]).on(user::email).await.unwrap(), 2);
    let expected = [
        row("a", Some("N"), 1, 1),
        row("b", None, 9, 1),
        row("c", None, None, 1),
        row("d", Some("D"), None, 1),
        row("e", None, 5, 1),
    ];
    assert_eq!(users(&db).await, expected);
}

#[tokio::test]
async fn changes_of_their_own() {
    let db = fresh!(world());
    let records = || ["a", "c"].map(|email| user::create().email(email).name("N").age(50));
    let upsert = || db.user().upsert_many(records()).on(user::email);
    let changes = (user::version.increment(10), user::age.set_excluded());
    assert_eq!(upsert().update(changes).await.unwrap(), 2);
    let expected = [row("a", Some("A"), 50, 11), row("b", Some("B"), 1, 1), row("c", Some("N"), 50, 1)];
    assert_eq!(users(&db).await, expected);
    // In several pieces, and of a column that no record gives.
    let changes = vec![user::version.set(3), user::age.multiply(2)];
    assert_eq!(
        upsert().update(changes).update([user::name.set_excluded(), user::team_id.set_excluded()]).await.unwrap(),
        2
    );
    let expected = [row("a", Some("N"), 100, 3), row("b", Some("B"), 1, 1), row("c", Some("N"), 100, 3)];
    assert_eq!(users(&db).await, expected);
    // A default of the client's is what would have been inserted too.
    assert_eq!(upsert().update(user::version.set_excluded()).await.unwrap(), 2);
    assert_eq!(users(&db).await[0], row("a", Some("N"), 100, 1));
}

#[tokio::test]
async fn that_change_nothing() {
    let db = fresh!(world());
    let records = || ["a", "c"].map(|email| user::create().email(email).name("N"));
    let found = db.user().upsert_many_and_return(records()).on(user::email).update(()).await.unwrap();
    let mut found: Vec<_> = found.into_iter().map(|u| (u.email, u.name.unwrap())).collect();
    found.sort();
    assert_eq!(found, [("a".into(), "A".into()), ("c".into(), "N".into())], "those that are there too");
    assert_eq!(db.user().upsert_many(records()).on(user::email).update(()).await.unwrap(), 2);
    // Nothing but the key is given.
    let tags = || ["x", "y"].map(|name| tag::create().name(name));
    assert_eq!(db.tag().upsert_many(tags()).on(tag::name).await.unwrap(), 2);
    assert_eq!(db.tag().upsert_many(tags()).on(tag::name).await.unwrap(), 2);
    assert_eq!(db.tag().count().await.unwrap(), 2);
    assert_eq!(db.tag().upsert_many(tags().into_iter().take(0)).on(tag::name).await.unwrap(), 0);
    assert_eq!(db.tag().upsert_many_and_return(Vec::from(tags()).drain(..0)).on(tag::name).await.unwrap(), []);
}

#[tokio::test]
async fn by_compound_keys() {
    let db = fresh!(world());
    let seats = |note: &str| [1, 2].map(|n| seat::create().row(1).number(n).note(note));
    assert_eq!(db.seat().upsert_many(seats("x")).on(seat::row_number).await.unwrap(), 2);
    let again = seats("y").into_iter().chain([seat::create().row(2).number(1).note("z")]);
    assert_eq!(db.seat().upsert_many(again).on(seat::row_number).await.unwrap(), 3);
    let found = db.seat().find_many().order_by([seat::row.asc(), seat::number.asc()]).await.unwrap();
    let found: Vec<_> = found.iter().map(|s| (s.row, s.number, s.note.as_deref().unwrap())).collect();
    assert_eq!(found, [(1, 1, "y"), (1, 2, "y"), (2, 1, "z")]);
    let posts = || ["s", "t"].map(|title| post::create().title(title).author_id(1).likes(1));
    let upsert = || db.post().upsert_many(posts()).on(post::author_id_title).update(post::likes.increment(1));
    assert_eq!([upsert().await.unwrap(), upsert().await.unwrap()], [2, 2]);
    assert_eq!(db.post().count().filter(post::likes.eq(2)).await.unwrap(), 2);
}

#[tokio::test]
async fn and_return() {
    let db = fresh!(world());
    db.post().create(post::create().title("p").author_id(1)).await.unwrap();
    let records = || ["a", "c"].map(|email| user::create().email(email).name("N"));
    let upsert = || db.user().upsert_many_and_return(records()).on(user::email);
    let mut plain = upsert().await.unwrap();
    plain.sort_by(|a, b| a.email.cmp(&b.email));
    let plain: Vec<_> = plain.iter().map(|u| (u.email.as_str(), u.name.as_deref(), u.age, u.version)).collect();
    assert_eq!(plain, [("a", Some("N"), Some(1), 1), ("c", Some("N"), None, 1)]);
    let with = upsert().update(user::version.increment(1)).include(user::posts).await.unwrap();
    assert_eq!(
        with.iter().map(|u| (&u.email[..], u.version, u.posts.len())).collect::<Vec<_>>(),
        [("a", 2, 1), ("c", 2, 0)]
    );
    let mut some = upsert().select(select!(user { email, _count { posts } })).await.unwrap();
    some.sort_by(|a, b| a.email.cmp(&b.email));
    assert_eq!(some.iter().map(|u| (&u.email[..], u._count.posts)).collect::<Vec<_>>(), [("a", 1), ("c", 0)]);
}

#[tokio::test]
async fn every_type() {
    let db = fresh!();
    let record = |id: &str, text: &str| {
        everything::create()
            .id(id)
            .string(text)
            .boolean_opt(true)
            .big_int(i64::MAX)
            .decimal("0.25".parse::<bigdecimal::BigDecimal>().unwrap())
            .json(serde_json::json!({ "is": text }))
            .bytes(text.as_bytes())
            .role_opt(Role::Moderator)
            .float(0.5)
    };
    let upsert = |text: &str| {
        db.everything().upsert_many_and_return(["x", "y"].map(|id| record(id, text))).on(everything::id).into_future()
    };
    let first = upsert("one").await.unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    let second = upsert("two").await.unwrap();
    for made in &first {
        let changed = second.iter().find(|e| e.id == made.id).unwrap();
        assert!(changed.updated_at > made.updated_at, "it moves, though it was not given");
        assert_eq!((changed.date_time, &changed.ulid, &changed.nanoid), (made.date_time, &made.ulid, &made.nanoid));
        assert_eq!((&changed.string[..], &changed.bytes[..], changed.big_int), ("two", &b"two"[..], i64::MAX));
        assert_eq!((&changed.json, changed.role_opt), (&serde_json::json!({ "is": "two" }), Some(Role::Moderator)));
    }
    let upsert = |ids: [&str; 2]| db.everything().upsert_many(ids.map(|id| record(id, "three"))).on(everything::id);
    assert_eq!(upsert(["x", "z"]).update(everything::int.increment(5)).await.unwrap(), 2);
    let found = db.everything().find_many().order_by(everything::id.asc()).await.unwrap();
    let found: Vec<_> = found.iter().map(|e| (&e.string[..], e.int)).collect();
    assert_eq!(found, [("two", 4), ("two", -1), ("three", -1)]);
    let x = db.everything().find_unique_or_error(everything::id.eq("x")).await.unwrap();
    assert!(x.updated_at >= second[0].updated_at);
    // As it was, where nothing changes.
    assert_eq!(upsert(["x", "y"]).update(()).await.unwrap(), 2);
    assert_eq!(db.everything().find_unique_or_error(everything::id.eq("x")).await.unwrap(), x);
}

/// Where another key may be in conflict too, which MySQL does not tell apart.
#[tokio::test]
async fn with_another_key() {
    let db = fresh!(world());
    let record = |id, email: &str| user::create().id(id).email(email).name("N");
    assert_eq!(db.user().upsert_many([record(1, "a"), record(7, "c")]).on(user::id).await.unwrap(), 2);
    let moved = db.user().upsert_many_and_return([record(1, "z"), record(8, "d")]).on(user::id);
    let moved = moved.include(user::posts).await.unwrap();
    assert_eq!(moved.iter().map(|u| (u.id, &u.email[..])).collect::<Vec<_>>(), [(1, "z"), (8, "d")]);
    assert_eq!(emails(&db, None).await, ["z", "b", "c", "d"]);
    let excluded = db.user().upsert_many([record(1, "y"), record(9, "e")]).on(user::id);
    let excluded = excluded.update((user::email.set_excluded(), user::version.increment(1)));
    assert_eq!(excluded.await.unwrap(), 2);
    assert_eq!(users(&db).await.last().unwrap(), &row("y", Some("N"), 1, 2));
    // The email is another user's: nobody's record is changed for it, and nothing else is done either.
    assert_eq!(code(db.user().upsert_many([record(10, "f"), record(11, "b")]).on(user::id).await), "P2002");
    assert_eq!(emails(&db, None).await, ["y", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn refused_before_anything_runs() {
    let db = fresh!(world());
    #[track_caller]
    fn says<T: Debug>(result: Result<T, Error>, words: &[&str]) {
        check(&result.unwrap_err(), "P2009", words);
    }
    let named = |emails: &[&str]| emails.iter().map(|e| user::create().email(*e).name("N")).collect::<Vec<_>>();
    let upsert = |emails: &[&str]| db.user().upsert_many(named(emails)).on(user::email);
    says(upsert(&["c", "d", "c"]).await, &["records 1 and 3", "email = \"c\""]);
    says(db.user().upsert_many(named(&["c"])).on(user::id).await, &["User.id", "record 1 does not set it"]);
    let orphans = ["c", "d"].map(|t| post::create().title(t).author_id(None));
    says(
        db.post().upsert_many(orphans).on(post::author_id_title).await,
        &["Post.authorId", "record 1 does not set it"],
    );
    says(upsert(&["c"]).update(user::email.set("d")).await, &["email", "cannot change"]);
    says(upsert(&["c"]).update(user::email.set_excluded()).await, &["email", "cannot change"]);
    says(upsert(&["c"]).update((user::name.set("x"), user::name.set_excluded())).await, &["name", "changed twice"]);
    says(upsert(&["c"]).update(user::id.set_excluded()).await, &["id", "the database would make it"]);
    says(
        upsert(&["c"]).update(user::posts.create(post::create().title("t"))).await,
        &["`upsert_many`", "`upsert` for each"],
    );
    let related = [user::create().email("c").posts(post::create().title("t"))];
    says(db.user().upsert_many_and_return(related).on(user::email).await, &["`upsert_many_and_return`", "relation"]);
    says(upsert(&["c", "c"]).to_sql(), &["records 1 and 2"]);
    assert_eq!(emails(&db, None).await, ["a", "b"]);
}

#[tokio::test]
async fn all_or_nothing() {
    let db = fresh!(world());
    let post = |title: &str, author| post::create().title(title).author_id(author);
    let posts = [post("t", 1), post("t", 99)];
    assert_eq!(code(db.post().upsert_many(posts).on(post::author_id_title).await), "P2003");
    assert_eq!(db.post().count().await.unwrap(), 0);
    // More than a statement takes.
    let records = |last: i32| {
        let role = |n| if n % 2 == 0 { Role::User } else { Role::Moderator };
        let user = move |n: i32| user::create().email(format!("{n:05}")).name("N").age(n).version(2).role(role(n));
        (0..14_000).map(move |n| if n == 13_999 { user(n).team_id(last) } else { user(n).team_id(None) })
    };
    assert_eq!(code(db.user().upsert_many(records(99)).on(user::email).await), "P2003");
    assert_eq!(db.user().count().await.unwrap(), 2);
    let team = db.team().create(team::create().name("T")).await.unwrap();
    assert_eq!(db.user().upsert_many(records(team.id)).on(user::email).await.unwrap(), 14_000);
    let again = db.user().upsert_many_and_return(records(team.id)).on(user::email).update(user::version.increment(1));
    assert_eq!(again.await.unwrap().len(), 14_000);
    assert_eq!(db.user().count().filter(user::version.eq(3) & user::name.eq("N")).await.unwrap(), 14_000);
    assert_eq!(db.user().count().await.unwrap(), 14_002);
}

#[tokio::test]
async fn in_transactions_and_batches() {
    let db = fresh!(world());
    let records = |name: &'static str| ["a", "c"].map(|email| user::create().email(email).name(name));
    let tx = db.begin().await.unwrap();
    assert_eq!(tx.user().upsert_many(records("x")).on(user::email).await.unwrap(), 2);
    let clash = [user::create().id(1).email("b"), user::create().id(2).email("c")];
    assert_eq!(code(tx.user().upsert_many(clash).on(user::id).await), "P2002");
    tx.rollback().await.unwrap();
    assert_eq!(emails(&db, None).await, ["a", "b"]);
    let upsert = || db.user().upsert_many(records("y")).on(user::email);
    assert_eq!(db.batch((upsert(), db.user().count(), upsert())).await.unwrap(), (2, 3, 2));
}

/// Nobody fails, and nothing is lost, if many do it at once.
#[tokio::test(flavor = "multi_thread")]
async fn at_once() {
    let db = fresh!();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let db = PrismaClient::clone(&db);
            tokio::spawn(async move {
                let records = ["a", "b", "c"].map(|email| user::create().email(email).age(1));
                db.user().upsert_many(records).on(user::email).update(user::age.increment(1)).await
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), 3);
    }
    let ages = users(&db).await.into_iter().map(|(_, _, age, _)| age).collect::<Vec<_>>();
    assert_eq!(ages, [Some(20); 3]);
}
