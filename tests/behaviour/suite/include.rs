//! Relations read along.

use super::*;

/// ada: posts 1 (tags rust, sql; two comments) and 2, both reviewed by bob; profile. bob: post 3 (tag rust), managed by ada,
/// a friend of hers. cyd: nothing. Post 4 is nobody's.
async fn world() -> TestDb {
    let db = fresh().await;
    let posts = [
        post::create()
            .title("one")
            .tags([tag::create().name("rust"), tag::create().name("sql")])
            .comments([comment::create().text("c1"), comment::create().text("c2")]),
        post::create().title("two"),
    ];
    let ada = user::create().email("ada").profile(profile::create().bio("first")).team(team::create().name("core"));
    db.user().create(ada.posts(posts)).await.unwrap();
    let bob = user::create().email("bob").manager(user::id.eq(1)).team(team::id.eq(1)).friends(user::id.eq(1));
    let three = post::create().title("three").tags(tag::name.eq("rust"));
    db.user().create(bob.posts(three).reviews([post::id.eq(1), post::id.eq(2)])).await.unwrap();
    user_named(&db, "cyd").await;
    db.post().create(post::create().title("four")).await.unwrap();
    db
}

#[tokio::test]
async fn to_one() {
    let db = fresh!(world());
    let posts = db.post().find_many().include(post::author).order_by(post::id.asc()).await.unwrap();
    let authors: Vec<_> = posts.iter().map(|p| p.author.as_ref().map(|a| a.email.as_str())).collect();
    assert_eq!(authors, [Some("ada"), Some("ada"), Some("bob"), None], "one record for several parents, and none");
    let profile = db.profile().find_first_or_error().include(profile::user).await.unwrap();
    assert_eq!(profile.user.email, "ada", "a required relation is no Option");
    let users = db.user().find_many().include(user::profile).order_by(user::id.asc()).await.unwrap();
    let bios: Vec<_> = users.iter().map(|u| u.profile.as_ref().map(|p| p.bio.as_str())).collect();
    assert_eq!(bios, [Some("first"), None, None]);
}

#[tokio::test]
async fn to_many() {
    let db = fresh!(world());
    let posts = user::posts.order_by(post::id.asc());
    let users = db.user().find_many().include(posts).order_by(user::id.desc()).await.unwrap();
    let posts: Vec<Vec<_>> = users.iter().map(|u| u.posts.iter().map(|p| p.title.as_str()).collect()).collect();
    assert_eq!(posts, [vec![], vec!["three"], vec!["one", "two"]]);
    let ada = db.user().find_unique(user::email.eq("ada")).include(user::posts).await.unwrap().unwrap();
    assert_eq!(ada.posts.iter().map(|p| p.author_id).collect::<Vec<_>>(), [Some(1), Some(1)]);
    assert!(db.user().find_unique(user::email.eq("zed")).include(user::posts).await.unwrap().is_none());
}

