//! `create` with relations, to any depth, and what is left of it when it fails.

use super::*;

/// How many records there are of everything that these tests write.
async fn counts(db: &PrismaClient) -> [i64; 5] {
    [
        db.user().count().await.unwrap(),
        db.post().count().await.unwrap(),
        db.tag().count().await.unwrap(),
        db.comment().count().await.unwrap(),
        db.profile().count().await.unwrap(),
    ]
}

#[tokio::test]
async fn to_many() {
    let db = fresh!();
    let one = db
        .user()
        .create(user::create().email("a").posts(post::create().title("x")))
        .include(user::posts)
        .await
        .unwrap();
    assert_eq!((one.posts.len(), one.posts[0].author_id), (1, Some(one.id)));
    let list: Vec<_> = (0..30).map(|n| post::create().title(n.to_string()).views(n)).collect();
    let many = user::create().email("b").posts(list);
    let many = db.user().create(many).include(user::posts.order_by(post::id.asc())).await.unwrap();
    assert_eq!(many.posts.iter().map(|p| p.views).collect::<Vec<_>>(), (0..30).collect::<Vec<_>>());
    let mut list = vec![post::create().title("x")];
    list.clear();
    let none = db.user().create(user::create().email("c").posts(list)).include(user::posts).await.unwrap();
    assert_eq!(none.posts, []);
}

#[tokio::test]
async fn to_one_on_either_side() {
    let db = fresh!();
    let with_profile = user::create().email("a").profile(profile::create().bio("b"));
    let made = db.user().create(with_profile).include(user::profile).await.unwrap();
    assert_eq!(made.profile.unwrap().user_id, made.id);
    let made = db
        .profile()
        .create(profile::create().bio("c").user(user::create().email("d")))
        .include(profile::user)
        .await
        .unwrap();
    assert_eq!((made.user.email.as_str(), made.user_id), ("d", made.user.id));
    let made =
        db.user().create(user::create().email("e").team(team::create().name("t"))).include(user::team).await.unwrap();
    assert_eq!(made.team.unwrap().id, made.team_id.unwrap());
    assert_eq!(counts(&db).await, [3, 0, 0, 0, 2]);
}

#[tokio::test]
async fn many_to_many() {
    let db = fresh!();
    let rust = db.tag().create(tag::create().name("rust")).await.unwrap();
    let made = db
        .post()
        .create(post::create().title("t").tags((
            [tag::create().name("a"), tag::create().name("b")],
            tag::id.eq(rust.id),
            [
                tag::name.eq("rust").or_create(tag::create().name("rust")),
                tag::name.eq("new").or_create(tag::create().name("new")),
            ],
        )))
        .include(post::tags.order_by(tag::name.asc()))
        .await
        .unwrap();
    assert_eq!(made.tags.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["a", "b", "new", "rust"]);
    let tag = db.tag().create(tag::create().name("z").posts([post::create().title("p"), post::create().title("q")]));
    assert_eq!(tag.include(tag::posts).await.unwrap().posts.len(), 2);
    assert_eq!(counts(&db).await, [0, 3, 5, 0, 0]);
}

#[tokio::test]
async fn connect() {
    let db = fresh!();
    let posts = db.post().create_many_and_return(["x", "y", "z"].map(|t| post::create().title(t))).await.unwrap();
    let list: Vec<_> = posts[..2].iter().map(|p| post::id.eq(p.id)).collect();
    let first = db.user().create(user::create().email("a").posts(list)).await.unwrap();
    assert_eq!(titles(&db, post::author_id.eq(first.id)).await, ["x", "y"]);
    // Connecting takes the record from where it was.
    let second = db.user().create(user::create().email("b").posts(post::id.eq(posts[0].id))).await.unwrap();
    assert_eq!(titles(&db, post::author_id.eq(first.id)).await, ["y"]);
    assert_eq!(titles(&db, post::author_id.eq(second.id)).await, ["x"]);
    // By another key than the foreign key's.
    let made = db.post().create(post::create().title("w").author(user::email.eq("b"))).await.unwrap();
    assert_eq!(made.author_id, Some(second.id));
    let both = post::create().title("v").author(user::email.eq("a")).reviewer(user::id.eq(second.id));
    let made = db.post().create(both).await.unwrap();
    assert_eq!((made.author_id, made.reviewer_id), (Some(first.id), Some(second.id)));
}

#[tokio::test]
async fn connect_or_create() {
    let db = fresh!();
    let oslo = || city::name.eq("Oslo").or_create(city::create().name("Oslo"));
    for email in ["a", "b"] {
        let made = db.user().create(user::create().email(email).city(oslo())).await.unwrap();
        assert_eq!(made.city_name.as_deref(), Some("Oslo"));
    }
    assert_eq!(db.city().count().await.unwrap(), 1);
    let posts = [
        post::author_id_title.eq((1, "there")).or_create(post::create().title("made")),
        post::author_id_title.eq((2, "there")).or_create(post::create().title("unused")),
    ];
    db.post().create(post::create().title("there").author_id(2)).await.unwrap();
    let made =
        db.user().create(user::create().email("c").posts(posts)).include(user::posts.order_by(post::title.asc()));
    let made = made.await.unwrap();
    assert_eq!(made.posts.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(), ["made", "there"]);
}

