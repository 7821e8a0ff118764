//! How many statements a query takes: seen by a driver between the client and the real one.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use prisma_client::__private::driver::{
    BoxFuture, Connection, Driver, DriverError, IsolationLevel, QueryError, RowVisitor, Running, Statement, done,
};
use prisma_client::__private::engine::Settings;
use prisma_client::__private::typed::ClientSchema;
use prisma_client::{Client, GeneratedClient};
use prisma_schema::Provider;

use super::*;

/// What ran.
#[derive(Debug, Default)]
struct Log {
    statements: Mutex<Vec<String>>,
    /// So many statements are not run, but fail as if another transaction were in their way.
    conflicts: AtomicU32,
}

impl Log {
    /// Takes note of the first word.
    fn note(&self, text: &str) {
        self.statements.lock().unwrap().push(text.split_whitespace().next().unwrap_or_default().to_owned());
    }

    fn statement(&self, sql: &str) -> Result<(), DriverError> {
        self.note(sql);
        let left = self.conflicts.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        left.map_or(Ok(()), |_| Err(DriverError::WriteConflict { message: "made up".to_owned() }))
    }
}

#[derive(Debug)]
struct Watched {
    driver: Arc<dyn Driver>,
    log: Arc<Log>,
}

impl Driver for Watched {
    fn provider(&self) -> Provider {
        self.driver.provider()
    }
    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, DriverError>> {
        Box::pin(async {
            let connection = self.driver.acquire().await?;
            Ok(Box::new(WatchedConnection { connection, log: Arc::clone(&self.log) }) as Box<dyn Connection>)
        })
    }
    fn create_database(&self) -> BoxFuture<'_, Result<bool, DriverError>> {
        self.driver.create_database()
    }
    fn drop_database(&self) -> BoxFuture<'_, Result<(), DriverError>> {
        self.driver.drop_database()
    }
    fn close(&self) -> BoxFuture<'_, ()> {
        self.driver.close()
    }
    fn as_any(&self) -> &(dyn std::any::Any + Send + Sync) {
        self.driver.as_any()
    }
}

struct WatchedConnection {
    connection: Box<dyn Connection>,
    log: Arc<Log>,
}

impl Connection for WatchedConnection {
    fn query<'a>(
        &'a mut self,
        statement: Statement,
        rows: &'a mut dyn RowVisitor,
    ) -> Running<'a, Result<(), QueryError>> {
        match self.log.statement(&statement.sql) {
            Ok(()) => self.connection.query(statement, rows),
            Err(error) => done(Err(QueryError::Driver(error))),
        }
    }
    fn execute(&mut self, statement: Statement) -> Running<'_, Result<u64, DriverError>> {
        match self.log.statement(&statement.sql) {
            Ok(()) => self.connection.execute(statement),
            Err(error) => done(Err(error)),
        }
    }
    fn execute_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<(), DriverError>> {
        self.log.note(sql);
        self.connection.execute_script(sql)
    }
    fn last_insert_id(&self) -> Option<i64> {
        self.connection.last_insert_id()
    }
    fn begin(&mut self, isolation: Option<IsolationLevel>) -> Running<'_, Result<(), DriverError>> {
        self.log.note("BEGIN");
        self.connection.begin(isolation)
    }
    fn commit(&mut self) -> Running<'_, Result<(), DriverError>> {
        self.log.note("COMMIT");
        self.connection.commit()
    }
    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DriverError>> {
        self.log.note("ROLLBACK");
        self.connection.rollback()
    }
}

pub(super) struct Bed {
    pub(super) db: PrismaClient,
    log: Arc<Log>,
    _database: TestDb,
}

impl Bed {
    pub(super) async fn new(database: TestDb) -> Self {
        Self::with(database, Settings::default()).await
    }

    pub(super) async fn with(database: TestDb, settings: Settings) -> Self {
        let log = Arc::<Log>::default();
        let driver = Watched { driver: Arc::clone(database.driver()), log: Arc::clone(&log) };
        let schema = PrismaClientModels::schema().unwrap();
        let db = PrismaClient::of(Client::with_settings(schema, Arc::new(driver), settings).unwrap()).unwrap();
        let posts =
            ["p1", "p2"].map(|t| post::create().title(t).tags(tag::name.eq("x").or_create(tag::create().name("x"))));
        db.user().create(user::create().email("a").posts(posts).profile(profile::create().bio("b"))).await.unwrap();
        user_named(&db, "b").await;
        log.statements.lock().unwrap().clear();
        Self { db, log, _database: database }
    }

