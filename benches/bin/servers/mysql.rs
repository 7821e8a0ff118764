//! MySQL and MariaDB, by hand.

client! {
    datasource db {
        provider = "mysql"
    }
}

const SERVER: test_servers::Server = test_servers::Server::Mysql;
type Db = sqlx::MySql;
type Pool = sqlx::MySqlPool;
type Row = sqlx::mysql::MySqlRow;

const BY_ID: &str = "SELECT id, email, name, age FROM User WHERE id = ?";
const FIRST: &str = "SELECT id, email, name, age FROM User ORDER BY id LIMIT ?";
const AGGREGATED: &str = "SELECT u.id, u.email, u.name, u.age, \
    (SELECT JSON_ARRAYAGG(JSON_ARRAY(id, title, content, views, authorId)) FROM Post WHERE authorId = u.id) AS posts \
    FROM User u ORDER BY u.id LIMIT ?";
const INSERT_POSTS: &str = "INSERT INTO Post (title, content, views, authorId) ";
const ANALYSE: &str = "SELECT 1";

async fn posts_of(connection: &mut sqlx::MySqlConnection, authors: Vec<i32>) -> Vec<tasks::HandPost> {
    let marks = vec!["?"; authors.len()].join(", ");
    let sql = format!("SELECT id, title, content, views, authorId FROM Post WHERE authorId IN ({marks})");
    let query = authors.into_iter().fold(sqlx::query_as(sqlx::AssertSqlSafe(sql)), |query, id| query.bind(id));
    query.fetch_all(connection).await.unwrap()
}

/// In a transaction, so that nobody changes the record before it is read.
async fn create(pool: &Pool, email: &str) -> tasks::HandUser {
    let mut tx = pool.begin().await.unwrap();
    let insert = sqlx::query("INSERT INTO User (email, name, age) VALUES (?, ?, ?)").bind(email).bind("Name").bind(30);
    let id = insert.execute(&mut *tx).await.unwrap().last_insert_id();
    let user = sqlx::query_as(BY_ID).bind(id).fetch_one(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    user
}

#[path = "tasks.rs"]
pub(crate) mod tasks;
