//! From a URL to what a connection is made with.

use std::fmt;
use std::time::Duration;

use prisma_core::driver::DriverError;
use sqlx::ConnectOptions as _;
use sqlx::mysql::{MySql, MySqlConnectOptions, MySqlSslMode};

use crate::ConnectOptions;
use crate::acquire::Server;
use crate::parameters::invalid;
use crate::pool_settings::PoolSettings;
use crate::server_url::{Address, Scheme, ServerUrl};
use crate::tls::{TlsMode, TlsSettings};

const KNOWN: &[&str] = &["socket", "prefer_socket", "connect_timeout", "socket_timeout", "statement_cache_size"];

const SCHEME: Scheme =
    Scheme { provider: "mysql", names: &["mysql"], parameters: &[&PoolSettings::KNOWN, KNOWN, &TlsSettings::KNOWN] };

/// What a URL and the options say.
pub(super) struct Target {
    pub(super) connect: MySqlConnectOptions,
    /// The database.
    pub(super) database: String,
    /// The user, for messages.
    pub(super) user: String,
    pub(super) address: Address,
    pub(super) pool: PoolSettings,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) socket_timeout: Option<Duration>,
}

impl Server for Target {
    type Database = MySql;

    fn options(&self) -> &MySqlConnectOptions {
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
        let Self { address, user, database, pool, .. } = self;
        f.debug_struct("Target")
            .field("address", address)
            .field("user", user)
            .field("database", database)
            .field("pool", pool)
            .finish_non_exhaustive()
    }
}

impl Target {
    pub(super) fn parse(url: &str, options: &ConnectOptions) -> Result<Self, DriverError> {
        let url = ServerUrl::parse(url, &SCHEME)?;
        let parameters = &url.parameters;
        let pool = PoolSettings::parse(parameters, options, ConnectOptions::default_max_connections())?;
        let user = url.user.as_deref().unwrap_or("root").to_owned();
        // As in Prisma: the database that every server has.
        let database = url.database.as_deref().unwrap_or("mysql").to_owned();
        let mut connect = MySqlConnectOptions::new()
            .username(&user)
            .database(&database)
            // The session is set up in one statement, after the connection is made.
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .timezone(None)
            .set_names(false)
            // A statement lies in the cache while it runs, at least.
            .statement_cache_capacity(parameters.number("statement_cache_size")?.unwrap_or(100).max(1) as usize)
            .disable_statement_logging();
        if let Some(password) = &url.password {
            connect = connect.password(&password.0);
        }
        if parameters.flag("prefer_socket")? && parameters.text("socket").is_none() {
            let message = "`prefer_socket=true` cannot be had here: give the socket itself, such as \
                           `socket=/run/mysqld/mysqld.sock`";
            return Err(invalid(message.to_owned()));
        }
        let address = match parameters.text("socket").filter(|s| !s.is_empty()) {
            Some(socket) => {
                connect = connect.socket(socket);
                Address::Socket(socket.into())
            }
            None => {
                let (host, port) = (url.host.as_deref().unwrap_or("localhost"), url.port.unwrap_or(3306));
                connect = connect.host(host).port(port);
                Address::Tcp { host: host.to_owned(), port }
            }
        };
        // By a socket too, since some kinds of password are sent encrypted only.
        let tls = TlsSettings::parse(parameters, options.base_dir.as_deref(), TlsMode::Prefer)?;
        Ok(Self {
            connect: secure(connect, tls),
            database,
            user,
            address,
            pool,
            connect_timeout: match parameters.seconds("connect_timeout")? {
                Some(Duration::ZERO) => None,
                timeout => Some(timeout.unwrap_or(Duration::from_secs(5))),
            },
            socket_timeout: parameters.seconds("socket_timeout")?.filter(|t| !t.is_zero()),
        })
    }
}

