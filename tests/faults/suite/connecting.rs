//! The way in, and who does not find it.

use std::sync::LazyLock;

use super::*;
use crate::certificates::Authority;

/// A server with a password and a certificate, and the file of who vouches for it.
static GUARDED: LazyLock<(PrivateServer, String)> = LazyLock::new(|| {
    let authority = Authority::new();
    let server =
        start(&Settings { password: Some("secret".to_owned()), tls: Some(authority.server()), ..Settings::default() });
    let root = server.directory().join("root.crt");
    std::fs::write(&root, authority.certificate).unwrap();
    (server, root.display().to_string())
});

#[tokio::test]
async fn nobody_listens() {
    test_servers::needs!(SERVER);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let place = format!("127.0.0.1:{port}");
    check(&refused(&format!("{}://me@{place}/x", SERVER.provider())).await, "P1001", &[&place]);
}

/// A server that takes connections, and says nothing.
#[tokio::test]
async fn nobody_answers() {
    test_servers::needs!(SERVER);
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = silent.local_addr().unwrap().to_string();
    let url = format!("{}://me@{place}/x?connect_timeout=1&pool_timeout=2", SERVER.provider());
    check(&refused(&url).await, "P1002", &[&place, "1 s (`connect_timeout`)"]);
}

#[tokio::test]
async fn who_may_not_come_in() {
    test_servers::needs!(SERVER);
    let server = &GUARDED.0;
    let (user, there) = ADMIN;
    let error = refused(&server.url_of(user, Some("wrong"), "x", "")).await;
    check(&error, "P1000", &[&format!("`{user}`")]);
    assert!(!error.to_string().contains("wrong"), "{error}");
    check(&refused(&server.url("no_such", "")).await, "P1003", &["`no_such`", "prisma db push"]);
    run(&server.url(there, ""), &GUEST).await;
    check(&refused(&server.url_of("guest", Some("welcome"), "closed", "")).await, "P1010", &["`closed`"]);
}

#[tokio::test]
async fn encryption() {
    test_servers::needs!(SERVER);
    let (server, root) = &*GUARDED;
    connect(&server.url("encrypted", "")).await.push_schema().await.unwrap();
    for (parameters, expected) in [
        ("sslmode=disable".to_owned(), false),
        (String::new(), true),
        ("sslmode=require".to_owned(), true),
        ("sslmode=require&sslaccept=accept_invalid_certs".to_owned(), true),
        (format!("sslmode=verify-full&sslrootcert={root}"), true),
        // As Prisma writes it.
        (format!("sslmode=require&sslaccept=strict&sslcert={root}"), true),
    ] {
        let db = connect(&server.url("encrypted", &parameters)).await;
        let found = in_time(db.query_raw::<bool>(RawSql::verbatim(IS_ENCRYPTED))).await;
        assert_eq!(found.expect(&parameters), [expected], "{parameters}");
        assert_eq!(db.account().count().await.unwrap(), 0);
    }
    for parameters in
        ["sslmode=verify-ca", "sslmode=verify-full", "sslaccept=strict", "sslmode=require&sslaccept=strict"]
    {
        check(&refused(&server.url("encrypted", parameters)).await, "P1011", &["UnknownIssuer"]);
    }
    // The certificate is of another name.
    let elsewhere = |mode: &str| {
        let url = server.url("encrypted", &format!("sslmode={mode}&sslrootcert={root}"));
        url.replace("@127.0.0.1:", "@localhost:")
    };
    check(&refused(&elsewhere("verify-full")).await, "P1011", &["localhost"]);
    assert_eq!(connect(&elsewhere("verify-ca")).await.account().count().await.unwrap(), 0);
}

#[tokio::test]
async fn more_connections_than_the_server_takes() {
    test_servers::needs!(SERVER);
    let server = start(&Settings { max_connections: Some(12), ..Settings::default() });
    connect(&server.url("few", "")).await.push_schema().await.unwrap();
    let url = server.url("few", "connection_limit=30&pool_timeout=2");
    let db = connect(&url).await;
    let mut held = Vec::new();
    let error = loop {
        match in_time(db.begin()).await {
            Ok(tx) => held.push(tx),
            Err(error) => break error,
        }
        assert!(held.len() < 20, "it takes as many as one likes");
    };
    check(&error, "P2037", &["connection"]);
    drop(held);
    assert_eq!(in_time(db.account().count()).await.unwrap(), 0);
}

#[tokio::test]
async fn no_connection_becomes_free() {
    test_servers::needs!(SERVER);
    let scratch = Database::create(SERVER);
    let db = connect(&scratch.url("connection_limit=2&pool_timeout=1")).await;
    db.push_schema().await.unwrap();
    let held = (db.begin().await.unwrap(), db.begin().await.unwrap());
    check(&in_time(db.account().count()).await.unwrap_err(), "P2024", &["within 1 s", "connection limit 2"]);
    check(&in_time(db.begin()).await.unwrap_err(), "P2024", &[]);
    drop(held);
    pool_is_whole(&db, 2).await;
}

/// The server does not answer: the client gives up, nothing of the transaction stays, and the next one gets another connection.
#[tokio::test]
async fn no_answer() {
    test_servers::needs!(SERVER);
    let scratch = Database::create(SERVER);
    let db = connect(&scratch.url("connection_limit=2&socket_timeout=1")).await;
    db.push_schema().await.unwrap();
    let error = in_time(db.execute_raw(RawSql::verbatim(SLEEP))).await.unwrap_err();
    check(&error, "P1008", &["1 s", "`socket_timeout`"]);
    let tx = db.begin().await.unwrap();
    tx.account().create(account::create().name("a")).await.unwrap();
    check(&in_time(tx.execute_raw(RawSql::verbatim(SLEEP))).await.unwrap_err(), "P1008", &[]);
    assert!(in_time(tx.commit()).await.is_err(), "what of it is done, nobody knows");
    pool_is_whole(&db, 2).await;
    assert_eq!(in_time(db.account().count()).await.unwrap(), 0);
}
