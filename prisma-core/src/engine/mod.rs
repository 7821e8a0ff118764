//! Runs the query tree: the handle that queries hold, sessions, transactions, reads and writes.

mod aggregate;
mod column;
mod explain;
mod gather;
mod group;
mod handle;
mod joined;
mod keyed;
mod keyset;
mod observe;
mod raw;
pub(crate) mod read;
mod run;
mod session;
mod settings;
mod strategy;
mod write;

pub(crate) use column::{element_type, read as read_column};
pub(crate) use explain::key_fields;
pub(crate) use gather::{Making, unique_key};
use group::encode;
pub use handle::{Engine, Handle, Lease};
pub use keyset::{PageCursor, PageEnds, PageRequest};
pub use observe::{Observer, QueryEvent};
pub use session::{Now, Session};
pub use settings::Settings;
