//! Columns by the types of their fields.

use prisma_schema::{Arity, FieldWalker, ScalarType};

use crate::driver::{ColumnError, ElementType, Row};
use crate::{Error, Value};

/// How a field's column is read.
pub(crate) fn element_type(field: FieldWalker<'_>) -> Option<ElementType> {
    let scalar = field.scalar()?;
    let native = scalar.native_type.as_ref().map(|n| n.name.as_str());
    Some(match (&scalar.ty, native) {
        (ScalarType::String, Some("Uuid")) => ElementType::Uuid,
        (ScalarType::DateTime, Some("Date")) => ElementType::Date,
        (ScalarType::DateTime, Some("Time" | "Timetz")) => ElementType::Time,
        (ScalarType::String, _) => ElementType::String,
        (ScalarType::Boolean, _) => ElementType::Boolean,
        (ScalarType::Int, _) => ElementType::Int,
        (ScalarType::BigInt, _) => ElementType::BigInt,
        (ScalarType::Float, _) => ElementType::Float,
        (ScalarType::Decimal, _) => ElementType::Decimal,
        (ScalarType::DateTime, _) => ElementType::DateTime,
        (ScalarType::Json, _) => ElementType::Json,
        (ScalarType::Bytes, _) => ElementType::Bytes,
        (ScalarType::Enum(_), _) => ElementType::Enum,
        (ScalarType::Unsupported(_), _) => return None,
    })
}

/// The value of a field in a column of a row.
///
/// # Errors
/// The column does not hold what the field is: P2023.
pub(crate) fn read(row: &dyn Row, column: usize, field: FieldWalker<'_>) -> Result<Value, Error> {
    let failed = |e| inconsistent(field, &e);
    let Some(element) = element_type(field) else {
        return row.dynamic(column).map_err(failed);
    };
    let value = match (field.arity(), element) {
        (Arity::List, _) => row.list(column, element).map(|v| v.map(Value::List)),
        (_, ElementType::Boolean) => row.boolean(column).map(|v| v.map(Value::Boolean)),
        (_, ElementType::Int) => return int(row, column).map_err(failed),
        (_, ElementType::BigInt) => row.integer(column).map(|v| v.map(Value::BigInt)),
        (_, ElementType::Float) => row.float(column).map(|v| v.map(Value::Float)),
        (_, ElementType::Decimal) => row.decimal(column).map(|v| v.map(Value::Decimal)),
        (_, ElementType::String) => row.text(column).map(|v| v.map(|t| Value::String(t.into_owned()))),
        (_, ElementType::Enum) => row.text(column).map(|v| v.map(|t| Value::Enum(t.into_owned()))),
        (_, ElementType::Bytes) => row.bytes(column).map(|v| v.map(|b| Value::Bytes(b.into_owned()))),
        (_, ElementType::DateTime) => row.date_time(column).map(|v| v.map(Value::DateTime)),
        (_, ElementType::Date) => row.date(column).map(|v| v.map(Value::Date)),
        (_, ElementType::Time) => row.time(column).map(|v| v.map(Value::Time)),
        (_, ElementType::Json) => row.json(column).map(|v| v.map(Value::Json)),
        (_, ElementType::Uuid) => row.uuid(column).map(|v| v.map(Value::Uuid)),
    };
    value.map(Option::unwrap_or_default).map_err(failed)
}

/// The error of a column that does not hold what its field is.
pub(super) fn inconsistent(field: FieldWalker<'_>, error: &ColumnError) -> Error {
    Error::column(field.model().name(), field.name(), error)
}

fn int(row: &dyn Row, column: usize) -> Result<Value, ColumnError> {
    let Some(value) = row.integer(column)? else {
        return Ok(Value::Null);
    };
    i32::try_from(value).map(Value::Int).map_err(|_| ColumnError {
        column,
        expected: "an integer of 32 bits",
        found: value.to_string(),
    })
}
