//! A value in one of the forms that SQLite has: of a row, or to be bound.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stored<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl Stored<'_> {
    /// The value for a message, shortened.
    pub(super) fn describe(&self) -> String {
        const LONGEST: usize = 40;
        match self {
            Stored::Null => "NULL".to_owned(),
            Stored::Integer(v) => format!("the integer {v}"),
            Stored::Real(v) => format!("the real number {v}"),
            Stored::Text(v) => match v.char_indices().nth(LONGEST) {
                None => format!("the text {v:?}"),
                Some((end, _)) => format!("the text {:?}…", &v[..end]),
            },
            Stored::Blob(v) => format!("{} bytes", v.len()),
        }
    }
}
