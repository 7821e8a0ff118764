//! URLs, and what they make of a session.

use prisma_core::driver::{Driver, DriverError};
use prisma_drivers::ConnectOptions;
use prisma_drivers::postgres::PostgresDriver;
use prisma_schema::Provider;

use test_servers::Server;

use crate::{Scratch, open, rows, run, statement};

async fn ask(driver: &PostgresDriver, sql: &str) -> String {
    let mut c = driver.acquire().await.unwrap();
    rows(&mut *c, statement(sql, []), |r| Ok(r.text(0).unwrap().unwrap().into_owned())).await.unwrap().remove(0)
}

#[tokio::test]
async fn sessions() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("application_name=my%20shop&options=-c%20statement_timeout%3D7s", "").await;
    assert_eq!(ask(&driver, "SELECT current_setting('application_name')").await, "my shop");
    assert_eq!(ask(&driver, "SELECT current_setting('statement_timeout')").await, "7s");
    assert_eq!(ask(&driver, "SELECT current_setting('TimeZone')").await, "UTC");
    assert_eq!(ask(&driver, "SELECT current_schema::text").await, scratch.schema);
    assert_eq!(driver.schema(), scratch.schema);
    assert_eq!(ask(&open(&scratch.database.url("")).unwrap(), "SELECT current_schema::text").await, "public");
}

/// A schema whose name needs quotes, made with its database.
#[tokio::test]
async fn names_that_need_quotes() {
    test_servers::needs!(Server::Postgresql);
    let (database, schema) = (format!("prisma driver \"{}\"", std::process::id()), "my \"own\" schema");
    let encoded = |text: &str| text.replace(' ', "%20").replace('"', "%22");
    let url = Server::Postgresql.url(&format!("{}?schema={}", encoded(&database), encoded(schema)));
    let driver = open(&url).unwrap();
    assert!(matches!(driver.acquire().await, Err(DriverError::DatabaseNotFound { .. })));
    assert!(driver.create_database().await.unwrap(), "it was made");
    assert!(!driver.create_database().await.unwrap(), "it was there");
    assert_eq!(
        ask(&driver, "SELECT current_database()::text || '.' || current_schema").await,
        format!("{database}.{schema}")
    );
    driver.close().await;
    Server::Postgresql.run(&format!("DROP DATABASE \"{}\"", database.replace('"', "\"\"")));
}

#[tokio::test]
async fn sockets() {
    test_servers::needs!(Server::Postgresql);
    let driver = open("postgresql://postgres@/postgres?host=/var/run/postgresql").unwrap();
    if std::path::Path::new("/var/run/postgresql/.s.PGSQL.5432").exists() {
        // Whoever runs this may not be let in by the socket; then it is the server that says so.
        match driver.acquire().await {
            Ok(mut c) => assert_eq!(run(&mut *c, "SELECT 1").await.unwrap(), 1),
            Err(error) => assert!(matches!(error, DriverError::Authentication { .. }), "{error:?}"),
        }
    }
}

#[tokio::test]
async fn encryption() {
    test_servers::needs!(Server::Postgresql);
    let ssl = "SELECT coalesce((SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()), 'false')";
    let scratch = Scratch::new();
    let url = |mode: &str| scratch.database.url(&format!("sslmode={mode}"));
    assert_eq!(ask(&open(&url("disable")).unwrap(), ssl).await, "false");
    let has_ssl = ask(&open(&url("disable")).unwrap(), "SHOW ssl").await == "on";
    if has_ssl {
        assert_eq!(ask(&open(&url("prefer")).unwrap(), ssl).await, "true");
        assert_eq!(ask(&open(&url("require&sslaccept=accept_invalid_certs")).unwrap(), ssl).await, "true");
    }
}

/// Behind a pooler nothing may stay in a session: neither a setting nor a prepared statement.
#[tokio::test]
async fn nothing_is_left_behind() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("pgbouncer=true&connection_limit=1", "CREATE TABLE t (id int)").await;
    let mut c = driver.acquire().await.unwrap();
    let insert = || statement("INSERT INTO t VALUES ($1)", [prisma_core::Value::Int(1)]);
    c.execute(insert()).await.unwrap();
    c.begin(None).await.unwrap();
    c.execute(insert()).await.unwrap();
    c.execute(insert()).await.unwrap();
    c.commit().await.unwrap();
    assert!(c.execute(statement("INSERT INTO t VALUES ($1)", [prisma_core::Value::Boolean(true)])).await.is_err());
    drop(c);
    assert_eq!(ask(&driver, "SELECT count(*)::text FROM t").await, "3");
    assert_eq!(
        ask(&driver, "SELECT count(*)::text FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'").await,
        "0"
    );
    // Outside of a transaction the path is the server's own.
    let other = scratch.open("connection_limit=1&application_name=other");
    assert_eq!(ask(&other, "SELECT count(*)::text FROM t").await, "3");
}

#[tokio::test]
async fn connections_for_one_use() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("single_use_connections=true&connection_limit=1", "").await;
    let pid = "SELECT pg_backend_pid()::text";
    assert_ne!(ask(&driver, pid).await, ask(&driver, pid).await);
    let driver = scratch.open("connection_limit=1");
    assert_eq!(ask(&driver, pid).await, ask(&driver, pid).await);
}

#[tokio::test]
async fn mistakes() {
    for (url, part) in [
        ("mysql://localhost/x", "the provider is `postgresql`"),
        ("postgresql://localhost/x?conection_limit=1", "did you mean `connection_limit`?"),
        ("postgresql://me:p@ss/word@localhost/x", "percent-encoded"),
        ("", "must start with `postgresql://`"),
    ] {
        let error = open(url).expect_err(url);
        assert!(matches!(error, DriverError::InvalidUrl { .. }), "{error:?}");
        assert!(error.to_string().contains(part), "{url}: {error}");
    }
    let shown = format!("{:?}", open("postgresql://me:hush@localhost/x").unwrap());
    assert!(!shown.contains("hush"), "{shown}");
}

/// CockroachDB's protocol is PostgreSQL's.
#[tokio::test]
async fn another_provider() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    scratch.create("", "CREATE TABLE t (id int)").await;
    let driver = PostgresDriver::connect(Provider::Cockroachdb, &scratch.url(""), &ConnectOptions::default()).unwrap();
    assert_eq!(driver.provider(), Provider::Cockroachdb);
    assert_eq!(ask(&driver, "SELECT count(*)::text FROM t").await, "0");
}
