//! The URL of a database server: `scheme://user:password@host:port/database?parameters`.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use prisma_core::driver::DriverError;
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

use crate::parameters::{Parameters, invalid};

/// What to do about a character that cuts a URL short.
const ENCODE: &str = "characters such as `/ ? # [ ] @ : %` in a user name, a password or a database's name must be \
                      percent-encoded: `#` is `%23`, `/` is `%2F`, `@` is `%40`";

/// The parts of a server's URL, decoded.
#[derive(Debug)]
pub(crate) struct ServerUrl<'u> {
    pub(crate) user: Option<Cow<'u, str>>,
    pub(crate) password: Option<Secret>,
    /// A name, an address (IPv6 without its brackets), or the directory of a socket; `None` if the URL has none.
    pub(crate) host: Option<Cow<'u, str>>,
    pub(crate) port: Option<u16>,
    pub(crate) database: Option<Cow<'u, str>>,
    pub(crate) parameters: Parameters<'u>,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    Tcp {
        host: String,
        port: u16,
    },
    /// The file of a socket.
    Socket(PathBuf),
}

impl Address {
    /// As it is shown in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Address::Tcp { host, port } => format!("{host}:{port}"),
            Address::Socket(path) => path.display().to_string(),
        }
    }

    /// Whether somebody listens there.
    pub(crate) async fn reach(&self) -> std::io::Result<()> {
        match self {
            Address::Tcp { host, port } => TcpStream::connect((host.as_str(), *port)).await.map(drop),
            #[cfg(unix)]
            Address::Socket(path) => UnixStream::connect(path).await.map(drop),
            #[cfg(not(unix))]
            Address::Socket(_) => Err(std::io::Error::other("there are no Unix sockets on this system")),
        }
    }
}

/// Text that no message shows.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How the URLs of one provider look.
pub(crate) struct Scheme {
    /// The provider's name in the datasource.
    pub(crate) provider: &'static str,
    /// What stands before `://`, the usual one first.
    pub(crate) names: &'static [&'static str],
    /// The parameters that the URL may have.
    pub(crate) parameters: &'static [&'static [&'static str]],
}

impl<'u> ServerUrl<'u> {
    /// Reads a URL. No error shows a part of it that may be a password.
    pub(crate) fn parse(url: &'u str, scheme: &Scheme) -> Result<Self, DriverError> {
        let rest = strip_scheme(url, scheme)?;
        if rest.contains('#') {
            return Err(invalid(format!("the URL contains `#`: {ENCODE}")));
        }
        let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        if parameters.contains('@') {
            return Err(invalid(format!("the URL has an `@` behind its first `?`: {ENCODE}")));
        }
        let (authority, path) = place.split_once('/').unwrap_or((place, ""));
        if path.contains(['/', '@']) {
            return Err(invalid(format!("the URL has `/` or `@` in the name of the database: {ENCODE}")));
        }
        // Up to the last `@`: one in a password that is not encoded does no harm then.
        let (user_info, address) = match authority.rsplit_once('@') {
            Some((user_info, address)) => (Some(user_info), address),
            None => (None, authority),
        };
        let (user, password) = match user_info.map(|u| u.split_once(':').unwrap_or((u, ""))) {
            Some((user, password)) => (given(user, "the user name")?, given(password, "the password")?),
            None => (None, None),
        };
        let (host, port) = split_address(address)?;
        let known = scheme.parameters.concat();
        Ok(Self {
            user,
            password: password.map(|p| Secret(p.into_owned())),
            host: given(host, "the host")?,
            port,
            database: given(path, "the name of the database")?,
            parameters: Parameters::parse_encoded(parameters, &known)?,
        })
    }
}

/// A text with its percent-encoded characters decoded. `what` is for the message: the text itself may be secret.
pub(crate) fn decode<'u>(text: &'u str, what: &str) -> Result<Cow<'u, str>, DriverError> {
    percent_decode_str(text).decode_utf8().map_err(|_| invalid(format!("{what} in the URL is not UTF-8 when decoded")))
}

fn given<'u>(text: &'u str, what: &str) -> Result<Option<Cow<'u, str>>, DriverError> {
    if text.is_empty() { Ok(None) } else { decode(text, what).map(Some) }
}

fn strip_scheme<'u>(url: &'u str, scheme: &Scheme) -> Result<&'u str, DriverError> {
    let starts = scheme.names.iter().map(|n| format!("`{n}://`")).collect::<Vec<_>>().join(" or ");
    let provider = scheme.provider;
    match url.split_once("://") {
        Some((name, rest)) if scheme.names.contains(&name) => Ok(rest),
        Some((name, _)) if name.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => {
            Err(invalid(format!(
                "the URL starts with `{name}://`, but the provider is `{provider}`, whose URLs start with {starts}"
            )))
        }
        _ => Err(invalid(format!(
            "the URL of a database with the provider `{provider}` must start with {starts}, such as \
             `{}://user:password@localhost/database`",
            scheme.names.first().unwrap_or(&provider)
        ))),
    }
}

