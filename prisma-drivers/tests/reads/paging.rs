//! Order, skip, take, cursor, distinct, and what is computed over them.

use super::*;

fn page(order: Vec<Order>, skip: u64, take: i64) -> Arguments {
    Arguments { order, skip: Some(skip), take: Some(take), ..Default::default() }
}

#[tokio::test]
async fn orders() {
    let db = Db::new().await;
    let by = |order: Vec<Order>| Arguments { order, ..Default::default() };
    let age = db.by("User.age", Direction::Asc);
    let id = db.by("User.id", Direction::Asc);
    let age_with = |nulls| Order { nulls: Some(nulls), ..age.clone() };
    assert_eq!(db.ids("User", by(vec![age.clone(), id.clone()])).await, "2 4 3 5 1");
    assert_eq!(db.ids("User", by(vec![age_with(Nulls::Last), id.clone()])).await, "3 5 1 2 4");
    let down = Order { direction: Direction::Desc, ..age_with(Nulls::First) };
    assert_eq!(db.ids("User", by(vec![down, id.clone()])).await, "2 4 1 3 5");
    let author = Order { path: vec![db.field("Post.author")], ..db.by("User.name", Direction::Desc) };
    assert_eq!(db.ids("Post", by(vec![author, db.by("Post.id", Direction::Asc)])).await, "6 4 5 1 2 3 8 7");
    let manager = vec![db.field("Post.author"), db.field("User.manager")];
    let manager = Order { path: manager, nulls: Some(Nulls::Last), ..db.by("User.name", Direction::Asc) };
    assert_eq!(db.ids("Post", by(vec![manager, db.by("Post.id", Direction::Asc)])).await, "4 5 6 1 2 3 7 8");
    let count = Order {
        target: OrderTarget::Related(RelationAggregate::count(db.field("User.posts"))),
        ..db.by("User.id", Direction::Desc)
    };
    assert_eq!(db.ids("User", by(vec![count, id])).await, "1 2 3 4 5");
}

#[tokio::test]
async fn skip_and_take() {
    let db = Db::new().await;
    let views = || vec![db.by("Post.views", Direction::Asc)];
    assert_eq!(db.ids("Post", page(views(), 0, 3)).await, "7 1 4");
    assert_eq!(db.ids("Post", page(views(), 1, 3)).await, "1 4 2");
    assert_eq!(db.ids("Post", page(views(), 0, -3)).await, "3 6 8");
    assert_eq!(db.ids("Post", page(views(), 1, -3)).await, "5 3 6");
    assert_eq!(db.ids("Post", page(vec![], 0, -2)).await, "7 8");
    assert_eq!(db.ids("Post", page(views(), 0, 0)).await, "");
    let skip = Arguments { order: views(), skip: Some(6), ..Default::default() };
    assert_eq!(db.ids("Post", skip).await, "6 8");
    let far = Arguments { skip: Some(u64::MAX), take: Some(i64::MIN), ..Default::default() };
    assert_eq!(db.ids("Post", far).await, "");
}

#[tokio::test]
async fn cursors() {
    let db = Db::new().await;
    let from =
        |id: i32, arguments: Arguments| Arguments { cursor: Some(Box::new(db.unique("Post.id", id))), ..arguments };
    assert_eq!(db.ids("Post", from(6, Arguments::default())).await, "6 7 8");
    assert_eq!(db.ids("Post", from(99, Arguments::default())).await, "");
    assert_eq!(db.ids("Post", from(3, page(vec![], 1, 2))).await, "4 5");
    assert_eq!(db.ids("Post", from(3, page(vec![], 0, -2))).await, "2 3");
    assert_eq!(db.ids("Post", from(3, page(vec![], 1, -5))).await, "1 2");
    let views = || vec![db.by("Post.views", Direction::Desc)];
    let sorted = || Arguments { order: views(), ..Default::default() };
    assert_eq!(db.ids("Post", sorted()).await.split(' ').next(), Some("8"));
    assert_eq!(db.ids("Post", from(2, sorted())).await, "2 5 1 4 7");
    assert_eq!(db.ids("Post", from(5, page(views(), 0, -3))).await, "6 2 5");
    let filtered = Arguments { filter: Some(db.eq("Post.authorId", 2)), ..sorted() };
    assert_eq!(db.ids("Post", from(2, filtered)).await, "5 4");
    let count = Order {
        target: OrderTarget::Related(RelationAggregate::count(db.field("Post.tags"))),
        ..db.by("Post.id", Direction::Desc)
    };
    assert_eq!(db.ids("Post", from(2, Arguments { order: vec![count], ..Default::default() })).await, "2 3 6 4 5 7");
    let author = Order { path: vec![db.field("Post.author")], ..db.by("User.name", Direction::Asc) };
    assert_eq!(db.ids("Post", from(5, Arguments { order: vec![author], ..Default::default() })).await, "5 6");
}