    /// The first word of each statement since the last call.
    pub(super) fn log(&self) -> String {
        std::mem::take(&mut *self.log.statements.lock().unwrap()).join(" ")
    }

    /// What ran since the last call is what a write takes whose own statement answers its rows, or else `otherwise`.
    #[track_caller]
    fn ran(&self, answering: &str, otherwise: &str) {
        assert_eq!(self.log(), if WRITES_ANSWER { answering } else { otherwise });
    }
}

/// Runs a query, and compares the first words of its statements: of a provider whose writes answer their rows, and of another.
macro_rules! takes {
    ($bed:expr, $query:expr, $answering:expr) => {
        takes!($bed, $query, $answering, $answering)
    };
    ($bed:expr, $query:expr, $answering:expr, $otherwise:expr) => {{
        $query.await.unwrap();
        $bed.ran($answering, $otherwise);
    }};
}

#[tokio::test]
async fn reads() {
    let bed = Bed::new(fresh!()).await;
    bed.db.user().find_unique(user::id.eq(1)).await.unwrap();
    assert_eq!(bed.log(), "SELECT");
    bed.db.user().find_many().filter(user::posts.some(post::tags.some(tag::name.eq("x")))).await.unwrap();
    assert_eq!(bed.log(), "SELECT");
    bed.db.user().find_many().order_by(user::posts.count().asc()).cursor(user::id.eq(1)).take(-2).await.unwrap();
    assert_eq!(bed.log(), "SELECT");
    bed.db.user().count().await.unwrap();
    bed.db.user().exists().await.unwrap();
    assert_eq!(bed.log(), "SELECT SELECT");
    assert_eq!(bed.db.user().find_many().to_sql().unwrap().values(), []);
    assert_eq!(bed.log(), "", "what is not awaited does not run");
}

#[tokio::test]
async fn includes_are_a_statement_each() {
    let bed = Bed::new(fresh!()).await;
    let users = bed.db.user().find_many().include(user::posts).include(user::profile).await.unwrap();
    assert_eq!((users.len(), bed.log().as_str()), (2, "SELECT SELECT SELECT"));
    bed.db.user().find_many().include(user::posts.take(1).include(post::tags).include(post::author)).await.unwrap();
    assert_eq!(bed.log(), "SELECT SELECT SELECT SELECT");
    // Nobody is there to have posts.
    bed.db.user().find_many().filter(user::id.gt(99)).include(user::posts).await.unwrap();
    assert_eq!(bed.log(), "SELECT");
    bed.db.user().find_many().include(user::team.include(team::members)).await.unwrap();
    assert_eq!(bed.log(), "SELECT", "all keys are NULL");
}

/// One for all levels, and no transaction.
#[tokio::test]
async fn joined_includes_are_one_statement() {
    let bed = Bed::new(fresh!()).await;
    let with = || user::posts.take(1).include(post::tags.include(tag::posts)).include(post::author);
    let query = || bed.db.user().find_many().include(with()).include(user::profile).order_by(user::id.asc());
    let joined = query().load(prisma_client::Load::Join).await.unwrap();
    assert_eq!(bed.log(), "SELECT");
    assert_eq!(joined, query().await.unwrap());
    assert_eq!(bed.log(), "SELECT SELECT SELECT SELECT SELECT SELECT");
}

#[tokio::test]
async fn creates() {
    let bed = Bed::new(fresh!()).await;
    let (and_read, each) = ("BEGIN INSERT SELECT COMMIT", "BEGIN INSERT SELECT INSERT SELECT COMMIT");
    bed.db.user().create(user::create().email("c")).await.unwrap();
    bed.ran("INSERT", and_read);
    let posts: Vec<_> = (0..10).map(|n| post::create().title(n.to_string())).collect();
    bed.db.user().create(user::create().email("d").posts(posts)).await.unwrap();
    bed.ran("BEGIN INSERT INSERT COMMIT", "BEGIN INSERT SELECT INSERT COMMIT");
    bed.db.post().create(post::create().title("t").author(user::id.eq(1))).await.unwrap();
    bed.ran("INSERT", and_read);
    bed.db.user().create_many((0..100).map(|n| user::create().email(n.to_string()))).await.unwrap();
    assert_eq!(bed.log(), "INSERT");
    bed.db.tag().create_many_and_return(["e", "f"].map(|name| tag::create().name(name))).await.unwrap();
    bed.ran("INSERT", and_read);
    bed.db.team().create_many_and_return(["e", "f"].map(|name| team::create().name(name))).await.unwrap();
    bed.ran("INSERT", each);
}

