//! Filters.

use super::*;

fn none() -> Filter {
    Filter::And(vec![])
}

#[tokio::test]
async fn scalars() {
    let db = Db::new().await;
    assert_eq!(db.matching("User", db.eq("User.name", "bob")).await, "2");
    assert_eq!(db.matching("User", db.compare("User.age", CompareOp::Ne, 25)).await, "1");
    assert_eq!(db.matching("User", Filter::Not(Box::new(db.eq("User.age", 25)))).await, "1");
    assert_eq!(db.matching("User", db.scalar("User.age", Condition::IsNull)).await, "2 4");
    assert_eq!(db.matching("User", db.scalar("User.age", Condition::IsNotNull)).await, "1 3 5");
    assert_eq!(db.matching("Post", db.compare("Post.views", CompareOp::Gte, 30)).await, "3 6 8");
    let column = Condition::Compare(CompareOp::Gt, Operand::Field(db.field("Post.id")));
    assert_eq!(db.matching("Post", db.scalar("Post.views", column)).await, "1 2 3 4 5 6 8");
}

#[tokio::test]
async fn logic() {
    let db = Db::new().await;
    assert_eq!(db.matching("User", Filter::And(vec![])).await, "1 2 3 4 5");
    assert_eq!(db.matching("User", Filter::Or(vec![])).await, "");
    assert_eq!(db.matching("User", Filter::Not(Box::new(Filter::And(vec![])))).await, "");
    let either = Filter::Or(vec![db.eq("User.id", 1), Filter::And(vec![db.eq("User.age", 25), db.eq("User.id", 5)])]);
    assert_eq!(db.matching("User", either).await, "1 5");
    let many = Filter::Or((0..5000).map(|i| db.eq("User.id", i)).collect());
    assert_eq!(db.matching("User", many).await, "1 2 3 4 5");
}

#[tokio::test]
async fn lists() {
    let db = Db::new().await;
    let within = |ids: &[i32], negated| {
        let values = ids.iter().map(|&n| Value::Int(n)).collect();
        db.scalar("User.id", Condition::In { values, negated })
    };
    assert_eq!(db.matching("User", within(&[], false)).await, "");
    assert_eq!(db.matching("User", within(&[], true)).await, "1 2 3 4 5");
    assert_eq!(db.matching("User", within(&[4], false)).await, "4");
    assert_eq!(db.matching("User", within(&[4, 1, 9], false)).await, "1 4");
    assert_eq!(db.matching("User", within(&[4, 1, 9], true)).await, "2 3 5");
    let many: Vec<_> = (0..32_000).collect();
    assert_eq!(db.matching("User", within(&many, false)).await, "1 2 3 4 5");
    let more: Vec<_> = (3..70_000).collect();
    assert_eq!(db.matching("User", within(&more, false)).await, "3 4 5", "more than a statement can have parameters");
    assert_eq!(db.matching("User", within(&more, true)).await, "1 2");
}

#[tokio::test]
async fn text() {
    let db = Db::new().await;
    let part = |kind, text: &str| db.scalar("Post.title", Condition::Match(kind, Operand::Value(Lit::from(text).0)));
    assert_eq!(db.matching("Post", part(MatchKind::Contains, "%")).await, "1");
    assert_eq!(db.matching("Post", part(MatchKind::Contains, "_")).await, "2");
    assert_eq!(db.matching("Post", part(MatchKind::StartsWith, "t")).await, "2 3");
    assert_eq!(db.matching("Post", part(MatchKind::EndsWith, "e")).await, "3 5");
    assert_eq!(db.matching("Post", part(MatchKind::Contains, "\\")).await, "");
    let subtitle = |kind| db.scalar("Post.title", Condition::Match(kind, Operand::Field(db.field("Post.subtitle"))));
    assert_eq!(db.matching("Post", subtitle(MatchKind::StartsWith)).await, "1 3");
    assert_eq!(db.matching("Post", subtitle(MatchKind::Contains)).await, "1 3 8");
    let upper = Filter::Scalar {
        field: db.field("User.name"),
        condition: Condition::Compare(CompareOp::Eq, Operand::Value(Lit::from("ANN").0)),
        mode: Mode::Insensitive,
    };
    assert_eq!(db.matching("User", upper).await, "1");
}

