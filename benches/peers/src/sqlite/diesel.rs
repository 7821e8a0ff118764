//! Diesel, on a pool of r2d2.

use std::path::Path;

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use diesel::prelude::{RunQueryDsl, SelectableHelper};
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error};

use crate::diesel_schema::{NewUser, User, posts, posts_of, users};
use crate::task::{AGE, Note, Peer};

type Pool = diesel::r2d2::Pool<ConnectionManager<SqliteConnection>>;

const MANY_TASKS: Option<Note> = Some(Note::How(
    "Diesel blocks its thread: each find is handed to one of Tokio's blocking threads, as its guide recommends",
));

/// Nothing to wait for.
macro_rules! wait {
    ($result:expr) => {
        $result
    };
}

#[path = "../by_diesel.rs"]
mod tasks;
use tasks::Diesel;

#[derive(Debug)]
struct Settings;

impl CustomizeConnection<SqliteConnection, Error> for Settings {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), Error> {
        connection.batch_execute(super::PRAGMAS).map_err(Error::QueryError)
    }
}

pub(super) fn connect(path: &Path) -> Diesel {
    let pool = Pool::builder().max_size(super::POOL as u32).test_on_check_out(false);
    let pool = pool.connection_customizer(Box::new(Settings));
    Diesel(pool.build(ConnectionManager::new(path.to_str().unwrap())).unwrap())
}

async fn spawn_find(diesel: &Diesel, id: i32) -> Option<User> {
    let diesel = diesel.clone();
    let find = move || futures_util::FutureExt::now_or_never(diesel.find_by_id(id)).unwrap();
    tokio::task::spawn_blocking(find).await.unwrap()
}

async fn create(diesel: &Diesel, email: String) -> User {
    let user = diesel.0.get().unwrap().immediate_transaction(|c| {
        let insert = diesel::insert_into(users::table).values(NewUser::of(email, AGE));
        let user = insert.returning(User::as_returning()).get_result(c)?;
        diesel::insert_into(posts::table).values(posts_of(user.id)).execute(c)?;
        diesel::QueryResult::Ok(user)
    });
    user.unwrap()
}
