//! From a URL to what a connection is made with.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use prisma_core::driver::DriverError;
use prisma_schema::Provider;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode, Postgres};

use crate::ConnectOptions;
use crate::acquire::Server;
use crate::parameters::{Parameters, invalid};
use crate::pool_settings::PoolSettings;
use crate::server_url::{Address, Scheme, ServerUrl};
use crate::tls::{TlsMode, TlsSettings};

const KNOWN: &[&str] = &[
    "schema",
    "host",
    "connect_timeout",
    "socket_timeout",
    "statement_cache_size",
    "pgbouncer",
    "single_use_connections",
    "application_name",
    "options",
    "channel_binding",
];

const POSTGRESQL: Scheme = Scheme {
    provider: "postgresql",
    names: &["postgresql", "postgres"],
    parameters: &[&PoolSettings::KNOWN, KNOWN, &TlsSettings::KNOWN],
};

const COCKROACHDB: Scheme =
    Scheme { provider: "cockroachdb", names: &["postgresql", "postgres", "cockroachdb"], ..POSTGRESQL };

/// What a URL and the options say.
pub(super) struct Target {
    pub(super) connect: PgConnectOptions,
    /// The database, for messages.
    pub(super) database: String,
    /// The user, for messages.
    pub(super) user: String,
    pub(super) address: Address,
    /// The database schema that names without a schema mean.
    pub(super) schema: String,
    pub(super) pool: PoolSettings,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) socket_timeout: Option<Duration>,
    /// Whether another client may be given the server's connection after each transaction, so that nothing may be left in it.
    pub(super) is_pooled_outside: bool,
    /// Whether prepared statements are kept for the next time.
    pub(super) keeps_statements: bool,
    pub(super) single_use: bool,
}

impl Server for Target {
    type Database = Postgres;

    fn options(&self) -> &PgConnectOptions {
        &self.connect
    }

    fn address(&self) -> &Address {
        &self.address
    }

    fn pool(&self) -> &PoolSettings {
        &self.pool
    }

    fn connect_timeout(&self) -> Option<Duration> {
        self.connect_timeout
    }

    fn cannot_connect(&self, error: sqlx::Error) -> DriverError {
        super::error::cannot_connect(self, error)
    }
}

/// Without the options of sqlx, which would show the password.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, user, database, schema, pool, .. } = self;
        f.debug_struct("Target")
            .field("address", address)
            .field("user", user)
            .field("database", database)
            .field("schema", schema)
            .field("pool", pool)
            .finish_non_exhaustive()
    }
}

impl Target {
    pub(super) fn parse(provider: Provider, url: &str, options: &ConnectOptions) -> Result<Self, DriverError> {
        let (scheme, default_port) = match provider {
            Provider::Cockroachdb => (&COCKROACHDB, 26257),
            _ => (&POSTGRESQL, 5432),
        };
        let url = ServerUrl::parse(url, scheme)?;
        let parameters = &url.parameters;
        let pool = PoolSettings::parse(parameters, options, ConnectOptions::default_max_connections())?;
        let is_pooled_outside = parameters.flag("pgbouncer")?;
        let statement_cache = parameters.number("statement_cache_size")?.unwrap_or(100) as usize;
        let keeps_statements = !is_pooled_outside && statement_cache > 0;

        let mut connect = start(parameters.text("options"))?
            // Floats travel in binary; some proxies refuse to start with this.
            .extra_float_digits(None)
            // A statement lies in the cache while it runs, at least.
            .statement_cache_capacity(if keeps_statements { statement_cache } else { 1 })
            .disable_statement_logging();

        let host = parameters.text("host").or(url.host.as_deref()).unwrap_or("localhost");
        let port = url.port.unwrap_or(default_port);
        let address = if host.starts_with('/') {
            connect = connect.socket(host).port(port);
            Address::Socket(Path::new(host).join(format!(".s.PGSQL.{port}")))
        } else {
            connect = connect.host(host).port(port);
            Address::Tcp { host: host.to_owned(), port }
        };
        if let Some(user) = &url.user {
            connect = connect.username(user);
        }
        if let Some(password) = &url.password {
            connect = connect.password(&password.0);
        }
        let user = connect.get_username().to_owned();
        let database = match &url.database {
            Some(database) => database.to_string(),
            None => connect.get_database().unwrap_or(&user).to_owned(),
        };
        connect = connect.database(&database);
        if let Some(name) = parameters.text("application_name") {
            connect = connect.application_name(name);
        }
        refuse_channel_binding(parameters)?;
        // On the same machine there is nothing to encrypt.
        let default = if matches!(address, Address::Socket(_)) { TlsMode::Disable } else { TlsMode::Prefer };
        let tls = TlsSettings::parse(parameters, options.base_dir.as_deref(), default)?;
        Ok(Self {
            connect: secure(connect, tls),
            database,
            user,
            address,
            schema: parameters.text("schema").filter(|s| !s.is_empty()).unwrap_or("public").to_owned(),
            pool,
            connect_timeout: match parameters.seconds("connect_timeout")? {
                Some(Duration::ZERO) => None,
                timeout => Some(timeout.unwrap_or(Duration::from_secs(5))),
            },
            socket_timeout: parameters.seconds("socket_timeout")?.filter(|t| !t.is_zero()),
            is_pooled_outside,
            keeps_statements,
            single_use: parameters.flag("single_use_connections")?,
        })
    }
}

