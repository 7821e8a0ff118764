//! `type` blocks: supported, not empty, not within themselves.

use super::{Context, models};
use crate::{Arity, CompositeId, FieldKind};

pub(super) fn run(cx: &mut Context<'_>) {
    let schema = cx.schema;
    let tree = cx.tree;
    for (data, tree) in schema.composites.iter().zip(&tree.composites) {
        if !cx.capabilities.composite_types {
            let message = format!("`{}` is a composite type, which {} does not have", data.name, cx.provider());
            cx.error(tree.block.header_span, message, "use a model and a relation to it, or `Json`");
            continue;
        }
        if data.fields.is_empty() {
            cx.error(
                tree.block.header_span,
                format!("the composite type `{}` has no fields", data.name),
                "add at least one",
            );
        }
        models::differ(cx, &data.name, &data.fields);
        models::names_are_allowed(cx, &data.name, &data.fields, &tree.fields);
    }
    if cx.capabilities.composite_types {
        no_type_requires_itself(cx);
    }
}

/// A document that requires a document of its own type would never end.
fn no_type_requires_itself(cx: &mut Context<'_>) {
    // 0: not seen, 1: on the way here, 2: done.
    let schema = cx.schema;
    let mut state = vec![0u8; schema.composites.len()];
    for start in 0..schema.composites.len() {
        let mut stack = vec![(start, 0)];
        while let Some((id, next)) = stack.pop() {
            if next == 0 {
                if state[id] != 0 {
                    continue;
                }
                state[id] = 1;
            }
            let Some(field) = schema.composites[id].fields.get(next) else {
                state[id] = 2;
                continue;
            };
            stack.push((id, next + 1));
            let FieldKind::Composite(CompositeId(inner)) = field.kind else {
                continue;
            };
            if field.arity != Arity::Required {
                continue;
            }
            let inner = inner as usize;
            if state[inner] == 1 {
                let message = format!(
                    "the field `{}` of `{}` is required, but its type `{}` requires a `{}` in turn",
                    field.name, schema.composites[id].name, schema.composites[inner].name, schema.composites[id].name
                );
                cx.error(field.span, message, "make one of the fields optional or a list");
            } else if state[inner] == 0 {
                stack.push((inner, 0));
            }
        }
    }
}
