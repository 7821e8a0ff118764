//! Names of tables and types in the database.

use std::collections::HashMap;

use super::Context;
use crate::syntax::Block;

pub(super) fn run(cx: &mut Context<'_>) {
    tables_differ(cx);
    enums_differ(cx);
}

fn tables_differ(cx: &mut Context<'_>) {
    let mut names = HashMap::new();
    let tree = cx.tree;
    for model in cx.schema.walk_models() {
        let block = tree.model(model.id()).block;
        let name = model.database_name();
        if let Some(earlier) = names.insert((&model.data().schema, name), model.name()) {
            let message = format!(
                "the {} `{}` has the name `{name}` in the database, as `{earlier}` has",
                block.kind.noun(),
                model.name()
            );
            cx.error(map_span(block), message, "change one `@@map`");
        }
    }
}

fn enums_differ(cx: &mut Context<'_>) {
    let mut names = HashMap::new();
    let tree = cx.tree;
    for (enumeration, block) in cx.schema.walk_enums().zip(&tree.enums) {
        let name = enumeration.database_name();
        if let Some(earlier) = names.insert((&enumeration.data().schema, name), enumeration.name()) {
            let message =
                format!("the enum `{}` has the name `{name}` in the database, as `{earlier}` has", enumeration.name());
            cx.error(block.header_span, message, "change one `@@map`");
        }
    }
}

/// A clash is due to `@@map`; without one the block itself clashes.
fn map_span(block: &Block<'_>) -> crate::Span {
    block.attribute("map").map_or(block.header_span, |a| a.span)
}
