//! PostgreSQL, by hand.

client! {
    datasource db {
        provider = "postgresql"
    }
}

const SERVER: test_servers::Server = test_servers::Server::Postgresql;
type Db = sqlx::Postgres;
type Pool = sqlx::PgPool;
type Row = sqlx::postgres::PgRow;

const BY_ID: &str = r#"SELECT id, email, name, age FROM "User" WHERE id = $1"#;
const FIRST: &str = r#"SELECT id, email, name, age FROM "User" ORDER BY id LIMIT $1"#;
const AGGREGATED: &str = r#"SELECT u.id, u.email, u.name, u.age, p.posts::text FROM "User" u
    LEFT JOIN LATERAL (SELECT json_agg(json_build_array(id, title, content, views, "authorId")) AS posts FROM "Post" WHERE "authorId" = u.id) p ON true
    ORDER BY u.id LIMIT $1"#;
const INSERT_POSTS: &str = r#"INSERT INTO "Post" (title, content, views, "authorId") "#;
const ANALYSE: &str = "ANALYZE";

async fn posts_of(connection: &mut sqlx::PgConnection, authors: Vec<i32>) -> Vec<tasks::HandPost> {
    let sql = r#"SELECT id, title, content, views, "authorId" FROM "Post" WHERE "authorId" = ANY($1)"#;
    sqlx::query_as(sql).bind(authors).fetch_all(connection).await.unwrap()
}

async fn create(pool: &Pool, email: &str) -> tasks::HandUser {
    let sql = r#"INSERT INTO "User" (email, name, age) VALUES ($1, $2, $3) RETURNING id, email, name, age"#;
    sqlx::query_as(sql).bind(email).bind("Name").bind(30).fetch_one(pool).await.unwrap()
}

#[path = "tasks.rs"]
pub(crate) mod tasks;
