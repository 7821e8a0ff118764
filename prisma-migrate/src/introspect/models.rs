//! Tables as models: their fields, keys and indexes. Relations come after.

use prisma_schema::{
    Arity, DefaultFunction, DefaultValue, Field, FieldId, FieldKind, Index, IndexField, IndexKind, Model, NativeType,
    ScalarField, ScalarType, SortOrder, Span,
};

use super::{Builder, defaults, names, place};
use crate::column::BaseType;
use crate::database::{self, Column, IndexColumn, ObjectName, Table};
use crate::introspect::names::Taken;

impl Builder<'_> {
    pub(super) fn models(&mut self) {
        let database = self.database;
        for table in database.tables.iter().filter(|t| !super::relations::is_join_table(t, database)) {
            let model = self.model(table);
            self.schema.models.push(model);
            self.tables.push(table);
        }
    }

    fn model(&mut self, table: &Table) -> Model {
        let known = self.known.model(&table.name);
        let mut wanted = known.map_or_else(|| names::block(&table.name.name), |m| m.name().to_owned());
        let is_elsewhere = self.database.tables.iter().any(|t| t.name != table.name && t.name.name == table.name.name);
        if let Some(namespace) = table.name.namespace.as_ref().filter(|_| known.is_none() && is_elsewhere) {
            wanted = names::block(&format!("{namespace}_{}", table.name.name));
        }
        let name = self.blocks.take(wanted);
        let mut taken = Taken::default();
        let fields: Vec<_> = table.columns.iter().map(|c| self.field(table, c, &mut taken)).collect();
        Model {
            map: names::map(&name, &table.name.name),
            name,
            schema: self.namespace(&table.name),
            renamed_from: known.and_then(|m| m.data().renamed_from.clone()),
            documentation: known.and_then(|m| m.data().documentation.clone()),
            is_view: false,
            is_ignored: known.is_some_and(|m| m.data().is_ignored),
            indexes: self.indexes(table),
            fields,
            shard_key: Vec::new(),
            span: Span::default(),
            name_span: Span::default(),
        }
    }

    fn field(&mut self, table: &Table, column: &Column, taken: &mut Taken) -> Field {
        let known = self.known.field(&table.name, &column.name);
        let name = taken.take(known.map_or_else(|| names::allowed(&column.name, "field"), |f| f.name().to_owned()));
        let (ty, native) = self.scalar(&table.name, column);
        if let ScalarType::Unsupported(text) = &ty {
            self.warnings.push(format!(
                "the column `{}` of `{}` has the type `{text}`, which the client does not know",
                column.name, table.name
            ));
        }
        let has_sequences = self.schema.provider().capabilities().sequences;
        let mut default = defaults::default(column, &ty, &self.schema.enums, has_sequences, self.flavour);
        let before = known.and_then(|f| f.scalar()).filter(|s| s.ty.name() == ty.name());
        // What the client makes, the database does not know.
        let by_client = |d: &&DefaultValue| {
            use DefaultFunction::{Cuid, Nanoid, Ulid, Uuid};
            matches!(d, DefaultValue::Function(Uuid(_) | Cuid(_) | Ulid | Nanoid(_)))
        };
        if default.is_none() {
            default = before.and_then(|s| s.default.as_ref()).filter(by_client).cloned();
        }
        let arity = match (column.data_type.is_list, column.is_nullable) {
            (true, _) => Arity::List,
            (false, true) => Arity::Optional,
            (false, false) => Arity::Required,
        };
        let prefix = Span::default();
        Field {
            map: names::map(&name, &column.name),
            name,
            renamed_from: known.and_then(|f| f.data().renamed_from.clone()),
            documentation: known.and_then(|f| f.data().documentation.clone()),
            arity,
            kind: FieldKind::Scalar(ScalarField {
                native_type: native.map(|(name, args)| NativeType {
                    name: name.to_owned(),
                    args: args.iter().map(u32::to_string).collect(),
                    span: prefix,
                }),
                default,
                default_map: None,
                is_updated_at: before.is_some_and(|s| s.is_updated_at),
                ty,
            }),
            is_ignored: known.is_some_and(|f| f.data().is_ignored),
            span: Span::default(),
            name_span: Span::default(),
            type_span: Span::default(),
        }
    }

    /// The scalar of a column, and its native type unless it is the usual one.
    fn scalar(&self, table: &ObjectName, column: &Column) -> (ScalarType, Option<(&'static str, Vec<u32>)>) {
        let unsupported = || (ScalarType::Unsupported(column.data_type.base_text()), None);
        let enumeration = |key| self.enums.get(&key).map(|id| (ScalarType::Enum(*id), None));
        match &column.data_type.base {
            BaseType::Enum(name) => enumeration((name.clone(), String::new())).unwrap_or_else(unsupported),
            BaseType::Values(_) => enumeration((table.clone(), column.name.clone())).unwrap_or_else(unsupported),
            BaseType::Native { .. } => {
                let capabilities = self.schema.provider().capabilities();
                self.flavour.scalar(&column.data_type, capabilities).unwrap_or_else(unsupported)
            }
            BaseType::Other(_) => unsupported(),
        }
    }

    fn indexes(&mut self, table: &Table) -> Vec<Index> {
        let mut found = Vec::new();
        if let Some(key) = &table.primary_key {
            let usual = format!("{}_pkey", table.name.name);
            let map = key.name.clone().filter(|name| *name != usual);
            found.extend(self.index(table, IndexKind::PrimaryKey, &key.columns, map));
        }
        let manages_partial =
            self.schema.generators.iter().any(|g| g.preview_features.iter().any(|f| f == "partialIndexes"));
        for index in &table.indexes {
            if index.predicate.is_some() && !manages_partial {
                self.warnings.push(format!(
                    "the index `{}` of `{}` is partial, which needs the preview feature `partialIndexes`; it is left out",
                    index.name, table.name
                ));
                continue;
            }
            // The index that a foreign key brought is made with it.
            let is_implied =
                |k: &database::ForeignKey| k.columns == index.column_names() && k.name.as_ref() == Some(&index.name);
            if self.flavour.indexes_foreign_keys() && !index.is_unique() && table.foreign_keys.iter().any(is_implied) {
                continue;
            }
            let (kind, suffix) = match index.kind {
                database::IndexKind::Unique => (IndexKind::Unique, "_key"),
                database::IndexKind::Normal => (IndexKind::Normal, "_idx"),
                database::IndexKind::Fulltext => (IndexKind::Fulltext, "_idx"),
            };
            let usual = format!("{}_{}{suffix}", table.name.name, index.column_names().join("_"));
            let is_named = self.flavour.names_constraints() || !index.is_constraint;
            let map = Some(index.name.clone()).filter(|name| is_named && *name != usual);
            let Some(mut made) = self.index(table, kind, &index.columns, map) else { continue };
            made.algorithm = index.algorithm.as_ref().map(|algorithm| {
                let types = self.schema.provider().capabilities().index_types;
                types.iter().find(|t| t.eq_ignore_ascii_case(algorithm)).map_or(algorithm.clone(), |t| (*t).to_owned())
            });
            made.predicate.clone_from(&index.predicate);
            made.name = self.accessor(table, index);
            found.push(made);
        }
        // Keys of fields stand before those of the block.
        found.sort_by_key(|i| (i.kind != IndexKind::PrimaryKey, !i.on_field));
        found
    }

    /// The name in the client of a compound key, where the schema gave one.
    fn accessor(&self, table: &Table, index: &database::Index) -> Option<String> {
        let is_same = |i: &prisma_schema::IndexWalker<'_>| {
            i.kind() == IndexKind::Unique
                && i.fields().map(|f| f.database_name()).eq(index.columns.iter().map(|c| &c.name))
        };
        self.known.model(&table.name)?.indexes().find(is_same)?.data().name.clone()
    }

    fn index(&self, table: &Table, kind: IndexKind, columns: &[IndexColumn], map: Option<String>) -> Option<Index> {
        let field = |column: &IndexColumn| {
            let at = table.columns.iter().position(|c| c.name == column.name)?;
            let class = column.operator_class.as_ref().filter(|c| !c.is_usual);
            Some(IndexField {
                field: FieldId(place(at)),
                path: Vec::new(),
                sort: column.is_descending.then_some(SortOrder::Desc),
                length: column.length,
                operator_class: class.map(|c| format!("raw(\"{}\")", c.name)),
            })
        };
        let fields: Vec<_> = columns.iter().map(field).collect::<Option<_>>()?;
        let is_key = matches!(kind, IndexKind::PrimaryKey | IndexKind::Unique);
        Some(Index {
            kind,
            on_field: is_key && fields.len() == 1,
            fields,
            name: None,
            map,
            algorithm: None,
            clustered: None,
            predicate: None,
            span: Span::default(),
        })
    }

    /// The client cannot tell records apart that have no key.
    pub(super) fn ignore_what_has_no_key(&mut self) {
        for model in 0..self.schema.models.len() {
            let data = &self.schema.models[model];
            let can_be_key = |i: &Index| {
                let is_required = |f: &IndexField| {
                    data.fields.get(f.field.0 as usize).is_some_and(|field| {
                        let is_known =
                            matches!(&field.kind, FieldKind::Scalar(s) if !matches!(s.ty, ScalarType::Unsupported(_)));
                        is_known && field.arity == Arity::Required
                    })
                };
                matches!(i.kind, IndexKind::PrimaryKey | IndexKind::Unique)
                    && i.predicate.is_none()
                    && i.fields.iter().all(is_required)
            };
            if !data.indexes.iter().any(can_be_key) {
                self.warnings.push(format!(
                    "the table `{}` has no key of required columns, so that the client cannot tell its records apart: the model is ignored",
                    self.tables[model].name
                ));
                self.schema.models[model].is_ignored = true;
            }
        }
        // What leads to an ignored model is ignored too.
        let ignored: Vec<bool> = self.schema.models.iter().map(|m| m.is_ignored).collect();
        for model in &mut self.schema.models {
            if model.is_ignored {
                // All of it is ignored already.
                model.fields.iter_mut().for_each(|f| f.is_ignored = false);
                continue;
            }
            for field in &mut model.fields {
                match &field.kind {
                    FieldKind::Relation(relation) => {
                        field.is_ignored |= ignored.get(relation.related_model.0 as usize).copied().unwrap_or(false);
                    }
                    // No client sees it as it is.
                    FieldKind::Scalar(s) if matches!(s.ty, ScalarType::Unsupported(_)) => field.is_ignored = false,
                    _ => {}
                }
            }
        }
    }
}
