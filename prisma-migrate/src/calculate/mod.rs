//! From a Prisma schema to the database that it wants.

mod renames;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prisma_schema::{
    Arity, DefaultFunction, DefaultValue, EnumId, FieldId, FieldWalker, IndexField, IndexWalker, JoinTable, Link,
    Literal, ModelId, ModelWalker, ReferentialAction, RelationKind, RelationMode, ScalarField, ScalarType, Schema,
    SortOrder,
};

use crate::column::{Autoincrement, ColumnDefault, SequenceOptions};
use crate::database::{
    Column, DatabaseSchema, EnumType, EnumUse, EnumUseDefinition, Extension, ForeignKey, Index, IndexColumn, IndexKind,
    ObjectName, OperatorClass, PrimaryKey, Table,
};
use crate::flavour::Flavour;

pub(crate) fn calculate(schema: &Schema, flavour: &dyn Flavour) -> DatabaseSchema {
    let models = schema.walk_models().filter(|m| !m.data().is_view).map(|m| table(m, flavour));
    let mut joins: Vec<&JoinTable> = schema
        .relations
        .iter()
        .filter_map(|r| match &r.kind {
            RelationKind::JoinTable(join) => Some(join),
            _ => None,
        })
        .collect();
    joins.sort_by_key(|join| (join.a.0, join.b.0));
    let joins = joins.into_iter().map(|join| join_table(schema, join, flavour));
    let enums = schema
        .walk_enums()
        .map(|e| EnumType {
            name: enum_name(schema, e),
            values: e.values().iter().map(|v| v.database_name().to_owned()).collect(),
            uses: enum_uses(schema, e.id(), flavour),
        })
        .filter(|_| flavour.has_enum_types());
    let extensions = schema.datasource.extensions.iter().map(|e| Extension {
        name: e.map.clone().unwrap_or_else(|| e.name.clone()),
        schema: e.schema.clone(),
        version: e.version.clone(),
    });
    DatabaseSchema {
        renames: renames::renames(schema, flavour),
        namespaces: schema.datasource.schemas.clone(),
        extensions: extensions.collect(),
        enums: enums.collect(),
        tables: models.chain(joins).collect(),
        views: Vec::new(),
        remarks: Vec::new(),
        manages_partial_indexes: schema
            .generators
            .iter()
            .any(|g| g.preview_features.iter().any(|f| f == "partialIndexes")),
    }
}

/// The partial indexes whose conditions may name values of an enum.
fn enum_uses(schema: &Schema, id: EnumId, flavour: &dyn Flavour) -> Vec<EnumUse> {
    let partial = schema.walk_models().flat_map(|m| m.indexes().filter(|i| i.data().predicate.is_some()));
    let found = partial.filter_map(|walker| {
        let predicate = walker.data().predicate.as_deref()?;
        let holds = |f: &FieldWalker<'_>| f.scalar().is_some_and(|s| s.ty == ScalarType::Enum(id));
        let columns =
            names(walker.model().scalar_fields().filter(holds).filter(|f| predicate.contains(f.database_name())));
        let index = index(walker, flavour).filter(|_| !columns.is_empty())?;
        Some(EnumUse {
            table: table_name(walker.model()),
            name: index.name.clone(),
            columns,
            definition: EnumUseDefinition::Index(index),
        })
    });
    found.collect()
}

/// A name in the database, with its namespace where there are several.
fn object_name(schema: &Schema, namespace: Option<&String>, name: &str) -> ObjectName {
    ObjectName::new(namespace.filter(|_| !schema.datasource.schemas.is_empty()), name)
}

fn table_name(model: ModelWalker<'_>) -> ObjectName {
    object_name(model.schema(), model.data().schema.as_ref(), model.database_name())
}

/// The name of an enum's type.
pub(crate) fn enum_name(schema: &Schema, enumeration: prisma_schema::EnumWalker<'_>) -> ObjectName {
    object_name(schema, enumeration.data().schema.as_ref(), enumeration.database_name())
}

