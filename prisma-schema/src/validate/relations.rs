//! Relations whose two ends have found each other.

use std::collections::HashSet;

use super::Context;
use crate::diagnostics::Diagnostic;
use crate::resolve::quoted_list;
use crate::{
    Arity, FieldId, FieldWalker, ForeignKey, IndexKind, JoinTable, KeyLists, ModelWalker, RelationKind, RelationMode,
    Span,
};

pub(super) fn run(cx: &mut Context<'_>) {
    let schema = cx.schema;
    for relation in schema.walk_relations() {
        match &relation.data().kind {
            RelationKind::ForeignKey(key) => foreign_key(cx, key),
            RelationKind::JoinTable(join) => join_table(cx, join),
            RelationKind::KeyLists(lists) => key_lists(cx, lists),
        }
    }
}

/// The field of the model that holds the key.
fn owning<'a>(cx: &Context<'a>, key: &ForeignKey) -> FieldWalker<'a> {
    cx.schema.model(key.model).field(key.field)
}

fn names(model: ModelWalker<'_>, fields: &[FieldId]) -> String {
    quoted_list(fields.iter().map(|f| model.field(*f).name()))
}

fn describe(field: FieldWalker<'_>) -> String {
    format!("`{}` of `{}`", field.name(), field.model().name())
}

/// The place of `@relation`, or of the field.
pub(super) fn attribute_span(cx: &Context<'_>, field: FieldWalker<'_>) -> Span {
    let syntax = cx.syntax(field);
    syntax.attribute("relation").map_or(syntax.span, |a| a.span)
}

fn foreign_key(cx: &mut Context<'_>, key: &ForeignKey) {
    if same_number_of_fields(cx, key) {
        types_are_the_same(cx, key);
        native_types_are_alike(cx, key);
        references_are_a_key(cx, key);
    }
    optional_columns_need_an_optional_relation(cx, key);
    one_to_one_is_unique(cx, key);
    constraint_has_a_name_only_where_there_is_one(cx, key);
    columns_have_an_index(cx, key);
}

fn same_number_of_fields(cx: &mut Context<'_>, key: &ForeignKey) -> bool {
    let same = key.fields.len() == key.references.len();
    if !same {
        let field = owning(cx, key);
        let message = format!(
            "the relation {} has {} `fields`, but {} `references`",
            describe(field),
            key.fields.len(),
            key.references.len()
        );
        cx.error(attribute_span(cx, field), message, "each field points to one field of the other model");
    }
    same
}

/// The model that holds the key, the model pointed to, and the pairs of their fields.
fn pairs<'a>(cx: &Context<'a>, key: &ForeignKey) -> Vec<(FieldWalker<'a>, FieldWalker<'a>)> {
    let (model, other) = (cx.schema.model(key.model), cx.schema.model(key.referenced_model));
    key.fields.iter().zip(&key.references).map(|(f, r)| (model.field(*f), other.field(*r))).collect()
}

fn types_are_the_same(cx: &mut Context<'_>, key: &ForeignKey) {
    for (from, to) in pairs(cx, key) {
        let (Some(a), Some(b)) = (from.scalar(), to.scalar()) else {
            continue;
        };
        if a.ty != b.ty {
            let field = owning(cx, key);
            let message = format!(
                "the relation {} joins {}, of type `{}`, to {}, of type `{}`",
                describe(field),
                describe(from),
                a.ty.name(),
                describe(to),
                b.ty.name()
            );
            cx.error(attribute_span(cx, field), message, "give both the same type");
        }
    }
}

/// Where native types differ, the database may refuse the key, or compare by conversion.
fn native_types_are_alike(cx: &mut Context<'_>, key: &ForeignKey) {
    for (from, to) in pairs(cx, key) {
        let (Some(a), Some(b)) = (from.scalar(), to.scalar()) else {
            continue;
        };
        let native = |s: &crate::ScalarField| s.native_type.as_ref().map(|n| n.name.clone());
        if a.ty != b.ty || native(a) == native(b) || !cx.capabilities.key_lists {
            continue;
        }
        let show = |s: &crate::ScalarField| {
            native(s).map_or_else(|| "no native type".to_owned(), |n| format!("the native type `{n}`"))
        };
        let message =
            format!("{} has {}, but {}, to which it points, has {}", describe(from), show(a), describe(to), show(b));
        let field = owning(cx, key);
        let error = Diagnostic::error(attribute_span(cx, field), message).with_help("give both the same native type");
        cx.report(error);
    }
}

fn references_are_a_key(cx: &mut Context<'_>, key: &ForeignKey) {
    if cx.tree.broken_keys.contains(&key.referenced_model) {
        return;
    }
    let target = cx.schema.model(key.referenced_model);
    let field = owning(cx, key);
    let span = attribute_span(cx, field);
    let fields_of = |index: crate::IndexWalker<'_>| index.data().fields.iter().map(|f| f.field).collect::<Vec<_>>();
    let wanted: HashSet<FieldId> = key.references.iter().copied().collect();
    let is_set = |fields: &[FieldId]| fields.len() == wanted.len() && fields.iter().all(|f| wanted.contains(f));
    let mut same_fields = target.unique_keys().filter(|k| is_set(&fields_of(*k))).peekable();
    if same_fields.peek().is_none() {
        let list = names(target, &key.references);
        let message =
            format!("the relation {} points to {list} of `{}`, which is no key", describe(field), target.name());
        let help = match key.references.as_slice() {
            [one] => format!("add `@unique` to `{}` of `{}`", target.field(*one).name(), target.name()),
            _ => format!("add `@@unique([{}])` to `{}`", list.replace('`', ""), target.name()),
        };
        cx.error(span, message, help);
    } else if !cx.capabilities.references_in_any_order && !same_fields.any(|k| fields_of(k) == key.references) {
        let message = format!(
            "the relation {} lists the fields of a key of `{}` in another order",
            describe(field),
            target.name()
        );
        let help = format!("{} wants the order of the key itself", cx.provider());
        cx.error(span, message, help);
    }
}

