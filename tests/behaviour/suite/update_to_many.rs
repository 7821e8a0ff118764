//! `update` of to-many relations.

use super::*;

/// a: posts 1 and 2. b: post 3. Post 4 is nobody's. Post 1 has two comments, and the tags x and y; z is free.
async fn world() -> TestDb {
    let db = fresh().await;
    let first = post::create()
        .title("p1")
        .comments([comment::create().text("c1"), comment::create().text("c2")])
        .tags([tag::create().name("x"), tag::create().name("y")]);
    db.user().create(user::create().email("a").posts([first])).await.unwrap();
    db.post().create(post::create().title("p2").author_id(1)).await.unwrap();
    db.user().create(user::create().email("b").posts(post::create().title("p3"))).await.unwrap();
    db.post().create(post::create().title("p4")).await.unwrap();
    db.tag().create(tag::create().name("z")).await.unwrap();
    db
}

/// Changes user `a` and answers the titles of her posts.
async fn of_a(db: &PrismaClient, change: Change<User>) -> Result<String, Error> {
    let user = db.user().update(user::id.eq(1), change).include(user::posts.order_by(post::id.asc())).await?;
    Ok(user.posts.into_iter().map(|p| p.title).collect::<Vec<_>>().join(" "))
}

/// Changes post 1 and answers the names of its tags.
async fn of_p1(db: &PrismaClient, change: Change<Post>) -> Result<String, Error> {
    let post = db.post().update(post::id.eq(1), change).include(post::tags.order_by(tag::name.asc())).await?;
    Ok(post.tags.into_iter().map(|t| t.name).collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn create() {
    let db = fresh!(world());
    assert_eq!(of_a(&db, user::posts.create(post::create().title("new"))).await.unwrap(), "p1 p2 new");
    let two = [post::create().title("n1"), post::create().title("n2")];
    assert_eq!(of_a(&db, user::posts.create(two)).await.unwrap(), "p1 p2 new n1 n2");
    assert_eq!(code(of_a(&db, user::posts.create(post::create().title("p1"))).await), "P2002");
    assert_eq!(of_p1(&db, post::tags.create(tag::create().name("w"))).await.unwrap(), "w x y");
    assert_eq!(code(of_p1(&db, post::tags.create(tag::create().name("z"))).await), "P2002");
}

#[tokio::test]
async fn create_many() {
    let db = fresh!(world());
    let many = (0..500).map(|n| post::create().title(format!("n{n}")));
    assert_eq!(of_a(&db, user::posts.create_many(many)).await.unwrap().split(' ').count(), 502);
    assert_eq!(db.post().count().filter(post::author_id.eq(1)).await.unwrap(), 502);
    let taken = [post::create().title("fine"), post::create().title("p1")];
    assert_eq!(code(of_a(&db, user::posts.create_many(taken)).await), "P2002");
    assert_eq!(db.post().count().filter(post::title.eq("fine")).await.unwrap(), 0);
}

#[tokio::test]
async fn create_many_without_duplicates() {
    let db = fresh!(world());
    let some = || ["p1", "n", "n", "p2"].map(|title| post::create().title(title));
    assert_eq!(of_a(&db, user::posts.create_many_skip_duplicates(some())).await.unwrap(), "p1 p2 n");
    assert_eq!(code(of_a(&db, user::posts.create_many(some())).await), "P2002");
    assert_eq!(db.post().count().await.unwrap(), 5);
    let deep = [post::create().title("deep").tags(tag::create().name("lost"))];
    assert_eq!(code(of_a(&db, user::posts.create_many_skip_duplicates(deep)).await), "P2009");
}

/// Columns alone can be created many at a time: relations are refused, not forgotten.
#[tokio::test]
async fn create_many_with_relations() {
    let db = fresh!(world());
    let deep = [post::create().title("deep").tags(tag::create().name("lost"))];
    assert_eq!(code(of_a(&db, user::posts.create_many(deep)).await), "P2009");
    assert_eq!(db.post().count().filter(post::title.eq("deep")).await.unwrap(), 0);
}

#[tokio::test]
async fn connect() {
    let db = fresh!(world());
    assert_eq!(of_a(&db, user::posts.connect(post::id.eq(3))).await.unwrap(), "p1 p2 p3", "from its former author");
    assert_eq!(of_a(&db, user::posts.connect(post::id.eq(3))).await.unwrap(), "p1 p2 p3", "once more changes nothing");
    let two = [user::posts.connect(post::id.eq(4)), user::posts.connect(post::id.eq(2))];
    db.user().update(user::id.eq(2), two).await.unwrap();
    assert_eq!(titles(&db, post::author_id.eq(2)).await, ["p2", "p4"]);
    let error = of_a(&db, user::posts.connect(post::id.eq(99))).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectedRecordsNotFound { .. }), "{error:?}");
    assert_eq!(of_p1(&db, post::tags.connect(tag::name.eq("z"))).await.unwrap(), "x y z");
    assert_eq!(of_p1(&db, post::tags.connect(tag::name.eq("z"))).await.unwrap(), "x y z");
    assert_eq!(code(of_p1(&db, post::tags.connect(tag::name.eq("q"))).await), "P2025");
}

