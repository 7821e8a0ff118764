//! diesel-async, on a pool of deadpool.

use diesel::prelude::SelectableHelper;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use crate::diesel_schema::{NewUser, User, posts, posts_of, users};
use crate::task::{AGE, Note, Peer};

type Pool = deadpool::Pool<AsyncPgConnection>;

const MANY_TASKS: Option<Note> = None;

macro_rules! wait {
    ($result:expr) => {
        $result.await
    };
}

#[path = "../by_diesel.rs"]
mod tasks;
use tasks::Diesel;

pub(super) fn connect(url: &str) -> Diesel {
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    let manager = AsyncDieselConnectionManager::new_with_config(url, config);
    Diesel(Pool::builder(manager).max_size(super::POOL).build().unwrap())
}

async fn spawn_find(diesel: &Diesel, id: i32) -> Option<User> {
    diesel.find_by_id(id).await
}

async fn create(diesel: &Diesel, email: String) -> User {
    let mut connection = diesel.0.get().await.unwrap();
    let user = connection.transaction(async |c| {
        let insert = diesel::insert_into(users::table).values(NewUser::of(email, AGE));
        let user = insert.returning(User::as_returning()).get_result(c).await?;
        diesel::insert_into(posts::table).values(posts_of(user.id)).execute(c).await?;
        diesel::QueryResult::Ok(user)
    });
    user.await.unwrap()
}
