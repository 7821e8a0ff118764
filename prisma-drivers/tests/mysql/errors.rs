//! What the server reports, in the driver's terms.

use prisma_core::driver::Constraint;

use super::*;

const TABLES: &str = "
    CREATE TABLE parent (id INT PRIMARY KEY AUTO_INCREMENT, code VARCHAR(5), n TINYINT UNSIGNED, must INT NOT NULL DEFAULT 0, \
        kind ENUM('a', 'b'), day DATE, doc JSON, UNIQUE KEY parent_code_key (code), CONSTRAINT small CHECK (must < 100));
    CREATE TABLE child (id INT PRIMARY KEY, parent INT, bare INT NOT NULL, \
        CONSTRAINT child_parent_fkey FOREIGN KEY (parent) REFERENCES parent (id));
    INSERT INTO parent (id, code) VALUES (1, 'a');
    INSERT INTO child VALUES (1, 1, 0);";

fn name(text: &str) -> Constraint {
    Constraint::Name(text.to_owned())
}

fn column(text: &str) -> Constraint {
    Constraint::Columns { table: None, columns: vec![text.to_owned()] }
}

#[tokio::test]
async fn constraints() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new(TABLES).await;
    let c = &mut *scratch.connection().await;
    for (sql, expected) in [
        ("INSERT INTO parent (code) VALUES ('a')", name("parent_code_key")),
        ("INSERT INTO parent (id) VALUES (1)", name("PRIMARY")),
    ] {
        match run(c, sql).await {
            Err(DriverError::UniqueViolation { constraint, message }) => {
                assert_eq!(constraint, expected, "{message}");
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
    for sql in ["INSERT INTO child VALUES (2, 9, 0)", "DELETE FROM parent", "UPDATE parent SET id = 5"] {
        match run(c, sql).await {
            Err(DriverError::ForeignKeyViolation { constraint, message }) => {
                assert_eq!(constraint, name("child_parent_fkey"), "{message}");
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
    for (sql, expected) in [
        ("UPDATE parent SET must = NULL", "must"),
        ("INSERT INTO parent (must) VALUES (NULL)", "must"),
        ("INSERT INTO child (id) VALUES (3)", "bare"),
    ] {
        match run(c, sql).await {
            Err(DriverError::NullViolation { constraint, message }) => {
                assert_eq!(constraint, column(expected), "{message}")
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
    match run(c, "UPDATE parent SET must = 100").await {
        Err(DriverError::CheckViolation { constraint, .. }) => assert_eq!(constraint, name("small")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn values() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new(TABLES).await;
    let c = &mut *scratch.connection().await;
    match run(c, "UPDATE parent SET code = 'too long'").await {
        Err(DriverError::ValueTooLong { column, .. }) => assert_eq!(column.as_deref(), Some("code")),
        other => panic!("{other:?}"),
    }
    for sql in [
        "UPDATE parent SET n = 256",
        "UPDATE parent SET n = -1",
        "UPDATE parent SET n = 1; UPDATE parent SET n = n - 2",
    ] {
        let mut last = Ok(0);
        for sql in sql.split("; ") {
            last = run(c, sql).await;
        }
        assert!(matches!(last, Err(DriverError::ValueOutOfRange { .. })), "{sql}: {last:?}");
    }
    for (sql, value) in [
        ("UPDATE parent SET n = ?", Value::String("x".to_owned())),
        ("UPDATE parent SET day = ?", Value::String("2024-13-01".to_owned())),
        ("UPDATE parent SET kind = ?", Value::Enum("c".to_owned())),
    ] {
        let refused = c.execute(statement(sql, [value])).await;
        assert!(matches!(refused, Err(DriverError::InvalidInput { .. })), "{sql}: {refused:?}");
    }
    let json = c.execute(statement("UPDATE parent SET doc = ?", [Value::String("{".to_owned())])).await;
    assert!(matches!(json, Err(DriverError::CheckViolation { .. } | DriverError::InvalidInput { .. })), "{json:?}");
}

#[tokio::test]
async fn names() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new(TABLES).await;
    let c = &mut *scratch.connection().await;
    match run(c, "SELECT * FROM nothing").await {
        Err(DriverError::TableNotFound { table }) => assert_eq!(table, "nothing"),
        other => panic!("{other:?}"),
    }
    match run(c, "SELECT nowhere FROM parent").await {
        Err(DriverError::ColumnNotFound { column }) => assert_eq!(column, "nowhere"),
        other => panic!("{other:?}"),
    }
    match run(c, "SELEKT").await {
        Err(DriverError::Database { code, message }) => {
            assert_eq!(code.as_deref(), Some("1064"));
            assert!(message.contains("SELEKT"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

/// INSERT IGNORE as the engine writes it passes over duplicates and nothing else; as a user writes it, it is the server's own.
#[tokio::test]
async fn nothing_but_duplicates_is_passed_over() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new(TABLES).await;
    let c = &mut *scratch.connection().await;
    let insert = format!("{}INTO ", prisma_core::sql::INSERT_IGNORE);
    assert_eq!(run(c, &format!("{insert}parent (code) VALUES ('a'), ('b'), ('b')")).await.unwrap(), 1);
    let child = format!("{insert}child VALUES (2, 9, 0)");
    assert!(matches!(run(c, &child).await, Err(DriverError::ForeignKeyViolation { .. })));
    let long = format!("{insert}parent (code) VALUES ('a'), ('too long')");
    assert!(matches!(run(c, &long).await, Err(DriverError::ValueTooLong { .. } | DriverError::InvalidInput { .. })));
    let null = format!("{insert}parent (must) VALUES (NULL), (NULL)");
    assert!(matches!(run(c, &null).await, Err(DriverError::NullViolation { .. })));
    assert_eq!(run(c, "INSERT IGNORE INTO child VALUES (2, 9, 0)").await.unwrap(), 0);
    // However many there are.
    let many = vec!["('a')"; 3000].join(", ");
    assert_eq!(run(c, &format!("{insert}parent (code) VALUES {many}")).await.unwrap(), 0);
    let last = format!("{insert}parent (code) VALUES {many}, ('too long')");
    assert!(run(c, &last).await.is_err());
}

#[tokio::test]
async fn connecting() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new("").await;
    let refused = |url: String| async move {
        let driver = open(&url).unwrap();
        driver.acquire().await.err().unwrap_or_else(|| panic!("{url} was let in"))
    };
    let user = format!("u{}_{}", std::process::id(), scratch.database.name().rsplit('_').next().unwrap());
    let url = Server::Mysql.url("");
    let host = url.rsplit_once('@').unwrap().1.trim_end_matches('/');
    as_root(&format!("CREATE OR REPLACE USER '{user}'@'%' IDENTIFIED BY 'secret' WITH MAX_USER_CONNECTIONS 1")).await;
    match refused(format!("mysql://{user}:wrong@{host}/mysql")).await {
        DriverError::Authentication { user: named, message } => {
            assert_eq!(named, user);
            assert!(!message.contains("wrong"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    match refused(format!("mysql://{user}:secret@{host}/{}", scratch.database.name())).await {
        DriverError::AccessDenied { name, .. } => assert_eq!(name, scratch.database.name()),
        other => panic!("{other:?}"),
    }
    as_root(&format!("GRANT SELECT ON `{}`.* TO '{user}'@'%'", scratch.database.name())).await;
    let url = format!("mysql://{user}:secret@{host}/{}", scratch.database.name());
    // The connection that looks for the server is gone by the time that the pool opens its own.
    let first = open(&url).unwrap();
    let held = loop {
        match first.acquire().await {
            Ok(held) => break held,
            Err(DriverError::TooManyConnections { .. }) => {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await
            }
            Err(other) => panic!("{other:?}"),
        }
    };
    match refused(url).await {
        DriverError::TooManyConnections { message } => assert!(message.contains(&user), "{message}"),
        other => panic!("{other:?}"),
    }
    drop(held);
    as_root(&format!("DROP USER '{user}'@'%'")).await;
    match refused(Server::Mysql.url("prisma_driver_nowhere")).await {
        DriverError::DatabaseNotFound { name, message } => {
            assert_eq!(name, "prisma_driver_nowhere");
            assert!(message.contains("prisma db push"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    let before = std::time::Instant::now();
    match refused("mysql://root@127.0.0.1:1/x".to_owned()).await {
        DriverError::Unreachable { location, .. } => assert_eq!(location, "127.0.0.1:1"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(refused("mysql://root@nowhere.invalid/x".to_owned()).await, DriverError::Unreachable { .. }));
    let socket = "mysql://root@localhost/x?socket=/nowhere.sock";
    assert!(matches!(refused(socket.to_owned()).await, DriverError::Unreachable { .. }));
    assert!(before.elapsed().as_secs() < 4, "it does not try for long");
    // An address that never answers.
    match refused("mysql://root@192.0.2.1/x?connect_timeout=1".to_owned()).await {
        DriverError::ConnectTimeout { message, .. } => assert!(message.contains("connect_timeout"), "{message}"),
        DriverError::Unreachable { .. } => {}
        other => panic!("{other:?}"),
    }
}