#[tokio::test]
async fn connect_or_create() {
    let db = fresh!(world());
    let p3 = || post::author_id_title.eq((2, "p3")).or_create(post::create().title("made"));
    assert_eq!(of_a(&db, user::posts.connect_or_create(p3())).await.unwrap(), "p1 p2 p3");
    assert_eq!(of_a(&db, user::posts.connect_or_create(p3())).await.unwrap(), "p1 p2 p3 made");
    let tag = |name: &str| post::tags.connect_or_create(tag::name.eq(name).or_create(tag::create().name(name)));
    assert_eq!(of_p1(&db, tag("z")).await.unwrap(), "x y z");
    assert_eq!(of_p1(&db, tag("q")).await.unwrap(), "q x y z");
    assert_eq!(db.tag().count().await.unwrap(), 4);
}

#[tokio::test]
async fn set() {
    let db = fresh!(world());
    assert_eq!(of_a(&db, user::posts.set([post::id.eq(2), post::id.eq(3)])).await.unwrap(), "p2 p3");
    assert_eq!(titles(&db, post::author.is_null()).await, ["p1", "p4"]);
    assert_eq!(of_a(&db, user::posts.set([])).await.unwrap(), "");
    assert_eq!(db.post().count().await.unwrap(), 4, "they stay");
    assert_eq!(of_p1(&db, post::tags.set([tag::name.eq("y"), tag::name.eq("z")])).await.unwrap(), "y z");
    assert_eq!(of_p1(&db, post::tags.set([])).await.unwrap(), "");
    assert_eq!(db.tag().count().await.unwrap(), 3);
}

#[tokio::test]
async fn disconnect() {
    let db = fresh!(world());
    assert_eq!(of_a(&db, user::posts.disconnect(post::id.eq(1))).await.unwrap(), "p2");
    assert_eq!(of_a(&db, user::posts.disconnect(post::id.eq(3))).await.unwrap(), "p2", "it was somebody else's");
    assert_eq!(titles(&db, post::author_id.eq(2)).await, ["p3"]);
    assert_eq!(of_a(&db, user::posts.disconnect(post::id.eq(99))).await.unwrap(), "p2");
    assert_eq!(of_p1(&db, post::tags.disconnect(tag::name.eq("x"))).await.unwrap(), "y");
    assert_eq!(of_p1(&db, post::tags.disconnect(tag::name.eq("z"))).await.unwrap(), "y");
}

/// Several records at once, and conditions beside their keys.
#[tokio::test]
async fn several() {
    let db = fresh!(world());
    assert_eq!(of_a(&db, user::posts.connect([post::id.eq(3), post::id.eq(4)])).await.unwrap(), "p1 p2 p3 p4");
    assert_eq!(of_a(&db, user::posts.disconnect(vec![post::id.eq(2), post::id.eq(3)])).await.unwrap(), "p1 p4");
    assert_eq!(of_p1(&db, post::tags.connect([tag::name.eq("z"), tag::name.eq("y")])).await.unwrap(), "x y z");
    assert_eq!(of_p1(&db, post::tags.delete([tag::name.eq("x"), tag::name.eq("z")])).await.unwrap(), "y");
    assert_eq!(db.tag().count().await.unwrap(), 1);
    let published = post::id.eq(4).filter(post::published.eq(true));
    assert_eq!(code(of_a(&db, user::posts.update(published.clone(), post::title.set("x"))).await), "P2025");
    assert_eq!(code(of_a(&db, user::posts.delete(published)).await), "P2017");
    let draft = post::id.eq(4).filter(post::published.eq(false));
    assert_eq!(of_a(&db, user::posts.update(draft, post::title.set("P4"))).await.unwrap(), "p1 P4");
}