#[tokio::test]
async fn changes() {
    let bed = Bed::new(fresh!()).await;
    let and_read = "BEGIN SELECT UPDATE SELECT COMMIT";
    bed.db.user().update(user::id.eq(1), user::name.set("N")).await.unwrap();
    bed.ran("UPDATE", and_read);
    bed.db.user().update(user::id.eq(1), user::version.increment(1)).filter(user::version.eq(1)).await.unwrap();
    bed.ran("UPDATE", and_read);
    bed.db.post().update(post::id.eq(1), post::author.connect(user::id.eq(2))).await.unwrap();
    bed.ran("UPDATE", and_read);
    bed.db.post().update_many(post::views.set(1)).all().await.unwrap();
    assert_eq!(bed.log(), "UPDATE");
    bed.db.post().update_each([1, 2].map(|id| (post::id.eq(id), post::views.set(id)))).await.unwrap();
    assert_eq!(bed.log(), "UPDATE");
    bed.db
        .user()
        .update_each([(user::email.eq("a"), user::email.set("y")), (user::email.eq("b"), user::email.set("x"))])
        .await
        .unwrap();
    assert_eq!(bed.log(), "BEGIN UPDATE UPDATE COMMIT");
    bed.db
        .user()
        .update_each([(user::email.eq("y"), user::email.set("a")), (user::email.eq("x"), user::email.set("b"))])
        .await
        .unwrap();
    assert_eq!(bed.log(), "BEGIN UPDATE UPDATE COMMIT");
    bed.db.post().update_many_and_return(post::views.set(2)).filter(post::id.eq(1)).await.unwrap();
    bed.ran("UPDATE", and_read);
    bed.db.post().delete(post::id.eq(1)).await.unwrap();
    bed.ran("DELETE", "BEGIN SELECT DELETE COMMIT");
    bed.db.post().delete_many().all().await.unwrap();
    assert_eq!(bed.log(), "DELETE");
}

#[tokio::test]
async fn upserts() {
    let bed = Bed::new(fresh!()).await;
    for _ in 0..2 {
        bed.db.user().upsert(user::email.eq("z"), user::create().email("z"), user::name.set("N")).await.unwrap();
        // One statement of the database's own.
        bed.ran("INSERT", "BEGIN INSERT SELECT COMMIT");
    }
    bed.db.user().upsert(user::id.eq(1), user::create().email("q"), user::name.set("N")).await.unwrap();
    assert!(bed.log().starts_with("BEGIN ") && !bed.log().contains("INSERT"));

    // Where one of the conditions does not hold: the new record has another key, there are others beside it, a relation is written or read.
    let upsert =
        |email: &str| bed.db.user().upsert(user::email.eq(email), user::create().email(email), user::name.set("N"));
    let (changed_first, asked_first) = ("BEGIN UPDATE INSERT COMMIT", "BEGIN SELECT INSERT SELECT COMMIT");
    let other = user::create().email("other");
    takes!(bed, bed.db.user().upsert(user::email.eq("1"), other, user::name.set("N")), changed_first, asked_first);
    takes!(bed, upsert("2").filter(user::version.eq(1)), changed_first, asked_first);
    takes!(
        bed,
        upsert("3").include(user::posts),
        "BEGIN UPDATE INSERT SELECT SELECT COMMIT",
        "BEGIN SELECT INSERT SELECT SELECT SELECT COMMIT"
    );
    let with_post = user::create().email("4").posts(post::create().title("t"));
    takes!(
        bed,
        bed.db.user().upsert(user::email.eq("4"), with_post, user::name.set("N")),
        "BEGIN UPDATE INSERT INSERT COMMIT",
        "BEGIN SELECT INSERT SELECT INSERT COMMIT"
    );
    takes!(bed, bed.db.user().upsert(user::email.eq("4"), user::create().email("4"), ()), "BEGIN SELECT COMMIT");
}

