//! `skip`, `take` and `cursor`, against the same done by hand on all records.

use super::*;

/// Views with duplicates; half of the contents NULL, and these with duplicates too.
pub(super) async fn world() -> (TestDb, Vec<i32>) {
    let db = fresh().await;
    let rows = [(3, Some("b")), (1, None), (2, Some("a")), (1, Some("b")), (3, None), (2, None), (1, Some("c"))];
    let posts = rows.iter().enumerate().map(|(i, (views, content))| {
        post::create().title(format!("t{i}")).views(*views).content(content.map(str::to_owned))
    });
    db.post().create_many(posts).await.unwrap();
    let ids = ids(db.post().find_many().order_by(post::id.asc()).await.unwrap());
    (db, ids)
}

pub(super) fn ids(posts: Vec<Post>) -> Vec<i32> {
    posts.into_iter().map(|p| p.id).collect()
}

/// What a page must be, of all records in order.
fn page(all: &[i32], cursor: Option<i32>, skip: usize, take: Option<i64>) -> Vec<i32> {
    let at = match cursor {
        None => None,
        Some(id) => match all.iter().position(|&i| i == id) {
            None => return Vec::new(),
            found => found,
        },
    };
    match take {
        Some(n) if n < 0 => {
            let rest = &all[..at.map_or(all.len(), |at| at + 1)];
            let mut page: Vec<_> = rest.iter().rev().skip(skip).take(n.unsigned_abs() as usize).copied().collect();
            page.reverse();
            page
        }
        _ => all[at.unwrap_or(0)..].iter().skip(skip).take(take.map_or(usize::MAX, |n| n as usize)).copied().collect(),
    }
}

pub(super) type Keys = Vec<OrderBy<Post>>;

pub(super) fn orders() -> Vec<(&'static str, Keys)> {
    let by_author = || post::author.order(user::name.asc());
    vec![
        ("id", vec![post::id.asc()]),
        ("id desc", vec![post::id.desc()]),
        ("views", vec![post::views.asc()]),
        ("views desc", vec![post::views.desc()]),
        ("views, id desc", vec![post::views.asc(), post::id.desc()]),
        ("content", vec![post::content.asc()]),
        ("content desc", vec![post::content.desc()]),
        ("content nulls last", vec![post::content.asc().nulls_last()]),
        ("content desc nulls first", vec![post::content.desc().nulls_first()]),
        ("views desc, content", vec![post::views.desc(), post::content.asc()]),
        ("content, views desc", vec![post::content.asc().nulls_last(), post::views.desc()]),
        ("author", vec![by_author(), post::views.asc()]),
        ("tags", vec![post::tags.count().desc()]),
    ]
}

pub(super) fn query<'a>(
    db: &'a PrismaClient,
    keys: &[OrderBy<Post>],
) -> prisma_client::__private::typed::Find<'a, Post, Post, prisma_client::__private::typed::ManyRows> {
    keys.iter().cloned().fold(db.post().find_many(), |query, key| query.order_by(key))
}