/// What must have its relation keeps it.
#[tokio::test]
async fn of_a_required_relation() {
    let db = fresh!(world());
    let update = |change: Change<Post>| db.post().update(post::id.eq(1), change);
    let error = update(post::comments.disconnect(comment::id.eq(1))).await.unwrap_err();
    let ErrorKind::RequiredRelation { model_a, model_b, .. } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model_a.as_str(), model_b.as_str()), ("Comment", "Post"), "whose record would lack what");
    assert_eq!(code(update(post::comments.set([comment::id.eq(1)])).await), "P2014");
    update(post::comments.set([comment::id.eq(1), comment::id.eq(2)])).await.unwrap();
    assert_eq!(db.comment().count().filter(comment::post_id.eq(1)).await.unwrap(), 2);
}

#[tokio::test]
async fn update() {
    let db = fresh!(world());
    assert_eq!(of_a(&db, user::posts.update(post::id.eq(2), post::title.set("P2"))).await.unwrap(), "p1 P2");
    let error = of_a(&db, user::posts.update(post::id.eq(3), post::title.set("P3"))).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RecordNotFound { model, .. } if model == "Post"), "{error:?}");
    assert_eq!(titles(&db, post::id.eq(3)).await, ["p3"]);
    let deep = user::posts.update(post::id.eq(1), post::tags.update(tag::name.eq("x"), tag::name.set("X")));
    of_a(&db, deep).await.unwrap();
    assert_eq!(of_p1(&db, post::views.increment(1)).await.unwrap(), "X y");
    assert_eq!(code(of_p1(&db, post::tags.update(tag::name.eq("z"), tag::name.set("Z"))).await), "P2025");
}

#[tokio::test]
async fn update_many() {
    let db = fresh!(world());
    of_a(&db, user::posts.update_many(post::title.contains("2"), post::views.set(7))).await.unwrap();
    of_a(&db, user::posts.update_many(None, (post::likes.increment(2), post::dislikes.set(1)))).await.unwrap();
    let numbers = |p: Post| (p.views, p.likes, p.dislikes);
    let found = db.post().find_many().order_by(post::id.asc()).await.unwrap();
    let found: Vec<_> = found.into_iter().map(numbers).collect();
    assert_eq!(found, [(0, 2, 1), (7, 2, 1), (0, 0, 0), (0, 0, 0)]);
    of_p1(&db, post::tags.update_many(tag::name.eq("x"), tag::name.set("X"))).await.unwrap();
    assert_eq!(of_p1(&db, post::tags.update_many(tag::name.eq("z"), tag::name.set("Z"))).await.unwrap(), "X y");
    assert!(db.tag().exists().filter(tag::name.eq("z")).await.unwrap(), "not connected, so not changed");
}

/// Columns alone can be changed many at a time: relations are refused, not forgotten.
#[tokio::test]
async fn update_many_with_relations() {
    let db = fresh!(world());
    let deep = user::posts.update_many(None, post::tags.create(tag::create().name("lost")));
    assert_eq!(code(of_a(&db, deep).await), "P2009");
    let both = user::posts.update_many(None, (post::views.set(5), post::reviewer.connect(user::id.eq(2))));
    assert_eq!(code(of_a(&db, both).await), "P2009");
    assert_eq!(db.post().count().filter(post::views.eq(5)).await.unwrap(), 0);
}

#[tokio::test]
async fn upsert() {
    let db = fresh!(world());
    let upsert = |id, title: &str| {
        user::posts.upsert(post::id.eq(id), post::create().title(title), post::title.set(title.to_uppercase()))
    };
    assert_eq!(of_a(&db, upsert(2, "u")).await.unwrap(), "p1 U");
    assert_eq!(of_a(&db, upsert(99, "v")).await.unwrap(), "p1 U v");
    // It is there, but not connected: one is created.
    assert_eq!(of_a(&db, upsert(3, "w")).await.unwrap(), "p1 U v w");
    let tags = |name: &str| post::tags.upsert(tag::name.eq(name), tag::create().name(name), tag::name.set("changed"));
    assert_eq!(of_p1(&db, tags("x")).await.unwrap(), "changed y");
    assert_eq!(of_p1(&db, tags("n")).await.unwrap(), "changed n y");
    assert_eq!(code(of_p1(&db, tags("z")).await), "P2002");
}

