//! A row where SQLite has it.

use std::ffi::c_int;
use std::marker::PhantomData;
use std::ptr::NonNull;

use libsqlite3_sys as ffi;

use super::text;
use crate::sqlite::stored::Stored;

/// A row that lies in a statement. It stays there for `'r`.
pub(in crate::sqlite) struct RowView<'r> {
    statement: NonNull<ffi::sqlite3_stmt>,
    columns: usize,
    lives: PhantomData<&'r ()>,
}

impl<'r> RowView<'r> {
    /// The row of a statement.
    ///
    /// # Safety
    /// The statement was stepped to a row, and for `'r` nothing is done with it but to look at that row, by this thread.
    pub(super) unsafe fn new(statement: NonNull<ffi::sqlite3_stmt>) -> Self {
        // SAFETY: reads a field of the statement, which is there by this function's own condition.
        let columns = unsafe { ffi::sqlite3_data_count(statement.as_ptr()) };
        Self { statement, columns: usize::try_from(columns).unwrap_or(0), lives: PhantomData }
    }

    /// How many columns it has.
    pub(in crate::sqlite) fn columns(&self) -> usize {
        self.columns
    }

    /// A value; `None` if there is no such column, an error if it is text that is not in UTF-8.
    #[inline]
    pub(in crate::sqlite) fn value(&self, column: usize) -> Option<Result<Stored<'r>, std::str::Utf8Error>> {
        if column >= self.columns {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "below the number of columns")]
        let column = column as c_int;
        // SAFETY: there is a row and the column is one of it. What is asked for is the type that the value has: SQLite converts at
        // most the text of a database in UTF-16, spells out zeros, and copies a text that was bound to end it with a NUL, all when it is first
        // asked, and never moves it again. So the bytes stay where they are until the next step; bytes that were bound are those of the value
        // that the statement holds until it is reset. An "unprotected" value is one that another thread might change, which none
        // does here.
        Some(Ok(unsafe {
            let value = ffi::sqlite3_column_value(self.statement.as_ptr(), column);
            match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_INTEGER => Stored::Integer(ffi::sqlite3_value_int64(value)),
                ffi::SQLITE_FLOAT => Stored::Real(ffi::sqlite3_value_double(value)),
                ffi::SQLITE_TEXT => {
                    let start = ffi::sqlite3_value_text(value);
                    match std::str::from_utf8(bytes(start, ffi::sqlite3_value_bytes(value))) {
                        Ok(text) => Stored::Text(text),
                        Err(error) => return Some(Err(error)),
                    }
                }
                ffi::SQLITE_BLOB => {
                    let start = ffi::sqlite3_value_blob(value);
                    Stored::Blob(bytes(start.cast(), ffi::sqlite3_value_bytes(value)))
                }
                _ => Stored::Null,
            }
        }))
    }

    /// The name of a column.
    pub(in crate::sqlite) fn column_name(&self, column: usize) -> Option<&str> {
        let column = c_int::try_from(column).ok()?;
        // SAFETY: the statement is there; the text stays until it is finalized or prepared again.
        unsafe { text(ffi::sqlite3_column_name(self.statement.as_ptr(), column)) }
    }

    /// The type that a column was declared with.
    pub(in crate::sqlite) fn declared(&self, column: usize) -> Option<&str> {
        let column = c_int::try_from(column).ok()?;
        // SAFETY: as in `column_name`.
        unsafe { text(ffi::sqlite3_column_decltype(self.statement.as_ptr(), column)) }
    }
}

/// The bytes at a pointer, which is NULL where there are none.
///
/// # Safety
/// There must be so many, and they must stay for `'a`.
unsafe fn bytes<'a>(start: *const u8, length: c_int) -> &'a [u8] {
    match usize::try_from(length) {
        // SAFETY: by this function's own condition.
        Ok(length) if length > 0 && !start.is_null() => unsafe { std::slice::from_raw_parts(start, length) },
        _ => &[],
    }
}
