//! A schema as DMMF, the JSON in which Prisma hands it to generators and other tools.

use serde_json::{Map, Value, json};

use crate::{
    Arity, CompositeType, DefaultFunction, DefaultValue, EnumWalker, Field, FieldKind, FieldWalker, IndexKind,
    IndexWalker, Link, Literal, ModelWalker, NativeType, ScalarField, ScalarType, Schema, SortOrder,
};

impl Schema {
    /// The schema as a DMMF document: `{"datamodel": {"models": […], "enums": […], "types": […], "indexes": […]}}`.
    ///
    /// As in Prisma, it holds what a client sees: what is ignored or `Unsupported` is left out.
    pub fn to_dmmf(&self) -> Value {
        let models: Vec<_> = self.walk_models().filter(|m| !m.data().is_ignored).collect();
        json!({
            "datamodel": {
                "enums": self.walk_enums().map(enumeration).collect::<Vec<_>>(),
                "models": models.iter().map(|m| model(*m)).collect::<Vec<_>>(),
                "types": self.composites.iter().map(|c| composite(self, c)).collect::<Vec<_>>(),
                "indexes": models.iter().flat_map(|m| m.indexes()).map(index).collect::<Vec<_>>(),
            },
        })
    }
}

/// An object under construction, some of whose members may be absent.
struct Object(Map<String, Value>);

impl Object {
    fn new(members: Value) -> Self {
        match members {
            Value::Object(map) => Self(map),
            _ => Self(Map::new()),
        }
    }

    fn with_if(mut self, key: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.0.insert(key.to_owned(), value.into());
        }
        self
    }

    fn finish(self) -> Value {
        Value::Object(self.0)
    }
}

fn enumeration(walker: EnumWalker<'_>) -> Value {
    let values = walker.values().iter().map(|value| {
        Object::new(json!({ "name": value.name, "dbName": value.map }))
            .with_if("documentation", value.documentation.clone())
            .finish()
    });
    let data = walker.data();
    Object::new(json!({ "name": data.name, "values": values.collect::<Vec<_>>(), "dbName": data.map }))
        .with_if("documentation", data.documentation.clone())
        .finish()
}

fn model(model: ModelWalker<'_>) -> Value {
    let data = model.data();
    let primary_key = model.primary_key().filter(|key| key.data().fields.len() > 1).map(named_fields);
    let uniques: Vec<_> = model.unique_keys().filter(|key| is_compound_unique(*key)).collect();
    Object::new(json!({
        "name": data.name,
        "dbName": data.map,
        "schema": data.schema,
        "fields": model.fields().filter(|f| f.is_in_client()).map(model_field).collect::<Vec<_>>(),
        "primaryKey": primary_key,
        "uniqueFields": uniques.iter().map(|key| paths(*key)).collect::<Vec<_>>(),
        "uniqueIndexes": uniques.iter().map(|key| named_fields(*key)).collect::<Vec<_>>(),
        "isGenerated": false,
    }))
    .with_if("documentation", data.documentation.clone())
    .finish()
}

fn composite(schema: &Schema, composite: &CompositeType) -> Value {
    let fields: Vec<_> = composite.fields.iter().map(|f| field(schema, f, None).finish()).collect();
    Object::new(json!({
        "name": composite.name,
        "dbName": null,
        "schema": null,
        "fields": fields,
        "primaryKey": null,
        "uniqueFields": [],
        "uniqueIndexes": [],
    }))
    .with_if("documentation", composite.documentation.clone())
    .finish()
}

/// Whether it is a unique key that no field shows by `isUnique`.
fn is_compound_unique(key: IndexWalker<'_>) -> bool {
    key.kind() == IndexKind::Unique
        && key.data().fields.iter().any(|f| key.data().fields.len() > 1 || !f.path.is_empty())
}

fn named_fields(key: IndexWalker<'_>) -> Value {
    json!({ "name": key.data().name, "fields": paths(key) })
}

/// The names of an index' fields; of one within a composite type, with the way to it.
fn paths(key: IndexWalker<'_>) -> Vec<String> {
    let path = |(part, field): (&crate::IndexField, FieldWalker<'_>)| {
        let inner = field.composite_path(&part.path);
        let names = std::iter::once(field.name()).chain(inner.into_iter().map(|f| f.name.as_str()));
        names.collect::<Vec<_>>().join(".")
    };
    key.data().fields.iter().zip(key.fields()).map(path).collect()
}

fn model_field(walker: FieldWalker<'_>) -> Value {
    let mut object = field(walker.model().schema(), walker.data(), Some(walker));
    if let Some(relation) = walker.relation() {
        let names = |model: Option<ModelWalker<'_>>, fields: &[crate::FieldId]| -> Vec<String> {
            model.map(|m| fields.iter().map(|f| m.field(*f).name().to_owned()).collect()).unwrap_or_default()
        };
        let (mut from, mut to, mut key) = (&[][..], &[][..], None);
        let lists = walker.key_lists().map(|(own, _)| ([own.keys], [own.references]));
        if let Some(Link::Owning { fields, references, key: k }) = walker.link() {
            (from, to, key) = (fields, references, Some(k));
        } else if let Some((keys, references)) = &lists {
            (from, to) = (keys, references);
        }
        object = object
            .with_if("relationName", Some(relation.name()))
            .with_if("relationFromFields", Some(names(Some(walker.model()), from)))
            .with_if("relationToFields", Some(names(walker.related_model(), to)))
            .with_if("relationOnDelete", key.and_then(|k| k.on_delete).map(|a| a.name()))
            .with_if("relationOnUpdate", key.and_then(|k| k.on_update).map(|a| a.name()));
    }
    object.finish()
}

