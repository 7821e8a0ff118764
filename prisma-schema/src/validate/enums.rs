//! Enums: supported, and not empty.

use super::Context;
use std::collections::HashMap;

pub(super) fn run(cx: &mut Context<'_>) {
    let tree = cx.tree;
    let schema = cx.schema;
    for (data, block) in schema.enums.iter().zip(&tree.enums) {
        if data.values.is_empty() {
            cx.error(block.header_span, format!("the enum `{}` has no values", data.name), "add at least one");
        }
        if !cx.capabilities.enums {
            let message = format!("`{}` is an enum, which {} does not have", data.name, cx.provider());
            cx.error(block.header_span, message, "use `String`");
        }
        let mut names = HashMap::new();
        for value in &data.values {
            if let Some(earlier) = names.insert(value.database_name(), &value.name) {
                let message = format!(
                    "the values `{earlier}` and `{}` of the enum `{}` have the same name in the database",
                    value.name, data.name
                );
                cx.error(value.span, message, "change one `@map`");
            }
        }
    }
}