#[tokio::test]
async fn three_deep() {
    let db = fresh!();
    let team = team::create().name("core").members([
        user::create().email("a").profile(profile::create().bio("b")).posts([
            post::create()
                .title("x")
                .tags([tag::create().name("t1"), tag::create().name("t2")])
                .comments([comment::create().text("c1"), comment::create().text("c2")]),
            post::create().title("y").reviewer(user::create().email("r").team(team::create().name("other"))),
        ]),
        user::create().email("z"),
    ]);
    let core = db
        .team()
        .create(team)
        .include(
            team::members.order_by(user::email.asc()).include(
                user::posts
                    .order_by(post::title.asc())
                    .include(post::comments)
                    .include(post::tags)
                    .include(post::reviewer.include(user::team)),
            ),
        )
        .await
        .unwrap();
    let posts = &core.members[0].posts;
    assert_eq!(core.members.iter().map(|u| (&u.email[..], u.posts.len())).collect::<Vec<_>>(), [("a", 2), ("z", 0)]);
    assert_eq!((posts[0].comments.len(), posts[0].tags.len(), &posts[0].reviewer), (2, 2, &None));
    assert_eq!(posts[1].reviewer.as_ref().unwrap().team.as_ref().unwrap().name, "other");
    assert_eq!(counts(&db).await, [3, 2, 2, 2, 1]);
}

#[tokio::test]
async fn through_a_relation_to_itself() {
    let db = fresh!();
    let chief = user::create().email("chief").reports([
        user::create().email("a").reports(user::create().email("c")),
        user::create().email("b").friends([user::create().email("d"), user::create().email("e")]),
    ]);
    db.user().create(chief).await.unwrap();
    assert_eq!(emails(&db, user::manager.is(user::email.eq("chief"))).await, ["a", "b"]);
    assert_eq!(emails(&db, user::manager.is(user::email.eq("a"))).await, ["c"]);
    let mut friends = emails(&db, user::friend_of.some(user::email.eq("b"))).await;
    friends.sort();
    assert_eq!(friends, ["d", "e"]);
    let made = user::create().email("low").manager(user::create().email("mid").manager(user::email.eq("a")));
    let made = db.user().create(made).include(user::manager.include(user::manager)).await.unwrap();
    assert_eq!(made.manager.unwrap().manager.unwrap().email, "a");
}

#[tokio::test]
async fn connecting_what_is_not_there() {
    let db = fresh!();
    let error = db.post().create(post::create().title("t").author(user::email.eq("z"))).await.unwrap_err();
    let ErrorKind::RecordNotFound { model, cause } = error.kind() else { panic!("{error:?}") };
    assert!(model == "User" && cause.contains("email = \"z\"") && cause.contains("Post.author"), "{error}");
    assert_eq!(code(db.post().create(post::create().title("t").author(user::id.eq(9))).await), "P2025");
    let some = user::create().email("a").posts([post::id.eq(8), post::id.eq(9)]);
    assert_eq!(code(db.user().create(some).await), "P2018");
    assert_eq!(code(db.post().create(post::create().title("t").tags(tag::name.eq("z"))).await), "P2025");
    assert_eq!(code(db.post().create(post::create().title("t").tags([tag::id.eq(7)])).await), "P2025");
    assert_eq!(counts(&db).await, [0; 5]);
}

#[tokio::test]
async fn nothing_is_left_behind() {
    let db = fresh!();
    db.tag().create(tag::create().name("taken")).await.unwrap();
    let deep = user::create().email("a").profile(profile::create().bio("b")).team(team::create().name("t")).posts([
        post::create().title("x").comments(comment::create().text("c")).tags(tag::create().name("new")),
        post::create().title("y").tags(tag::create().name("taken")),
    ]);
    let error = db.user().create(deep).await.unwrap_err();
    let ErrorKind::UniqueConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("Tag"), &["name".to_owned()][..]));
    let twins = user::create().email("a").posts([post::create().title("x"), post::create().title("x")]);
    assert_eq!(code(db.user().create(twins).await), "P2002");
    let late =
        user::create().email("a").team(team::create().name("t")).posts((post::create().title("x"), post::id.eq(99)));
    assert_eq!(code(db.user().create(late).await), "P2018");
    assert_eq!(counts(&db).await, [0, 0, 1, 0, 0]);
    assert_eq!(db.team().count().await.unwrap(), 0);
}
