//! MySQL and MariaDB, through sqlx.
//!
//! # Sessions
//! UTC, `utf8mb4`, and a strict `sql_mode`, whatever the server's defaults are. A connection that ran SQL which may have changed that (a
//! script, `SET`) is closed when it is given back.
//!
//! # Statements
//! All are prepared, so that values travel in binary. A statement whose future is dropped is read to its end before the connection does
//! anything else; what begins or ends a transaction is brought to its end.
//!
//! # How values are stored
//!
//! | type | column |
//! |---|---|
//! | `Boolean` | TINYINT(1), or BIT(1) |
//! | `Int`, `BigInt` | the integer types, signed or unsigned; YEAR |
//! | `Float` | DOUBLE, FLOAT; neither NaN nor infinity |
//! | `Decimal` | DECIMAL, all of its 65 digits |
//! | `String`, enums | text types, ENUM |
//! | `DateTime` | DATETIME and TIMESTAMP, in UTC, to the microsecond if the column is; DATE; TIME |
//! | `Json` | JSON, which is LONGTEXT on MariaDB |
//! | `Bytes` | blobs, BINARY, BIT |

mod bind;
mod connection;
mod driver;
mod error;
mod row;
mod target;

pub use driver::MysqlDriver;