/// From any record on, a cursor gives what a list that is cut there gives, wherever NULLs go.
#[tokio::test]
async fn cursors_and_nulls() {
    let db = Db::new().await;
    for direction in [Direction::Asc, Direction::Desc] {
        for nulls in [None, Some(Nulls::First), Some(Nulls::Last)] {
            let arguments = || {
                let age = Order { nulls, ..db.by("User.age", direction) };
                Arguments { order: vec![age], skip: Some(0), take: Some(100), ..Default::default() }
            };
            let all = db.ids("User", arguments()).await;
            for (i, id) in all.split(' ').enumerate() {
                let cursor = || Some(Box::new(db.unique("User.id", id.parse::<i32>().unwrap())));
                let after = db.ids("User", Arguments { cursor: cursor(), ..arguments() }).await;
                let expected: Vec<_> = all.split(' ').skip(i).collect();
                assert_eq!(after, expected.join(" "), "{direction:?} {nulls:?} from {id}");
                let before = db.ids("User", Arguments { cursor: cursor(), take: Some(-100), ..arguments() }).await;
                let expected: Vec<_> = all.split(' ').take(i + 1).collect();
                assert_eq!(before, expected.join(" "), "{direction:?} {nulls:?} up to {id}");
            }
        }
    }
}

#[tokio::test]
async fn distinct() {
    let db = Db::new().await;
    let distinct = |arguments| Arguments { distinct: vec![db.field("Post.views")], ..arguments };
    let id = || vec![db.by("Post.id", Direction::Desc)];
    assert_eq!(db.ids("Post", distinct(Arguments::default())).await, "1 2 3 7 8");
    assert_eq!(db.ids("Post", distinct(Arguments { order: id(), ..Default::default() })).await, "8 7 6 5 4");
    assert_eq!(db.ids("Post", distinct(page(id(), 1, 2))).await, "7 6");
    assert_eq!(db.ids("Post", distinct(page(id(), 1, -2))).await, "6 5");
    let nulls = Arguments { distinct: vec![db.field("User.age")], ..Default::default() };
    assert_eq!(db.ids("User", nulls).await, "1 2 3");
}

#[tokio::test]
async fn aggregates() {
    let db = Db::new().await;
    let views = db.field("Post.views");
    let all = || vec![Aggregate::Count, Aggregate::Sum(views), Aggregate::Avg(views), Aggregate::Max(views)];
    let show = |values: Vec<Value>| values.into_iter().map(super::show).collect::<Vec<_>>().join(" ");
    assert_eq!(show(db.aggregate("Post", Arguments::default(), all()).await), "8 165 20.625 40");
    let few = Arguments { filter: Some(db.eq("Post.authorId", 2)), ..Default::default() };
    assert_eq!(show(db.aggregate("Post", few, all()).await), "2 30 15 20");
    let paged = page(vec![db.by("Post.views", Direction::Asc)], 1, -2);
    assert_eq!(show(db.aggregate("Post", paged, all()).await), "2 60 30 30");
    let distinct = Arguments { distinct: vec![views], ..Default::default() };
    assert_eq!(show(db.aggregate("Post", distinct, vec![Aggregate::Count]).await), "5");
    let nothing = Arguments { filter: Some(Filter::Or(vec![])), ..Default::default() };
    assert_eq!(show(db.aggregate("Post", nothing, all()).await), "0 - - -");
    let age = vec![Aggregate::CountField(db.field("User.age")), Aggregate::Min(db.field("User.age"))];
    assert_eq!(show(db.aggregate("User", Arguments::default(), age).await), "3 25");
}
