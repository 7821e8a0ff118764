//! `find_unique(…).batched()`: calls of one moment in one statement.

use futures_util::future::join_all;
use prisma_client::__private::engine::Settings;
use prisma_client::{Load, select};

use super::statements::Bed;
use super::*;

/// How many statements ran since the last call, all of them reads.
#[track_caller]
fn reads(bed: &Bed) -> usize {
    let log = bed.log();
    assert!(log.split_whitespace().all(|word| word == "SELECT"), "{log}");
    log.split_whitespace().count()
}

/// Each gets its own, or none.
#[tokio::test]
async fn one_statement() {
    let bed = Bed::new(fresh!()).await;
    let by_id = |id| bed.db.user().find_unique(user::id.eq(id)).batched().into_future();
    let found = join_all([2, 99, 1, 2].map(by_id)).await;
    let emails: Vec<_> = found.into_iter().map(|user| user.unwrap().map(|user| user.email)).collect();
    let (a, b) = (Some("a".to_owned()), Some("b".to_owned()));
    assert_eq!((emails, reads(&bed)), (vec![b.clone(), None, a, b], 1));

    // Alone, and those that are not asked to wait.
    assert_eq!(by_id(1).await.unwrap().unwrap().email, "a");
    assert_eq!(reads(&bed), 1);
    join_all([1, 2].map(|id| bed.db.user().find_unique(user::id.eq(id)).into_future())).await;
    assert_eq!(reads(&bed), 2);
}

#[tokio::test]
async fn or_error() {
    let bed = Bed::new(fresh!()).await;
    let find = || bed.db.user().find_unique_or_error(user::id.eq(1)).batched();
    let missing = bed.db.user().find_unique_or_error(user::id.eq(9)).batched();
    let maybe = bed.db.user().find_unique(user::id.eq(2)).batched();
    let (found, error, maybe) = tokio::join!(find().into_future(), missing.into_future(), maybe.into_future());
    assert_eq!((found.unwrap().email, code(error), maybe.unwrap().unwrap().email), ("a".into(), "P2025", "b".into()));
    assert_eq!(reads(&bed), 1, "the two kinds go together");
}

/// What differs in anything but the key's value is not answered together.
#[tokio::test]
async fn of_one_shape() {
    let bed = Bed::new(fresh!()).await;
    let users = || bed.db.user();
    let (by_id, by_email, again) = tokio::join!(
        users().find_unique(user::id.eq(1)).batched().into_future(),
        users().find_unique(user::email.eq("b")).batched().into_future(),
        users().find_unique(user::id.eq(2)).batched().into_future(),
    );
    let emails = [by_id, by_email, again].map(|user| user.unwrap().unwrap().email);
    assert_eq!((emails, reads(&bed)), (["a", "b", "b"].map(str::to_owned), 2));

    let with = |id, version| users().find_unique(user::id.eq(id)).filter(user::version.eq(version)).batched();
    let found = join_all([(1, 1), (2, 1), (1, 2), (2, 2)].map(|(id, version)| with(id, version).into_future())).await;
    let found: Vec<_> = found.into_iter().map(|user| user.unwrap().is_some()).collect();
    assert_eq!((found, reads(&bed)), (vec![true, true, false, false], 2));

    let email = |id| users().find_unique(user::id.eq(id)).batched().select(select!(user { email }));
    let (first, second, whole) = tokio::join!(
        email(1).into_future(),
        email(2).into_future(),
        users().find_unique(user::id.eq(1)).batched().into_future(),
    );
    assert_eq!(first.unwrap().unwrap().email + &second.unwrap().unwrap().email, "ab");
    assert_eq!((whole.unwrap().unwrap().id, reads(&bed)), (1, 2));
}