async fn check(db: &PrismaClient, cursors: &[Option<i32>]) {
    for (name, keys) in orders() {
        // The id breaks ties.
        let all = ids(query(db, &keys).order_by(post::id.asc()).await.unwrap());
        assert_eq!(all.len(), 7);
        for &cursor in cursors {
            for skip in [0, 1, 3, 9] {
                for take in [None, Some(0), Some(1), Some(2), Some(9), Some(-1), Some(-2), Some(-9)] {
                    let mut query = query(db, &keys).skip(skip);
                    if let Some(id) = cursor {
                        query = query.cursor(post::id.eq(id));
                    }
                    if let Some(take) = take {
                        query = query.take(take);
                    }
                    let expected = page(&all, cursor, skip as usize, take);
                    if cursor.is_none() && skip == 0 && take.is_none() {
                        continue;
                    }
                    let found = ids(query.await.unwrap());
                    assert_eq!(found, expected, "by {name}: cursor {cursor:?}, skip {skip}, take {take:?} of {all:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn skip_and_take() {
    let (db, _) = fresh!(world());
    check(&db, &[None]).await;
}

#[tokio::test]
async fn cursor() {
    let (db, all) = fresh!(world());
    let cursors: Vec<_> = all.into_iter().map(Some).collect();
    check(&db, &cursors).await;
}

/// Related records make the order, and some are not there.
#[tokio::test]
async fn cursor_among_related_records() {
    let (db, all) = fresh!(world());
    for (name, ids) in [("x", [1, 4]), ("y", [2, 7])] {
        let author = user::create().email(name).name(name);
        db.user().create(author.posts(ids.map(|id| post::id.eq(id)))).await.unwrap();
    }
    db.user().create(user::create().email("z").posts(post::id.eq(3))).await.unwrap();
    for (id, tags) in [(2, 2), (5, 1), (6, 2)] {
        let tags: Vec<_> = (0..tags).map(|n| tag::create().name(format!("{id} {n}"))).collect();
        db.post().update(post::id.eq(id), post::tags.create(tags)).await.unwrap();
    }
    let cursors: Vec<_> = all.into_iter().map(Some).chain([None]).collect();
    check(&db, &cursors).await;
}

#[tokio::test]
async fn a_cursor_that_is_not_there() {
    let (db, _) = fresh!(world());
    for keys in [vec![], vec![post::views.asc()], vec![post::content.desc()]] {
        for take in [2, -2] {
            let found = query(&db, &keys).cursor(post::id.eq(99)).take(take).await.unwrap();
            assert_eq!(found, [], "{take}");
        }
    }
}

/// A cursor says where to begin, also if its own record does not meet the filter.
#[tokio::test]
async fn a_cursor_and_a_filter() {
    let (db, _) = fresh!(world());
    let after = db.post().find_many().filter(post::id.ne(3)).order_by(post::id.asc()).cursor(post::id.eq(3));
    assert_eq!(ids(after.take(2).await.unwrap()), [4, 5]);
    let before = db.post().find_many().filter(post::views.eq(1)).order_by(post::id.asc()).cursor(post::id.eq(4));
    assert_eq!(ids(before.take(-2).await.unwrap()), [2, 4]);
}

#[tokio::test]
async fn without_an_order() {
    let (db, all) = fresh!(world());
    assert_eq!(ids(db.post().find_many().cursor(post::id.eq(all[2])).take(2).await.unwrap()), all[2..4]);
    assert_eq!(ids(db.post().find_many().cursor(post::id.eq(all[2])).skip(1).take(-2).await.unwrap()), all[..2]);
    assert_eq!(ids(db.post().find_many().take(-2).await.unwrap()), all[5..]);
    assert_eq!(ids(db.post().find_many().skip(5).await.unwrap()), all[5..]);
    assert_eq!(ids(db.post().find_many().take(0).await.unwrap()), [0; 0]);
}

#[tokio::test]
async fn a_cursor_of_another_key() {
    let (db, all) = fresh!(world());
    let author = user::create().email("x").posts(all.iter().map(|&id| post::id.eq(id)).collect::<Vec<_>>());
    let author = db.user().create(author).await.unwrap();
    let keyed = post::author_id_title.eq((author.id, "t4"));
    let found = db.post().find_many().order_by(post::views.desc()).cursor(keyed).take(3).await.unwrap();
    assert_eq!(ids(found), [5, 3, 6]);
}

#[tokio::test]
async fn large_numbers() {
    let (db, all) = fresh!(world());
    let query = || db.post().find_many().order_by(post::id.asc());
    assert_eq!(ids(query().take(i64::MAX).await.unwrap()), all);
    assert_eq!(ids(query().take(i64::MIN).await.unwrap()), all);
    assert_eq!(ids(query().skip(u64::MAX).await.unwrap()), [0; 0]);
    assert_eq!(ids(query().skip(1).take(i64::MAX).await.unwrap()), all[1..]);
    assert_eq!(ids(query().skip(1).take(-i64::MAX).await.unwrap()), all[..6]);
}
