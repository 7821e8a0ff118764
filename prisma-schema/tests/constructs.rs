//! The fixtures hold every construct of the language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::HashSet;
use std::path::Path;

use prisma_schema::{Arity, DefaultValue, FieldKind, Provider, RelationKind, Schema, load, parse};

/// What the valid fixtures hold: a word for each construct.
fn constructs(schema: &Schema, found: &mut HashSet<String>) {
    let provider = schema.provider().name();
    let mut add = |text: String| {
        found.insert(text);
    };
    add(format!("provider {provider}"));
    add(format!("relationMode {} on {provider}", schema.datasource.relation_mode.name()));
    for generator in &schema.generators {
        generator.preview_features.iter().for_each(|f| add(format!("preview feature {f}")));
    }
    for relation in schema.walk_relations() {
        match &relation.data().kind {
            RelationKind::ForeignKey(key) => {
                for (argument, action) in [("onDelete", key.on_delete), ("onUpdate", key.on_update)] {
                    action.into_iter().for_each(|a| add(format!("{argument}: {} on {provider}", a.name())));
                }
                add(format!("1-{}", if key.is_one_to_one { "1" } else { "n" }));
                add(format!("{} fields in a foreign key", key.fields.len().min(2)));
                add(format!("with itself: {}", key.model == key.referenced_model));
            }
            RelationKind::JoinTable(_) => add("m-n by a table".to_owned()),
            RelationKind::KeyLists(_) => add("m-n by lists".to_owned()),
        }
    }
    for enumeration in &schema.enums {
        enumeration.renamed_from.iter().for_each(|_| add("@@renamedFrom of an enum".to_owned()));
        let values = enumeration.values.iter().filter(|v| v.renamed_from.is_some());
        values.for_each(|_| add("@renamedFrom of a value".to_owned()));
    }
    for model in schema.walk_models() {
        if let Some(renamed) = &model.data().renamed_from {
            add(format!("@@renamedFrom of a model, map: {}", renamed.map.is_some()));
        }
        for renamed in model.fields().filter_map(|f| f.data().renamed_from.as_ref()) {
            add(format!("@renamedFrom of a field, map: {}", renamed.map.is_some()));
        }
        for index in model.indexes() {
            let data = index.data();
            let place = format!("{:?}{}", data.kind, if data.on_field { " of a field" } else { "" });
            data.algorithm.as_ref().into_iter().for_each(|a| add(format!("type: {a} on {provider}")));
            data.clustered.into_iter().for_each(|_| add(format!("clustered in {place}")));
            data.predicate.as_ref().into_iter().for_each(|_| add(format!("where in {place} on {provider}")));
            data.map.as_ref().into_iter().for_each(|_| add(format!("map in {place}")));
            data.name.as_ref().into_iter().for_each(|_| add(format!("name in {place}")));
            for part in &data.fields {
                part.sort.into_iter().for_each(|_| add(format!("sort in {place} on {provider}")));
                part.length.into_iter().for_each(|_| add(format!("length in {place}")));
                part.operator_class
                    .as_ref()
                    .into_iter()
                    .for_each(|o| add(format!("ops: {}", o.split('(').next().unwrap_or_default())));
            }
            add(place);
        }
    }
    let fields = schema.models.iter().flat_map(|m| &m.fields).chain(schema.composites.iter().flat_map(|c| &c.fields));
    for field in fields {
        let FieldKind::Scalar(scalar) = &field.kind else { continue };
        add(format!("{}{} on {provider}", scalar.ty.name(), if field.arity == Arity::List { "[]" } else { "" }));
        if let Some(native) = &scalar.native_type {
            add(format!("{} @db.{} on {provider}", scalar.ty.name(), native.name));
        }
        match &scalar.default {
            Some(DefaultValue::Function(function)) => add(format!("@default({}())", function.name())),
            Some(DefaultValue::Literal(_)) => add(format!("@default of {}", scalar.ty.name())),
            Some(DefaultValue::List(_)) => add("@default of a list".to_owned()),
            None => {}
        }
    }
}

