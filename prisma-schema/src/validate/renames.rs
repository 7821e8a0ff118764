//! `@renamedFrom`: what has a new name had an old one, which nothing else has now.

use super::Context;
use crate::{FieldKind, RenamedFrom};

/// Something that has a name in the database, among others of its kind.
struct Named<'a> {
    /// As messages call it: ``the field `a` ``.
    described: String,
    name: &'a str,
    database_name: &'a str,
    renamed_from: Option<&'a RenamedFrom>,
    /// Names of different namespaces do not meet.
    namespace: Option<&'a str>,
}

pub(super) fn run(cx: &mut Context<'_>) {
    let schema = cx.schema;
    let is_used = schema
        .models
        .iter()
        .any(|m| m.renamed_from.is_some() || m.fields.iter().any(|f| f.renamed_from.is_some()))
        || schema.enums.iter().any(|e| e.renamed_from.is_some() || e.values.iter().any(|v| v.renamed_from.is_some()));
    // Nearly always.
    if !is_used {
        return;
    }
    if !cx.capabilities.renames {
        return are_not_migrated(cx);
    }
    let models: Vec<_> = schema
        .walk_models()
        .map(|model| Named {
            described: format!("the {} `{}`", if model.data().is_view { "view" } else { "model" }, model.name()),
            name: model.name(),
            database_name: model.database_name(),
            renamed_from: model.data().renamed_from.as_ref(),
            namespace: model.data().schema.as_deref(),
        })
        .collect();
    check(cx, &models, "");
    for model in schema.walk_models() {
        if model.data().is_view {
            of_view(cx, model);
            continue;
        }
        let columns = model.fields().filter(|f| !matches!(f.data().kind, FieldKind::Relation(_)));
        let fields: Vec<_> = columns
            .map(|field| Named {
                described: format!("the field `{}`", field.name()),
                name: field.name(),
                database_name: field.database_name(),
                renamed_from: field.data().renamed_from.as_ref(),
                namespace: None,
            })
            .collect();
        check(cx, &fields, &format!(" of `{}`", model.name()));
    }
    let enums: Vec<_> = schema
        .walk_enums()
        .map(|enumeration| Named {
            described: format!("the enum `{}`", enumeration.name()),
            name: enumeration.name(),
            database_name: enumeration.database_name(),
            renamed_from: enumeration.data().renamed_from.as_ref(),
            namespace: enumeration.data().schema.as_deref(),
        })
        .collect();
    check(cx, &enums, "");
    for enumeration in schema.walk_enums() {
        let values: Vec<_> = enumeration
            .values()
            .iter()
            .map(|value| Named {
                described: format!("the value `{}`", value.name),
                name: &value.name,
                database_name: value.database_name(),
                renamed_from: value.renamed_from.as_ref(),
                namespace: None,
            })
            .collect();
        check(cx, &values, &format!(" of the enum `{}`", enumeration.name()));
        if !cx.capabilities.renames_enum_values {
            values_are_text(cx, &values, enumeration.name());
        }
    }
}

fn check(cx: &mut Context<'_>, all: &[Named<'_>], owner: &str) {
    for (i, this) in all.iter().enumerate() {
        let Some(renamed) = this.renamed_from else { continue };
        let (what, old) = (&this.described, renamed.database_name());
        if old == this.database_name && (renamed.map.is_none() || renamed.name == this.name) {
            let message = format!("{what}{owner} has the name `{old}` already: it cannot have been renamed from it");
            cx.error(renamed.span, message, "write its old name, or remove the attribute");
            continue;
        }
        let mut others = all.iter().filter(|other| other.namespace == this.namespace);
        if old != this.database_name
            && let Some(other) = others.find(|other| other.database_name == old)
        {
            let message = format!(
                "{what}{owner} cannot have been renamed from `{old}`, which is still there: {} has that name in the database",
                other.described
            );
            cx.error(
                renamed.span,
                message,
                "give that one another name in a migration before, or remove the attribute",
            );
            continue;
        }
        let is_same = |other: &&Named<'_>| {
            other.namespace == this.namespace && other.renamed_from.is_some_and(|r| r.database_name() == old)
        };
        if let Some(earlier) = all[..i].iter().find(is_same) {
            let message = format!(
                "{what}{owner} cannot have been renamed from `{old}`: {} says the same of itself",
                earlier.described
            );
            cx.error(renamed.span, message, "keep the attribute where the old data is to go");
        }
    }
}

/// Views are what they were made as, elsewhere.
fn of_view(cx: &mut Context<'_>, model: crate::ModelWalker<'_>) {
    let of_fields = model.data().fields.iter().filter_map(|f| f.renamed_from.as_ref());
    for renamed in model.data().renamed_from.iter().chain(of_fields) {
        let message = format!("the view `{}` cannot be renamed by a migration: it leaves views alone", model.name());
        cx.error(renamed.span, message, "remove the attribute, and change the view by SQL in a migration of your own");
    }
}

/// Where enums are text, nothing but the rows tells which values there were.
fn values_are_text(cx: &mut Context<'_>, values: &[Named<'_>], owner: &str) {
    for value in values {
        let Some(renamed) = value.renamed_from else { continue };
        let message = format!(
            "{} of the enum `{owner}` cannot be renamed by a migration: {} keeps the values of enums as text in the rows",
            value.described,
            cx.provider()
        );
        let help = format!(
            "keep what the rows hold by `@map(\"{}\")`, or change them by SQL in a migration of your own",
            renamed.database_name()
        );
        cx.error(renamed.span, message, help);
    }
}

fn are_not_migrated(cx: &mut Context<'_>) {
    let schema = cx.schema;
    let of_models = schema
        .models
        .iter()
        .flat_map(|m| m.renamed_from.iter().chain(m.fields.iter().filter_map(|f| f.renamed_from.as_ref())));
    let of_enums = schema
        .enums
        .iter()
        .flat_map(|e| e.renamed_from.iter().chain(e.values.iter().filter_map(|v| v.renamed_from.as_ref())));
    for renamed in of_models.chain(of_enums) {
        let message = format!("`@renamedFrom` is for migrations, of which there are none on {}", cx.provider());
        cx.error(renamed.span, message, "remove the attribute, and rename by the means of the database");
    }
}