fn split_address(address: &str) -> Result<(&str, Option<u16>), DriverError> {
    let (host, port) = match address.strip_prefix('[').map(|a| a.split_once(']')) {
        Some(None) => return Err(invalid("the URL has a `[` that is not closed in its host".to_owned())),
        Some(Some((host, rest))) => match rest.strip_prefix(':') {
            None if !rest.is_empty() => return Err(invalid("the URL has text behind the `]` of its host".to_owned())),
            port => (host, port),
        },
        None => match address.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (address, None),
        },
    };
    if host.contains(',') {
        let message = "the URL names several hosts: name one; for several servers use a proxy or one name for all";
        return Err(invalid(message.to_owned()));
    }
    let port = match port {
        None | Some("") => None,
        Some(port) => match port.parse() {
            Ok(port) => Some(port),
            // It may be the beginning of a password.
            Err(_) => return Err(invalid(format!("the port in the URL is not a number up to 65535: {ENCODE}"))),
        },
    };
    Ok((host, port))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    const SCHEME: Scheme = Scheme {
        provider: "postgresql",
        names: &["postgresql", "postgres"],
        parameters: &[&["connection_limit", "host"], &["schema"]],
    };

    fn parse(url: &str) -> ServerUrl<'_> {
        ServerUrl::parse(url, &SCHEME).unwrap_or_else(|e| panic!("{url}: {e}"))
    }

    #[test]
    fn parts() {
        let url = parse("postgresql://me:p%40ss%23%2F@db.example.com:6543/my%20db?schema=a%26b&host=%2Fvar%2Frun");
        assert_eq!(url.user.as_deref(), Some("me"));
        assert_eq!(url.password, Some(Secret("p@ss#/".to_owned())));
        assert_eq!(url.host.as_deref(), Some("db.example.com"));
        assert_eq!(url.port, Some(6543));
        assert_eq!(url.database.as_deref(), Some("my db"));
        assert_eq!(url.parameters.text("schema"), Some("a&b"));
        assert_eq!(url.parameters.text("host"), Some("/var/run"));
    }

    #[test]
    fn parts_left_out() {
        let url = parse("postgres://localhost");
        assert!(url.user.is_none() && url.password.is_none() && url.port.is_none() && url.database.is_none());
        assert_eq!(parse("postgresql:///db?host=/var/run").host, None);
        assert_eq!(parse("postgresql://me@/db").host, None);
        assert_eq!(parse("postgresql://%2Fvar%2Frun/db").host.as_deref(), Some("/var/run"));
        assert_eq!(parse("postgresql://me:@h/db").password, None);
    }

    #[test]
    fn addresses() {
        let url = parse("postgresql://[::1]:5433/db");
        assert_eq!((url.host.as_deref(), url.port), (Some("::1"), Some(5433)));
        assert_eq!(parse("postgresql://[::1]/db").port, None);
        assert_eq!(parse("postgresql://me:a@b:c@h/db").password, Some(Secret("a@b:c".to_owned())));
    }

    #[test]
    fn mistakes() {
        for (url, part) in [
            ("localhost/db", "must start with `postgresql://` or `postgres://`"),
            ("mysql://localhost/db", "starts with `mysql://`, but the provider is `postgresql`"),
            ("postgresql://me:secret#1@h/db", "`#` is `%23`"),
            ("postgresql://me:secret/1@h/db", "`/` or `@` in the name of the database"),
            ("postgresql://me:secret?1@h/db", "an `@` behind its first `?`"),
            ("postgresql://me:secret/h", "the port in the URL is not a number"),
            ("postgresql://h:99999/db", "the port in the URL is not a number up to 65535"),
            ("postgresql://[::1/db", "not closed"),
            ("postgresql://a,b/db", "several hosts"),
            ("postgresql://me:secret%FF@h/db", "the password in the URL is not UTF-8"),
            ("postgresql://h/db?shema=x", "did you mean `schema`?"),
        ] {
            let message = ServerUrl::parse(url, &SCHEME).unwrap_err().to_string();
            assert!(message.contains(part), "{url}: {message}");
            assert!(!message.contains("secret"), "{url}: {message}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let shown = format!("{:?}", parse("postgresql://me:hush@h/db"));
        assert!(!shown.contains("hush"), "{shown}");
    }
}
