//! Databases of one's own on the shared servers.
//!
//! Their names are `prisma_test_<run>_<number>`. A run is a process; it holds a lock of that name on the server as long as it lives, so that
//! the next one knows which databases nobody will drop any more.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::maintenance::{Maintenance, block_on};
use crate::{PROVIDERS, Server, with_parameters};

const PREFIX: &str = "prisma_test_";

/// This process.
static RUN: LazyLock<String> = LazyLock::new(|| {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{PREFIX}{:x}{:x}", std::process::id(), time.as_micros())
});

/// A database of one's own, dropped with this.
#[derive(Debug)]
pub struct Database {
    server: Server,
    name: String,
}

impl Database {
    /// Makes a database.
    ///
    /// # Panics
    /// The server is not there.
    pub fn create(server: Server) -> Self {
        let database = Self::unmade(server);
        let sql = match server {
            Server::Postgresql => {
                format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'", database.name)
            }
            Server::Mysql => format!("CREATE DATABASE {} CHARACTER SET utf8mb4", database.name),
        };
        on_server(server, None, async move |server| server.run(&sql).await);
        database
    }

    /// A name for a database, which whoever is tested makes.
    ///
    /// # Panics
    /// The server is not there.
    pub fn unmade(server: Server) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        assert!(
            server.is_wanted(),
            "this test needs {}, which {PROVIDERS} leaves out: it has to ask first, by `test_servers::needs!`",
            server.name()
        );
        begin_run(server);
        Self { server, name: format!("{}_{}", *RUN, NEXT.fetch_add(1, Ordering::Relaxed)) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URL, with parameters (`a=b&c=d`).
    pub fn url(&self, parameters: &str) -> String {
        with_parameters(&self.server.url(&self.name), parameters)
    }

    /// Empties all tables, after all others have gone.
    fn empty(&self) {
        let Self { server, name } = self;
        let (server, name) = (*server, name.clone());
        on_server(server, Some(name.clone()), async move |connection| match server {
            Server::Postgresql => {
                while connection.texts(OTHERS_ON_POSTGRESQL).await? != ["0"] {
                    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                }
                connection.run(EMPTY_POSTGRESQL).await
            }
            Server::Mysql => empty_mysql(connection, &name).await,
        });
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server, self.name.clone());
        let is_panicking = std::thread::panicking();
        let dropped =
            block_on(async move || drop_database(server, &mut Maintenance::connect(server, None).await?, &name).await);
        if let Err(error) = dropped
            && !is_panicking
        {
            panic!("{error}");
        }
    }
}

async fn drop_database(server: Server, connection: &mut Maintenance, name: &str) -> Result<(), String> {
    match server {
        Server::Postgresql => connection.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await,
        Server::Mysql => {
            cut_mysql(connection, name).await?;
            connection.run(&format!("DROP DATABASE IF EXISTS {name}")).await
        }
    }
}

/// Takes this run's lock, and drops the databases of runs that are over.
fn begin_run(server: Server) {
    /// Held until the process ends.
    static LOCKS: Mutex<Vec<(Server, Maintenance)>> = Mutex::new(Vec::new());
    let mut locks = lock(&LOCKS);
    if locks.iter().any(|(s, _)| *s == server) {
        return;
    }
    let begun = block_on(async move || {
        let mut connection = Maintenance::connect(server, None).await?;
        if connection.texts(&take_lock(server, &RUN)).await? != ["1"] {
            return Err(format!("two runs are called {}", *RUN));
        }
        drop_stale(server, &mut connection).await?;
        Ok(connection)
    });
    locks.push((server, begun.unwrap_or_else(|error: String| panic!("{error}"))));
}

async fn drop_stale(server: Server, connection: &mut Maintenance) -> Result<(), String> {
    let databases = match server {
        Server::Postgresql => "SELECT datname::text FROM pg_database",
        Server::Mysql => "SELECT CAST(SCHEMA_NAME AS CHAR) FROM information_schema.SCHEMATA",
    };
    let run_of = |name: &str| {
        name.strip_prefix(PREFIX).and_then(|n| n.rsplit_once('_')).map(|(run, _)| format!("{PREFIX}{run}"))
    };
    let mut over = HashSet::new();
    for name in connection.texts(databases).await? {
        let Some(run) = run_of(&name).filter(|run| *run != *RUN) else { continue };
        if over.contains(&run) || connection.texts(&take_lock(server, &run)).await? == ["1"] {
            over.insert(run);
            drop_database(server, connection, &name).await?;
        }
    }
    for run in over {
        connection.texts(&give_lock(server, &run)).await?;
    }
    Ok(())
}