#[tokio::test]
async fn with_relations() {
    let bed = Bed::new(fresh!()).await;
    for load in [Load::Query, Load::Join] {
        let find = |id| {
            let query = bed.db.user().find_unique(user::id.eq(id)).batched().load(load);
            query.include(user::posts.order_by(post::id.desc()).include(post::tags)).include(user::profile)
        };
        let found = join_all([1, 2, 9, 1].map(|id| find(id).into_future())).await;
        assert_eq!(reads(&bed), if load == Load::Join { 1 } else { 4 });
        let [ada, bob, nobody, again] = found.try_into().unwrap();
        let (ada, bob) = (ada.unwrap().unwrap(), bob.unwrap().unwrap());
        let titles: Vec<_> = ada.posts.iter().map(|post| post.title.as_str()).collect();
        assert_eq!((titles, ada.posts[0].tags.len()), (vec!["p2", "p1"], 1));
        assert_eq!(ada.profile.as_ref().map(|profile| profile.bio.as_str()), Some("b"));
        assert_eq!((bob.posts.len(), bob.profile), (0, None));
        assert_eq!((nobody.unwrap(), again.unwrap().as_ref()), (None, Some(&ada)));
    }
    let counted = |id| bed.db.user().find_unique(user::id.eq(id)).batched().aggregate(user::posts.count());
    let counts = join_all([1, 2].map(|id| counted(id).into_future())).await;
    assert_eq!(counts.into_iter().map(|found| found.unwrap().unwrap().1).collect::<Vec<_>>(), [2, 0]);
    assert_eq!(reads(&bed), 1);
}

#[tokio::test]
async fn compound_keys() {
    let bed = Bed::new(fresh!()).await;
    let seats = (1..=2).flat_map(|row| (1..=3).map(move |number| seat::create().row(row).number(number)));
    bed.db.seat().create_many(seats).await.unwrap();
    bed.log();
    let find = |key| bed.db.seat().find_unique(seat::row_number.eq(key)).batched();
    let keys = [(2, 3), (1, 1), (3, 1), (1, 1), (1, 3)];
    let found = join_all(keys.map(|key| find(key).into_future())).await;
    let found: Vec<_> = found.into_iter().map(|seat| seat.unwrap().map(|seat| (seat.row, seat.number))).collect();
    assert_eq!(found, keys.map(|key| (key.0 < 3).then_some(key)));
    assert_eq!(reads(&bed), 1);
    // A key by one of its names, whose columns are not selected.
    let titled = |title| bed.db.post().find_unique(post::author_id_title.eq((1, title))).batched();
    let posts = join_all(["p2", "p1"].map(|t| titled(t).select(select!(post { id })).into_future())).await;
    assert_eq!(posts.into_iter().map(|post| post.unwrap().unwrap().id).collect::<Vec<_>>(), [2, 1]);
}

/// The database says what is the same, as it does for one call.
#[tokio::test]
async fn keys_that_are_written_otherwise() {
    let bed = Bed::new(fresh!()).await;
    let find = |email| bed.db.user().find_unique(user::email.eq(email));
    let asked = ["A", "a", "z", "B", "b"];
    let together = join_all(asked.map(|email| find(email).batched().into_future())).await;
    assert!(reads(&bed) <= 5);
    for (email, found) in asked.into_iter().zip(together) {
        let found = found.unwrap();
        assert_eq!(found, find(email).await.unwrap(), "{email}");
        assert_eq!(found.is_some(), email != "z" && (!EQUALITY_IS_EXACT || email > "Z"), "{email}");
    }
}

#[tokio::test]
async fn many_tasks() {
    let bed = Bed::new(fresh!()).await;
    let tasks = (0..50).map(|n| {
        let db = bed.db.clone();
        tokio::spawn(async move { db.user().find_unique(user::id.eq(n % 3)).batched().await })
    });
    for (n, user) in join_all(tasks).await.into_iter().enumerate() {
        assert_eq!(user.unwrap().unwrap().map(|user| user.id), (n % 3 > 0).then_some(n as i32 % 3));
    }
    assert_eq!(reads(&bed), 1);
}

