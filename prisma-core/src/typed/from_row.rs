//! What the rows of raw SQL become.

use std::collections::HashMap;
use std::hash::BuildHasher;

use prisma_schema::Schema;

use super::cell::ToCell;
use super::column::{ColumnTuple, Columns, Decode, FieldType};
use super::mapped_row::MappedRow;
use super::model::Model;
use crate::driver::{ColumnError, Row, RowVisitor};
use crate::{Error, ErrorKind, Value};

/// What a row of raw SQL becomes: a record, a tuple, one value, a `serde_json::Value`, or a struct with `#[derive(FromRow)]`.
#[diagnostic::on_unimplemented(
    message = "rows of SQL cannot be read as `{Self}`",
    label = "not what a row can be",
    note = "a row can be a model's record, a tuple, one value (an enum or a list as a tuple: `(T,)`), `serde_json::Value`, `HashMap<String, Value>`, or a struct that derives `FromRow`"
)]
pub trait FromRow: Sized + Send + 'static {
    /// Which columns are read, in this order. Asked once for each statement.
    ///
    /// # Errors
    /// A column that is needed and not there.
    fn locate(columns: &ColumnNames<'_>) -> Result<Vec<usize>, Error>;

    /// Reads the columns, in that order.
    ///
    /// # Errors
    /// One does not hold what it is read as.
    fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError>;
}

/// The columns that a statement answers.
#[derive(Debug)]
pub struct ColumnNames<'a> {
    names: Vec<String>,
    schema: &'a Schema,
}

impl ColumnNames<'_> {
    /// The columns of these names.
    ///
    /// # Errors
    /// One is not there.
    pub fn find(&self, reader: &str, names: &[&str]) -> Result<Vec<usize>, Error> {
        names.iter().map(|name| self.position(&[name]).ok_or_else(|| self.missing(reader, name))).collect()
    }

    /// The first so many columns, which must be all.
    fn exactly(&self, count: usize) -> Result<Vec<usize>, Error> {
        if self.names.len() == count {
            return Ok((0..count).collect());
        }
        let columns = |n: usize| format!("{n} column{}", if n == 1 { "" } else { "s" });
        let message = format!(
            "the rows are read as {}, and the statement answers {}: {}",
            columns(count),
            columns(self.names.len()),
            self.listed()
        );
        Err(ErrorKind::RawQuery { code: None, message }.into())
    }

    /// The fields of a model, by the names of their columns or by their own.
    fn fields<M: Model>(&self) -> Result<Vec<usize>, Error> {
        let fields = self.schema.model(M::ID).client_scalars();
        let find = |f: prisma_schema::FieldWalker<'_>| {
            self.position(&[f.database_name(), f.name()]).ok_or_else(|| self.missing(M::NAME, f.database_name()))
        };
        fields.map(find).collect()
    }

    fn position(&self, spellings: &[&str]) -> Option<usize> {
        spellings.iter().find_map(|spelling| self.names.iter().position(|name| name == spelling))
    }

    fn missing(&self, reader: &str, name: &str) -> Error {
        let message = format!(
            "`{reader}` needs the column `{name}`, and the statement answers {}: add it to the SELECT, or name it so with AS",
            self.listed()
        );
        ErrorKind::RawQuery { code: None, message }.into()
    }

    fn listed(&self) -> String {
        match self.names.is_empty() {
            true => "no columns".to_owned(),
            false => format!("`{}`", self.names.join("`, `")),
        }
    }
}

/// Takes the rows of raw SQL.
pub(super) struct RawRows<'s, T> {
    schema: &'s Schema,
    /// Known from the first row on; `None` within: the columns as they come.
    columns: Option<Option<Vec<usize>>>,
    pub(super) records: Vec<T>,
}

impl<'s, T> RawRows<'s, T> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        Self { schema, columns: None, records: Vec::new() }
    }
}

impl<T: FromRow> RowVisitor for RawRows<'_, T> {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        let columns = match &mut self.columns {
            Some(columns) => columns,
            columns => {
                let names = (0..row.len()).map(|i| row.column_name(i).to_owned()).collect();
                let found = T::locate(&ColumnNames { names, schema: self.schema })?;
                let is_plain = found.iter().enumerate().all(|(i, &column)| i == column);
                columns.insert((!is_plain).then_some(found))
            }
        };
        let read = match columns {
            None => T::read(&mut Columns::new(row)),
            Some(columns) => T::read(&mut Columns::new(&MappedRow { row, columns })),
        };
        let record = read.map_err(|error| {
            let column = columns.as_ref().and_then(|c| c.get(error.column)).copied().unwrap_or(error.column);
            let message = format!("the column `{}`: {error}", row.column_name(column));
            Error::new(ErrorKind::RawQuery { code: None, message })
        })?;
        self.records.push(record);
        Ok(())
    }
}

impl<M: Model> FromRow for M {
    fn locate(columns: &ColumnNames<'_>) -> Result<Vec<usize>, Error> {
        columns.fields::<M>()
    }

    fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError> {
        <M as Decode>::decode(columns)
    }
}

macro_rules! one_column {
    ($($ty:ty),* $(,)?) => {$(
        one_column!(@ $ty);
        one_column!(@ Option<$ty>);
    )*};
    (@ $ty:ty) => {
        impl FromRow for $ty {
            fn locate(columns: &ColumnNames<'_>) -> Result<Vec<usize>, Error> {
                columns.exactly(1)
            }

            fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError> {
                columns.next()
            }
        }
    };
}
one_column!(
    bool,
    i32,
    i64,
    f64,
    bigdecimal::BigDecimal,
    String,
    Vec<u8>,
    chrono::DateTime<chrono::Utc>,
    chrono::NaiveDate,
    chrono::NaiveTime,
    uuid::Uuid,
);

macro_rules! tuples {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<$first: FieldType, $($rest: FieldType),*> FromRow for ($first, $($rest,)*) {
            fn locate(columns: &ColumnNames<'_>) -> Result<Vec<usize>, Error> {
                columns.exactly([stringify!($first), $(stringify!($rest)),*].len())
            }

            fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError> {
                ColumnTuple::read(columns)
            }
        }
        tuples!($($rest)*);
    };
}
tuples!(A B C D E F G H I J K L);

/// The row as a JSON object: numbers as numbers, `Decimal` as text, times as RFC 3339.
impl FromRow for serde_json::Value {
    fn locate(columns: &ColumnNames<'_>) -> Result<Vec<usize>, Error> {
        columns.exactly(columns.names.len())
    }

    fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError> {
        let mut object = serde_json::Map::new();
        columns.dynamic(|name, value| {
            // A number that is none is null, as everywhere in JSON.
            let value = serde_json::to_value(value.cell()).unwrap_or(serde_json::Value::Null);
            object.insert(name.to_owned(), value);
        })?;
        Ok(serde_json::Value::Object(object))
    }
}

/// The values by the columns' names.
impl<S: BuildHasher + Default + Send + 'static> FromRow for HashMap<String, Value, S> {
    fn locate(columns: &ColumnNames<'_>) -> Result<Vec<usize>, Error> {
        columns.exactly(columns.names.len())
    }

    fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError> {
        let mut values = HashMap::default();
        columns.dynamic(|name, value| {
            values.insert(name.to_owned(), value);
        })?;
        Ok(values)
    }
}
