//! `onDelete` and `onUpdate`.

use super::Context;
use super::relations::attribute_span;
use crate::diagnostics::Diagnostic;
use crate::resolve::{RelationEnd, quoted_list};
use crate::{Arity, FieldId, ReferentialAction, RelationMode, Span};

pub(super) fn run(cx: &mut Context<'_>) {
    let tree = cx.tree;
    for end in &tree.ends {
        for (argument, action) in [("onDelete", end.on_delete), ("onUpdate", end.on_update)] {
            let Some(action) = action else {
                continue;
            };
            let span = argument_span(cx, end, argument);
            if is_supported(cx, end, argument, action, span) {
                is_not_doubtful(cx, end, action, span);
                set_null_needs_optional_columns(cx, end, argument, action, span);
            }
        }
    }
}

fn argument_span(cx: &Context<'_>, end: &RelationEnd<'_>, argument: &str) -> Span {
    let value = end.attribute.and_then(|a| a.argument(argument));
    value.map_or_else(|| attribute_span(cx, cx.schema.model(end.model).field(end.field)), |a| a.span)
}

fn describe(cx: &Context<'_>, end: &RelationEnd<'_>) -> String {
    let field = cx.schema.model(end.model).field(end.field);
    format!("`{}` of `{}`", field.name(), field.model().name())
}

fn is_supported(
    cx: &mut Context<'_>,
    end: &RelationEnd<'_>,
    argument: &str,
    action: ReferentialAction,
    span: Span,
) -> bool {
    let mode = cx.schema.datasource.relation_mode;
    let actions = cx.capabilities.actions(mode);
    let supported = actions.contains(&action);
    if !supported {
        let mode = match mode {
            RelationMode::ForeignKeys => String::new(),
            RelationMode::Prisma => " with `relationMode = \"prisma\"`".to_owned(),
        };
        let message = format!(
            "`{argument}: {}` of {} does not exist on {}{mode}",
            action.name(),
            describe(cx, end),
            cx.provider()
        );
        cx.error(span, message, format!("there are {}", quoted_list(actions.iter().map(|a| a.name()))));
    }
    supported
}

fn is_not_doubtful(cx: &mut Context<'_>, end: &RelationEnd<'_>, action: ReferentialAction, span: Span) {
    if cx.schema.datasource.relation_mode != RelationMode::ForeignKeys {
        return;
    }
    if let Some((_, why)) = cx.capabilities.doubtful_actions.iter().find(|(a, _)| *a == action) {
        let message = format!("`{}` of {} does not do what it says", action.name(), describe(cx, end));
        cx.report(Diagnostic::warning(span, message).with_help(*why));
    }
}

fn set_null_needs_optional_columns(
    cx: &mut Context<'_>,
    end: &RelationEnd<'_>,
    argument: &str,
    action: ReferentialAction,
    span: Span,
) {
    if action != ReferentialAction::SetNull {
        return;
    }
    let model = cx.schema.model(end.model);
    let required: Vec<_> = end
        .fields
        .iter()
        .flatten()
        .filter(|f: &&FieldId| model.field(**f).arity() == Arity::Required)
        .map(|f| model.field(*f).name())
        .collect();
    if required.is_empty() {
        return;
    }
    let message = format!(
        "`{argument}: SetNull` of {} empties columns that are required: {}",
        describe(cx, end),
        quoted_list(required)
    );
    let help = "make them optional, or choose another action";
    if cx.capabilities.set_null_on_required && cx.schema.datasource.relation_mode == RelationMode::ForeignKeys {
        cx.report(Diagnostic::warning(span, message).with_help(help));
    } else {
        cx.error(span, message, help);
    }
}