fn secure(mut connect: MySqlConnectOptions, tls: TlsSettings) -> MySqlConnectOptions {
    if let Some(root) = tls.root {
        connect = connect.ssl_ca(root);
    }
    if let Some((certificate, key)) = tls.client {
        connect = connect.ssl_client_cert(certificate).ssl_client_key(key);
    }
    connect.ssl_mode(match tls.mode {
        TlsMode::Disable => MySqlSslMode::Disabled,
        TlsMode::Prefer => MySqlSslMode::Preferred,
        TlsMode::Require => MySqlSslMode::Required,
        TlsMode::VerifyCa => MySqlSslMode::VerifyCa,
        TlsMode::VerifyFull => MySqlSslMode::VerifyIdentity,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn parse(url: &str) -> Result<Target, String> {
        let options = ConnectOptions { base_dir: Some(env!("CARGO_MANIFEST_DIR").into()), ..Default::default() };
        Target::parse(url, &options).map_err(|e| e.to_string())
    }

    #[test]
    fn places() {
        let t = parse("mysql://me:p%40@db.example.com:3307/shop").unwrap();
        assert_eq!(t.address, Address::Tcp { host: "db.example.com".to_owned(), port: 3307 });
        assert_eq!((t.user.as_str(), t.database.as_str()), ("me", "shop"));
        let t = parse("mysql://localhost").unwrap();
        assert_eq!(
            (t.user.as_str(), t.database.as_str(), t.address.name()),
            ("root", "mysql", "localhost:3306".into())
        );
        let t = parse("mysql://me@localhost/shop?socket=/run/mysqld/mysqld.sock").unwrap();
        assert_eq!(t.address, Address::Socket("/run/mysqld/mysqld.sock".into()));
    }

    #[test]
    fn parameters() {
        let t = parse("mysql://h/d?connection_limit=3&pool_timeout=0&connect_timeout=7&socket_timeout=8").unwrap();
        assert_eq!((t.pool.max_connections, t.pool.acquire_timeout), (3, None));
        assert_eq!((t.connect_timeout, t.socket_timeout), (Some(Duration::from_secs(7)), Some(Duration::from_secs(8))));
        let t = parse("mysql://h/d?connect_timeout=0&socket_timeout=0").unwrap();
        assert_eq!((t.connect_timeout, t.socket_timeout), (None, None));
        assert_eq!(parse("mysql://h/d").unwrap().connect_timeout, Some(Duration::from_secs(5)));
    }

    #[test]
    fn tls() {
        for (parameters, expected) in [
            ("", "Preferred"),
            ("sslmode=disable", "Disabled"),
            ("sslmode=require", "Required"),
            ("sslaccept=accept_invalid_certs", "Preferred"),
            ("sslaccept=strict", "VerifyIdentity"),
            ("sslmode=verify-ca", "VerifyCa"),
            ("sslmode=require&sslcert=Cargo.toml", "VerifyCa"),
            ("sslmode=require&sslcert=Cargo.toml&sslkey=Cargo.toml", "Required"),
        ] {
            let target = parse(&format!("mysql://h/d?{parameters}")).unwrap_or_else(|e| panic!("{parameters}: {e}"));
            assert_eq!(format!("{:?}", target.connect.get_ssl_mode()), expected, "{parameters}");
        }
    }

    #[test]
    fn mistakes() {
        for (url, part) in [
            ("postgresql://h/d", "the provider is `mysql`, whose URLs start with `mysql://`"),
            ("mysql://h/d?conection_limit=1", "did you mean `connection_limit`?"),
            ("mysql://h/d?connection_limit=0", "1 or more"),
            ("mysql://h/d?connection_limit=x", "must be a whole number"),
            ("mysql://h/d?prefer_socket=true", "give the socket itself"),
            ("mysql://h/d?sslaccept=maybe", "`sslaccept` must be one of"),
            ("mysql://h/d?sslidentity=client.p12", "openssl pkcs12"),
            ("mysql://h/d?sslcert=no.pem", "`sslcert`: there is no file"),
            ("mysql://h/d?sslkey=Cargo.toml", "`sslkey` is the key of `sslcert`"),
            ("mysql://me:a#b@h/d", "`#` is `%23`"),
        ] {
            match parse(url) {
                Err(message) => assert!(message.contains(part), "{url}: {message}"),
                Ok(_) => panic!("{url} was taken"),
            }
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let shown = format!("{:?}", parse("mysql://me:hush@h/d").unwrap());
        assert!(!shown.contains("hush"), "{shown}");
    }
}
