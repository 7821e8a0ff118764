//! `page(n)`, `after` and `before`: pages by the values of the order's columns.

use prisma_client::{Load, Page, PageCursor, select};

use super::page::{ids, orders, query, world};
use super::*;

/// All pages from the first on, and then all from the last back to the first.
async fn walk(db: &PrismaClient, keys: &[OrderBy<Post>], size: u32) -> (Vec<Vec<i32>>, Vec<Vec<i32>>) {
    let mut forth = Vec::new();
    let mut page = query(db, keys).page(size).await.unwrap();
    assert_eq!(page.previous, None, "nothing before the first page");
    loop {
        forth.push(ids(page.records));
        let Some(next) = page.next else { break };
        // As it comes out of a link.
        let next: PageCursor = next.to_string().parse().unwrap();
        page = query(db, keys).page(size).after(next).await.unwrap();
    }
    let mut back = vec![forth.last().unwrap().clone()];
    let mut previous = page.previous;
    while let Some(cursor) = previous {
        let page = query(db, keys).page(size).before(cursor).await.unwrap();
        assert!(page.next.is_some(), "the page that we come from");
        back.insert(0, ids(page.records));
        previous = page.previous;
    }
    (forth, back)
}

#[tokio::test]
async fn forth_and_back_in_every_order() {
    let (db, _) = fresh!(world());
    for (name, keys) in orders() {
        if matches!(name, "author" | "tags") {
            continue;
        }
        let all = ids(query(&db, &keys).order_by(post::id.asc()).await.unwrap());
        for size in [1, 2, 3, 6, 7, 8] {
            let (forth, back) = walk(&db, &keys, size).await;
            assert_eq!(forth.concat(), all, "by {name}, pages of {size}");
            assert_eq!(back.concat(), all, "by {name}, pages of {size} backwards");
            assert_eq!(forth.len(), all.len().div_ceil(size as usize), "by {name}: no empty page behind the last");
            let (_, full) = forth.split_last().unwrap();
            assert!(full.iter().all(|page| page.len() == size as usize), "{forth:?}");
        }
    }
}

#[tokio::test]
async fn what_is_written_meanwhile() {
    let (db, _) = fresh!(world());
    let first = db.post().find_many().order_by(post::views.asc()).page(3).await.unwrap();
    assert_eq!(ids(first.records), [2, 4, 7]);
    // The record that the cursor was made of is gone, and one before it is new.
    db.post().delete(post::id.eq(7)).await.unwrap();
    db.post().create(post::create().title("new").views(0)).await.unwrap();
    let second = db.post().find_many().order_by(post::views.asc()).page(3).after(first.next).await.unwrap();
    assert_eq!(ids(second.records), [3, 6, 1]);
    let before = db.post().find_many().order_by(post::views.asc()).page(2).before(second.previous).await.unwrap();
    assert_eq!((ids(before.records), before.previous.is_some()), (vec![2, 4], true));
}

#[tokio::test]
async fn with_filters_relations_and_selections() {
    let (db, _) = fresh!(world());
    let author = user::create().email("x").posts([post::id.eq(2), post::id.eq(5)]);
    db.user().create(author).await.unwrap();
    let query = || db.post().find_many().filter(post::views.gt(1)).order_by(post::views.desc());
    // Neither `views` nor `id` is selected, and the record too many has no part in the relations.
    let rows = || query().select(select!(post { title, author { email } })).page(2);
    let first = rows().await.unwrap();
    assert_eq!(first.records.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(), ["t0", "t4"]);
    assert_eq!(first.records[1].author.as_ref().map(|a| a.email.as_str()), Some("x"));
    let second = rows().after(first.next).await.unwrap();
    assert_eq!(second.records.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(), ["t2", "t5"]);
    assert!(second.next.is_none());
    for load in [Load::Query, Load::Join] {
        let page = query().include(post::author).load(load).page(1).before(second.previous.clone());
        let back: Page<Post<_, _, _, _>> = page.await.unwrap();
        assert_eq!((back.records[0].id, back.records[0].author.as_ref().map(|a| a.id)), (5, Some(1)), "{load:?}");
        assert!(back.next.is_some() && back.previous.is_some());
    }
    assert!(db.post().find_many().filter(post::views.gt(99)).page(5).await.unwrap().records.is_empty());
}

