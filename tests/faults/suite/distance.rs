//! Servers that are far away: what waits for an answer, and how often.

use std::sync::{Arc, Mutex};

use prisma_client::Load;
use test_servers::Network;

use super::*;

/// Longer than a connection is trusted that nobody used.
const IDLE: Duration = Duration::from_millis(1200);

/// A client at a distance, with a few records; and the network between.
async fn at(round_trip: Duration, parameters: &str) -> (test_servers::Database, Network, PrismaClient, Statements) {
    let (database, url) = fresh();
    let (network, url) = Network::to(&url, round_trip).unwrap();
    let statements = Statements::default();
    let log = Arc::clone(&statements.0);
    let db = PrismaClient::builder()
        .url(format!("{url}?{parameters}"))
        .log(move |query| log.lock().unwrap().push(query.sql().to_owned()))
        .connect()
        .await
        .unwrap();
    db.push_schema().await.unwrap();
    for name in ["ada", "eve"] {
        let entries = ["1", "2"].map(|text| entry::create().text(text));
        db.account().create(account::create().name(name).entries(entries)).await.unwrap();
    }
    statements.taken();
    (database, network, db, statements)
}

#[derive(Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// How many there were since the last call.
    fn taken(&self) -> usize {
        std::mem::take(&mut *self.0.lock().unwrap()).len()
    }
}

/// Where the way is long, relations come in one statement if nothing else is said, on a database that gains by it.
#[tokio::test(flavor = "multi_thread")]
async fn relations_are_loaded_as_is_faster() {
    test_servers::needs!(SERVER);
    let (_database, _network, db, statements) = at(Duration::from_millis(20), "connection_limit=1").await;
    let query = || db.account().find_many().order_by(account::id.asc()).take(10).include(account::entries);
    let unasked = in_time(query()).await.unwrap();
    assert_eq!(statements.taken(), if JOINS_FROM_AFAR { 1 } else { 2 });
    let queried = in_time(query().load(Load::Query)).await.unwrap();
    assert_eq!(statements.taken(), 2, "said by the query");
    assert_eq!(unasked, queried);
    assert_eq!(unasked[1].entries.len(), 2);
}

/// A query that does not say how many records it gives is taken for one that gives many, until one of its shape has run.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_small_before_is_taken_for_small() {
    test_servers::needs!(SERVER);
    let (_database, _network, db, statements) = at(Duration::from_millis(2), "connection_limit=1").await;
    let query = |but: &str| db.account().find_many().filter(account::name.ne(but)).include(account::entries);
    let first = in_time(query("eve")).await.unwrap();
    assert_eq!((first.len(), first[0].entries.len(), statements.taken()), (1, 2, 2));
    let second = in_time(query("ada")).await.unwrap();
    assert_eq!((second.len(), second[0].entries.len()), (1, 2));
    assert_eq!(statements.taken(), if JOINS_FROM_AFAR { 1 } else { 2 });
}

/// Nothing is asked on the way but what the program asks, in a form that was prepared before; and once more when sqlx takes the connection back, while
/// nobody waits.
#[tokio::test(flavor = "multi_thread")]
async fn one_round_trip_a_statement() {
    test_servers::needs!(SERVER);
    let (_database, network, db, _) = at(Duration::ZERO, "connection_limit=1").await;
    let trips = async |run: &(dyn Fn() -> Running + Sync)| {
        let is_back = async || until("the connection comes back", async || db.pool().num_idle() == 1).await;
        is_back().await;
        let before = network.sent();
        in_time(run()).await.unwrap();
        is_back().await;
        network.sent() - before - 1
    };
    let read = || -> Running {
        let db = db.clone();
        Box::pin(async move { db.account().find_first().filter(account::name.eq("ada")).await.map(drop) })
    };
    let update = || -> Running {
        let (db, add) = (db.clone(), account::balance.increment(1));
        Box::pin(async move { db.account().update_many(add).filter(account::name.eq("ada")).await.map(drop) })
    };
    let batch = || -> Running {
        let (db, entries) = (db.clone(), ["x", "y"].map(|text| entry::create().text(text).account_id(1)));
        Box::pin(async move { db.entry().create_many(entries).await.map(drop) })
    };
    for run in [&read as &(dyn Fn() -> Running + Sync), &update, &batch] {
        // The first time it is prepared.
        trips(run).await;
        assert_eq!(trips(run).await, 1);
    }
    // A connection that lay idle is tried out before what could not be sent again, and no other.
    tokio::time::sleep(IDLE).await;
    assert_eq!(trips(&read).await, 1, "a read on an idle connection");
    tokio::time::sleep(IDLE).await;
    assert_eq!(trips(&update).await, 2, "an update on an idle connection");
}

type Running = std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// Connections that broke while nobody used them are replaced without a word.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_broke_on_the_way() {
    test_servers::needs!(SERVER);
    let (_database, network, db, _) = at(Duration::ZERO, "connection_limit=2").await;
    for round in 1..=2 {
        in_time(db.account().count()).await.unwrap();
        network.cut();
        assert_eq!(in_time(db.account().count()).await.unwrap(), 2, "a read, at once");
        network.cut();
        tokio::time::sleep(IDLE).await;
        let change = db.account().update_many(account::balance.increment(1)).all();
        assert_eq!(in_time(change).await.unwrap(), 2, "a write, later");
        network.cut();
        let tx = in_time(db.begin()).await.unwrap();
        assert_eq!(tx.account().find_first_or_error().await.unwrap().balance, round, "a transaction, at once");
        tx.rollback().await.unwrap();
    }
}
