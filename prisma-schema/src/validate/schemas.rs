//! `@@schema`.

use std::collections::HashSet;

use super::Context;
use crate::resolve::quoted_list;
use crate::suggest::did_you_mean;
use crate::syntax::{Block, ExpressionKind};

pub(super) fn run(cx: &mut Context<'_>) {
    let tree = cx.tree;
    let schema = cx.schema;
    let models = tree.models.iter().map(|m| m.block).zip(schema.models.iter().map(|m| &m.schema));
    let enums = tree.enums.iter().copied().zip(schema.enums.iter().map(|e| &e.schema));
    let declared: HashSet<_> = schema.datasource.schemas.iter().map(String::as_str).collect();
    for (block, name) in models.chain(enums) {
        check(cx, block, name.as_deref(), &declared);
    }
}

fn check(cx: &mut Context<'_>, block: &Block<'_>, name: Option<&str>, declared: &HashSet<&str>) {
    let listed = || cx.schema.datasource.schemas.iter().map(String::as_str);
    let what = format!("the {} `{}`", block.kind.noun(), block.name.text);
    let Some(attribute) = block.attribute("schema") else {
        if !declared.is_empty() {
            let help = format!("add `@@schema(\"…\")`, one of {}", quoted_list(listed()));
            cx.error(block.header_span, format!("{what} has no `@@schema`"), help);
        }
        return;
    };
    let value = attribute.arguments().first().and_then(|a| a.value.as_ref());
    let span = value.filter(|v| matches!(v.kind, ExpressionKind::String(_))).map_or(attribute.span, |v| v.span);
    if !cx.capabilities.multiple_schemas {
        let message = format!("{what} has `@@schema`, but {} has one schema", cx.provider());
        return cx.error(attribute.span, message, "remove it");
    }
    let Some(name) = name else {
        return;
    };
    if declared.is_empty() {
        let message = format!("{what} has `@@schema`, but the datasource has no `schemas`");
        cx.error(attribute.span, message, format!("add `schemas = [\"{name}\"]` to the datasource"));
    } else if !declared.contains(name) {
        let names = listed();
        let help =
            did_you_mean(name, names.clone()).unwrap_or_else(|| format!("`schemas` lists {}", quoted_list(names)));
        cx.error(span, format!("{what} is in the schema `{name}`, which the datasource does not list"), help);
    }
}
