use std::marker::PhantomData;

use prisma_client::bigdecimal::BigDecimal;
use prisma_client::chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use prisma_client::{Enum, Model, client};

/// Who does what.
///
/// A second paragraph.
#[derive(Enum)]
#[prisma(map = "roles", schema = "auth")]
pub enum Role {
    /// All of it.
    #[prisma(map = "admin")]
    Admin,
    Guest,
}

#[derive(Model)]
#[prisma(
    map = "accounts",
    schema = "auth",
    unique(email, role, name = "email_role", map = "account_email_role"),
    unique(token, where = { live = true, born = null, r#type = { not = "x" } }),
    index(settings(ops = JsonbPathOps), type = Gin),
    index(r#type(ops = raw("gin_trgm_ops")), type = Gin, map = "account_trgm"),
    index(seen(sort = Desc), role, where = raw("live AND type <> 'x'"))
)]
pub struct Account {
    #[prisma(id(map = "account_key"), default(dbgenerated("gen_random_uuid()")))]
    pub id: prisma_client::uuid::Uuid,
    #[prisma(unique(map = "account_email", sort = Desc), db(Citext))]
    pub email: String,
    pub born: Option<NaiveDate>,
    pub wakes: Option<NaiveTime>,
    #[prisma(db(Timetz(3)))]
    pub sleeps: Option<NaiveTime>,
    #[prisma(default(now()), updated_at, map = "seen_at", db(Timestamptz(6)))]
    pub seen: DateTime<Utc>,
    #[prisma(default([Role::Guest, Role::Admin]))]
    pub roles: Vec<Role>,
    #[prisma(default(Role::Guest))]
    pub role: Role,
    #[prisma(default(0.50), db(Decimal(12, 2)))]
    pub balance: BigDecimal,
    #[prisma(default(-1))]
    pub delta: i32,
    #[prisma(default(1_000_000))]
    pub large: i64,
    #[prisma(default(1.5f64))]
    pub ratio: f64,
    #[prisma(default(r#"{"a": [1, "\""]}"#))]
    pub settings: prisma_client::serde_json::Value,
    #[prisma(default("aGVsbG8="))]
    pub key: Vec<u8>,
    pub keys: Vec<Vec<u8>>,
    #[prisma(default(nanoid(12)))]
    pub token: String,
    #[prisma(default(uuid(7)))]
    pub other: String,
    #[prisma(default(cuid(2)))]
    pub third: String,
    #[prisma(default(ulid()))]
    pub fourth: String,
    #[prisma(default(true))]
    pub live: bool,
    #[prisma(unsupported("polygon"))]
    pub area: PhantomData<Option<()>>,
    #[prisma(unsupported = "ltree", default(dbgenerated("''::ltree")), map = "the_path")]
    pub path: PhantomData<()>,
    #[prisma(ignore)]
    pub legacy: PhantomData<Option<String>>,
    pub r#type: String,
}

/// What is alive.
#[derive(Model)]
#[prisma(view, map = "alive", schema = "base")]
pub struct Alive {
    #[prisma(unique)]
    pub id: prisma_client::uuid::Uuid,
    pub email: String,
}

client! {
    pub struct PrismaClient {
        provider = "postgresql",
        url = env("DATABASE_URL"),
        direct_url = env("DIRECT_URL"),
        shadow_database_url = "postgresql://localhost/shadow",
        schemas = ["base", "auth"],
        extensions = [citext, uuid_ossp(map = "uuid-ossp", schema = "base", version = "1.1")],
        preview_features = ["postgresqlExtensions", "views", "partialIndexes"],
        generators = [docs(provider = "prisma-docs", output = env("DOCS"), depth = 3, only = ["models", "enums"])],
        models = [Account, Alive],
        enums = [Role],
    }
}