#[tokio::test]
async fn upserts_of_many() {
    let bed = Bed::new(fresh!()).await;
    let named = |emails: &[&str]| emails.iter().map(|e| user::create().email(*e).name("N")).collect::<Vec<_>>();
    let many: Vec<String> = (0..500).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for emails in [&["a", "y", "z"][..], &many[..]] {
        bed.db.user().upsert_many(named(emails)).on(user::email).await.unwrap();
        assert_eq!(bed.log(), "INSERT");
        bed.db.user().upsert_many(named(emails)).on(user::email).update(user::version.increment(1)).await.unwrap();
        assert_eq!(bed.log(), "INSERT");
        bed.db.user().upsert_many_and_return(named(emails)).on(user::email).await.unwrap();
        bed.ran("INSERT", "BEGIN INSERT SELECT COMMIT");
    }
    bed.db.user().upsert_many_and_return(named(&["a", "b"])).on(user::email).include(user::profile).await.unwrap();
    bed.ran("BEGIN INSERT SELECT SELECT COMMIT", "BEGIN INSERT SELECT SELECT SELECT COMMIT");
    // A statement for each set of columns.
    let records = [user::create().email("a"), user::create().email("b").age(1), user::create().email("c")];
    bed.db.user().upsert_many(records).on(user::email).await.unwrap();
    assert_eq!(bed.log(), "BEGIN INSERT INSERT COMMIT");
    // Another key might be in conflict: one by one where the database would change the record of that.
    let records = [user::create().id(1).email("a"), user::create().id(9).email("i")];
    bed.db.user().upsert_many(records).on(user::email).await.unwrap();
    bed.ran("INSERT", "BEGIN UPDATE UPDATE INSERT COMMIT");
    let twice = bed.db.user().upsert_many(named(&["a", "a"])).on(user::email).await;
    assert_eq!((code(twice), bed.log().replace("BEGIN ROLLBACK", "").as_str()), ("P2009", ""));
}

#[tokio::test]
async fn failures_roll_back() {
    let bed = Bed::new(fresh!()).await;
    let twins = [post::create().title("x"), post::create().title("x")];
    assert_eq!(code(bed.db.user().create(user::create().email("d").posts(twins)).await), "P2002");
    bed.ran("BEGIN INSERT INSERT ROLLBACK", "BEGIN INSERT SELECT INSERT ROLLBACK");
    assert_eq!(code(bed.db.user().create(user::create().email("a")).await), "P2002");
    bed.ran("INSERT", "BEGIN INSERT ROLLBACK");
}

/// Says nothing of what the database had to say.
#[derive(Debug)]
struct Own;

impl From<Error> for Own {
    fn from(_: Error) -> Self {
        Own
    }
}