#[tokio::test]
async fn delete() {
    let db = fresh!(world());
    assert_eq!(of_a(&db, user::posts.delete(post::id.eq(1))).await.unwrap(), "p2");
    assert_eq!((db.post().count().await.unwrap(), db.comment().count().await.unwrap()), (3, 0));
    for id in [3, 4, 99] {
        let error = of_a(&db, user::posts.delete(post::id.eq(id))).await.unwrap_err();
        let ErrorKind::NotConnected { parent, child, .. } = error.kind() else { panic!("{id}: {error:?}") };
        assert_eq!((parent.as_str(), child.as_str()), ("User", "Post"));
    }
    assert_eq!(db.post().count().await.unwrap(), 3);
    let p2 = db
        .post()
        .update(post::id.eq(2), [post::tags.connect(tag::name.eq("x")), post::tags.connect(tag::name.eq("y"))]);
    p2.await.unwrap();
    db.post().update(post::id.eq(2), post::tags.delete(tag::name.eq("x"))).await.unwrap();
    assert_eq!(code(db.post().update(post::id.eq(2), post::tags.delete(tag::name.eq("z"))).await), "P2017");
    assert_eq!(db.tag().count().await.unwrap(), 2);
}

#[tokio::test]
async fn delete_many() {
    let db = fresh!(world());
    assert_eq!(of_a(&db, user::posts.delete_many(post::title.starts_with("p2"))).await.unwrap(), "p1");
    assert_eq!(of_a(&db, user::posts.delete_many(post::title.eq("p3"))).await.unwrap(), "p1");
    assert_eq!(of_a(&db, user::posts.delete_many(None)).await.unwrap(), "");
    assert_eq!(titles(&db, None).await, ["p3", "p4"]);
    db.post()
        .update(post::id.eq(3), [post::tags.connect(tag::name.eq("x")), post::tags.connect(tag::name.eq("y"))])
        .await
        .unwrap();
    db.post().update(post::id.eq(3), post::tags.delete_many(tag::name.ne("x"))).await.unwrap();
    assert_eq!(
        db.tag().find_many().order_by(tag::name.asc()).await.unwrap().into_iter().map(|t| t.name).collect::<String>(),
        "xz"
    );
}

#[tokio::test]
async fn empty_lists() {
    let db = fresh!(world());
    let mut none = vec![post::create().title("x")];
    none.clear();
    assert_eq!(of_a(&db, user::posts.create(none)).await.unwrap(), "p1 p2");
    assert_eq!(
        of_a(&db, user::posts.create_many([post::create().title("x")].into_iter().take(0))).await.unwrap(),
        "p1 p2"
    );
    assert_eq!(of_a(&db, user::posts.update_many(None, ())).await.unwrap(), "p1 p2");
    assert_eq!(of_a(&db, user::posts.update(post::id.eq(1), ())).await.unwrap(), "p1 p2");
    assert_eq!(code(of_a(&db, user::posts.update(post::id.eq(3), ())).await), "P2025");
}

#[tokio::test]
async fn several_in_one() {
    let db = fresh!(world());
    let changes = [
        user::name.set("A"),
        user::posts.disconnect(post::id.eq(1)),
        user::posts.connect(post::id.eq(4)),
        user::posts.create(post::create().title("p5").comments(comment::create().text("deep"))),
        user::posts.update(post::id.eq(2), (post::title.set("P2"), post::tags.connect(tag::name.eq("z")))),
    ];
    let changed = db
        .user()
        .update(user::id.eq(1), changes)
        .include(user::posts.order_by(post::id.asc()).include(post::tags))
        .await
        .unwrap();
    assert_eq!(changed.name.as_deref(), Some("A"));
    let posts: Vec<_> = changed.posts.iter().map(|p| (&p.title[..], p.tags.len())).collect();
    assert_eq!(posts, [("P2", 1), ("p4", 0), ("p5", 0)]);
}

#[tokio::test]
async fn all_or_nothing() {
    let db = fresh!(world());
    let changes = [
        user::name.set("A"),
        user::posts.create(post::create().title("p5")),
        user::posts.connect(post::id.eq(4)),
        user::posts.delete(post::id.eq(1)),
        user::posts.update(post::id.eq(3), post::title.set("not hers")),
    ];
    assert_eq!(code(db.user().update(user::id.eq(1), changes).await), "P2025");
    assert_eq!(titles(&db, None).await, ["p1", "p2", "p3", "p4"]);
    assert_eq!(titles(&db, post::author_id.eq(1)).await, ["p1", "p2"]);
    assert_eq!(db.user().find_unique_or_error(user::id.eq(1)).await.unwrap().name, None);
    assert_eq!(db.comment().count().await.unwrap(), 2);
}
