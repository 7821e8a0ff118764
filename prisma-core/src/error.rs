//! The one error type, with Prisma's codes.

use std::fmt;

use crate::driver::{ColumnError, DriverError};

/// What went wrong: [`code`](Error::code) is Prisma's, [`kind`](Error::kind) is typed.
#[derive(Debug, Clone)]
pub struct Error(Box<ErrorKind>);

/// What went wrong. Models and fields carry their names in the schema.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ErrorKind {
    /// P2002: a record with these values is there already.
    UniqueConstraint {
        /// The model, where the database tells it.
        model: Option<String>,
        /// The fields of the unique key, or the constraint's name.
        fields: Vec<String>,
    },
    /// P2003: a reference to a record that is not there, or to one that is still needed.
    ForeignKey {
        /// The model that was written to.
        model: Option<String>,
        /// The fields or the constraint's name, where the database tells it.
        constraint: Option<String>,
    },
    /// P2011: NULL in a required column.
    NullConstraint {
        /// The model.
        model: Option<String>,
        /// The fields.
        fields: Vec<String>,
    },
    /// P2025: a record that the operation needs is not there.
    RecordNotFound {
        /// The model that was asked.
        model: String,
        /// What was needed, and for what.
        cause: String,
    },
    /// P2018: records to connect are not there.
    ConnectedRecordsNotFound {
        /// Which.
        details: String,
    },
    /// P2014: the change would leave a required relation without its record.
    RequiredRelation {
        /// The relation.
        relation: String,
        /// The model whose record would lack its relation.
        model_a: String,
        /// The model at the other end.
        model_b: String,
    },
    /// P2017: the records are not connected.
    NotConnected {
        /// The relation.
        relation: String,
        /// The parent model.
        parent: String,
        /// The child model.
        child: String,
    },
    /// P2021: a table is missing.
    TableNotFound {
        /// The model, if it is one's table.
        model: Option<String>,
        /// The table's name.
        table: String,
    },
    /// P2022: a column is missing.
    ColumnNotFound {
        /// The column's name, as the database tells it.
        column: String,
    },
    /// P2023: a column holds what its field cannot be.
    InconsistentColumn {
        /// The model.
        model: String,
        /// The field.
        field: String,
        /// What was expected and what was found.
        message: String,
    },
    /// A whole record was asked for, and the client omits some of its fields.
    OmittedFields {
        /// The model.
        model: String,
        /// The fields.
        fields: Vec<String>,
    },
    /// P2034: another transaction was in the way: try again.
    WriteConflict {
        /// What the database says.
        message: String,
    },
    /// P2028: the transaction is over, or took too long.
    Transaction {
        /// What happened.
        message: String,
    },
    /// P2010: a raw query failed.
    RawQuery {
        /// The database's own code.
        code: Option<String>,
        /// What it says.
        message: String,
    },
    /// P2009, P2012, P2013, P2019: the query makes no sense.
    InvalidQuery {
        /// Which of these codes.
        code: &'static str,
        /// The place in the query.
        path: Vec<String>,
        /// What is wrong, and what to write.
        message: String,
    },
    /// P1012: the schema is wrong.
    Schema {
        /// All errors, rendered.
        message: String,
    },
    /// P3000 to P3024, and P1002 for others who take too long: a history of migrations that cannot go on.
    Migration {
        /// Which of these codes.
        code: &'static str,
        /// What happened, and how to go on.
        message: String,
    },
    /// Something in the program's surroundings: an environment variable that is not set, a file that is not there.
    Configuration {
        /// What, and what to do.
        message: String,
    },
    /// Anything else that the database reports, by its kind.
    Database(DriverError),
    /// A defect of this library.
    Internal {
        /// What happened.
        message: String,
    },
}

impl Error {
    /// An error of this kind.
    pub fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// A defect of this library.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal { message: message.into() })
    }

    /// A column that does not hold what its field is: P2023.
    pub fn column(model: &str, field: &str, error: &ColumnError) -> Self {
        Self::new(ErrorKind::InconsistentColumn {
            model: model.to_owned(),
            field: field.to_owned(),
            message: error.to_string(),
        })
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// What went wrong, to keep.
    pub fn into_kind(self) -> ErrorKind {
        *self.0
    }

    pub(crate) fn is_write_conflict(&self) -> bool {
        matches!(*self.0, ErrorKind::WriteConflict { .. })
    }

    /// Prisma's code, such as `P2002`; `None` where Prisma has none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match &*self.0 {
            ErrorKind::UniqueConstraint { .. } => "P2002",
            ErrorKind::ForeignKey { .. } => "P2003",
            ErrorKind::NullConstraint { .. } => "P2011",
            ErrorKind::RecordNotFound { .. } => "P2025",
            ErrorKind::ConnectedRecordsNotFound { .. } => "P2018",
            ErrorKind::RequiredRelation { .. } => "P2014",
            ErrorKind::NotConnected { .. } => "P2017",
            ErrorKind::TableNotFound { .. } => "P2021",
            ErrorKind::ColumnNotFound { .. } => "P2022",
            ErrorKind::InconsistentColumn { .. } => "P2023",
            ErrorKind::WriteConflict { .. } => "P2034",
            ErrorKind::Transaction { .. } => "P2028",
            ErrorKind::RawQuery { .. } => "P2010",
            ErrorKind::InvalidQuery { code, .. } | ErrorKind::Migration { code, .. } => code,
            ErrorKind::Schema { .. } => "P1012",
            ErrorKind::Database(e) => return database_code(e),
            ErrorKind::OmittedFields { .. } | ErrorKind::Configuration { .. } | ErrorKind::Internal { .. } => {
                return None;
            }
        })
    }
}