/// A transaction knows by itself that it lost, whatever the closure makes of it.
#[tokio::test]
async fn lost_transactions_run_again() {
    let bed = Bed::new(fresh!()).await;
    let lose = |statements| bed.log.conflicts.store(statements, Ordering::SeqCst);
    let count = || bed.db.try_transaction(async |tx| tx.user().count().await.map_err(Own::from)).retries(3);
    lose(2);
    assert_eq!(count().await.unwrap(), 2);
    assert_eq!(bed.log(), "BEGIN SELECT ROLLBACK BEGIN SELECT ROLLBACK BEGIN SELECT COMMIT");
    lose(9);
    assert!(count().retries(1).await.is_err());
    assert_eq!(bed.log(), "BEGIN SELECT ROLLBACK BEGIN SELECT ROLLBACK");
    lose(0);
    // A savepoint's conflict is the transaction's; if the savepoint itself is run again, it is none any more.
    let nested = |retries| {
        let nested = async move |tx: prisma_client::Transaction<PrismaClientModels>| {
            tx.try_transaction(async |tx| tx.user().count().await.map_err(Own::from)).retries(retries).await
        };
        bed.db.try_transaction(nested).retries(1)
    };
    for (retries, ran) in [
        (0, "BEGIN BEGIN SELECT ROLLBACK ROLLBACK BEGIN BEGIN SELECT COMMIT COMMIT"),
        (1, "BEGIN BEGIN SELECT ROLLBACK BEGIN SELECT COMMIT COMMIT"),
    ] {
        lose(1);
        assert_eq!(nested(retries).await.unwrap(), 2);
        assert_eq!(bed.log(), ran);
    }
    // Other reasons, and a conflict that was survived, are none to run it again.
    let failing = bed.db.try_transaction(async |tx| {
        let first = tx.user().count().await;
        tx.user().count().await?;
        assert_eq!(code(first), "P2034");
        Err::<(), _>(Own)
    });
    lose(1);
    assert!(failing.retries(3).await.is_err());
    assert_eq!(bed.log(), "BEGIN SELECT SELECT ROLLBACK");
    let own = bed.db.try_transaction(async |tx| if tx.user().count().await? > 0 { Err(Own) } else { Ok(()) });
    assert!(own.retries(3).await.is_err());
    assert_eq!(bed.log(), "BEGIN SELECT ROLLBACK");
    // The plain kind knows it too, where the closure gives another error than it got.
    let plain = bed.db.transaction(async |tx| {
        let lost = |_| Error::from(ErrorKind::Configuration { message: "in other words".to_owned() });
        tx.user().count().await.map_err(lost)
    });
    lose(1);
    assert_eq!(plain.retries(1).await.unwrap(), 2);
    assert_eq!(bed.log(), "BEGIN SELECT ROLLBACK BEGIN SELECT COMMIT");
}

/// The same text for the same shape, whatever the values.
#[tokio::test]
async fn texts() {
    let db = fresh!();
    let text = |filter: Filter<User>| db.user().find_many().filter(filter).to_sql().unwrap().text().to_owned();
    assert_eq!(text(user::name.eq("a")), text(user::name.eq("b'); DROP TABLE users; --")));
    assert_eq!(text(user::id.is_in([1, 2, 3])), text(user::id.is_in([4, 5, 6, 7])));
    assert_ne!(text(user::name.eq("a")), text(user::name.ne("a")));
    let sql = db.user().update(user::id.eq(7), user::name.set("it's")).to_sql().unwrap();
    assert!(!sql.text().contains("it's"), "{sql}");
    assert_eq!(sql.values().len(), if WRITES_ANSWER { 2 } else { 1 }, "the first statement: {sql}");
}

/// Nothing is read before it is written where the write itself tells, and nothing is written or read for what is not there.
#[tokio::test]
async fn nested_creates() {
    let bed = Bed::new(fresh!()).await;
    let users = || bed.db.user();
    let posts = || bed.db.post();
    let tags = |names: &[&str]| names.iter().map(|&name| tag::create().name(name)).collect::<Vec<_>>();
    takes!(
        bed,
        posts().create(post::create().title("1").tags(tags(&["a", "b", "c"]))),
        "BEGIN INSERT INSERT INSERT COMMIT",
        "BEGIN INSERT SELECT INSERT SELECT INSERT COMMIT"
    );
    takes!(
        bed,
        posts().create(post::create().title("2").tags([tag::name.eq("a"), tag::name.eq("b")])),
        "BEGIN INSERT SELECT INSERT COMMIT",
        "BEGIN INSERT SELECT SELECT INSERT COMMIT"
    );
    takes!(
        bed,
        users().create(user::create().email("c").profile(profile::create().bio("b")).team(team::create().name("t"))),
        "BEGIN INSERT INSERT INSERT COMMIT",
        "BEGIN INSERT INSERT SELECT INSERT COMMIT"
    );
    let none = Vec::from_iter([post::create().title("x")].into_iter().skip(1));
    takes!(bed, users().create(user::create().email("d").posts(none)), "INSERT", "BEGIN INSERT SELECT COMMIT");
    let new = [post::create().title("3"), post::create().title("4")];
    takes!(bed, users().update(user::id.eq(2), user::posts.create(new)), "BEGIN SELECT INSERT COMMIT");
    let new = [post::create().title("5"), post::create().title("6")];
    takes!(bed, users().update(user::id.eq(2), user::posts.create_many(new)), "BEGIN SELECT INSERT COMMIT");
    let both = (user::name.set("N"), user::posts.create(post::create().title("7")));
    takes!(
        bed,
        users().update(user::id.eq(2), both),
        "BEGIN UPDATE INSERT COMMIT",
        "BEGIN SELECT UPDATE SELECT INSERT COMMIT"
    );
    takes!(bed, bed.db.tag().create_many((0..0).map(|n| tag::create().name(n.to_string()))), "");
}