#[tokio::test]
async fn one_statement_without_offset() {
    let db = fresh!();
    db.post().create_many((1..=3).map(|n| post::create().title("t").views(n))).await.unwrap();
    let query = || db.post().find_many().order_by(post::views.desc()).page(1);
    let next = query().await.unwrap().next;
    let sql = query().after(next.clone()).to_sql().unwrap();
    assert!(!sql.text().to_uppercase().contains("OFFSET"), "{sql}");
    assert_eq!(sql.text().matches("SELECT").count(), 1, "{sql}");
    let both = db.batch((query().after(next.clone()), query().after(None).before(next))).await.unwrap();
    assert_eq!((both.0.records[0].views, both.1.records.len()), (2, 0));
}

#[tokio::test]
async fn what_cannot_be() {
    let (db, _) = fresh!(world());
    let refused = async |page: prisma_client::typed::FindPage<'_, Post, Post>, part: &str| {
        let error = page.await.unwrap_err();
        assert!(error.code() == Some("P2009") && error.to_string().contains(part), "{error}");
    };
    let posts = || db.post().find_many();
    let cursor = posts().order_by(post::views.desc()).page(2).await.unwrap().next.unwrap();
    refused(posts().order_by(post::views.asc()).page(2).after(cursor.clone()), "Post by views desc, id").await;
    refused(posts().page(2).before(cursor.clone()), "this query has the order `Post by id`").await;
    let both = posts().order_by(post::views.desc()).page(2).after(cursor.clone()).before(cursor.clone());
    refused(both, "both").await;
    refused(posts().order_by(post::author.order(user::name.asc())).page(2), "related records").await;
    refused(posts().order_by(post::tags.count().desc()).page(2), "related records").await;
    refused(posts().page(0), "page(0)").await;
    refused(posts().take(3).page(2), "leave out").await;
    refused(posts().distinct([post::views]).page(2), "leave out").await;
    let error = db.user().find_many().order_by(user::role.asc()).page(2).await.unwrap_err();
    assert!(error.code() == Some("P2009") && error.to_string().contains("enums"), "{error}");
    for text in ["", "x", "bm90IGpzb24", &cursor.to_string()[1..]] {
        assert_eq!(text.parse::<PageCursor>().unwrap_err().code(), Some("P2009"), "{text}");
    }
    let json = prisma_client::serde_json::to_string(&cursor).unwrap();
    assert_eq!(prisma_client::serde_json::from_str::<PageCursor>(&json).unwrap(), cursor);
}

/// The values go into the cursor and come out of it to the last bit: otherwise records come twice, or not at all.
#[tokio::test]
async fn every_type_that_has_an_order() {
    let db = fresh!();
    let start = prisma_client::chrono::DateTime::from_timestamp_micros(1_700_000_000_123_000).unwrap();
    let rows = (0..6).map(|n| {
        // Each value twice.
        let n = n / 2;
        let row = everything::create().big_int(i64::MAX - i64::from(n)).float(0.1 + 0.2 * f64::from(n));
        let row = row.date_time(start + prisma_client::chrono::TimeDelta::milliseconds(n.into())).boolean(n == 0);
        row.decimal(format!("{n}.10").parse::<prisma_client::bigdecimal::BigDecimal>().unwrap())
            .float_opt((n > 0).then_some(f64::from(n) / 3.0))
    });
    db.everything().create_many(rows).await.unwrap();
    let orders = [
        everything::big_int.asc(),
        everything::float.desc(),
        everything::decimal.asc(),
        everything::date_time.desc(),
        everything::boolean.asc(),
        everything::float_opt.desc(),
        everything::id.desc(),
    ];
    for (i, order) in orders.into_iter().enumerate() {
        let query = || db.everything().find_many().order_by(order.clone());
        let all: Vec<_> = query().order_by(everything::id.asc()).await.unwrap().into_iter().map(|e| e.id).collect();
        let (mut seen, mut after) = (Vec::new(), None);
        for _ in 0..6 {
            let page = query().page(1).after(after).await.unwrap();
            seen.extend(page.records.into_iter().map(|e| e.id));
            after = page.next;
        }
        assert_eq!((seen, after), (all, None), "order {i}");
    }
}