/// The options of sqlx before anything of the URL is set. The server's own `options` can be had by way of a URL only.
fn start(options: Option<&str>) -> Result<PgConnectOptions, DriverError> {
    let Some(options) = options else { return Ok(PgConnectOptions::new_without_pgpass()) };
    let url = format!("postgresql:///?options={}", utf8_percent_encode(options, NON_ALPHANUMERIC));
    PgConnectOptions::from_str(&url).map_err(|e| invalid(format!("`options` in the URL: {e}")))
}

fn secure(mut connect: PgConnectOptions, tls: TlsSettings) -> PgConnectOptions {
    if let Some(root) = tls.root {
        connect = connect.ssl_root_cert(root);
    }
    if let Some((certificate, key)) = tls.client {
        connect = connect.ssl_client_cert(certificate).ssl_client_key(key);
    }
    connect.ssl_mode(match tls.mode {
        TlsMode::Disable => PgSslMode::Disable,
        TlsMode::Prefer => PgSslMode::Prefer,
        TlsMode::Require => PgSslMode::Require,
        TlsMode::VerifyCa => PgSslMode::VerifyCa,
        TlsMode::VerifyFull => PgSslMode::VerifyFull,
    })
}

/// What sqlx cannot do.
fn refuse_channel_binding(parameters: &Parameters<'_>) -> Result<(), DriverError> {
    if parameters.word("channel_binding", &[("disable", false), ("prefer", false), ("require", true)])? == Some(true) {
        let message = "`channel_binding=require` cannot be had here: leave it out, and let `sslmode=verify-full` make sure \
                       that it is the right server";
        return Err(invalid(message.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn parse(url: &str) -> Result<Target, String> {
        let options = ConnectOptions { base_dir: Some(env!("CARGO_MANIFEST_DIR").into()), ..Default::default() };
        Target::parse(Provider::Postgresql, url, &options).map_err(|e| e.to_string())
    }

    #[test]
    fn places() {
        let t = parse("postgresql://me:pw@db.example.com:6000/shop?schema=sales").unwrap();
        assert_eq!(t.address, Address::Tcp { host: "db.example.com".to_owned(), port: 6000 });
        assert_eq!((t.user.as_str(), t.database.as_str(), t.schema.as_str()), ("me", "shop", "sales"));
        let t = parse("postgresql://me@/shop?host=/var/run/postgresql").unwrap();
        assert_eq!(t.address, Address::Socket("/var/run/postgresql/.s.PGSQL.5432".into()));
        assert!(matches!(t.connect.get_ssl_mode(), PgSslMode::Disable));
        assert_eq!(t.schema, "public");
        assert_eq!(parse("postgresql://me@localhost").unwrap().database, "me");
        let options = ConnectOptions::default();
        let t = Target::parse(Provider::Cockroachdb, "postgresql://root@localhost/x", &options).unwrap();
        assert_eq!(t.address.name(), "localhost:26257");
    }

    #[test]
    fn parameters() {
        let t = parse("postgresql://h/d?connection_limit=3&pool_timeout=0&connect_timeout=7&socket_timeout=8").unwrap();
        assert_eq!((t.pool.max_connections, t.pool.acquire_timeout), (3, None));
        assert_eq!((t.connect_timeout, t.socket_timeout), (Some(Duration::from_secs(7)), Some(Duration::from_secs(8))));
        assert!(t.keeps_statements && !t.is_pooled_outside && !t.single_use);
        let t = parse("postgresql://h/d?pgbouncer=true&connect_timeout=0&single_use_connections=true").unwrap();
        assert!(!t.keeps_statements && t.is_pooled_outside && t.single_use);
        assert_eq!(t.connect_timeout, None);
        assert!(!parse("postgresql://h/d?statement_cache_size=0").unwrap().keeps_statements);
        let t = parse("postgresql://h/d?options=-c%20statement_timeout%3D5s&application_name=shop").unwrap();
        assert_eq!(t.connect.get_options(), Some("-c statement_timeout=5s"));
        assert_eq!(t.connect.get_application_name(), Some("shop"));
    }

    #[test]
    fn tls() {
        let mode = |parameters: &str| {
            let target =
                parse(&format!("postgresql://h/d?{parameters}")).unwrap_or_else(|e| panic!("{parameters}: {e}"));
            format!("{:?}", target.connect.get_ssl_mode())
        };
        for (parameters, expected) in [
            ("", "Prefer"),
            ("sslmode=disable", "Disable"),
            ("sslmode=require", "Require"),
            ("sslmode=require&sslaccept=accept_invalid_certs", "Require"),
            ("sslmode=require&sslaccept=strict", "VerifyFull"),
            ("sslaccept=strict", "VerifyFull"),
            ("sslmode=verify-ca", "VerifyCa"),
            ("sslmode=verify-full", "VerifyFull"),
            ("sslmode=require&sslrootcert=Cargo.toml", "VerifyCa"),
            ("sslmode=require&sslcert=Cargo.toml", "VerifyCa"),
            ("sslmode=require&sslcert=Cargo.toml&sslkey=Cargo.toml", "Require"),
            ("channel_binding=prefer", "Prefer"),
        ] {
            assert_eq!(mode(parameters), expected, "{parameters}");
        }
    }

    #[test]
    fn mistakes() {
        for (url, part) in [
            ("postgresql://h/d?pgbouncer=yes", "`pgbouncer` must be one of `true`, `false`, but it is `yes`"),
            ("postgresql://h/d?pg_bouncer=true", "did you mean `pgbouncer`?"),
            ("postgresql://h/d?connection_limit=0", "1 or more"),
            ("postgresql://h/d?sslmode=on", "`sslmode` must be one of"),
            ("postgresql://h/d?sslmode=prefer&sslaccept=strict", "write `sslmode=require`"),
            ("postgresql://h/d?sslmode=verify-ca&sslaccept=accept_invalid_certs", "leave out one of the two"),
            ("postgresql://h/d?sslidentity=client.p12", "openssl pkcs12"),
            ("postgresql://h/d?sslkey=Cargo.toml", "`sslkey` is the key of `sslcert`"),
            ("postgresql://h/d?sslrootcert=no.pem", "`sslrootcert`: there is no file"),
            ("postgresql://h/d?channel_binding=require", "`channel_binding=require` cannot be had here"),
        ] {
            match parse(url) {
                Err(message) => assert!(message.contains(part), "{url}: {message}"),
                Ok(_) => panic!("{url} was taken"),
            }
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let shown = format!("{:?}", parse("postgresql://me:hush@h/d").unwrap());
        assert!(!shown.contains("hush"), "{shown}");
    }
}
