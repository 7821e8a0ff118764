use std::time::{Duration, Instant};

use prisma_core::driver::{Constraint, Driver, DriverError};
use prisma_drivers::ConnectOptions;
use prisma_drivers::sqlite::SqliteDriver;

use crate::{File, memory, run};

fn columns(table: &str, columns: &[&str]) -> Constraint {
    Constraint::Columns { table: Some(table.into()), columns: columns.iter().map(|&c| c.into()).collect() }
}

#[tokio::test]
async fn a_missing_file_is_told_with_its_path() {
    let file = File::new();
    let driver = file.open("").await.unwrap();
    let error = driver.acquire().await.err().unwrap();
    let DriverError::DatabaseNotFound { name, message } = &error else { panic!("{error:?}") };
    assert_eq!(name, &file.path().display().to_string());
    assert!(message.contains("there is no such file") && message.contains("prisma db push"), "{message}");
    assert_eq!(prisma_core::Error::from(error).code(), Some("P1003"));
    assert!(!file.path().exists());

    assert!(driver.create_database().await.unwrap());
    assert!(!driver.create_database().await.unwrap());
    run(&mut *driver.acquire().await.unwrap(), "CREATE TABLE t (id INTEGER PRIMARY KEY)").await.unwrap();
    assert!(file.path().exists());
}

#[tokio::test]
async fn a_missing_directory_is_told() {
    let file = File::new();
    let options = ConnectOptions { base_dir: Some(file.directory.path().into()), ..Default::default() };
    let driver = SqliteDriver::connect("file:no/such/test.db", &options).await.unwrap();
    let error = driver.acquire().await.err().unwrap();
    let DriverError::DatabaseNotFound { message, .. } = &error else { panic!("{error:?}") };
    assert!(message.contains("there is no directory") && message.contains("no/such"), "{message}");

    let error = SqliteDriver::connect("file:.", &options).await.unwrap().acquire().await.err().unwrap();
    assert!(error.to_string().contains("this is a directory"), "{error}");

    assert!(driver.create_database().await.unwrap());
    assert!(file.directory.path().join("no/such/test.db").exists());
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_told() {
    let file = File::new();
    std::fs::write(file.path(), "").unwrap();
    let options = ConnectOptions { base_dir: Some(file.directory.path().into()), ..Default::default() };
    let driver = SqliteDriver::connect("file:test.db/inner/x.db", &options).await.unwrap();
    let error = driver.create_database().await.unwrap_err();
    assert!(matches!(error, DriverError::AccessDenied { .. }), "{error:?}");
}

#[tokio::test]
async fn read_only_files_can_be_read_and_not_written() {
    let file = File::new();
    file.create("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)").await.close().await;
    let mut readable = std::fs::metadata(file.path()).unwrap().permissions();
    for parameters in ["?mode=ro", ""] {
        if parameters.is_empty() {
            readable.set_readonly(true);
            std::fs::set_permissions(file.path(), readable.clone()).unwrap();
        }
        let driver = file.open(parameters).await.unwrap();
        let mut c = driver.acquire().await.unwrap();
        c.begin(None).await.unwrap();
        assert_eq!(crate::count(&mut *c, "t").await, 1);
        c.commit().await.unwrap();
        let error = run(&mut *c, "INSERT INTO t VALUES (2)").await.unwrap_err();
        let DriverError::AccessDenied { name, message } = &error else { panic!("{error:?}") };
        assert_eq!(name, &file.path().display().to_string());
        assert!(message.contains("read-only"), "{message}");
        assert_eq!(prisma_core::Error::from(error).code(), Some("P1010"));
        drop(c);
        driver.close().await;
    }
}

#[tokio::test]
async fn files_that_are_no_database_are_told() {
    let file = File::new();
    std::fs::write(file.path(), "this is a text file, and no database at all\n".repeat(100)).unwrap();
    let error = file.open("").await.unwrap_err();
    let DriverError::Corrupt { name, message } = &error else { panic!("{error:?}") };
    assert_eq!(name, &file.path().display().to_string());
    assert!(message.contains("check that the URL names the right file"), "{message}");
}

#[tokio::test]
async fn damage_within_a_database_is_told() {
    let file = File::new();
    let script = "PRAGMA page_size = 512; CREATE TABLE t (v TEXT);
                  INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT hex(i * 12345678) FROM n";
    file.create(script).await.close().await;
    let mut bytes = std::fs::read(file.path()).unwrap();
    let start = bytes.len() / 4;
    bytes[start..].fill(0xa5);
    std::fs::write(file.path(), bytes).unwrap();
    let driver = file.open("").await.unwrap();
    let mut c = driver.acquire().await.unwrap();
    let error = run(&mut *c, "UPDATE t SET v = v || 'x'").await.unwrap_err();
    assert!(matches!(error, DriverError::Corrupt { .. }), "{error:?}");
}

#[tokio::test]
async fn a_locked_database_is_told_after_the_busy_timeout() {
    let file = File::new();
    let driver = file.create("CREATE TABLE t (id INTEGER PRIMARY KEY)").await;
    let mut holder = driver.acquire().await.unwrap();
    holder.begin(None).await.unwrap();
    run(&mut *holder, "INSERT INTO t VALUES (1)").await.unwrap();

    let other = file.open("?busy_timeout=100").await.unwrap();
    let mut c = other.acquire().await.unwrap();
    assert_eq!(crate::count(&mut *c, "t").await, 0, "readers do not wait for a writer");
    let started = Instant::now();
    for error in [run(&mut *c, "INSERT INTO t VALUES (2)").await.unwrap_err(), c.begin(None).await.unwrap_err()] {
        let DriverError::Timeout { message } = &error else { panic!("{error:?}") };
        assert!(message.contains("100 ms") && message.contains("busy_timeout"), "{message}");
        assert_eq!(prisma_core::Error::from(error).code(), Some("P1008"));
    }
    assert!(started.elapsed() >= Duration::from_millis(200), "it did not wait");
    holder.commit().await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (2)").await.unwrap();
}

#[tokio::test]
async fn a_stale_read_that_turns_to_writing_is_a_conflict() {
    let file = File::new();
    let driver = file.create("CREATE TABLE t (id INTEGER PRIMARY KEY)").await;
    let mut stale = driver.acquire().await.unwrap();
    let mut other = driver.acquire().await.unwrap();
    run(&mut *stale, "BEGIN DEFERRED").await.unwrap();
    crate::count(&mut *stale, "t").await;
    run(&mut *other, "INSERT INTO t VALUES (1)").await.unwrap();
    let error = run(&mut *stale, "INSERT INTO t VALUES (2)").await.unwrap_err();
    assert!(matches!(error, DriverError::WriteConflict { .. }), "{error:?}");
    run(&mut *stale, "ROLLBACK").await.unwrap();
}

#[tokio::test]
async fn a_pool_with_nothing_free_is_told() {
    let file = File::new();
    file.create("").await.close().await;
    let driver = file.open("?connection_limit=1&pool_timeout=1").await.unwrap();
    let _held = driver.acquire().await.unwrap();
    match driver.acquire().await {
        Err(DriverError::PoolTimeout { seconds: 1, limit: 1 }) => {}
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("two connections from a pool of one"),
    }
    drop(_held);
    driver.close().await;
    assert!(matches!(driver.acquire().await, Err(DriverError::PoolClosed)));
}

#[tokio::test]
async fn constraints_are_told_by_table_and_columns() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    c.execute_script(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT NOT NULL, y INTEGER CONSTRAINT positive CHECK (y > 0), UNIQUE (x, y));
         CREATE TABLE b (a INTEGER REFERENCES a (id) ON DELETE RESTRICT);
         INSERT INTO a VALUES (1, 'x', 1); INSERT INTO b VALUES (1)",
    )
    .await
    .unwrap();
    for (sql, expected) in [
        ("INSERT INTO a VALUES (1, 'z', 1)", columns("a", &["id"])),
        ("INSERT INTO a VALUES (2, 'x', 1)", columns("a", &["x", "y"])),
    ] {
        let error = run(&mut *c, sql).await.unwrap_err();
        assert!(
            matches!(&error, DriverError::UniqueViolation { constraint, .. } if *constraint == expected),
            "{error:?}"
        );
    }
    let error = run(&mut *c, "INSERT INTO a VALUES (2, NULL, 1)").await.unwrap_err();
    assert!(
        matches!(&error, DriverError::NullViolation { constraint, .. } if *constraint == columns("a", &["x"])),
        "{error:?}"
    );
    let error = run(&mut *c, "INSERT INTO a VALUES (2, 'y', 0)").await.unwrap_err();
    let positive = Constraint::Name("positive".into());
    assert!(matches!(&error, DriverError::CheckViolation { constraint, .. } if *constraint == positive), "{error:?}");
    for sql in ["INSERT INTO b VALUES (7)", "DELETE FROM a", "UPDATE b SET a = 9"] {
        let error = run(&mut *c, sql).await.unwrap_err();
        assert!(matches!(error, DriverError::ForeignKeyViolation { .. }), "{sql}: {error:?}");
    }
}

