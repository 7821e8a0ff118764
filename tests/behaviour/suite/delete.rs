//! `delete`, and what it does to related records.

use super::*;

#[tokio::test]
async fn answers_what_it_was() {
    let db = fresh!();
    let made = db.user().create(user::create().email("a").name("A").age(3)).await.unwrap();
    assert_eq!(db.user().delete(user::email.eq("a")).await.unwrap(), made);
    assert_eq!(db.user().count().await.unwrap(), 0);
    let error = db.user().delete(user::id.eq(made.id)).await.unwrap_err();
    let ErrorKind::RecordNotFound { model, cause } = error.kind() else { panic!("{error:?}") };
    assert!(model == "User" && cause.contains("id = 1") && cause.contains("delete"), "{cause}");
    db.seat().create(seat::create().row(1).number(2)).await.unwrap();
    assert_eq!(code(db.seat().delete(seat::row_number.eq((2, 1))).await), "P2025");
    assert_eq!(db.seat().delete(seat::row_number.eq((1, 2))).await.unwrap().number, 2);
}

#[tokio::test]
async fn further_conditions() {
    let db = fresh!();
    user_named(&db, "a").await;
    assert_eq!(code(db.user().delete(user::email.eq("a")).filter(user::version.eq(2)).await), "P2025");
    assert_eq!(code(db.user().delete(user::email.eq("a")).filter(user::posts.some(None)).await), "P2025");
    assert_eq!(db.user().delete(user::email.eq("a")).filter(user::version.eq(1)).await.unwrap().email, "a");
}

#[tokio::test]
async fn with_its_relations() {
    let db = fresh!();
    let create = user::create()
        .email("a")
        .profile(profile::create().bio("b"))
        .posts([post::create().title("x").tags([tag::create().name("t")]), post::create().title("y")]);
    db.user().create(create).await.unwrap();
    let gone = db
        .user()
        .delete(user::email.eq("a"))
        .include(user::profile)
        .include(user::posts.order_by(post::id.desc()).include(post::tags));
    let gone = gone.await.unwrap();
    assert_eq!(gone.profile.unwrap().bio, "b");
    assert_eq!(gone.posts.iter().map(|p| (&p.title[..], p.tags.len())).collect::<Vec<_>>(), [("y", 0), ("x", 1)]);
}

/// `Profile.user` and `Comment.post`: Cascade. `Post.author` and `User.manager`: SetNull.
#[tokio::test]
async fn cascade_and_set_null() {
    let db = fresh!();
    let create = user::create()
        .email("a")
        .profile(profile::create().bio("b"))
        .posts(post::create().title("x").comments([comment::create().text("c"), comment::create().text("d")]));
    db.user().create(create.reports(user::create().email("r"))).await.unwrap();
    db.user().delete(user::email.eq("a")).await.unwrap();
    assert_eq!(db.profile().count().await.unwrap(), 0);
    assert_eq!(titles(&db, post::author.is_null() & post::author_id.is_null()).await, ["x"]);
    assert_eq!(emails(&db, user::manager_id.is_null()).await, ["r"]);
    assert_eq!(db.comment().count().await.unwrap(), 2);
    db.post().delete(post::id.eq(1)).await.unwrap();
    assert_eq!(db.comment().count().await.unwrap(), 0);
}

/// `Exam.room`: Restrict.
#[tokio::test]
async fn restrict() {
    let db = fresh!();
    db.room().create(room::create().name("r").exams([exam::create().subject("s")])).await.unwrap();
    assert_eq!(code(db.room().delete(room::name.eq("r")).await), "P2003");
    assert_eq!(code(db.room().delete_many().all().await), "P2003");
    assert_eq!(db.room().count().await.unwrap(), 1);
    db.exam().delete_many().all().await.unwrap();
    assert_eq!(db.room().delete(room::name.eq("r")).await.unwrap().name, "r");
}

#[tokio::test]
async fn links_of_many_to_many_go_along() {
    let db = fresh!();
    db.post().create(post::create().title("x").tags([tag::create().name("t"), tag::create().name("u")])).await.unwrap();
    db.tag().delete(tag::name.eq("t")).await.unwrap();
    let post = db.post().find_first_or_error().include(post::tags).await.unwrap();
    assert_eq!(post.tags.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["u"]);
    db.post().delete(post::id.eq(post.id)).await.unwrap();
    assert_eq!(db.tag().count().filter(tag::posts.none(None)).await.unwrap(), 1);
}