/// What fields of models and of composite types have in common; of a model's field, with its keys.
fn field(schema: &Schema, data: &Field, walker: Option<FieldWalker<'_>>) -> Object {
    let (kind, ty) = match &data.kind {
        FieldKind::Scalar(ScalarField { ty: ScalarType::Enum(id), .. }) => ("enum", schema.enumeration(*id).name()),
        FieldKind::Scalar(ScalarField { ty: ScalarType::Unsupported(text), .. }) => ("unsupported", text.as_str()),
        FieldKind::Scalar(scalar) => ("scalar", scalar.ty.name()),
        FieldKind::Relation(relation) => ("object", schema.model(relation.related_model).name()),
        FieldKind::Composite(id) => ("object", schema.composites[id.0 as usize].name.as_str()),
    };
    let scalar = match &data.kind {
        FieldKind::Scalar(scalar) => Some(scalar),
        _ => None,
    };
    let default = scalar.and_then(|s| Some((s, s.default.as_ref()?)));
    let is_single = |kind: IndexKind| {
        walker.is_some_and(|field| {
            let mut keys = field.model().unique_keys().filter(|i| i.kind() == kind);
            keys.any(|i| matches!(&i.data().fields[..], [f] if f.field == field.id() && f.path.is_empty()))
        })
    };
    Object::new(json!({
        "name": data.name,
        "kind": kind,
        "isList": data.arity == Arity::List,
        "isRequired": data.arity != Arity::Optional,
        "isUnique": is_single(IndexKind::Unique),
        "isId": is_single(IndexKind::PrimaryKey),
        "isReadOnly": walker.is_some_and(holds_foreign_key),
        "hasDefaultValue": default.is_some(),
        "type": ty,
        "nativeType": scalar.and_then(|s| s.native_type.as_ref()).map(native_type),
        "isGenerated": false,
        "isUpdatedAt": scalar.is_some_and(|s| s.is_updated_at),
    }))
    .with_if("dbName", data.map.clone())
    .with_if("default", default.map(|(scalar, default)| default_value(scalar, default)))
    .with_if("documentation", data.documentation.clone())
}

/// Whether the field is set through a relation.
fn holds_foreign_key(field: FieldWalker<'_>) -> bool {
    let mut relations = field.model().fields().filter(|f| f.relation_field().is_some());
    relations.any(|relation| match (relation.link(), relation.key_lists()) {
        (Some(Link::Owning { fields, .. }), _) => fields.contains(&field.id()),
        (_, Some((own, _))) => own.keys == field.id(),
        _ => false,
    })
}

fn native_type(native: &NativeType) -> Value {
    json!([native.name, native.args])
}

fn default_value(scalar: &ScalarField, default: &DefaultValue) -> Value {
    match default {
        DefaultValue::Literal(value) => literal(scalar, value),
        DefaultValue::List(values) => values.iter().map(|v| literal(scalar, v)).collect(),
        DefaultValue::Function(function) => {
            let args: Vec<Value> = match function {
                DefaultFunction::Uuid(n) | DefaultFunction::Cuid(n) => vec![(*n).into()],
                // The length that `nanoid()` has without an argument.
                DefaultFunction::Nanoid(21) => Vec::new(),
                DefaultFunction::Nanoid(n) => vec![(*n).into()],
                DefaultFunction::DbGenerated(sql) => sql.iter().map(|s| s.as_str().into()).collect(),
                DefaultFunction::Sequence(options) => {
                    options.iter().map(|(key, value)| format!("{key}: {value}").into()).collect()
                }
                DefaultFunction::Autoincrement
                | DefaultFunction::Now
                | DefaultFunction::Ulid
                | DefaultFunction::Auto => Vec::new(),
            };
            json!({ "name": function.name(), "args": args })
        }
    }
}

/// Numbers that JSON readers round are text, as in Prisma.
fn literal(scalar: &ScalarField, literal: &Literal) -> Value {
    match literal {
        Literal::Boolean(value) => (*value).into(),
        Literal::String(text) | Literal::EnumValue(text) => text.as_str().into(),
        Literal::Number(text) => match scalar.ty {
            ScalarType::Int => text.parse::<i64>().map_or_else(|_| text.as_str().into(), Value::from),
            ScalarType::Float | ScalarType::Decimal => {
                text.parse::<f64>().map_or_else(|_| text.as_str().into(), Value::from)
            }
            _ => text.as_str().into(),
        },
    }
}

fn index(index: IndexWalker<'_>) -> Value {
    let data = index.data();
    let kind = match data.kind {
        IndexKind::PrimaryKey => "id",
        IndexKind::Unique => "unique",
        IndexKind::Normal => "normal",
        IndexKind::Fulltext => "fulltext",
    };
    let fields = data.fields.iter().zip(paths(index)).map(|(part, name)| {
        let order = part.sort.map(|sort| match sort {
            SortOrder::Asc => "asc",
            SortOrder::Desc => "desc",
        });
        Object::new(json!({ "name": name }))
            .with_if("sortOrder", order)
            .with_if("length", part.length)
            .with_if("operatorClass", part.operator_class.clone())
            .finish()
    });
    Object::new(json!({
        "model": index.model().name(),
        "type": kind,
        "isDefinedOnField": data.on_field,
        "fields": fields.collect::<Vec<_>>(),
    }))
    .with_if("name", data.name.clone())
    .with_if("dbName", data.map.clone())
    .with_if("algorithm", data.algorithm.clone())
    .with_if("clustered", data.clustered)
    .finish()
}
