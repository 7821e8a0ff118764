//! `aggregate`.

use bigdecimal::BigDecimal;
use chrono::{DateTime, Utc};
use prisma_client::count;

use super::*;

/// Views 5, 0, 20, 7 by two users and nobody; the last two have a content.
async fn world() -> TestDb {
    let db = fresh().await;
    let (a, b) = (user_named(&db, "a").await, user_named(&db, "b").await);
    for (title, views, author, content) in [
        ("one", 5, Some(a.id), None),
        ("two", 0, Some(a.id), None),
        ("three", 20, Some(b.id), Some("c")),
        ("four", 7, None, Some("c")),
    ] {
        let record = post::create().title(title).views(views).author_id(author).content(content.map(str::to_owned));
        db.post().create(record).await.unwrap();
    }
    db
}

#[tokio::test]
async fn one_or_several() {
    let db = fresh!(world());
    assert_eq!(db.post().aggregate(count()).await.unwrap(), 4);
    assert_eq!(db.post().aggregate(post::views.sum()).await.unwrap(), Some(32));
    let (n, total, mean) = db.post().aggregate((count(), post::views.sum(), post::views.avg())).await.unwrap();
    assert_eq!((n, total, mean), (4, Some(32), Some(8.0)));
    let counts = (post::content.count(), post::author_id.count(), post::title.count());
    assert_eq!(db.post().aggregate(counts).await.unwrap(), (2, 3, 4));
    let extremes =
        (post::views.min(), post::views.max(), post::author_id.max(), (post::title.min(), post::content.max()));
    let (least, most, author, (title, content)) = db.post().aggregate(extremes).await.unwrap();
    assert_eq!((least, most, author.is_some()), (Some(0), Some(20), true));
    assert_eq!((title.as_deref(), content.as_deref()), (Some("four"), Some("c")));
}

#[tokio::test]
async fn of_no_records() {
    let db = fresh!(world());
    let all = (count(), post::content.count(), post::views.sum(), post::views.avg(), post::title.min(), post::id.max());
    let none = db.post().aggregate(all).filter(post::title.eq("nobody")).await.unwrap();
    assert_eq!(none, (0, 0, None, None, None, None));
    let of_nulls = (count(), user::age.count(), user::age.sum(), user::age.avg(), user::age.min());
    assert_eq!(db.user().aggregate(of_nulls).await.unwrap(), (2, 0, None, None, None));
}

#[tokio::test]
async fn of_the_records_that_the_arguments_choose() {
    let db = fresh!(world());
    let sum = || db.post().aggregate((count(), post::views.sum()));
    assert_eq!(sum().filter(post::author.is(user::email.eq("a"))).await.unwrap(), (2, Some(5)));
    assert_eq!(sum().filter(post::views.gt(5)).filter(post::content.is_not_null()).await.unwrap(), (2, Some(27)));
    assert_eq!(sum().order_by(post::views.desc()).take(2).await.unwrap(), (2, Some(27)));
    assert_eq!(sum().order_by(post::views.desc()).take(-2).await.unwrap(), (2, Some(5)));
    assert_eq!(sum().order_by(post::views.desc()).skip(1).take(2).await.unwrap(), (2, Some(12)));
    assert_eq!(sum().order_by(post::views.asc()).skip(3).await.unwrap(), (1, Some(20)));
    assert_eq!(sum().take(0).await.unwrap(), (0, None));
    let third = db.post().find_first_or_error().filter(post::title.eq("three")).await.unwrap();
    assert_eq!(sum().cursor(post::id.eq(third.id)).order_by(post::id.asc()).await.unwrap(), (2, Some(27)));
    assert_eq!(sum().cursor(post::id.eq(third.id)).order_by(post::id.asc()).take(-2).await.unwrap(), (2, Some(20)));
    assert_eq!(sum().cursor(post::id.eq(-1)).await.unwrap(), (0, None));
    assert_eq!(sum().distinct([post::content]).order_by(post::views.desc()).await.unwrap(), (2, Some(25)));
}

/// Integers of 32 bits sum up to one of 64; what is beyond that is an error, not another number.
#[tokio::test]
async fn large_sums() {
    let db = fresh!();
    for _ in 0..3 {
        let record = everything::create().int(i32::MAX).big_int(i64::MAX / 3).float(0.25).decimal(BigDecimal::from(3));
        db.everything().create(record).await.unwrap();
    }
    let sums = (everything::int.sum(), everything::big_int.sum(), everything::float.sum(), everything::decimal.sum());
    let (int, big_int, float, decimal) = db.everything().aggregate(sums).await.unwrap();
    assert_eq!((int, big_int), (Some(3 * i64::from(i32::MAX)), Some(i64::MAX / 3 * 3)));
    assert_eq!((float, decimal), (Some(0.75), Some(BigDecimal::from(9))));
    db.everything().create(everything::create().big_int(i64::MAX)).await.unwrap();
    db.everything().aggregate(everything::big_int.sum()).await.unwrap_err();
    let mean = db.everything().aggregate(everything::int.avg()).filter(everything::float.eq(0.25)).await.unwrap();
    assert_eq!(mean, Some(f64::from(i32::MAX)));
}

#[tokio::test]
async fn every_type_with_an_order() {
    let db = fresh!();
    let at = |day: u32| -> DateTime<Utc> { format!("2026-01-{day:02}T10:00:00.125Z").parse().unwrap() };
    let decimal = |text: &str| text.parse::<BigDecimal>().unwrap();
    for (day, number, text) in [(3, "0.5", "b"), (1, "2.25", "c"), (2, "-1.75", "a")] {
        let record = everything::create()
            .string(text)
            .big_int(i64::from(day) << 40)
            .float(f64::from(day) / 4.0)
            .decimal(decimal(number))
            .date_time(at(day));
        db.everything().create(record).await.unwrap();
    }
    let least =
        (everything::string.min(), everything::decimal.min(), everything::date_time.min(), everything::float.min());
    let least = db.everything().aggregate(least).await.unwrap();
    assert_eq!(least, (Some("a".to_owned()), Some(decimal("-1.75")), Some(at(1)), Some(0.25)));
    let most =
        (everything::string.max(), everything::decimal.max(), everything::date_time.max(), everything::big_int.max());
    let most = db.everything().aggregate(most).await.unwrap();
    assert_eq!(most, (Some("c".to_owned()), Some(decimal("2.25")), Some(at(3)), Some(3 << 40)));
    let (mean, sum) =
        db.everything().aggregate((everything::decimal.avg(), everything::decimal_opt.sum())).await.unwrap();
    assert_eq!((mean.unwrap() * BigDecimal::from(3)).round(10), decimal("1").round(10));
    assert_eq!(sum, None);
}

#[tokio::test]
async fn in_a_batch_and_in_a_transaction() {
    let db = fresh!(world());
    let (sum, posts) = db.batch((db.post().aggregate(post::views.sum()), db.post().count())).await.unwrap();
    assert_eq!((sum, posts), (Some(32), 4));
    let tx = db.begin().await.unwrap();
    tx.post().delete_many().filter(post::views.gt(10)).await.unwrap();
    assert_eq!(tx.post().aggregate(post::views.max()).await.unwrap(), Some(7));
    tx.rollback().await.unwrap();
    assert_eq!(db.post().aggregate(post::views.max()).await.unwrap(), Some(20));
}