#[tokio::test]
async fn to_many() {
    let db = Db::new().await;
    let popular = || db.compare("Post.views", CompareOp::Gte, 30);
    let posts = |quantifier, filter| db.related("User.posts", quantifier, filter);
    assert_eq!(db.matching("User", posts(Quantifier::Some, none())).await, "1 2 3");
    assert_eq!(db.matching("User", posts(Quantifier::None, none())).await, "4 5");
    assert_eq!(db.matching("User", posts(Quantifier::Every, none())).await, "1 2 3 4 5");
    assert_eq!(db.matching("User", posts(Quantifier::Some, popular())).await, "1 3");
    assert_eq!(db.matching("User", posts(Quantifier::Every, popular())).await, "3 4 5");
    assert_eq!(db.matching("User", posts(Quantifier::None, popular())).await, "2 4 5");
    let tag = |quantifier, filter| db.related("Post.tags", quantifier, filter);
    assert_eq!(db.matching("Post", tag(Quantifier::Some, db.eq("Tag.id", 1))).await, "1 6 8");
    assert_eq!(db.matching("Post", tag(Quantifier::Some, db.eq("Tag.name", "red"))).await, "1 6 8");
    assert_eq!(db.matching("Post", tag(Quantifier::Every, db.eq("Tag.name", "green"))).await, "2 3 4 5 7");
    assert_eq!(db.matching("Post", tag(Quantifier::None, none())).await, "4 5 7");
    let deep = posts(Quantifier::Some, tag(Quantifier::Some, db.eq("Tag.name", "red")));
    assert_eq!(db.matching("User", deep.clone()).await, "1 3");
    assert_eq!(db.matching("User", Filter::Not(Box::new(deep))).await, "2 4 5");
    let reports = db.related("User.reports", Quantifier::Some, db.related("User.reports", Quantifier::Some, none()));
    assert_eq!(db.matching("User", reports).await, "1");
}

#[tokio::test]
async fn to_one() {
    let db = Db::new().await;
    let author = |quantifier, filter| db.related("Post.author", quantifier, filter);
    assert_eq!(db.matching("Post", author(Quantifier::Is, db.eq("User.name", "bob"))).await, "4 5");
    assert_eq!(db.matching("Post", author(Quantifier::IsNot, db.eq("User.name", "ann"))).await, "4 5 6 7");
    assert_eq!(db.matching("Post", author(Quantifier::Is, db.eq("User.id", 2))).await, "4 5");
    assert_eq!(db.matching("Post", author(Quantifier::IsNot, db.eq("User.id", 1))).await, "4 5 6 7");
    assert_eq!(db.matching("Post", author(Quantifier::IsNull, none())).await, "7");
    assert_eq!(db.matching("Post", author(Quantifier::IsNotNull, none())).await, "1 2 3 4 5 6 8");
    let profile = |quantifier, filter| db.related("User.profile", quantifier, filter);
    assert_eq!(db.matching("User", profile(Quantifier::IsNull, none())).await, "2 4 5");
    assert_eq!(db.matching("User", profile(Quantifier::Is, db.eq("Profile.bio", "c"))).await, "3");
    assert_eq!(db.matching("User", profile(Quantifier::IsNot, db.eq("Profile.bio", "c"))).await, "1 2 4 5");
    let of_ann = author(Quantifier::Is, db.related("User.manager", Quantifier::Is, db.eq("User.name", "ann")));
    assert_eq!(db.matching("Post", of_ann).await, "4 5 6");
}

#[tokio::test]
async fn compound_keys() {
    let db = Db::new().await;
    let flight = |quantifier, filter| db.related("Leg.flight", quantifier, filter);
    assert_eq!(db.matching("Leg", flight(Quantifier::Is, db.eq("Flight.airline", "LH"))).await, "1 2 6");
    assert_eq!(db.matching("Leg", flight(Quantifier::IsNull, none())).await, "4 5");
    let crowded = db.related("Flight.legs", Quantifier::Some, db.eq("Leg.id", 2));
    assert_eq!(db.matching("Leg", flight(Quantifier::Is, crowded)).await, "1 2");
}
