//! For generated code: a schema whose provider this crate was built without does not compile, and says what to do.

macro_rules! providers {
    ($($provider:literal $feature:literal $check:ident)*) => {$(
        #[cfg(feature = $feature)]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $check {
            () => {};
        }
        #[cfg(not(feature = $feature))]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $check {
            () => {
                compile_error!(concat!(
                    "the provider of the datasource is `", $provider, "`, but `prisma-client` is built without it\n",
                    "help: add the feature to Cargo.toml: `prisma-client = { features = [\"", $feature, "\"] }`",
                ));
            };
        }
    )*};
}

providers! {
    "sqlite" "sqlite" __provider_sqlite
    "postgresql" "postgres" __provider_postgresql
    "mysql" "mysql" __provider_mysql
    "cockroachdb" "cockroachdb" __provider_cockroachdb
}

macro_rules! missing_providers {
    ($($provider:literal $check:ident)*) => {$(
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $check {
            () => {
                compile_error!(concat!(
                    "the provider of the datasource is `", $provider, "`, which this version of `prisma-client` cannot connect to\n",
                    "help: it connects to `sqlite`, `postgresql`, `mysql` and `cockroachdb`",
                ));
            };
        }
    )*};
}

missing_providers! {
    "sqlserver" __provider_sqlserver
    "mongodb" __provider_mongodb
}
