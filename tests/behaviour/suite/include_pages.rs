//! Filter, order and paging within each parent, against the same done by hand.

use super::*;

/// Children by parent, interleaved: some parents have many, some have one or none.
const OWNERS: [Option<i32>; 13] =
    [Some(1), Some(2), Some(1), None, Some(4), Some(1), Some(2), Some(1), Some(4), Some(1), Some(2), Some(1), Some(5)];

async fn world() -> TestDb {
    let db = fresh().await;
    for email in ["a", "b", "c", "d", "e"] {
        user_named(&db, email).await;
    }
    let posts = OWNERS.iter().enumerate().map(|(i, owner)| {
        post::create().title(format!("t{}", i + 1)).views(i as i32 % 3).author_id(*owner).reviewer_id(*owner)
    });
    db.post().create_many(posts).await.unwrap();
    for name in ["x", "y"] {
        let posts: Vec<_> = (1..=13).filter(|i| name == "x" || i % 2 == 0).map(|i| post::id.eq(i)).collect();
        db.tag().create(tag::create().name(name).posts(posts)).await.unwrap();
    }
    db
}

type Included = prisma_client::__private::typed::IncludeQuery<user::posts, Post>;

/// The ids of each parent's included posts.
async fn included(db: &PrismaClient, include: Included) -> Vec<Vec<i32>> {
    let users = db.user().find_many().include(include).order_by(user::id.asc()).await.unwrap();
    users.into_iter().map(|u| u.posts.into_iter().map(|p| p.id).collect()).collect()
}

/// The same by hand: of each parent's posts in the order of `key`.
fn by_hand<K: Ord>(key: impl Fn(i32) -> K, page: impl Fn(&mut Vec<i32>)) -> Vec<Vec<i32>> {
    let of = |owner: i32| {
        let mut ids: Vec<i32> = (1..=13).filter(|&id| OWNERS[id as usize - 1] == Some(owner)).collect();
        ids.sort_by_key(|&id| key(id));
        page(&mut ids);
        ids
    };
    (1..=5).map(of).collect()
}

fn views(id: i32) -> i32 {
    (id - 1) % 3
}

#[tokio::test]
async fn filter_and_order() {
    let db = &*fresh!(world());
    let found = included(db, user::posts.filter(post::views.eq(0)).order_by(post::id.desc())).await;
    assert_eq!(found, by_hand(|id| -id, |ids| ids.retain(|&id| views(id) == 0)));
    let found = included(db, user::posts.order_by(post::views.desc()).order_by(post::id.asc())).await;
    assert_eq!(found, by_hand(|id| (-views(id), id), |_| {}));
    let found = included(db, user::posts.filter(post::tags.some(tag::name.eq("y"))).order_by(post::id.asc())).await;
    assert_eq!(found, by_hand(|id| id, |ids| ids.retain(|id| id % 2 == 0)));
    assert_eq!(included(db, user::posts.filter(post::id.gt(99))).await, vec![Vec::<i32>::new(); 5]);
    let two = user::posts.filter(post::views.gt(0)).filter(post::id.lt(10)).order_by(post::id.asc());
    assert_eq!(included(db, two).await, by_hand(|id| id, |ids| ids.retain(|&id| views(id) > 0 && id < 10)));
}

#[tokio::test]
async fn take_and_skip() {
    let db = &*fresh!(world());
    for skip in [0usize, 1, 2, 7] {
        for take in [0i64, 1, 2, 9, -1, -2, -9] {
            let n = take.unsigned_abs() as usize;
            let page = |ids: &mut Vec<i32>| {
                if take < 0 {
                    ids.reverse();
                }
                *ids = ids.iter().copied().skip(skip).take(n).collect();
                if take < 0 {
                    ids.reverse();
                }
            };
            let query = || user::posts.skip(skip as u64).take(take);
            let found = included(db, query().order_by(post::id.asc())).await;
            assert_eq!(found, by_hand(|id| id, page), "skip {skip}, take {take}");
            let found = included(db, query().order_by(post::views.desc())).await;
            assert_eq!(found, by_hand(|id| (-views(id), id), page), "by views: skip {skip}, take {take}");
        }
        let found = included(db, user::posts.skip(skip as u64).order_by(post::id.asc())).await;
        assert_eq!(found, by_hand(|id| id, |ids| *ids = ids.iter().copied().skip(skip).collect()));
    }
}