#[tokio::test]
async fn missing_tables_and_columns_are_told_by_name() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    run(&mut *c, "CREATE TABLE t (id INTEGER)").await.unwrap();
    for sql in ["SELECT 1 FROM \"User\"", "INSERT INTO \"main\".\"User\" (id) VALUES (1)"] {
        let error = run(&mut *c, sql).await.unwrap_err();
        assert!(matches!(&error, DriverError::TableNotFound { table } if table == "User"), "{error:?}");
    }
    for (sql, name) in [
        ("SELECT t.\"email\" FROM t", "t.email"),
        ("INSERT INTO t (email) VALUES (1)", "t.email"),
        ("SELECT [email] FROM t", "email"),
    ] {
        let error = run(&mut *c, sql).await.unwrap_err();
        assert!(matches!(&error, DriverError::ColumnNotFound { column } if column == name), "{sql}: {error:?}");
    }
    let error = run(&mut *c, "SELEC 1").await.unwrap_err();
    assert!(matches!(&error, DriverError::Database { message, .. } if message.contains("syntax error")), "{error:?}");
}

#[tokio::test]
async fn a_url_that_cannot_be_read_is_told() {
    for (url, part) in [("file:x.db?conection_limit=1", "did you mean `connection_limit`?"), ("x.db", "`file:`")] {
        let error = SqliteDriver::connect(url, &ConnectOptions::default()).await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(prisma_core::Error::from(error).code(), Some("P1013"));
    }
}

#[tokio::test]
async fn a_provider_that_is_not_built_in_is_told_with_its_feature() {
    let connected =
        prisma_drivers::connect(prisma_schema::Provider::Mongodb, "mongodb://x", &ConnectOptions::default()).await;
    let error = connected.unwrap_err().to_string();
    assert!(error.contains("feature `mongodb`") && error.contains("Cargo.toml"), "{error}");
}
