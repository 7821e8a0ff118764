//! What users write, as the text of a schema.

pub(crate) mod inline;
pub(crate) mod schema_file;
