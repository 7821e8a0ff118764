//! From a Prisma schema to the database that it wants.

use prisma_schema::{
    Arity, DefaultFunction, DefaultValue, FieldId, FieldWalker, IndexKind, IndexWalker, JoinTable, Link, ModelId,
    ModelWalker, ReferentialAction, RelationKind, RelationMode, ScalarField, ScalarType, Schema, SortOrder,
};

use crate::database::{Column, DatabaseSchema, ForeignKey, Index, IndexColumn, PrimaryKey, Table};
use crate::flavour::Flavour;

pub(crate) fn calculate(schema: &Schema, flavour: &dyn Flavour) -> DatabaseSchema {
    let models = schema.walk_models().filter(|m| !m.data().is_view).map(|m| table(m, flavour));
    let joins = schema.relations.iter().filter_map(|r| match &r.kind {
        RelationKind::JoinTable(join) => Some(join_table(schema, join, flavour)),
        _ => None,
    });
    DatabaseSchema { tables: models.chain(joins).collect(), views: Vec::new() }
}

fn table(model: ModelWalker<'_>, flavour: &dyn Flavour) -> Table {
    let is_named = model.schema().provider().capabilities().named_primary_keys;
    Table {
        name: model.database_name().to_owned(),
        columns: model.scalar_fields().filter_map(|f| Some(column(f, f.scalar()?, flavour))).collect(),
        primary_key: model
            .primary_key()
            .map(|key| PrimaryKey { name: is_named.then(|| key.database_name()), columns: names(key.fields()) }),
        indexes: model.indexes().filter(|i| i.kind() != IndexKind::PrimaryKey).map(index).collect(),
        foreign_keys: foreign_keys(model),
        ..Table::default()
    }
}

fn names<'s>(fields: impl Iterator<Item = FieldWalker<'s>>) -> Vec<String> {
    fields.map(|f| f.database_name().to_owned()).collect()
}

fn column(field: FieldWalker<'_>, scalar: &ScalarField, flavour: &dyn Flavour) -> Column {
    let default = match &scalar.default {
        Some(DefaultValue::Literal(literal)) => {
            Some(flavour.literal(&scalar.ty, literal, enum_value(field, &scalar.ty, literal)))
        }
        Some(DefaultValue::Function(DefaultFunction::Now)) => Some("CURRENT_TIMESTAMP".to_owned()),
        Some(DefaultValue::Function(DefaultFunction::DbGenerated(Some(sql)))) => Some(format!("({sql})")),
        _ => None,
    };
    let autoincrement = Some(DefaultValue::Function(DefaultFunction::Autoincrement));
    Column {
        name: field.database_name().to_owned(),
        data_type: flavour.data_type(field, &scalar.ty),
        is_nullable: field.arity() == Arity::Optional,
        default,
        is_autoincrement: scalar.default == autoincrement,
    }
}

/// What the database holds for an enum's value.
fn enum_value<'s>(field: FieldWalker<'s>, ty: &ScalarType, literal: &prisma_schema::Literal) -> Option<&'s str> {
    let (ScalarType::Enum(id), prisma_schema::Literal::EnumValue(name)) = (ty, literal) else { return None };
    let values = field.model().schema().enumeration(*id).values();
    values.iter().find(|v| v.name == *name).map(|v| v.database_name())
}

fn index(index: IndexWalker<'_>) -> Index {
    let columns = index.data().fields.iter().map(|f| IndexColumn {
        name: index.model().field(f.field).database_name().to_owned(),
        is_descending: f.sort == Some(SortOrder::Desc),
    });
    Index {
        name: index.database_name(),
        is_unique: index.kind() == IndexKind::Unique,
        is_constraint: false,
        columns: columns.collect(),
        predicate: index.data().predicate.clone(),
    }
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
            referenced_table: related.database_name().to_owned(),
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
    let mut table = Table { name: join.table.clone(), ..Table::default() };
    for (name, (model, _)) in [("A", join.a), ("B", join.b)] {
        let Some((model, id)) = single_id(schema, model) else { continue };
        let Some(scalar) = model.field(id).scalar() else { continue };
        table.columns.push(Column {
            name: name.to_owned(),
            data_type: flavour.data_type(model.field(id), &scalar.ty),
            ..Column::default()
        });
        if has_keys {
            table.foreign_keys.push(ForeignKey {
                name: Some(format!("{}_{name}_fkey", join.table)),
                columns: vec![name.to_owned()],
                referenced_table: model.database_name().to_owned(),
                referenced_columns: vec![model.field(id).database_name().to_owned()],
                on_delete: ReferentialAction::Cascade,
                on_update: ReferentialAction::Cascade,
            });
        }
    }
    table.indexes = flavour.join_table_indexes(&table);
    table
}

fn single_id(schema: &Schema, model: ModelId) -> Option<(ModelWalker<'_>, FieldId)> {
    let model = schema.model(model);
    let id = model.primary_key()?.fields().next()?.id();
    Some((model, id))
}
