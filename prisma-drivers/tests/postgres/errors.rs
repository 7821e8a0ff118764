//! What the server reports, by its codes.

use prisma_core::driver::{Connection, Constraint, Driver, DriverError};
use prisma_core::{Error, Value};

use test_servers::Server;

use crate::{Scratch, open, run, statement};

const TABLES: &str = r#"
CREATE TABLE "User" (id int PRIMARY KEY, email text CONSTRAINT mail UNIQUE, "firstName" text, last text NOT NULL DEFAULT '', short varchar(3),
  age smallint CONSTRAINT grown CHECK (age > 17), UNIQUE ("firstName", last));
CREATE UNIQUE INDEX folded ON "User" (lower(email));
CREATE TABLE "Post" (id int PRIMARY KEY, author int CONSTRAINT wrote REFERENCES "User" ON DELETE RESTRICT);
CREATE TABLE ranges (r int4range, EXCLUDE USING gist (r WITH &&));
CREATE TYPE mood AS ENUM ('happy');
CREATE TABLE moods (m mood);
"#;

fn code(error: DriverError) -> Option<&'static str> {
    Error::from(error).code()
}

async fn fails(connection: &mut dyn Connection, sql: &str) -> DriverError {
    run(connection, sql).await.expect_err(sql)
}

#[tokio::test]
async fn constraints() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("", TABLES).await;
    let c = &mut *driver.acquire().await.unwrap();
    run(c, r#"INSERT INTO "User" VALUES (1, 'a', 'Ann', 'Lee', 'x', 20)"#).await.unwrap();
    let table = || Some(format!("{}.User", scratch.schema));
    let columns = |names: &[&str]| Constraint::Columns {
        table: table(),
        columns: names.iter().map(|n| (*n).to_owned()).collect(),
    };
    for (sql, expected) in [
        (r#"INSERT INTO "User" (id) VALUES (1)"#, columns(&["id"])),
        (r#"INSERT INTO "User" (id, email) VALUES (2, 'a')"#, columns(&["email"])),
        (r#"INSERT INTO "User" (id, email) VALUES (2, 'A')"#, Constraint::Name("folded".to_owned())),
        (r#"INSERT INTO "User" (id, "firstName", last) VALUES (2, 'Ann', 'Lee')"#, columns(&["firstName", "last"])),
    ] {
        match fails(c, sql).await {
            DriverError::UniqueViolation { constraint, .. } => assert_eq!(constraint, expected, "{sql}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
    match fails(c, r#"INSERT INTO "User" (id, last) VALUES (2, NULL)"#).await {
        DriverError::NullViolation { constraint, .. } => assert_eq!(constraint, columns(&["last"])),
        other => panic!("{other:?}"),
    }
    run(c, r#"INSERT INTO "Post" VALUES (1, 1)"#).await.unwrap();
    for sql in [r#"INSERT INTO "Post" VALUES (2, 9)"#, r#"DELETE FROM "User" WHERE id = 1"#] {
        match fails(c, sql).await {
            DriverError::ForeignKeyViolation { constraint, .. } => {
                assert_eq!(constraint, Constraint::Name("wrote".to_owned()))
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
    match fails(c, r#"INSERT INTO "User" (id, age) VALUES (2, 3)"#).await {
        DriverError::CheckViolation { constraint, .. } => assert_eq!(constraint, Constraint::Name("grown".to_owned())),
        other => panic!("{other:?}"),
    }
    run(c, "INSERT INTO ranges VALUES ('[1,5)')").await.unwrap();
    assert_eq!(code(fails(c, "INSERT INTO ranges VALUES ('[4,6)')").await), Some("P2004"));
}

#[tokio::test]
async fn other_codes() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("", TABLES).await;
    let c = &mut *driver.acquire().await.unwrap();
    for (sql, expected, part) in [
        (r#"INSERT INTO "User" (id, short) VALUES (2, 'long')"#, Some("P2000"), "character varying(3)"),
        ("SELECT 2147483647 + 1", Some("P2020"), "integer out of range"),
        ("SELECT 1 FROM nowhere", Some("P2021"), "`nowhere`"),
        (r#"SELECT 1 FROM "elsewhere"."User""#, Some("P2021"), "`elsewhere.User`"),
        (r#"SELECT "noColumn" FROM "User""#, Some("P2022"), "`noColumn`"),
        (r#"SELECT u.nothing FROM "User" u"#, Some("P2022"), "`u.nothing`"),
        (r#"UPDATE "User" SET nothing = 1"#, Some("P2022"), "`User.nothing`"),
        ("INSERT INTO moods VALUES ('sad')", Some("P2007"), "invalid input value for enum"),
        ("SELECT 'x'::int", Some("P2007"), "invalid input syntax"),
        ("CREATE TABLE nosuch.t (id int)", Some("P1003"), "`nosuch`"),
        ("SELECT 1 / 0", None, "division by zero"),
        ("SELECT wrong syntax here", None, "syntax error"),
    ] {
        let error = fails(c, sql).await;
        assert!(error.to_string().contains(part), "{sql}: {error}");
        assert_eq!(code(error), expected, "{sql}");
    }
    // Values that do not fit, and those that no type is known for.
    for (sql, value, part) in [
        (
            r#"SELECT 1 FROM "User" WHERE id = $1"#,
            Value::String("x".into()),
            "parameter 1: the text \"x\" cannot become the type `int4`",
        ),
        ("SELECT $1::point", Value::String("1,2".into()), "cast the parameter in the SQL, such as `$1::text::point`"),
        ("SELECT $1, $2", Value::Int(1), "2 parameters, but 1 values"),
    ] {
        let error = c.execute(statement(sql, [value])).await.expect_err(sql);
        assert!(error.to_string().contains(part), "{sql}: {error}");
        assert_eq!(code(error), Some("P2006"));
    }
    run(c, "SELECT 1").await.unwrap();
}

#[tokio::test]
async fn conflicts_of_transactions() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver =
        scratch.create("", "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0), (2, 0)").await;
    let serializable = Some(prisma_core::driver::IsolationLevel::Serializable);
    let (mut a, mut b) = (driver.acquire().await.unwrap(), driver.acquire().await.unwrap());
    a.begin(serializable).await.unwrap();
    b.begin(serializable).await.unwrap();
    run(&mut *a, "UPDATE t SET n = (SELECT sum(n) FROM t) + 1 WHERE id = 1").await.unwrap();
    run(&mut *b, "UPDATE t SET n = (SELECT sum(n) FROM t) + 1 WHERE id = 2").await.unwrap();
    a.commit().await.unwrap();
    assert_eq!(code(b.commit().await.unwrap_err()), Some("P2034"));
    // A deadlock: one of the two is the victim.
    a.begin(None).await.unwrap();
    b.begin(None).await.unwrap();
    run(&mut *a, "UPDATE t SET n = 1 WHERE id = 1").await.unwrap();
    run(&mut *b, "UPDATE t SET n = 1 WHERE id = 2").await.unwrap();
    let (first, second) =
        tokio::join!(run(&mut *a, "UPDATE t SET n = 2 WHERE id = 2"), run(&mut *b, "UPDATE t SET n = 2 WHERE id = 1"));
    let victim = first.err().or(second.err()).expect("a victim");
    assert_eq!(code(victim), Some("P2034"));
    a.rollback().await.unwrap();
    b.rollback().await.unwrap();
}

#[tokio::test]
async fn time_is_up() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("connection_limit=1&socket_timeout=1&pool_timeout=1", "").await;
    let mut c = driver.acquire().await.unwrap();
    let waiting = driver.acquire().await.err().unwrap();
    assert!(waiting.to_string().contains("connection limit 1"), "{waiting}");
    assert_eq!(code(waiting), Some("P2024"));
    let error = fails(&mut *c, "SELECT pg_sleep(30)").await;
    assert!(error.to_string().contains("no answer within 1 s (`socket_timeout` in the URL)"), "{error}");
    assert_eq!(code(error), Some("P1008"));
    drop(c);
    run(&mut *driver.acquire().await.unwrap(), "SELECT 1").await.unwrap();
    let driver = scratch.open("options=-c%20statement_timeout%3D100ms");
    assert_eq!(code(fails(&mut *driver.acquire().await.unwrap(), "SELECT pg_sleep(30)").await), Some("P1008"));
}

#[tokio::test]
async fn who_may_not_come_in() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let admin = scratch.create("", "").await;
    let database = scratch.database.name();
    let name = format!("role_of_{database}");
    let url = |user: &str, database: &str| Server::Postgresql.url(database).replace("postgres@", &format!("{user}@"));
    let refused = async |url: &str| {
        let started = std::time::Instant::now();
        let error = open(url).unwrap().acquire().await.err().expect(url);
        assert!(started.elapsed().as_secs() < 6, "it took {:?} to say {error}", started.elapsed());
        let text = error.to_string();
        (code(error), text)
    };
    let (found, text) = refused(&url("nobody_at_all", database)).await;
    assert_eq!(found, Some("P1000"), "{text}");
    assert!(text.contains("nobody_at_all"), "{text}");
    let (found, text) = refused(&url("postgres", "no_such_database")).await;
    assert_eq!(found, Some("P1003"), "{text}");
    assert!(text.contains("`no_such_database`") && text.contains("prisma db push"), "{text}");
    // One who may not look into the tables.
    let mut c = admin.acquire().await.unwrap();
    c.execute_script(&format!("CREATE ROLE {name} LOGIN; CREATE TABLE secret (id int)")).await.unwrap();
    let guest = open(&format!("{}?schema={}", url(&name, database), scratch.schema)).unwrap();
    let error = fails(&mut *guest.acquire().await.unwrap(), &format!("SELECT * FROM {}.secret", scratch.schema)).await;
    assert_eq!(code(error), Some("P1010"));
    guest.close().await;
    // One who may have one connection only.
    c.execute_script(&format!("ALTER ROLE {name} CONNECTION LIMIT 1")).await.unwrap();
    let one = open(&format!("{}?pool_timeout=1", url(&name, database))).unwrap();
    let _held = one.acquire().await.unwrap();
    let (found, text) = refused(&format!("{}?pool_timeout=1", url(&name, database))).await;
    assert_eq!(found, Some("P2037"), "{text}");
    drop(_held);
    one.close().await;
    c.execute_script(&format!("DROP ROLE {name}")).await.unwrap();

    let (found, text) = refused("postgresql://postgres@127.0.0.1:1/x").await;
    assert_eq!(found, Some("P1001"), "{text}");
    assert!(text.contains("`127.0.0.1:1`"), "{text}");
    let (found, text) = refused("postgresql://postgres@/x?host=/nowhere").await;
    assert_eq!(found, Some("P1001"), "{text}");
    assert!(text.contains("/nowhere/.s.PGSQL.5432"), "{text}");
    let (found, text) = refused("postgresql://postgres@no-such-host.invalid/x").await;
    assert_eq!(found, Some("P1001"), "{text}");
    // A server that takes connections, and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let (found, text) =
        refused(&format!("postgresql://postgres@127.0.0.1:{port}/x?pool_timeout=1&connect_timeout=1")).await;
    assert_eq!(found, Some("P1002"), "{text}");
    // The server's certificate is its own.
    let (found, text) = refused(&scratch.url("sslmode=verify-full")).await;
    assert_eq!(found, Some("P1011"), "{text}");
}

/// The pool gets over the end of all of its connections, and those who ask do not notice.
#[tokio::test]
async fn connections_that_the_server_cut() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("connection_limit=3&application_name=victim", "CREATE TABLE t (id int)").await;
    let killer = scratch.open("application_name=killer");
    for _ in 0..3 {
        let held = [driver.acquire().await.unwrap(), driver.acquire().await.unwrap(), driver.acquire().await.unwrap()];
        for mut c in held {
            run(&mut *c, "SELECT 1 AS warm").await.unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let cut = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim' AND datname = '{}'",
            scratch.database.name()
        );
        run(&mut *killer.acquire().await.unwrap(), &cut).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let mut reading = driver.acquire().await.unwrap();
        run(&mut *reading, "SELECT 1 AS warm").await.unwrap();
        let mut writing = driver.acquire().await.unwrap();
        writing.begin(None).await.unwrap();
        run(&mut *writing, "INSERT INTO t VALUES (1)").await.unwrap();
        writing.commit().await.unwrap();
    }
    // In the middle of a transaction it is told.
    let mut c = driver.acquire().await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'";
    run(&mut *killer.acquire().await.unwrap(), cut).await.unwrap();
    assert_eq!(code(fails(&mut *c, "INSERT INTO t VALUES (1)").await), Some("P1017"));
    drop(c);
    assert_eq!(crate::count(&mut *driver.acquire().await.unwrap(), "t").await, 3);
}

/// The tables change under statements that are prepared already.
#[tokio::test]
async fn tables_that_change() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("connection_limit=1", "CREATE TABLE t (id int, v int)").await;
    let insert = |value: Value| statement("INSERT INTO t VALUES (1, $1)", [value]);
    let c = &mut *driver.acquire().await.unwrap();
    c.execute(insert(Value::Int(1))).await.unwrap();
    let all = || statement("SELECT * FROM t", []);
    crate::rows(c, all(), |r| Ok(r.len())).await.unwrap();
    run(c, "ALTER TABLE t ALTER v TYPE text").await.unwrap();
    c.execute(insert(Value::String("x".into()))).await.unwrap();
    let found = crate::rows(c, all(), |r| Ok(r.dynamic(1).unwrap())).await.unwrap();
    assert_eq!(found, [Value::String("1".into()), Value::String("x".into())]);
    run(c, "ALTER TABLE t ADD w int").await.unwrap();
    assert_eq!(crate::rows(c, all(), |r| Ok(r.len())).await.unwrap(), [3, 3]);
}
