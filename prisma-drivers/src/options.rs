//! What a program may say about its connections, beyond the URL.

use std::path::PathBuf;
use std::time::Duration;

/// Settings of a pool. What is given here wins over the parameters of the URL.
#[derive(Debug, Clone, Default)]
pub struct ConnectOptions {
    /// The directory that relative paths in the URL start from: that of the schema. Without it, the working directory.
    pub base_dir: Option<PathBuf>,
    /// How many connections at most.
    pub max_connections: Option<u32>,
    /// How long a query waits for a free connection; 10 seconds if neither this nor `pool_timeout` in the URL says.
    pub acquire_timeout: Option<Duration>,
}

impl ConnectOptions {
    /// How long a query waits for a free connection, if nothing says.
    pub const DEFAULT_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

    /// How many connections at most, if nothing says: two a processor, and one.
    pub fn default_max_connections() -> u32 {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        u32::try_from(processors * 2 + 1).unwrap_or(u32::MAX)
    }
}