#[tokio::test]
async fn many_to_many_both_ways() {
    let db = fresh!(world());
    let posts =
        db.post().find_many().include(post::tags.order_by(tag::name.asc())).order_by(post::id.asc()).await.unwrap();
    let tags: Vec<String> =
        posts.iter().map(|p| p.tags.iter().map(|t| t.name.as_str()).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(tags, ["rust sql", "", "rust", ""]);
    let tags =
        db.tag().find_many().include(tag::posts.order_by(post::id.desc())).order_by(tag::name.asc()).await.unwrap();
    let posts: Vec<Vec<_>> = tags.iter().map(|t| t.posts.iter().map(|p| p.id).collect()).collect();
    assert_eq!(posts, [vec![3, 1], vec![1]]);
}

#[tokio::test]
async fn a_model_related_to_itself() {
    let db = fresh!(world());
    let users = db
        .user()
        .find_many()
        .include(user::manager)
        .include(user::reports)
        .include(user::friends)
        .include(user::friend_of)
        .order_by(user::id.asc())
        .await
        .unwrap();
    let names = |users: &[User]| users.iter().map(|u| u.email.clone()).collect::<Vec<_>>();
    let [ada, bob, cyd] = &users[..] else { panic!("{users:?}") };
    assert_eq!((&ada.manager, names(&ada.reports)), (&None, vec!["bob".to_owned()]));
    assert_eq!(bob.manager.as_ref().map(|m| m.email.as_str()), Some("ada"));
    assert_eq!((names(&bob.friends), names(&bob.friend_of)), (vec!["ada".to_owned()], vec![]));
    assert_eq!((names(&ada.friends), names(&ada.friend_of)), (vec![], vec!["bob".to_owned()]));
    assert_eq!((cyd.friends.len(), cyd.friend_of.len(), cyd.reports.len(), &cyd.manager), (0, 0, 0, &None));
}

#[tokio::test]
async fn two_relations_to_one_model() {
    let db = fresh!(world());
    let users =
        db.user().find_many().include(user::reviews).include(user::posts).order_by(user::id.asc()).await.unwrap();
    let ids = |posts: &[Post]| posts.iter().map(|p| p.id).collect::<Vec<_>>();
    assert_eq!((ids(&users[0].posts), ids(&users[0].reviews)), (vec![1, 2], vec![]));
    assert_eq!((ids(&users[1].posts), ids(&users[1].reviews)), (vec![3], vec![1, 2]));
    let post =
        db.post().find_unique(post::id.eq(1)).include(post::author).include(post::reviewer).await.unwrap().unwrap();
    assert_eq!((post.author.unwrap().email.as_str(), post.reviewer.unwrap().email.as_str()), ("ada", "bob"));
}

#[tokio::test]
async fn three_deep() {
    let db = fresh!(world());
    let teams = db
        .team()
        .find_many()
        .include(
            team::members
                .order_by(user::id.asc())
                .include(
                    user::posts
                        .order_by(post::id.asc())
                        .include(post::tags.order_by(tag::id.asc()))
                        .include(post::comments),
                )
                .include(user::manager.include(user::profile)),
        )
        .await
        .unwrap();
    let [core] = &teams[..] else { panic!("{teams:?}") };
    let [ada, bob] = &core.members[..] else { panic!("{core:?}") };
    let tags = |tags: &[Tag]| tags.iter().map(|t| t.name.clone()).collect::<Vec<_>>();
    assert_eq!(tags(&ada.posts[0].tags), ["rust", "sql"]);
    assert_eq!(ada.posts[0].comments.iter().map(|c| c.text.as_str()).collect::<Vec<_>>(), ["c1", "c2"]);
    assert_eq!((ada.posts[1].tags.len(), ada.posts[1].comments.len()), (0, 0));
    assert_eq!(tags(&bob.posts[0].tags), ["rust"], "the same tag for both");
    assert!(ada.manager.is_none());
    assert_eq!(bob.manager.as_ref().unwrap().profile.as_ref().unwrap().bio, "first");
}

/// There and back again.
#[tokio::test]
async fn in_a_circle() {
    let db = fresh!(world());
    let posts = db
        .post()
        .find_many()
        .filter(post::author.is_not_null())
        .include(post::author.include(user::posts.order_by(post::id.asc()).include(post::author)))
        .order_by(post::id.asc())
        .await
        .unwrap();
    let around: Vec<(i32, Vec<(i32, String)>)> = posts
        .into_iter()
        .map(|p| (p.id, p.author.unwrap().posts.into_iter().map(|p| (p.id, p.author.unwrap().email)).collect()))
        .collect();
    let of_ada = || vec![(1, "ada".to_owned()), (2, "ada".to_owned())];
    assert_eq!(around, [(1, of_ada()), (2, of_ada()), (3, vec![(3, "bob".to_owned())])]);
}

#[tokio::test]
async fn compound_keys() {
    let db = fresh!();
    for (row, number) in [(1, 1), (1, 2), (2, 1)] {
        db.seat().create(seat::create().row(row).number(number)).await.unwrap();
    }
    for (guest, key) in [("Ann", (1, 2)), ("Ben", (2, 1)), ("Cas", (1, 2))] {
        db.booking().create(booking::create().guest(guest).seat(seat::row_number.eq(key))).await.unwrap();
    }
    db.booking().create(booking::create().guest("Dan").seat_row(1)).await.unwrap();
    let seats = db.seat().find_many().include(seat::bookings.order_by(booking::guest.asc())).order_by(seat::row.asc());
    let seats = seats.order_by(seat::number.asc()).await.unwrap();
    let guests: Vec<String> = seats.iter().map(|s| s.bookings.iter().map(|b| &b.guest[..]).collect()).collect();
    assert_eq!(guests, ["", "AnnCas", "Ben"]);
    let bookings = db.booking().find_many().include(booking::seat).order_by(booking::guest.asc()).await.unwrap();
    let seats: Vec<_> = bookings.iter().map(|b| b.seat.as_ref().map(|s| (s.row, s.number))).collect();
    assert_eq!(seats, [Some((1, 2)), Some((2, 1)), Some((1, 2)), None], "half of a key leads nowhere");
}

#[tokio::test]
async fn with_what_is_written() {
    let db = fresh!(world());
    let with = || user::posts.order_by(post::id.asc());
    let titles = |posts: Vec<Post>| posts.into_iter().map(|p| p.title).collect::<Vec<_>>();

    let create = user::create().email("dan").posts([post::create().title("x"), post::create().title("y")]);
    let made = db.user().create(create).include(with()).include(user::profile).await.unwrap();
    assert_eq!((made.email.as_str(), titles(made.posts), made.profile), ("dan", vec!["x".into(), "y".into()], None));

    let change = user::posts.create(post::create().title("z"));
    let changed = db.user().update(user::email.eq("dan"), change).include(with()).await.unwrap();
    assert_eq!(titles(changed.posts), ["x", "y", "z"]);

    let upsert = |email: &str| {
        let create = user::create().email(email).posts(post::create().title("made"));
        db.user().upsert(user::email.eq(email), create, user::name.set("N")).include(with())
    };
    let upserted = upsert("dan").await.unwrap();
    assert_eq!(
        (upserted.name.as_deref(), titles(upserted.posts)),
        (Some("N"), vec!["x".into(), "y".into(), "z".into()])
    );
    let upserted = upsert("eve").await.unwrap();
    assert_eq!((upserted.name.as_deref(), titles(upserted.posts)), (None, vec!["made".into()]));

    let deleted = db.post().delete(post::id.eq(1)).include(post::author).include(post::comments).await.unwrap();
    assert_eq!((deleted.author.unwrap().email.as_str(), deleted.comments.len()), ("ada", 2), "what it was");
    assert_eq!(db.comment().count().await.unwrap(), 0);

    let many = [post::create().title("m1").author_id(1), post::create().title("m2")];
    let made = db.post().create_many_and_return(many).include(post::author).await.unwrap();
    let mut authors: Vec<_> = made.into_iter().map(|p| (p.title, p.author.map(|a| a.email))).collect();
    authors.sort();
    assert_eq!(authors, [("m1".to_owned(), Some("ada".to_owned())), ("m2".to_owned(), None)]);
    let changed = db.post().update_many_and_return(post::views.set(9)).filter(post::title.eq("m1"));
    let changed = changed.include(post::author).await.unwrap();
    assert_eq!((changed[0].views, changed[0].author.as_ref().unwrap().email.as_str()), (9, "ada"));
}

/// The place of a relation is in the type; a function can ask for it.
#[tokio::test]
async fn in_the_type() {
    fn count(user: &User<Vec<Post<NotIncluded, NotIncluded, Vec<Tag>>>>) -> usize {
        user.posts.iter().map(|p| p.tags.len()).sum()
    }
    let db = fresh!(world());
    let users = db.user().find_many().include(user::posts.include(post::tags)).order_by(user::id.asc()).await.unwrap();
    assert_eq!(users.iter().map(count).collect::<Vec<_>>(), [2, 1, 0]);
}