fn optional_columns_need_an_optional_relation(cx: &mut Context<'_>, key: &ForeignKey) {
    let field = owning(cx, key);
    let model = field.model();
    let optional: Vec<_> = key.fields.iter().copied().filter(|f| model.field(*f).arity() == Arity::Optional).collect();
    if field.arity() == Arity::Required && !optional.is_empty() {
        let message = format!(
            "the relation {} is required, but its columns may be empty: {}",
            describe(field),
            names(model, &optional)
        );
        let ty = field.related_model().map_or("", |m| m.name());
        cx.error(field.data().span, message, format!("write `{ty}?`, or make the columns required"));
    }
}

fn one_to_one_is_unique(cx: &mut Context<'_>, key: &ForeignKey) {
    if !key.is_one_to_one || cx.tree.broken_keys.contains(&key.model) {
        return;
    }
    let field = owning(cx, key);
    let model = field.model();
    let wanted: HashSet<FieldId> = key.fields.iter().copied().collect();
    let is_unique = model.indexes().any(|index| {
        matches!(index.kind(), IndexKind::PrimaryKey | IndexKind::Unique)
            && index.data().predicate.is_none()
            && index.data().fields.iter().all(|f| wanted.contains(&f.field))
            && index.data().fields.len() <= wanted.len()
    });
    if !is_unique {
        let list = names(model, &key.fields);
        let message = format!("the relation {} is 1-1, but its columns are not unique: {list}", describe(field));
        let help = match key.fields.as_slice() {
            [one] => format!("add `@unique` to `{}`", model.field(*one).name()),
            _ => format!("add `@@unique([{}])` to `{}`", list.replace('`', ""), model.name()),
        };
        cx.error(attribute_span(cx, field), message, help);
    }
}

fn constraint_has_a_name_only_where_there_is_one(cx: &mut Context<'_>, key: &ForeignKey) {
    if key.map.is_some() && !cx.capabilities.named_foreign_keys {
        let field = owning(cx, key);
        let message = format!(
            "`map` names the foreign key of {}, but foreign keys of {} have no name",
            describe(field),
            cx.provider()
        );
        cx.error(attribute_span(cx, field), message, "remove `map`");
    }
}

/// Without foreign keys, nothing makes the index that finding the other end needs.
fn columns_have_an_index(cx: &mut Context<'_>, key: &ForeignKey) {
    if cx.schema.datasource.relation_mode != RelationMode::Prisma || cx.capabilities.key_lists {
        return;
    }
    let field = owning(cx, key);
    let model = field.model();
    let begins_with_them = |index: crate::IndexWalker<'_>| {
        let fields = &index.data().fields;
        fields.len() >= key.fields.len() && fields.iter().zip(&key.fields).all(|(a, b)| a.field == *b)
    };
    if !model.indexes().any(begins_with_them) {
        let list = names(model, &key.fields);
        let message = format!(
            "with `relationMode = \"prisma\"`, no index is made for the columns of the relation {}: {list}",
            describe(field)
        );
        let warning = Diagnostic::warning(attribute_span(cx, field), message);
        cx.report(warning.with_help(format!("add `@@index([{}])` to `{}`", list.replace('`', ""), model.name())));
    }
}

// ---------------------------------------------------------------------- m-n

fn join_table(cx: &mut Context<'_>, join: &JoinTable) {
    let ends = [join.a, join.b].map(|(model, field)| cx.schema.model(model).field(field));
    for end in ends {
        let Some(related) = end.related_model() else {
            continue;
        };
        let has_single_id = related.primary_key().is_some_and(|k| k.data().fields.len() == 1);
        if !has_single_id && !cx.tree.broken_keys.contains(&related.id()) {
            let message = format!(
                "the m-n relation {} leads to `{}`, which has no id of one field",
                describe(end),
                related.name()
            );
            cx.error(end.data().span, message, "add an `@id` there, or write a model for the table in between");
        }
    }
}

fn key_lists(cx: &mut Context<'_>, lists: &KeyLists) {
    for list in &lists.ends {
        let end = cx.schema.model(list.model).field(list.field);
        let (Some(other), keys) = (end.related_model(), end.model().field(list.keys)) else {
            continue;
        };
        let references = other.field(list.references);
        if keys.arity() != Arity::List {
            let message =
                format!("the m-n relation {} keeps its keys in `{}`, which is no list", describe(end), keys.name());
            cx.error(end.data().span, message, "add `[]` to its type");
        }
        if keys.scalar().map(|s| &s.ty) != references.scalar().map(|s| &s.ty) {
            let message = format!(
                "the m-n relation {} joins {} and {}, whose types differ",
                describe(end),
                describe(keys),
                describe(references)
            );
            cx.error(end.data().span, message, "give both the same type");
        }
        if !references.is_in_primary_key() {
            let message =
                format!("the m-n relation {} points to {}, which is not the id", describe(end), describe(references));
            cx.error(end.data().span, message, "let `references` name the id");
        }
    }
}