fn database_code(error: &DriverError) -> Option<&'static str> {
    Some(match error {
        DriverError::UniqueViolation { .. } => "P2002",
        DriverError::ForeignKeyViolation { .. } => "P2003",
        DriverError::NullViolation { .. } => "P2011",
        DriverError::CheckViolation { .. } => "P2004",
        DriverError::ValueTooLong { .. } => "P2000",
        DriverError::ValueOutOfRange { .. } => "P2020",
        DriverError::TableNotFound { .. } => "P2021",
        DriverError::ColumnNotFound { .. } => "P2022",
        DriverError::WriteConflict { .. } => "P2034",
        DriverError::PoolTimeout { .. } => "P2024",
        DriverError::Authentication { .. } => "P1000",
        DriverError::Unreachable { .. } => "P1001",
        DriverError::DatabaseNotFound { .. } => "P1003",
        DriverError::AccessDenied { .. } => "P1010",
        DriverError::Tls { .. } => "P1011",
        DriverError::InvalidUrl { .. } => "P1013",
        DriverError::ConnectionClosed { .. } | DriverError::PoolClosed => "P1017",
        DriverError::ConnectTimeout { .. } => "P1002",
        DriverError::Timeout { .. } => "P1008",
        DriverError::TooManyConnections { .. } => "P2037",
        DriverError::Encode { .. } => "P2006",
        DriverError::InvalidInput { .. } => "P2007",
        DriverError::FulltextIndexNotFound { .. } => "P2030",
        DriverError::Unsupported { .. } => "P2026",
        DriverError::Corrupt { .. } | DriverError::Database { .. } => return None,
    })
}

impl From<DriverError> for Error {
    fn from(error: DriverError) -> Self {
        Self::new(ErrorKind::Database(error))
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = self.code() {
            write!(f, "{code}: ")?;
        }
        match &*self.0 {
            ErrorKind::UniqueConstraint { model, fields } => {
                let on = model.as_deref().unwrap_or("the table");
                write!(f, "a record of `{on}` with the same `{}` is there already", fields.join("`, `"))
            }
            ErrorKind::ForeignKey { model, constraint } => {
                write!(f, "a reference is broken")?;
                if let Some(model) = model {
                    write!(f, " in `{model}`")?;
                }
                if let Some(constraint) = constraint {
                    write!(f, " (constraint `{constraint}`)")?;
                }
                write!(f, ": it points to a record that is not there, or one that others still point to was to go")
            }
            ErrorKind::NullConstraint { model, fields } => {
                let on = model.as_deref().unwrap_or("the table");
                write!(f, "`{}` of `{on}` must not be null", fields.join("`, `"))
            }
            ErrorKind::RecordNotFound { model, cause } => write!(f, "no such record of `{model}`: {cause}"),
            ErrorKind::ConnectedRecordsNotFound { details } => {
                write!(f, "records to connect are not there: {details}")
            }
            ErrorKind::RequiredRelation { relation, model_a, model_b } => write!(
                f,
                "the change would break the required relation `{relation}` between `{model_a}` and `{model_b}`"
            ),
            ErrorKind::NotConnected { relation, parent, child } => {
                write!(f, "the records of `{parent}` and `{child}` are not connected by the relation `{relation}`")
            }
            ErrorKind::TableNotFound { model, table } => {
                write!(f, "the table `{table}`")?;
                if let Some(model) = model {
                    write!(f, " of the model `{model}`")?;
                }
                write!(f, " does not exist: push the schema (`prisma db push` or `db.push_schema()`)")
            }
            ErrorKind::ColumnNotFound { column } => write!(
                f,
                "the column `{column}` does not exist: push the schema (`prisma db push` or `db.push_schema()`)"
            ),
            ErrorKind::InconsistentColumn { model, field, message } => {
                write!(f, "the column of `{model}.{field}` holds a value of another type: {message}")
            }
            ErrorKind::OmittedFields { model, fields } => write!(
                f,
                "this client omits `{}` of `{model}`, and a whole record cannot be made without: say what to read with \
                 `.select(select!(…))`, where `.., !field` is all but that field, and a field that is named is read",
                fields.join("`, `")
            ),
            ErrorKind::WriteConflict { message } => {
                write!(f, "another transaction was in the way, try again: {message}")
            }
            ErrorKind::Transaction { message } => write!(f, "transaction: {message}"),
            ErrorKind::RawQuery { code, message } => match code {
                Some(code) => write!(f, "raw query failed: {message} (database code {code})"),
                None => write!(f, "raw query failed: {message}"),
            },
            ErrorKind::InvalidQuery { path, message, .. } => match path.is_empty() {
                true => f.write_str(message),
                false => write!(f, "{message} (at `{}`)", path.join(".")),
            },
            ErrorKind::Schema { message }
            | ErrorKind::Configuration { message }
            | ErrorKind::Migration { message, .. } => f.write_str(message),
            ErrorKind::Database(e) => e.fmt(f),
            ErrorKind::Internal { message } => write!(f, "defect in prisma-client, please report: {message}"),
        }
    }
}
