//! The errors of writes, in terms of the schema.

use prisma_schema::{FieldId, FieldWalker, Link, ModelWalker};

use super::record::describe;
use crate::engine::key_fields;
use crate::tree::Unique;
use crate::{Error, ErrorKind};

/// P2025: there is nothing to do the operation on.
pub(super) fn not_found(model: ModelWalker<'_>, cause: impl Into<String>) -> Error {
    ErrorKind::RecordNotFound { model: model.name().to_owned(), cause: cause.into() }.into()
}

/// P2025 of an operation that names its record.
pub(super) fn nothing_to(operation: &str, model: ModelWalker<'_>, unique: &Unique) -> Error {
    not_found(model, format!("there is none with {} to {operation}", describe(model, unique)))
}

/// P2025: the record to connect is not there.
pub(super) fn cannot_connect(field: FieldWalker<'_>, model: ModelWalker<'_>, unique: &Unique) -> Error {
    let text = format!(
        "there is none with {} to connect to `{}.{}`",
        describe(model, unique),
        field.model().name(),
        field.name()
    );
    not_found(model, text)
}

/// P2018: some of the records to connect are not there.
pub(super) fn connected_fewer(field: FieldWalker<'_>, expected: usize, found: usize) -> Error {
    let related = field.related_model().map_or("", |m| m.name());
    let details = format!(
        "{expected} of `{related}` were to be connected to `{}.{}`, {found} of them exist",
        field.model().name(),
        field.name()
    );
    ErrorKind::ConnectedRecordsNotFound { details }.into()
}

/// P2025: no record is connected that a nested operation could work on.
pub(super) fn not_connected_one(operation: &str, field: FieldWalker<'_>, unique: Option<&Unique>) -> Error {
    let Some(related) = field.related_model() else { return Error::internal("a scalar field in a nested write") };
    let which = match unique {
        Some(unique) => format!("none with {}", describe(related, unique)),
        None => "none (that meets the condition)".to_owned(),
    };
    let text =
        format!("{which} is connected by `{}.{}` for the nested {operation}", field.model().name(), field.name());
    not_found(related, text)
}

/// P2017: the records that a nested operation names are not all connected.
pub(super) fn not_connected(field: FieldWalker<'_>) -> Error {
    ErrorKind::NotConnected {
        relation: relation_name(field),
        parent: field.model().name().to_owned(),
        child: field.related_model().map_or_else(String::new, |m| m.name().to_owned()),
    }
    .into()
}

/// P2014: a record would be left without the record that it needs.
pub(super) fn required(field: FieldWalker<'_>) -> Error {
    let this = field.model().name().to_owned();
    let other = field.related_model().map_or_else(String::new, |m| m.name().to_owned());
    let (model_a, model_b) = match field.link() {
        Some(Link::Owning { .. }) => (this, other),
        _ => (other, this),
    };
    ErrorKind::RequiredRelation { relation: relation_name(field), model_a, model_b }.into()
}

fn relation_name(field: FieldWalker<'_>) -> String {
    field.relation().map_or_else(String::new, |r| r.name().to_owned())
}

/// P2009: a write that makes no sense, at a field.
pub(super) fn invalid(field: FieldWalker<'_>, message: impl Into<String>) -> Error {
    ErrorKind::InvalidQuery {
        code: "P2009",
        path: vec![field.model().name().to_owned(), field.name().to_owned()],
        message: message.into(),
    }
    .into()
}

/// A relation that came to code for another way of storing it.
pub(super) fn misplaced(field: FieldWalker<'_>) -> Error {
    Error::internal(format!("`{}.{}` is not stored in this way", field.model().name(), field.name()))
}

/// The one element of the list of a to-one relation.
pub(super) fn one<T>(field: FieldWalker<'_>, mut list: Vec<T>) -> Result<T, Error> {
    match (list.pop(), list.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err(invalid(field, "a relation to one record takes one record, not none and not several")),
    }
}

/// Adds what the database did not tell: the model that was written, and the foreign key if it can only be one.
pub(super) fn in_model(model: ModelWalker<'_>, written: &[FieldId], error: Error) -> Error {
    let name = || model.name().to_owned();
    Error::new(match error.into_kind() {
        ErrorKind::ForeignKey { model: None, constraint } => {
            let constraint = constraint.or_else(|| only_foreign_key(model, written));
            ErrorKind::ForeignKey { model: Some(name()), constraint }
        }
        ErrorKind::UniqueConstraint { model: None, fields } => {
            let key = match &fields[..] {
                [key] => key_fields(model, key).map(|fields| fields.into_iter().map(str::to_owned).collect()),
                _ => None,
            };
            ErrorKind::UniqueConstraint { model: Some(name()), fields: key.unwrap_or(fields) }
        }
        ErrorKind::NullConstraint { model: None, fields } => {
            let field = |column: &String| model.scalar_fields().find(|f| f.database_name() == column);
            let fields = fields.iter().map(|c| field(c).map_or_else(|| c.clone(), |f| f.name().to_owned())).collect();
            ErrorKind::NullConstraint { model: Some(name()), fields }
        }
        other => other,
    })
}

fn only_foreign_key(model: ModelWalker<'_>, written: &[FieldId]) -> Option<String> {
    let mut keys = model.fields().filter_map(|f| match f.link()? {
        Link::Owning { fields, .. } if fields.iter().any(|f| written.contains(f)) => Some(fields),
        _ => None,
    });
    match (keys.next(), keys.next()) {
        (Some(fields), None) => Some(fields.iter().map(|&f| model.field(f).name()).collect::<Vec<_>>().join(", ")),
        _ => None,
    }
}
