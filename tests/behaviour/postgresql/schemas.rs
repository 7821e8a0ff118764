//! Tables in several database schemas.

use prisma_client::ErrorKind;
use test_servers::{Database, Server};

mod db {
    prisma_client::prisma_schema!("tests/behaviour/postgresql/schemas.prisma");
}
use db::{Grade, customer, order, tag, user};

#[tokio::test]
async fn models_in_their_schemas() {
    test_servers::needs!(Server::Postgresql);
    let database = Database::create(Server::Postgresql);
    let db = db::PrismaClient::builder().url(database.url("schema=behaviour_default")).connect().await.unwrap();
    db.push_schema().await.unwrap();

    let ann = user::create()
        .email("ann")
        .grade(Grade::High)
        .grades([Grade::Low, Grade::High])
        .orders([order::create(), order::create()])
        .tags([tag::create().name("x"), tag::create().name("y")]);
    let ann = db.user().create(ann).include(user::orders).include(user::tags).await.unwrap();
    assert_eq!((ann.grade, ann.grades), (Grade::High, vec![Grade::Low, Grade::High]));
    assert_eq!((ann.orders.len(), ann.tags.len()), (2, 2));
    assert_eq!(db.user().count().filter(user::tags.some(tag::name.eq("x"))).await.unwrap(), 1);
    assert_eq!(db.user().count().filter(user::grades.has(Grade::High)).await.unwrap(), 1);
    assert_eq!(db.user().count().filter(user::orders.none(order::id.gt(0))).await.unwrap(), 0);
    let two = [Grade::High, Grade::Low];
    assert_eq!(db.user().count().filter(user::grade.is_in(two)).await.unwrap(), 1);
    let changed = db.user().update(user::id.eq(ann.id), user::tags.set([tag::id.eq(ann.tags[0].id)]));
    assert_eq!(changed.include(user::tags).await.unwrap().tags.len(), 1);

    // Errors tell the model, though another table has the same name.
    db.customer().create(customer::create().number("1")).await.unwrap();
    let error = db.customer().create(customer::create().number("1")).await.unwrap_err();
    let ErrorKind::UniqueConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("Customer"), &["number".to_owned()][..]));
    let error = db.user().create(user::create().email("ann")).await.unwrap_err();
    let ErrorKind::UniqueConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("User"), &["email".to_owned()][..]));
}
