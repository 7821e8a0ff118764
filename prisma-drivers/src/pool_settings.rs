//! What a URL and a program say about a pool.

use std::time::Duration;

use prisma_core::driver::DriverError;

use crate::ConnectOptions;
use crate::parameters::{Parameters, invalid};

/// The limits of a pool.
#[derive(Debug, Clone)]
pub(crate) struct PoolSettings {
    pub(crate) max_connections: u32,
    /// How long to wait for a free connection; `None` is for ever.
    pub(crate) acquire_timeout: Option<Duration>,
    pub(crate) max_lifetime: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
}

/// Longer than any program runs, yet far from overflowing a clock.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

impl PoolSettings {
    /// The parameters that are read here.
    pub(crate) const KNOWN: [&str; 4] =
        ["connection_limit", "pool_timeout", "max_connection_lifetime", "max_idle_connection_lifetime"];

    /// Reads the parameters; what the program says wins.
    pub(crate) fn parse(
        parameters: &Parameters<'_>,
        options: &ConnectOptions,
        default_limit: u32,
    ) -> Result<Self, DriverError> {
        let limit = options.max_connections.or(parameters.number("connection_limit")?);
        if limit == Some(0) {
            return Err(invalid("`connection_limit` must be 1 or more".to_owned()));
        }
        let acquire_timeout = match (options.acquire_timeout, parameters.seconds("pool_timeout")?) {
            (Some(timeout), _) => Some(timeout),
            (None, Some(Duration::ZERO)) => None,
            (None, timeout) => Some(timeout.unwrap_or(ConnectOptions::DEFAULT_ACQUIRE_TIMEOUT)),
        };
        Ok(Self {
            max_connections: limit.unwrap_or(default_limit),
            acquire_timeout,
            max_lifetime: parameters.seconds("max_connection_lifetime")?.filter(|t| !t.is_zero()),
            idle_timeout: parameters.seconds("max_idle_connection_lifetime")?.filter(|t| !t.is_zero()),
        })
    }

    /// How long to wait for a free connection, as sqlx wants it.
    pub(crate) fn wait(&self) -> Duration {
        self.acquire_timeout.unwrap_or(FOR_EVER)
    }

    /// The error of a pool that had no free connection in time.
    pub(crate) fn timed_out(&self) -> DriverError {
        DriverError::PoolTimeout {
            seconds: self.acquire_timeout.unwrap_or_default().as_secs(),
            limit: self.max_connections,
        }
    }
}
