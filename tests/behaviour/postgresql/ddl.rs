//! The tables of a schema.

use std::fmt::Write;

use prisma_schema::{
    Arity, DefaultFunction, DefaultValue, FieldWalker, IndexKind, ReferentialAction, RelationKind, ScalarType, Schema,
};

pub fn script(schema: &Schema) -> String {
    let mut sql = String::new();
    for e in schema.walk_enums() {
        let values: Vec<_> = e.values().iter().map(|v| format!("'{}'", v.database_name())).collect();
        writeln!(sql, "CREATE TYPE {} AS ENUM ({});", quote(e.database_name()), values.join(", ")).unwrap();
    }
    for model in schema.walk_models() {
        let columns: Vec<_> = model.scalar_fields().map(|f| column(schema, f)).collect();
        writeln!(sql, "CREATE TABLE {} ({});", quote(model.database_name()), columns.join(", ")).unwrap();
        for index in model.indexes() {
            let fields: Vec<_> = index.fields().map(|f| quote(f.database_name())).collect();
            let (table, fields, name) =
                (quote(model.database_name()), fields.join(", "), quote(&index.database_name()));
            match index.kind() {
                IndexKind::PrimaryKey => {
                    writeln!(sql, "ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY ({fields});")
                }
                IndexKind::Unique => writeln!(sql, "CREATE UNIQUE INDEX {name} ON {table} ({fields});"),
                _ => writeln!(sql, "CREATE INDEX {name} ON {table} ({fields});"),
            }
            .unwrap();
        }
    }
    for relation in schema.walk_relations() {
        match &relation.data().kind {
            RelationKind::ForeignKey(key) => {
                let (model, other) = (schema.model(key.model), schema.model(key.referenced_model));
                let names = |fields: Vec<FieldWalker<'_>>| {
                    fields.iter().map(|f| quote(f.database_name())).collect::<Vec<_>>().join(", ")
                };
                writeln!(
                    sql,
                    "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {} ON UPDATE {};",
                    quote(model.database_name()),
                    quote(&relation.constraint_name().unwrap()),
                    names(key.fields.iter().map(|&f| model.field(f)).collect()),
                    quote(other.database_name()),
                    names(key.references.iter().map(|&f| other.field(f)).collect()),
                    action(relation.on_delete()),
                    action(relation.on_update()),
                )
                .unwrap();
            }
            RelationKind::JoinTable(join) => {
                let end = |model: prisma_schema::ModelId| {
                    let key = schema.model(model).identifier().unwrap().fields().next().unwrap();
                    (quote(schema.model(model).database_name()), quote(key.database_name()), native(schema, key))
                };
                let (a, b) = (end(join.a.0), end(join.b.0));
                writeln!(
                    sql,
                    "CREATE TABLE {} (\"A\" {} NOT NULL REFERENCES {} ({}) ON DELETE CASCADE ON UPDATE CASCADE, \"B\" {} NOT NULL \
                     REFERENCES {} ({}) ON DELETE CASCADE ON UPDATE CASCADE, PRIMARY KEY (\"A\", \"B\"));",
                    quote(&join.table),
                    a.2,
                    a.0,
                    a.1,
                    b.2,
                    b.0,
                    b.1
                )
                .unwrap();
            }
            RelationKind::KeyLists(_) => {}
        }
    }
    sql
}

fn quote(name: &str) -> String {
    format!("\"{name}\"")
}

fn column(schema: &Schema, field: FieldWalker<'_>) -> String {
    let scalar = field.scalar().unwrap();
    let ty = match &scalar.default {
        Some(DefaultValue::Function(DefaultFunction::Autoincrement)) => "SERIAL".to_owned(),
        _ => native(schema, field),
    };
    let suffix = match field.arity() {
        Arity::Required => " NOT NULL",
        Arity::Optional => "",
        Arity::List => "[]",
    };
    format!("{} {ty}{suffix}", quote(field.database_name()))
}

fn native(schema: &Schema, field: FieldWalker<'_>) -> String {
    let scalar = field.scalar().unwrap();
    if let Some(native) = &scalar.native_type {
        let args = if native.args.is_empty() { String::new() } else { format!("({})", native.args.join(", ")) };
        let name = if native.name == "DoublePrecision" { "DOUBLE PRECISION" } else { &native.name };
        return match name {
            "Timetz" | "Timestamptz" => format!("{name}{args}"),
            name => format!("{name}{args}"),
        };
    }
    match &scalar.ty {
        ScalarType::String => "TEXT",
        ScalarType::Boolean => "BOOLEAN",
        ScalarType::Int => "INTEGER",
        ScalarType::BigInt => "BIGINT",
        ScalarType::Float => "DOUBLE PRECISION",
        ScalarType::Decimal => "DECIMAL(65,30)",
        ScalarType::DateTime => "TIMESTAMP(3)",
        ScalarType::Json => "JSONB",
        ScalarType::Bytes => "BYTEA",
        ScalarType::Enum(id) => return quote(schema.enumeration(*id).database_name()),
        ScalarType::Unsupported(text) => text,
    }
    .to_owned()
}

fn action(action: Option<ReferentialAction>) -> &'static str {
    match action {
        Some(ReferentialAction::Cascade) => "CASCADE",
        Some(ReferentialAction::Restrict) => "RESTRICT",
        Some(ReferentialAction::SetNull) => "SET NULL",
        Some(ReferentialAction::SetDefault) => "SET DEFAULT",
        _ => "NO ACTION",
    }
}
