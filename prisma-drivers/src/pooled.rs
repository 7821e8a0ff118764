//! `db.pool()`: sqlx's pool, by the type of the provider.

use prisma_core::Error;
use prisma_core::driver::Driver;
use prisma_core::typed::provider;

/// A provider with its kind of pool.
pub trait Pooled {
    /// The pool, which is cheap to clone.
    type Pool: Clone + std::fmt::Debug + Send + Sync + 'static;

    /// The pool of a driver, if it is one of this provider.
    fn pool(driver: &dyn Driver) -> Option<Self::Pool>;
}

/// The pool of a client, by its provider's type. Called by generated code.
///
/// # Errors
/// The driver is of another provider.
pub fn pool<P: Pooled>(driver: &dyn Driver) -> Result<P::Pool, Error> {
    P::pool(driver).ok_or_else(|| {
        let message =
            format!("the schema is for another provider than the driver, which is for {}", driver.provider().name());
        prisma_core::ErrorKind::Configuration { message }.into()
    })
}

/// Stands for the pool of a provider that this program was built without.
#[derive(Debug, Clone)]
pub enum NoPool {}

macro_rules! pooled {
    ($($provider:ident $feature:literal $pool:ty, $driver:ty;)*) => {$(
        #[cfg(feature = $feature)]
        impl Pooled for provider::$provider {
            type Pool = $pool;

            fn pool(driver: &dyn Driver) -> Option<$pool> {
                driver.as_any().downcast_ref::<$driver>().map(|driver| driver.pool().clone())
            }
        }
        #[cfg(not(feature = $feature))]
        no_pool!($provider);
    )*};
}
macro_rules! no_pool {
    ($provider:ident) => {
        impl Pooled for provider::$provider {
            type Pool = NoPool;

            fn pool(_: &dyn Driver) -> Option<NoPool> {
                None
            }
        }
    };
}
pooled! {
    Sqlite "sqlite" sqlx::SqlitePool, crate::sqlite::SqliteDriver;
    Postgresql "postgres" sqlx::PgPool, crate::postgres::PostgresDriver;
    Cockroachdb "cockroachdb" sqlx::PgPool, crate::postgres::PostgresDriver;
    Mysql "mysql" sqlx::MySqlPool, crate::mysql::MysqlDriver;
}
no_pool!(Sqlserver);
no_pool!(Mongodb);
