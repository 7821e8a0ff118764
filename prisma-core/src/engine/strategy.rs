//! How relations are read where nobody says: whichever is faster.
//!
//! A statement for each relation costs a round trip each. One statement for all costs the making and the reading of JSON, for each related record.
//! How many there will be is not known before they are read, so it is taken from what the query says.

use std::time::Duration;

use prisma_schema::{Arity, ModelWalker};

use super::Engine;
use crate::sql;
use crate::tree::{Load, ReadQuery, Selection};

/// A shorter round trip costs nothing to speak of. A server on the machine itself answers in less.
const NEAR: Duration = Duration::from_micros(300);

/// How many records a query is taken to give that does not say.
const MANY: u64 = 1000;

/// How many records a parent is taken to have in a relation that does not say.
const SOME: u64 = 10;

/// How the relations of a query are read: as the query says, or the client, or else as it is likely to be faster. `records` is how many are asked for,
/// if that is known otherwise than by the query.
pub(super) fn load(engine: &Engine, query: &ReadQuery, records: Option<u64>) -> Load {
    if let Some(load) = query.options.load.or(engine.settings().load) {
        return load;
    }
    if query.selection.relations.is_empty() {
        return Load::Query;
    }
    let far = engine.driver().round_trip().filter(|&time| time >= NEAR);
    let (Some(round_trip), Some(joined)) = (far, engine.dialect().joined_record()) else {
        return Load::Query;
    };
    let model = engine.schema().model(query.model);
    let records = records.unwrap_or_else(|| match sql::names_one(model, query.arguments.filter.as_ref()) {
        true => 1,
        false => query.arguments.take.map_or(MANY, i64::unsigned_abs),
    });
    let (statements, related) = related(model, &query.selection, records);
    let saved = round_trip.saturating_mul(statements);
    match saved > joined.saturating_mul(u32::try_from(related).unwrap_or(u32::MAX)) {
        true => Load::Join,
        false => Load::Query,
    }
}

/// How many statements the relations of so many records would take, and about how many related records there are.
fn related(model: ModelWalker<'_>, selection: &Selection, records: u64) -> (u32, u64) {
    let (mut statements, mut all) = (0, 0);
    for relation in &selection.relations {
        let field = model.field(relation.field);
        let each = match (field.arity(), relation.arguments.take) {
            (Arity::List, None) => SOME,
            (Arity::List, Some(take)) => take.unsigned_abs(),
            _ => 1,
        };
        let here = records.saturating_mul(each);
        let (more, below) =
            field.related_model().map_or((0, 0), |model| self::related(model, &relation.selection, here));
        statements += 1 + more;
        all = here.saturating_add(below).saturating_add(all);
    }
    (statements, all)
}