#[tokio::test]
async fn nested_changes() {
    let bed = Bed::new(fresh!()).await;
    let of_b = |change: Change<User>| bed.db.user().update(user::id.eq(2), change);
    let of_p1 = |change: Change<Post>| bed.db.post().update(post::id.eq(1), change);
    takes!(bed, of_b(user::posts.connect([post::id.eq(1), post::id.eq(2)])), "BEGIN SELECT UPDATE COMMIT");
    let ended = "BEGIN SELECT UPDATE SELECT COMMIT";
    takes!(bed, of_b(user::posts.disconnect([post::id.eq(1), post::id.eq(2)])), ended);
    takes!(bed, of_b(user::posts.set([post::id.eq(1)])), "BEGIN SELECT UPDATE UPDATE SELECT COMMIT");
    let one = "BEGIN SELECT SELECT UPDATE SELECT COMMIT";
    takes!(bed, of_b(user::posts.update(post::id.eq(1), post::views.set(3))), ended, one);
    takes!(bed, of_b(user::posts.update_many(None, post::views.set(4))), ended);
    let upsert = |id| user::posts.upsert(post::id.eq(id), post::create().title("new"), post::views.set(4));
    takes!(bed, of_b(upsert(1)), ended, one);
    takes!(
        bed,
        of_b(upsert(99)),
        "BEGIN SELECT UPDATE INSERT SELECT COMMIT",
        "BEGIN SELECT SELECT INSERT SELECT COMMIT"
    );
    takes!(bed, of_p1(post::author.update(user::name.set("N"))), ended, one);
    takes!(bed, of_p1(post::author.disconnect()), "UPDATE", ended);
    let deleted = "BEGIN SELECT DELETE SELECT COMMIT";
    takes!(bed, of_b(user::posts.delete_many(post::views.eq(99))), deleted);
    takes!(bed, of_b(user::posts.delete(post::author_id_title.eq((2, "new")))), deleted);
    takes!(bed, of_p1(post::tags.set([])), deleted);
    takes!(
        bed,
        of_p1(post::tags.connect_or_create(tag::name.eq("x").or_create(tag::create().name("x")))),
        "BEGIN SELECT SELECT INSERT COMMIT"
    );
}

/// Many records are one statement, whatever tells which.
#[tokio::test]
async fn of_many() {
    let bed = Bed::new(fresh!()).await;
    let posts = || bed.db.post();
    takes!(bed, posts().update_many(post::views.set(1)).all().limit(1), "UPDATE");
    takes!(bed, posts().update_many(post::views.set(1)).filter(post::author.is(user::email.eq("a"))), "UPDATE");
    takes!(bed, posts().update_many(()).all(), "");
    takes!(bed, posts().aggregate((post::views.sum(), post::id.count())).filter(post::tags.some(None)), "SELECT");
    takes!(bed, posts().group_by(post::views).aggregate(post::id.count()), "SELECT");
    takes!(bed, bed.db.user().find_many().aggregate((user::posts.count(), user::friends.count())), "SELECT");
    takes!(bed, bed.db.batch((bed.db.user().count(), posts().count())), "BEGIN SELECT SELECT COMMIT");
    takes!(bed, posts().delete_many().filter(post::tags.none(None)).limit(1), "DELETE");
    takes!(bed, posts().delete_many().all(), "DELETE");
}

/// What is not there is told by the write itself.
#[tokio::test]
async fn of_nothing() {
    let bed = Bed::new(fresh!()).await;
    assert_eq!(code(bed.db.user().update(user::id.eq(99), user::name.set("x")).await), "P2025");
    bed.ran("UPDATE", "BEGIN SELECT ROLLBACK");
    assert_eq!(code(bed.db.user().delete(user::id.eq(99)).await), "P2025");
    bed.ran("DELETE", "BEGIN SELECT ROLLBACK");
    bed.db.user().update(user::id.eq(1), ()).await.unwrap();
    bed.ran("SELECT", "BEGIN SELECT COMMIT");
}
