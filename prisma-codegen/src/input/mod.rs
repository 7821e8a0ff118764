//! What users write, as the text of a schema.

pub(crate) mod arguments;
pub(crate) mod attributes;
pub(crate) mod check;
pub(crate) mod client;
pub(crate) mod column_type;
pub(crate) mod inline;
pub(crate) mod psl;
pub(crate) mod schema_file;