#[tokio::test]
async fn a_single_parent() {
    let db = &*fresh!(world());
    let of = async |include: Included| {
        let user = db.user().find_unique(user::id.eq(1)).include(include).await.unwrap().unwrap();
        user.posts.into_iter().map(|p| p.id).collect::<Vec<_>>()
    };
    assert_eq!(of(user::posts.order_by(post::id.asc()).take(2)).await, [1, 3]);
    assert_eq!(of(user::posts.order_by(post::id.asc()).take(-2)).await, [10, 12]);
    assert_eq!(of(user::posts.order_by(post::id.desc()).skip(1).take(2)).await, [10, 8]);
    assert_eq!(of(user::posts.order_by(post::id.asc()).skip(1).take(-2)).await, [8, 10]);
    assert_eq!(of(user::posts.order_by(post::id.asc()).cursor(post::id.eq(6)).take(2)).await, [6, 8]);
    assert_eq!(of(user::posts.order_by(post::id.asc()).cursor(post::id.eq(6)).skip(1).take(-2)).await, [1, 3]);
}

#[tokio::test]
async fn cursor() {
    let db = &*fresh!(world());
    let from = |id| user::posts.order_by(post::id.asc()).cursor(post::id.eq(id));
    // Of the other parents it is not there.
    let after = |ids: &mut Vec<i32>| ids.retain(|&id| id >= 6 && OWNERS[id as usize - 1] == Some(1));
    assert_eq!(included(db, from(6)).await, by_hand(|id| id, after));
    let page = |ids: &mut Vec<i32>| {
        after(ids);
        ids.truncate(2);
    };
    assert_eq!(included(db, from(6).take(2)).await, by_hand(|id| id, page));
    assert_eq!(included(db, from(99)).await, vec![Vec::<i32>::new(); 5]);
}

#[tokio::test]
async fn distinct() {
    let db = &*fresh!(world());
    let first_of_each = |ids: &mut Vec<i32>| {
        let mut seen = Vec::new();
        ids.retain(|&id| {
            !seen.contains(&views(id)) && {
                seen.push(views(id));
                true
            }
        });
    };
    let query = || user::posts.distinct([post::views]).order_by(post::id.asc());
    assert_eq!(included(db, query()).await, by_hand(|id| id, first_of_each));
    let page = |ids: &mut Vec<i32>| {
        first_of_each(ids);
        *ids = ids.iter().copied().skip(1).take(1).collect();
    };
    assert_eq!(included(db, query().skip(1).take(1)).await, by_hand(|id| id, page));
}

#[tokio::test]
async fn many_to_many() {
    let db = &*fresh!(world());
    let posts = async |include: prisma_client::__private::typed::IncludeQuery<tag::posts, Post>| {
        let tags = db.tag().find_many().include(include).order_by(tag::name.asc()).await.unwrap();
        tags.into_iter().map(|t| t.posts.into_iter().map(|p: Post| p.id).collect()).collect::<Vec<Vec<i32>>>()
    };
    assert_eq!(posts(tag::posts.order_by(post::id.desc()).take(3)).await, [[13, 12, 11], [12, 10, 8]]);
    assert_eq!(posts(tag::posts.order_by(post::id.asc()).take(-2)).await, [[12, 13], [10, 12]]);
    assert_eq!(posts(tag::posts.order_by(post::id.asc()).skip(4).take(2)).await, [[5, 6], [10, 12]]);
    let filtered = tag::posts.filter(post::views.eq(2)).order_by(post::id.asc()).skip(1);
    assert_eq!(posts(filtered).await, [vec![6, 9, 12], vec![12]]);
    let distinct = tag::posts.distinct([post::views]).order_by(post::id.asc());
    assert_eq!(posts(distinct).await, [vec![1, 2, 3], vec![2, 4, 6]]);
}

