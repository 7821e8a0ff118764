//! What the URL of a server says about encryption.

use std::path::{Path, PathBuf};

use prisma_core::driver::DriverError;

use crate::parameters::{Parameters, invalid};

/// How a connection is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TlsSettings {
    pub(crate) mode: TlsMode,
    /// Certificates of those who may vouch for the server, besides those that are known everywhere.
    pub(crate) root: Option<PathBuf>,
    /// The client's own certificate, and its key.
    pub(crate) client: Option<(PathBuf, PathBuf)>,
}

/// How much is asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsMode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// How the server's certificate is treated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Accept {
    Strict,
    Any,
}

impl TlsSettings {
    /// The parameters that are read here.
    pub(crate) const KNOWN: [&str; 7] =
        ["sslmode", "sslaccept", "sslrootcert", "sslcert", "sslkey", "sslidentity", "sslpassword"];

    /// Reads the parameters. Files are looked for from `base` on; `default` is the mode if nothing is said.
    pub(crate) fn parse(
        parameters: &Parameters<'_>,
        base: Option<&Path>,
        default: TlsMode,
    ) -> Result<Self, DriverError> {
        refuse_containers(parameters)?;
        let file =
            |name: &str| parameters.text(name).filter(|f| !f.is_empty()).map(|f| existing(name, f, base)).transpose();
        let accept =
            parameters.word("sslaccept", &[("strict", Accept::Strict), ("accept_invalid_certs", Accept::Any)])?;
        // `sslcert` is the server's root certificate to Prisma, and the client's own to others, where it comes with a key.
        let (mut root, certificate, key) = (file("sslrootcert")?, file("sslcert")?, file("sslkey")?);
        let client = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, Some(_)) => {
                return Err(invalid("`sslkey` is the key of `sslcert`, which the URL does not have".to_owned()));
            }
            (certificate, None) => {
                root = root.or(certificate);
                None
            }
        };
        let mode = parameters.word(
            "sslmode",
            &[
                ("disable", TlsMode::Disable),
                ("prefer", TlsMode::Prefer),
                ("require", TlsMode::Require),
                ("verify-ca", TlsMode::VerifyCa),
                ("verify-full", TlsMode::VerifyFull),
            ],
        )?;
        let mode = match (mode, accept) {
            (None | Some(TlsMode::Require | TlsMode::VerifyFull), Some(Accept::Strict)) => TlsMode::VerifyFull,
            (Some(TlsMode::Disable | TlsMode::Prefer), Some(Accept::Strict)) => {
                let message = "`sslaccept=strict` checks the server's certificate, but `sslmode` lets the server do \
                               without one: write `sslmode=require`";
                return Err(invalid(message.to_owned()));
            }
            (Some(TlsMode::VerifyCa | TlsMode::VerifyFull), Some(Accept::Any)) => {
                let message = "`sslmode=verify-ca` and `verify-full` check the server's certificate, but \
                               `sslaccept=accept_invalid_certs` takes any: leave out one of the two";
                return Err(invalid(message.to_owned()));
            }
            // A root certificate is given so that it is checked.
            (Some(TlsMode::Require), None) if root.is_some() => TlsMode::VerifyCa,
            (mode, _) => mode.unwrap_or(default),
        };
        Ok(Self { mode, root, client })
    }
}

/// Parameters that mean something to other programs, which TLS as it is built in here cannot do.
fn refuse_containers(parameters: &Parameters<'_>) -> Result<(), DriverError> {
    for name in ["sslidentity", "sslpassword"] {
        if parameters.text(name).is_some_and(|v| !v.is_empty()) {
            return Err(invalid(format!(
                "`{name}` is about a PKCS#12 file, which cannot be read here: take it apart with `openssl pkcs12 -in FILE \
                 -nodes`, and give `sslcert` and `sslkey`"
            )));
        }
    }
    Ok(())
}

/// A file that a parameter names, from the directory of the schema on. It is an error here if it is not there, since the
/// connection would only say that something is missing.
fn existing(name: &str, path: &str, base: Option<&Path>) -> Result<PathBuf, DriverError> {
    let path = base.map_or_else(|| PathBuf::from(path), |base| base.join(path));
    match path.is_file() {
        true => Ok(path),
        false => Err(invalid(format!("`{name}`: there is no file `{}`", path.display()))),
    }
}