fn table(model: ModelWalker<'_>, flavour: &dyn Flavour) -> Table {
    let is_named = model.schema().provider().capabilities().named_primary_keys;
    Table {
        name: table_name(model),
        columns: model.scalar_fields().filter_map(|f| Some(column(f, f.scalar()?, flavour))).collect(),
        primary_key: model.primary_key().map(|key| PrimaryKey {
            name: is_named.then(|| key.database_name()),
            columns: index_columns(key, flavour),
        }),
        indexes: indexes(model, flavour),
        foreign_keys: foreign_keys(model),
        ..Table::default()
    }
}

fn names<'s>(fields: impl Iterator<Item = FieldWalker<'s>>) -> Vec<String> {
    fields.map(|f| f.database_name().to_owned()).collect()
}

/// What the column of a field is to be.
pub(crate) fn column(field: FieldWalker<'_>, scalar: &ScalarField, flavour: &dyn Flavour) -> Column {
    let literal = |literal: &Literal| constant(field, &scalar.ty, literal);
    let (mut default, mut autoincrement) = (None, None);
    match &scalar.default {
        Some(DefaultValue::Literal(value)) => default = Some(literal(value)),
        Some(DefaultValue::List(values)) => default = Some(ColumnDefault::List(values.iter().map(literal).collect())),
        Some(DefaultValue::Function(DefaultFunction::Now)) => default = Some(ColumnDefault::Now),
        Some(DefaultValue::Function(DefaultFunction::DbGenerated(sql))) => {
            default = sql.clone().map(ColumnDefault::Expression);
        }
        Some(DefaultValue::Function(DefaultFunction::Autoincrement)) => autoincrement = Some(Autoincrement::default()),
        Some(DefaultValue::Function(DefaultFunction::Sequence(options))) => autoincrement = Some(sequence(options)),
        _ => {}
    }
    Column {
        name: field.database_name().to_owned(),
        data_type: flavour.column_type(field, scalar),
        is_nullable: field.arity() == Arity::Optional,
        default,
        autoincrement,
        ..Column::default()
    }
}

fn constant(field: FieldWalker<'_>, ty: &ScalarType, literal: &Literal) -> ColumnDefault {
    match literal {
        Literal::String(text) if *ty == ScalarType::Bytes => match STANDARD.decode(text) {
            Ok(bytes) => ColumnDefault::Bytes(bytes),
            Err(_) => ColumnDefault::Text(text.clone()),
        },
        Literal::String(text) => ColumnDefault::Text(text.clone()),
        Literal::Number(number) => ColumnDefault::Number(number.clone()),
        Literal::Boolean(value) => ColumnDefault::Boolean(*value),
        Literal::EnumValue(name) => ColumnDefault::Text(enum_value(field, ty, name).unwrap_or(name).to_owned()),
    }
}

/// What the database holds for an enum's value.
fn enum_value<'s>(field: FieldWalker<'s>, ty: &ScalarType, name: &str) -> Option<&'s str> {
    let ScalarType::Enum(id) = ty else { return None };
    let values = field.model().schema().enumeration(*id).values();
    values.iter().find(|v| v.name == name).map(|v| v.database_name())
}

fn sequence(options: &[(String, String)]) -> Autoincrement {
    let number = |key: &str| options.iter().find(|(k, _)| k == key).and_then(|(_, value)| value.parse().ok());
    let options = SequenceOptions {
        is_virtual: options.iter().any(|(key, value)| key == "virtual" && value == "true"),
        cache: number("cache"),
        start: number("start"),
        increment: number("increment"),
        min_value: number("minValue"),
        max_value: number("maxValue"),
    };
    Autoincrement { sequence: None, is_identity: true, options }
}

fn index_columns(index: IndexWalker<'_>, flavour: &dyn Flavour) -> Vec<IndexColumn> {
    let column = |f: &IndexField| IndexColumn {
        name: index.model().field(f.field).database_name().to_owned(),
        is_descending: f.sort == Some(SortOrder::Desc),
        length: f.length,
        operator_class: f
            .operator_class
            .as_deref()
            .map(|class| OperatorClass { name: flavour.operator_class(class), is_usual: false }),
    };
    index.data().fields.iter().map(column).collect()
}