/// A list written by hand of what there is, and what the capability table adds for each provider.
fn all_constructs() -> Vec<String> {
    let mut all: Vec<String> = [
        "1-1",
        "1-n",
        "m-n by a table",
        "m-n by lists",
        "1 fields in a foreign key",
        "2 fields in a foreign key",
        "with itself: true",
        "@default of a list",
        "@@renamedFrom of an enum",
        "@renamedFrom of a value",
        "@@renamedFrom of a model, map: true",
        "@@renamedFrom of a model, map: false",
        "@renamedFrom of a field, map: true",
        "@renamedFrom of a field, map: false",
        "where in Unique of a field on postgresql",
        "ops: raw",
        "preview feature views",
        "preview feature partialIndexes",
        "preview feature postgresqlExtensions",
        "preview feature shardKeys",
    ]
    .map(str::to_owned)
    .into();
    for function in ["autoincrement", "sequence", "now", "uuid", "cuid", "ulid", "nanoid", "dbgenerated", "auto"] {
        all.push(format!("@default({function}())"));
    }
    for scalar in ["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes", "enum"] {
        all.push(format!("@default of {scalar}"));
    }
    for kind in ["PrimaryKey", "Unique"] {
        for argument in ["map", "clustered", "length"] {
            all.push(format!("{argument} in {kind}"));
            all.push(format!("{argument} in {kind} of a field"));
        }
        all.push(format!("name in {kind}"));
    }
    for argument in ["map", "clustered", "length"] {
        all.push(format!("{argument} in Normal"));
    }
    all.push("map in Fulltext".to_owned());
    for provider in Provider::ALL {
        let (name, can) = (provider.name(), provider.capabilities());
        all.push(format!("provider {name}"));
        for native in can.native_types {
            all.extend(native.scalars.iter().map(|scalar| format!("{scalar} @db.{} on {name}", native.name)));
        }
        let scalars = ["String", "Boolean", "Int", "BigInt", "Float", "DateTime", "Bytes", "Unsupported"];
        let some = [("Decimal", can.decimal), ("Json", can.json), ("enum", can.enums)];
        for scalar in scalars.into_iter().chain(some.into_iter().filter_map(|(s, has)| has.then_some(s))) {
            all.push(format!("{scalar} on {name}"));
            let has_list = can.scalar_lists && (scalar != "Json" || can.json_lists) && scalar != "Unsupported";
            all.extend(has_list.then(|| format!("{scalar}[] on {name}")));
        }
        // The default of a relation mode is the one without a word.
        for mode in can.relation_modes {
            all.push(format!("relationMode {} on {name}", mode.name()));
        }
        for action in can.actions(can.relation_modes[0]) {
            all.extend(["onDelete", "onUpdate"].map(|argument| format!("{argument}: {} on {name}", action.name())));
        }
        all.extend(can.index_types.iter().map(|ty| format!("type: {ty} on {name}")));
        all.extend(can.partial_indexes.then(|| format!("where in Normal on {name}")));
        all.extend(can.primary_key_sort.then(|| format!("sort in PrimaryKey on {name}")));
        all.extend(can.fulltext_indexes.then(|| "Fulltext".to_owned()));
        all.push(format!("sort in Normal on {name}"));
    }
    all
}

/// For each construct there is a fixture that passes.
#[test]
fn valid_fixtures_hold_every_construct() {
    let mut found = HashSet::new();
    for source in load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")).unwrap() {
        if let Ok(valid) = parse(vec![source]) {
            constructs(&valid.schema, &mut found);
        }
    }
    let missing: Vec<_> = all_constructs().into_iter().filter(|c| !found.contains(c)).collect();
    assert!(missing.is_empty(), "in no valid fixture:\n{}", missing.join("\n"));
}
