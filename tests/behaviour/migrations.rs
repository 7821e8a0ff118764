//! Migrations that are part of the program.

use prisma_client::migrate::{Migrations, Script};

const MIGRATIONS: Migrations = prisma_client::migrations!("tests/behaviour/migrations");
const NAMES: [&str; 2] = ["20260101000000_notes", "20260102000000_titles"];

/// The client of a datasource.
macro_rules! client {
    ($($datasource:tt)*) => {
        prisma_client::prisma_schema! {
            $($datasource)*
            model Note { id Int @id title String @default("untitled") @@map("note") }
        }
    };
}

/// The tests, on a database that is not there yet.
macro_rules! tests {
    ($url:expr) => {
        use super::{MIGRATIONS, NAMES};

        #[tokio::test]
        async fn the_program_brings_its_migrations() {
            let (url, _guard) = $url;
            let db = PrismaClient::builder().url(url).connect().await.unwrap();
            assert_eq!(db.migrate(MIGRATIONS).await.unwrap(), NAMES);
            assert_eq!(db.migrate(MIGRATIONS).await.unwrap(), [""; 0]);
            let note = db.note().create(note::create().id(1)).await.unwrap();
            assert_eq!(note.title, "untitled");
        }

        #[tokio::test]
        async fn a_history_that_cannot_go_on() {
            let (url, _guard) = $url;
            let db = PrismaClient::builder().url(url).connect().await.unwrap();
            let error = db.migrate(super::broken()).await.unwrap_err();
            assert_eq!(error.code(), Some("P3018"), "{error}");
            assert!(error.to_string().contains("20260103000000_broken"), "{error}");
            assert_eq!(db.migrate(MIGRATIONS).await.unwrap_err().code(), Some("P3009"));
            let other = Migrations { provider: Some(super::other_than(&db)), ..MIGRATIONS };
            assert_eq!(db.migrate(other).await.unwrap_err().code(), Some("P3019"));
        }

        #[tokio::test]
        async fn tables_without_a_history() {
            let (url, _guard) = $url;
            let db = PrismaClient::builder().url(url).connect().await.unwrap();
            db.push_schema().await.unwrap();
            assert_eq!(db.migrate(MIGRATIONS).await.unwrap_err().code(), Some("P3005"));
        }

        use prisma_client::Migrations;
    };
}

fn broken() -> Migrations {
    let broken = Script::embedded("20260103000000_broken", "INSERT INTO nowhere VALUES (1);");
    let mut migrations = MIGRATIONS;
    migrations.scripts.to_mut().push(broken);
    migrations
}

fn other_than<S: prisma_client::typed::ClientSchema>(
    db: &prisma_client::Client<S>,
) -> prisma_client::__private::Provider {
    use prisma_client::__private::Provider;
    match db.driver().provider() {
        Provider::Sqlite => Provider::Mysql,
        _ => Provider::Sqlite,
    }
}

#[test]
fn what_is_embedded() {
    assert_eq!(MIGRATIONS.provider, None);
    assert_eq!(MIGRATIONS.scripts.iter().map(|s| s.name.as_ref()).collect::<Vec<_>>(), NAMES);
    assert!(MIGRATIONS.scripts[1].sql.starts_with("-- Rows stay.\n"));
}

mod sqlite {
    client!(datasource db { provider = "sqlite" });

    fn place() -> (String, tempfile::TempDir) {
        let directory = tempfile::tempdir().unwrap();
        (format!("file:{}", directory.path().join("test.db").display()), directory)
    }

    tests!(place());
}

/// The tests, on databases of a server; each ends, as passed, if the run leaves the server out.
#[cfg(any(feature = "postgres", feature = "mysql"))]
macro_rules! on_server {
    ($server:expr, $($datasource:tt)*) => {
        client!($($datasource)*);
        tests!({
            test_servers::needs!($server);
            let database = test_servers::Database::unmade($server);
            (database.url(""), database)
        });
    };
}

#[cfg(feature = "postgres")]
mod postgresql {
    on_server!(test_servers::Server::Postgresql, datasource db { provider = "postgresql" });
}

#[cfg(feature = "mysql")]
mod mysql {
    on_server!(test_servers::Server::Mysql, datasource db { provider = "mysql" });
}

/// CockroachDB's way, on the PostgreSQL server: without transactions.
#[cfg(feature = "cockroachdb")]
mod cockroachdb {
    client!(datasource db { provider = "cockroachdb" });

    fn is_asked_for() -> bool {
        test_servers::Server::Postgresql.is_asked_for()
    }

    #[tokio::test]
    async fn each_script_by_itself() {
        if !is_asked_for() {
            return;
        }
        let database = test_servers::Database::unmade(test_servers::Server::Postgresql);
        let db = PrismaClient::builder().url(database.url("")).connect().await.unwrap();
        assert_eq!(db.migrate(super::MIGRATIONS).await.unwrap(), super::NAMES);
        assert_eq!(db.note().create(note::create().id(1)).await.unwrap().title, "untitled");
        assert_eq!(db.migrate(super::broken()).await.unwrap_err().code(), Some("P3018"));
        let error = db.migrate(super::MIGRATIONS).await.unwrap_err();
        assert_eq!(error.code(), Some("P3009"), "{error}");
    }
}