/// Uniques of fields, then indexes, then uniques of the block: as Prisma makes them.
fn indexes(model: ModelWalker<'_>, flavour: &dyn Flavour) -> Vec<Index> {
    let mut walkers: Vec<_> = model.indexes().collect();
    walkers.sort_by_key(|i| (!i.data().on_field, i.kind() == prisma_schema::IndexKind::Unique));
    walkers.into_iter().filter_map(|i| index(i, flavour)).collect()
}

fn index(index: IndexWalker<'_>, flavour: &dyn Flavour) -> Option<Index> {
    let kind = match index.kind() {
        prisma_schema::IndexKind::PrimaryKey => return None,
        prisma_schema::IndexKind::Unique => IndexKind::Unique,
        prisma_schema::IndexKind::Normal => IndexKind::Normal,
        prisma_schema::IndexKind::Fulltext => IndexKind::Fulltext,
    };
    let usual = index.model().schema().provider().capabilities().index_types.first();
    Some(Index {
        name: index.database_name(),
        kind,
        is_constraint: false,
        algorithm: index.data().algorithm.as_ref().filter(|a| Some(&a.as_str()) != usual).map(|a| a.to_lowercase()),
        columns: index_columns(index, flavour),
        predicate: index.data().predicate.clone(),
    })
}

fn foreign_keys(model: ModelWalker<'_>) -> Vec<ForeignKey> {
    if model.schema().datasource.relation_mode == RelationMode::Prisma {
        return Vec::new();
    }
    let key = |field: FieldWalker<'_>| {
        let relation = field.relation()?;
        let Link::Owning { fields, references, .. } = field.link()? else { return None };
        let related = field.related_model().filter(|m| !m.data().is_view)?;
        Some(ForeignKey {
            name: relation.constraint_name(),
            columns: names(fields.iter().map(|f| model.field(*f))),
            referenced_table: table_name(related),
            referenced_columns: names(references.iter().map(|f| related.field(*f))),
            on_delete: relation.on_delete()?,
            on_update: relation.on_update()?,
        })
    };
    model.fields().filter_map(key).collect()
}

/// The table of an implicit m-n relation.
fn join_table(schema: &Schema, join: &JoinTable, flavour: &dyn Flavour) -> Table {
    let has_keys = schema.datasource.relation_mode == RelationMode::ForeignKeys;
    let namespace = schema.model(join.a.0).data().schema.as_ref();
    let mut table = Table { name: object_name(schema, namespace, &join.table), ..Table::default() };
    for (name, (model, _)) in [("A", join.a), ("B", join.b)] {
        let Some((model, id)) = single_id(schema, model) else { continue };
        let Some(scalar) = model.field(id).scalar() else { continue };
        table.columns.push(Column {
            name: name.to_owned(),
            data_type: flavour.column_type(model.field(id), scalar),
            ..Column::default()
        });
        if has_keys {
            table.foreign_keys.push(ForeignKey {
                name: Some(schema.fitted_name(&join.table, &format!("_{name}_fkey"))),
                columns: vec![name.to_owned()],
                referenced_table: table_name(model),
                referenced_columns: vec![model.field(id).database_name().to_owned()],
                on_delete: ReferentialAction::Cascade,
                on_update: ReferentialAction::Cascade,
            });
        }
    }
    let both = vec![IndexColumn::plain("A"), IndexColumn::plain("B")];
    if flavour.join_tables_have_keys() {
        let name = Some(schema.fitted_name(&join.table, "_AB_pkey"));
        table.primary_key = Some(PrimaryKey { name, columns: both });
    } else {
        let name = schema.fitted_name(&join.table, "_AB_unique");
        table.indexes.push(Index { name, kind: IndexKind::Unique, columns: both, ..Index::default() });
    }
    let name = schema.fitted_name(&join.table, "_B_index");
    table.indexes.push(Index { name, columns: vec![IndexColumn::plain("B")], ..Index::default() });
    table
}

fn single_id(schema: &Schema, model: ModelId) -> Option<(ModelWalker<'_>, FieldId)> {
    let model = schema.model(model);
    let id = model.primary_key()?.fields().next()?.id();
    Some((model, id))
}