#[tokio::test]
async fn each_relation_has_its_own() {
    let db = &*fresh!(world());
    let users = db
        .user()
        .find_many()
        .include(user::posts.order_by(post::id.asc()).take(1))
        .include(user::reviews.order_by(post::id.desc()).take(2).include(post::tags.order_by(tag::name.desc()).take(1)))
        .order_by(user::id.asc())
        .take(2)
        .await
        .unwrap();
    assert_eq!(users.iter().map(|u| u.posts[0].id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        users[0].reviews.iter().map(|p| (p.id, &p.tags[0].name[..])).collect::<Vec<_>>(),
        [(12, "y"), (10, "y")]
    );
    assert_eq!(users[1].reviews.iter().map(|p| (p.id, &p.tags[0].name[..])).collect::<Vec<_>>(), [(11, "x"), (7, "x")]);
}

/// A page of the parents, from either end, does not mix up whose children are whose.
#[tokio::test]
async fn of_a_page_of_parents() {
    let db = &*fresh!(world());
    let ids = |users: Vec<User<Vec<Post>>>| -> Vec<(i32, Vec<i32>)> {
        users.into_iter().map(|u| (u.id, u.posts.into_iter().map(|p| p.id).collect())).collect()
    };
    let query = || db.user().find_many().include(user::posts.order_by(post::id.asc()).take(2)).order_by(user::id.asc());
    assert_eq!(ids(query().take(-2).await.unwrap()), [(4, vec![5, 9]), (5, vec![13])]);
    assert_eq!(ids(query().skip(1).take(2).await.unwrap()), [(2, vec![2, 7]), (3, vec![])]);
    assert_eq!(
        ids(query().cursor(user::id.eq(4)).take(-3).await.unwrap()),
        [(2, vec![2, 7]), (3, vec![]), (4, vec![5, 9])]
    );
    let last =
        db.user().find_first().include(user::posts.order_by(post::id.asc()).take(-1)).order_by(user::id.asc()).take(-1);
    assert_eq!(last.await.unwrap().map(|u| (u.id, u.posts[0].id)), Some((5, 13)));
    let by_count = db
        .user()
        .find_many()
        .include(user::posts.order_by(post::id.asc()).take(1))
        .order_by(user::posts.count().desc());
    assert_eq!(ids(by_count.take(2).await.unwrap()), [(1, vec![1]), (2, vec![2])]);
}

/// A related record that several parents share comes with its own relations to each of them.
#[tokio::test]
async fn shared_records_with_relations() {
    let db = &*fresh!(world());
    let posts = db
        .post()
        .find_many()
        .filter(post::id.is_in([2, 3, 4]))
        .include(
            post::tags
                .order_by(tag::name.asc())
                .include(tag::posts.order_by(post::id.asc()).take(2).include(post::author)),
        )
        .order_by(post::id.asc())
        .await
        .unwrap();
    let seen: Vec<Vec<(String, Vec<(i32, Option<i32>)>)>> = posts
        .into_iter()
        .map(|p| {
            let of = |t: Tag<Vec<Post<Option<User>>>>| {
                (t.name, t.posts.into_iter().map(|p| (p.id, p.author.map(|a| a.id))).collect())
            };
            p.tags.into_iter().map(of).collect()
        })
        .collect();
    let x = || ("x".to_owned(), vec![(1, Some(1)), (2, Some(2))]);
    let y = || ("y".to_owned(), vec![(2, Some(2)), (4, None)]);
    assert_eq!(seen, [vec![x(), y()], vec![x()], vec![x(), y()]]);
}

/// More parents than a statement can have parameters.
#[tokio::test]
async fn many_parents() {
    let db = &*fresh!();
    let n = 20_000;
    db.user().create_many((0..n).map(|i| user::create().email(i.to_string()))).await.unwrap();
    db.post().create_many((1..=n).map(|i| post::create().title("t").author_id(n + 1 - i))).await.unwrap();
    let users = db.user().find_many().include(user::posts.take(-1)).order_by(user::id.asc()).await.unwrap();
    assert_eq!(users.len(), n as usize);
    assert!(users.iter().all(|u| u.posts.len() == 1 && u.posts[0].id == n + 1 - u.id));
    let posts = db.post().find_many().include(post::author).order_by(post::id.desc()).await.unwrap();
    assert!(posts.iter().all(|p| p.author.as_ref().is_some_and(|a| a.id == n + 1 - p.id)));
}
