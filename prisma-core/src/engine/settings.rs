//! What a client is told beyond its connections.

use prisma_schema::{FieldWalker, ModelWalker};

use super::Engine;
use super::observe::Observer;
use crate::tree::{Columns, FieldId, Load, ModelId, Selection};
use crate::{Error, ErrorKind};

/// What a client is told beyond its connections.
#[derive(Debug, Default, Clone)]
pub struct Settings {
    /// Columns that are read only if somebody names them.
    pub omitted: Vec<(ModelId, FieldId)>,
    /// How relations are read where a query does not say; `None`: as is likely to be faster.
    pub load: Option<Load>,
    /// Whether reads by a unique key are batched where a query does not say.
    pub batched: bool,
    /// Who is told of the statements.
    pub observer: Observer,
}

impl Engine {
    /// Refuses a selection that needs columns which the client omits, and does not name them.
    ///
    /// # Errors
    /// Such a selection, with what to write instead.
    pub(crate) fn check_omitted(&self, model: ModelId, selection: &Selection) -> Result<(), Error> {
        if self.settings().omitted.is_empty() {
            return Ok(());
        }
        check(&self.settings().omitted, self.schema().model(model), selection)
    }
}

fn check(omitted: &[(ModelId, FieldId)], model: ModelWalker<'_>, selection: &Selection) -> Result<(), Error> {
    let is_unnamed = |field: FieldId| match &selection.columns {
        Columns::All => true,
        Columns::Fields(_) => selection.unnamed.contains(&field),
    };
    let missing = omitted.iter().filter(|(of, field)| *of == model.id() && is_unnamed(*field));
    let fields: Vec<_> = missing.map(|(_, field)| model.field(*field).name().to_owned()).collect();
    if !fields.is_empty() {
        return Err(ErrorKind::OmittedFields { model: model.name().to_owned(), fields }.into());
    }
    for relation in &selection.relations {
        if let Some(related) = FieldWalker::related_model(model.field(relation.field)) {
            check(omitted, related, &relation.selection)?;
        }
    }
    Ok(())
}