/// Answers whether the lock was free, and takes it then.
fn take_lock(server: Server, run: &str) -> String {
    match server {
        Server::Postgresql => format!("SELECT pg_try_advisory_lock(hashtextextended('{run}', 0))::int::text"),
        Server::Mysql => format!("SELECT CAST(GET_LOCK('{run}', 0) AS CHAR)"),
    }
}

fn give_lock(server: Server, run: &str) -> String {
    match server {
        Server::Postgresql => format!("SELECT pg_advisory_unlock(hashtextextended('{run}', 0))::text"),
        Server::Mysql => format!("SELECT CAST(RELEASE_LOCK('{run}') AS CHAR)"),
    }
}

const OTHERS_ON_POSTGRESQL: &str = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity \
                                    WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Empties all tables, and sets their sequences back.
const EMPTY_POSTGRESQL: &str = "
DO $$
DECLARE it record;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR it IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)' LOOP
    EXECUTE 'DELETE FROM ' || it.name;
  END LOOP;
  FOR it IN SELECT format('%I.%I', schemaname, sequencename) AS name, start_value FROM pg_sequences LOOP
    PERFORM setval(it.name, it.start_value, false);
  END LOOP;
END
$$";

/// Cuts all other connections to a database: what they are in the middle of would be waited for.
async fn cut_mysql(connection: &mut Maintenance, name: &str) -> Result<(), String> {
    let others = format!(
        "SELECT CAST(id AS CHAR) FROM information_schema.PROCESSLIST WHERE db = '{name}' AND id <> CONNECTION_ID()"
    );
    loop {
        let others = connection.texts(&others).await?;
        if others.is_empty() {
            return Ok(());
        }
        for id in others {
            // It may have gone by itself.
            let _ = connection.run(&format!("KILL {id}")).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

async fn empty_mysql(connection: &mut Maintenance, name: &str) -> Result<(), String> {
    cut_mysql(connection, name).await?;
    let tables = format!(
        "SELECT CAST(CONCAT('DELETE FROM `', TABLE_NAME, '`', IF(AUTO_INCREMENT > 1, CONCAT('; ALTER TABLE `', TABLE_NAME, '` AUTO_INCREMENT = 1'), '')) AS CHAR) \
         FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{name}' AND TABLE_TYPE = 'BASE TABLE'"
    );
    let tables = connection.texts(&tables).await?.join("; ");
    connection.run(&format!("SET foreign_key_checks = 0; {tables}")).await
}

impl Server {
    /// Runs a script on the tests' server, on a connection of its own.
    ///
    /// # Panics
    /// It fails.
    pub fn run(self, sql: &str) {
        let sql = sql.to_owned();
        on_server(self, None, async move |server| server.run(&sql).await);
    }
}

/// Connects, and does something that must succeed.
fn on_server(
    server: Server,
    database: Option<String>,
    work: impl AsyncFnOnce(&mut Maintenance) -> Result<(), String> + Send + 'static,
) {
    let done = block_on(async move || {
        let mut connection = Maintenance::connect(server, database.as_deref()).await?;
        work(&mut connection).await
    });
    done.unwrap_or_else(|error: String| panic!("{error}"));
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A database whose tables stay for the next test, since making them takes longer than most tests do: it finds them empty.
#[derive(Debug)]
pub struct Reused {
    /// There until the drop.
    database: Option<Database>,
    tables: &'static str,
    is_new: bool,
    is_spoilt: AtomicBool,
}

/// The databases that no test has at the moment, with what tables they have, and how many a test has.
#[derive(Default)]
struct Reusable {
    free: Vec<(&'static str, Database)>,
    taken: usize,
}

static REUSABLE: Mutex<Reusable> = Mutex::new(Reusable { free: Vec::new(), taken: 0 });

impl Reused {
    /// Takes a database; `tables` names the tables that are to be in it, and may be anything.
    ///
    /// # Panics
    /// The server is not there.
    pub fn take(server: Server, tables: &'static str) -> Self {
        let mut reusable = lock(&REUSABLE);
        reusable.taken += 1;
        let found = reusable.free.iter().position(|(t, d)| *t == tables && d.server == server);
        let found = found.map(|i| reusable.free.swap_remove(i).1);
        drop(reusable);
        // From here on its drop counts.
        let mut taken = Self { database: None, tables, is_new: found.is_none(), is_spoilt: AtomicBool::new(false) };
        match found {
            Some(database) => taken.database.insert(database).empty(),
            None => taken.database = Some(Database::create(server)),
        }
        taken
    }

    /// Nobody is to get it again: its tables are no longer what they were.
    pub fn spoil(&self) {
        self.is_spoilt.store(true, Ordering::Relaxed);
    }

    /// Whether its tables are still to be made.
    pub fn is_new(&self) -> bool {
        self.is_new
    }
}

impl std::ops::Deref for Reused {
    type Target = Database;
    fn deref(&self) -> &Database {
        match &self.database {
            Some(database) => database,
            None => panic!("it is given back already"),
        }
    }
}

impl Drop for Reused {
    fn drop(&mut self) {
        // What a test that failed did to it, nobody knows.
        let is_spoilt = self.is_spoilt.load(Ordering::Relaxed) || std::thread::panicking();
        let database = self.database.take().filter(|_| !is_spoilt);
        let mut reusable = lock(&REUSABLE);
        reusable.taken -= 1;
        if let Some(database) = database {
            reusable.free.push((self.tables, database));
        }
        // Whoever is last clears up.
        let over = if reusable.taken == 0 { std::mem::take(&mut reusable.free) } else { Vec::new() };
        drop(reusable);
        drop(over);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn databases(server: Server) -> Vec<String> {
        let sql = match server {
            Server::Postgresql => "SELECT datname::text FROM pg_database",
            Server::Mysql => "SELECT CAST(SCHEMA_NAME AS CHAR) FROM information_schema.SCHEMATA",
        };
        block_on(async move || Maintenance::connect(server, None).await.unwrap().texts(sql).await.unwrap())
    }

    #[test]
    fn what_a_killed_run_left_goes() {
        for server in Server::ALL {
            crate::needs!(server);
            let (mine, reused) = (Database::create(server), Reused::take(server, "none"));
            let stale = format!("{PREFIX}stale{}_0", std::process::id());
            let make = format!("CREATE DATABASE {stale}");
            block_on(async move || {
                let mut connection = Maintenance::connect(server, None).await.unwrap();
                connection.run(&make).await.unwrap();
                drop_stale(server, &mut connection).await.unwrap();
            });
            let there = databases(server);
            assert!(!there.contains(&stale));
            assert!(there.iter().any(|d| d == mine.name()) && there.iter().any(|d| d == reused.name()));
            let names = [mine.name().to_owned(), reused.name().to_owned()];
            drop((mine, reused));
            let there = databases(server);
            assert!(!names.iter().any(|n| there.contains(n)));
        }
    }

    #[test]
    fn what_is_reused_is_empty() {
        for server in Server::ALL {
            crate::needs!(server);
            // Keeps the other for the next.
            let _other = Reused::take(server, "other");
            let taken = Reused::take(server, "t");
            assert!(taken.is_new());
            let name = taken.name().to_owned();
            let id = match server {
                Server::Postgresql => "id SERIAL PRIMARY KEY",
                Server::Mysql => "id INT AUTO_INCREMENT PRIMARY KEY",
            };
            let fill = format!("CREATE TABLE t ({id}, x INT); INSERT INTO t (x) VALUES (1), (2)");
            on_server(server, Some(name.clone()), async move |c| c.run(&fill).await);
            drop(taken);
            let taken = Reused::take(server, "t");
            assert!(!taken.is_new() && taken.name() == name);
            on_server(server, Some(name), async move |c| {
                c.run("INSERT INTO t (x) VALUES (3)").await?;
                let rows = c.texts("SELECT CAST(CONCAT(id, ' ', x) AS CHAR(9)) FROM t").await?;
                assert_eq!(rows.iter().map(|r| r.trim_end()).collect::<Vec<_>>(), ["1 3"]);
                Ok(())
            });
        }
    }
}
