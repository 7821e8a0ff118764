//! Servers of one's own, from start to end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::net::TcpStream;

use test_servers::{PrivateServer, Server, Settings};

fn life(server: Server) {
    test_servers::needs!(server);
    let running = PrivateServer::start(server, &Settings::default()).unwrap_or_else(|e| panic!("{e}"));
    let is_there = || TcpStream::connect(("127.0.0.1", running.port())).is_ok();
    assert!(is_there());
    running.stop().unwrap();
    assert!(!is_there());
    running.restart().unwrap();
    assert!(is_there());
    running.crash().unwrap();
    assert!(!is_there());
    running.restart().unwrap();
    let (directory, port) = (running.directory().to_owned(), running.port());
    assert!(directory.exists());
    drop(running);
    assert!(!directory.exists());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn postgresql() {
    life(Server::Postgresql);
}

#[test]
fn mysql() {
    life(Server::Mysql);
}

#[test]
fn one_that_does_not_start() {
    for server in Server::ALL {
        test_servers::needs!(server);
        let others = vec![("no-such-setting", "1".to_owned())];
        let error = PrivateServer::start(server, &Settings { others, ..Settings::default() }).unwrap_err();
        assert!(error.contains("does not start") && error.contains("no-such-setting"), "{error}");
    }
}