/// On several threads nobody knows which calls meet; each gets its own all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn many_threads() {
    let db = fresh!();
    let numbers = 0..40;
    db.keyword().create_many(numbers.clone().map(|n| keyword::create().id(n).r#type(n.to_string()))).await.unwrap();
    for _ in 0..5 {
        let tasks = numbers.clone().map(|n| {
            let db = PrismaClient::clone(&db);
            tokio::spawn(async move {
                let found = db.keyword().find_unique(keyword::id.eq(n)).batched();
                // Some give up on the way.
                if n % 4 == 0 { given_up(n as usize % 5, found.into_future()).await } else { Some(found.await) }
            })
        });
        for (n, found) in join_all(tasks).await.into_iter().enumerate() {
            match found.unwrap() {
                Some(found) => assert_eq!(found.unwrap().unwrap().r#type, n.to_string()),
                None => assert_eq!(n % 4, 0),
            }
        }
    }
}

/// Whoever runs the statement may give up: the others still get their answers, and the statement does not run again.
#[tokio::test]
async fn the_first_gives_up() {
    let bed = Bed::new(fresh!()).await;
    let find = |id| Box::pin(bed.db.user().find_unique(user::id.eq(id)).batched().into_future());
    for after in 0..4 {
        let (mut first, mut second) = (find(1), find(2));
        assert!(given_up(0, first.as_mut()).await.is_none() && given_up(0, second.as_mut()).await.is_none());
        given_up(after, first.as_mut()).await;
        drop(first);
        assert_eq!(second.await.unwrap().unwrap().email, "b");
        assert_eq!(reads(&bed), 1);
    }
    for after in 0..2 {
        let mut all = [find(1), find(2)];
        for one in &mut all {
            given_up(after, one.as_mut()).await;
        }
        drop(all);
        bed.log();
        assert_eq!(find(1).await.unwrap().unwrap().email, "a", "nobody is left of the others");
    }
}

#[tokio::test]
async fn errors_reach_all() {
    let bed = Bed::new(fresh!()).await;
    bed.db.disconnect().await;
    let failed = join_all([1, 2, 3].map(|id| bed.db.user().find_unique(user::id.eq(id)).batched().into_future())).await;
    assert_eq!(failed.into_iter().map(code).collect::<Vec<_>>(), ["P1017"; 3]);
}

/// A transaction has its own: it sees what it has written.
#[tokio::test]
async fn in_a_transaction() {
    let bed = Bed::new(fresh!()).await;
    let tx = bed.db.begin().await.unwrap();
    tx.user().update_many(user::name.set("new")).all().await.unwrap();
    bed.log();
    let (first, second, outside) = tokio::join!(
        tx.user().find_unique(user::id.eq(1)).batched().into_future(),
        tx.user().find_unique(user::id.eq(2)).batched().into_future(),
        bed.db.user().find_unique(user::id.eq(1)).batched().into_future(),
    );
    let names = [first, second, outside].map(|user| user.unwrap().unwrap().name);
    assert_eq!(names, [Some("new".to_owned()), Some("new".to_owned()), None]);
    assert_eq!(reads(&bed), 2);
    tx.rollback().await.unwrap();
    assert_eq!(bed.db.user().find_unique(user::id.eq(1)).batched().await.unwrap().unwrap().name, None);
}

/// More keys than a statement can have.
#[tokio::test]
async fn very_many_keys() {
    let bed = Bed::new(fresh!()).await;
    let find = |id| bed.db.user().find_unique(user::id.eq(id)).batched().select(select!(user { email }));
    let found = join_all((0..40_000).rev().map(|id| find(id % 30_000).into_future())).await;
    assert!((2..20).contains(&reads(&bed)));
    let found = found.into_iter().enumerate().filter_map(|(n, user)| Some((39_999 - n, user.unwrap()?.email)));
    let expected = [(30_002, "b"), (30_001, "a"), (2, "b"), (1, "a")];
    assert_eq!(found.collect::<Vec<_>>(), expected.map(|(n, email)| (n, email.to_owned())));
}

/// The client can say it for all.
#[tokio::test]
async fn a_setting() {
    let bed = Bed::with(fresh!(), Settings { batched: true, ..Settings::default() }).await;
    let (user, same, first) = tokio::join!(
        bed.db.user().find_unique(user::id.eq(1)).into_future(),
        bed.db.user().find_unique_or_error(user::id.eq(2)).into_future(),
        bed.db.user().find_first().filter(user::id.eq(2)).into_future(),
    );
    assert_eq!((user.unwrap().unwrap().id, same.unwrap().id, first.unwrap().unwrap().id), (1, 2, 2));
    assert_eq!(reads(&bed), 2);
}
