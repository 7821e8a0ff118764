//! Primary keys, uniques and indexes, of fields and of blocks.

use std::collections::HashSet;

use super::Resolver;
use super::arguments::{self, Arguments};
use crate::diagnostics::Diagnostic;
use crate::suggest::did_you_mean;
use crate::syntax::{Attribute, Expression, ExpressionKind, FieldType, escape};
use crate::{FieldId, FieldKind, Index, IndexField, IndexKind, ModelId, SortOrder, Span};

impl<'t> Resolver<'t> {
    /// All of a model: the primary key first, then those of fields, then those of the block.
    pub(super) fn indexes(&mut self, model: ModelId) {
        let tree = self.tree.model(model);
        let block = tree.block;
        let fields = tree.fields.clone();
        let mut keys = Vec::new();
        let mut of_fields = Vec::new();
        let mut of_block = Vec::new();
        for (i, field) in fields.into_iter().enumerate() {
            let id = FieldId(i as u32);
            // Of what is no column, the attribute itself was refused already.
            if !matches!(self.schema.models[model.0 as usize].fields[i].kind, FieldKind::Scalar(_)) {
                continue;
            }
            if let Some(attribute) = field.attribute("id") {
                self.tree.index_attributes.insert(attribute.span, attribute);
                keys.push(self.field_index(model, id, IndexKind::PrimaryKey, attribute));
            }
            if let Some(attribute) = field.attribute("unique") {
                self.tree.index_attributes.insert(attribute.span, attribute);
                of_fields.push(self.field_index(model, id, IndexKind::Unique, attribute));
            }
        }
        for attribute in block.attributes() {
            let kind = match attribute.name {
                "id" => IndexKind::PrimaryKey,
                "unique" => IndexKind::Unique,
                "index" => IndexKind::Normal,
                "fulltext" => IndexKind::Fulltext,
                _ => continue,
            };
            self.tree.index_attributes.insert(attribute.span, attribute);
            match self.block_index(model, kind, attribute) {
                Some(index) if kind == IndexKind::PrimaryKey => keys.push(index),
                Some(index) => of_block.push(index),
                None => {
                    self.tree.broken_keys.insert(model);
                }
            }
        }
        self.one_primary_key(model, &mut keys);
        let data = &mut self.schema.models[model.0 as usize];
        data.indexes = keys;
        data.indexes.append(&mut of_fields);
        data.indexes.append(&mut of_block);
    }

    fn one_primary_key(&mut self, model: ModelId, keys: &mut Vec<Index>) {
        if keys.len() < 2 {
            return;
        }
        let block = self.tree.model(model).block;
        let name = &block.name.text;
        let error = Diagnostic::error(
            block.header_span,
            format!("the {} `{name}` has more than one primary key", block.kind.noun()),
        );
        self.sink
            .push(error.with_help("a key of several fields is one `@@id([first, second])`; other keys are `@unique`"));
        keys.truncate(1);
        self.tree.broken_keys.insert(model);
    }

    fn field_index(&mut self, model: ModelId, field: FieldId, kind: IndexKind, attribute: &'t Attribute<'t>) -> Index {
        let mut arguments = Arguments::of(attribute);
        let map = arguments.positional("map", &mut self.sink);
        let sort = arguments.named("sort", &mut self.sink);
        let length = arguments.named("length", &mut self.sink);
        let clustered = arguments.named("clustered", &mut self.sink);
        let predicate = if kind == IndexKind::Unique { arguments.named("where", &mut self.sink) } else { None };
        arguments.finish(&mut self.sink);
        Index {
            kind,
            fields: vec![IndexField {
                field,
                path: Vec::new(),
                sort: sort.and_then(|v| self.sort(v)),
                length: length.and_then(|v| arguments::integer(v, &mut self.sink)),
                operator_class: None,
            }],
            name: None,
            map: map.and_then(|v| self.index_name(attribute, "map", v)),
            algorithm: None,
            clustered: clustered.and_then(|v| arguments::boolean(v, &mut self.sink)),
            predicate: predicate.and_then(|v| self.predicate(model, v)),
            on_field: true,
            span: attribute.span,
        }
    }

    fn block_index(&mut self, model: ModelId, kind: IndexKind, attribute: &'t Attribute<'t>) -> Option<Index> {
        let mut arguments = Arguments::of(attribute);
        let fields = arguments.positional("fields", &mut self.sink);
        let name = arguments.named("name", &mut self.sink);
        let map = arguments.named("map", &mut self.sink);
        let algorithm = if kind == IndexKind::Normal { arguments.named("type", &mut self.sink) } else { None };
        let clustered = match kind {
            IndexKind::Fulltext => None,
            _ => arguments.named("clustered", &mut self.sink),
        };
        let predicate = match kind {
            IndexKind::Unique | IndexKind::Normal => arguments.named("where", &mut self.sink),
            _ => None,
        };
        arguments.finish(&mut self.sink);

        let name_text = name.and_then(|v| self.index_name(attribute, "name", v));
        let map_text = map.and_then(|v| self.index_name(attribute, "map", v));
        // Before `map` existed, `name` was the name of an index in the database.
        let (name, map) = match kind {
            IndexKind::Normal | IndexKind::Fulltext => {
                if let (Some(_), Some(value)) = (&map_text, name) {
                    let error = Diagnostic::error(
                        value.span,
                        format!("`{}` has both `map` and its old name, `name`", attribute.display_name()),
                    );
                    self.sink.push(error.with_help("keep `map`"));
                }
                (None, map_text.or(name_text))
            }
            _ => (name_text, map_text),
        };
        let Some(fields) = fields else {
            let owner = attribute.display_name();
            let error = Diagnostic::error(attribute.span, format!("`{owner}` has no fields"));
            self.sink.push(error.with_help(format!("write `{owner}([field])`")));
            return None;
        };
        let fields = self.index_fields(model, kind, attribute, fields)?;
        Some(Index {
            kind,
            fields,
            name,
            map,
            algorithm: algorithm.and_then(|v| arguments::constant(v, &mut self.sink)).map(str::to_owned),
            clustered: clustered.and_then(|v| arguments::boolean(v, &mut self.sink)),
            predicate: predicate.and_then(|v| self.predicate(model, v)),
            on_field: false,
            span: attribute.span,
        })
    }

    fn index_name(
        &mut self,
        attribute: &Attribute<'_>,
        argument: &'static str,
        value: &'t Expression<'t>,
    ) -> Option<String> {
        arguments::non_empty(value, &attribute.display_name(), argument, &mut self.sink).map(str::to_owned)
    }

    fn sort(&mut self, value: &'t Expression<'t>) -> Option<SortOrder> {
        let parse = |text: &str| match text {
            "Asc" => Some(SortOrder::Asc),
            "Desc" => Some(SortOrder::Desc),
            _ => None,
        };
        arguments::one_of(value, "sort order", &["Asc", "Desc"], parse, &mut self.sink)
    }

    fn index_fields(
        &mut self,
        model: ModelId,
        kind: IndexKind,
        attribute: &'t Attribute<'t>,
        value: &'t Expression<'t>,
    ) -> Option<Vec<IndexField>> {
        let elements = arguments::elements(value);
        if elements.is_empty() {
            let message = format!(
                "`{}` of `{}` has no fields",
                attribute.display_name(),
                self.schema.models[model.0 as usize].name
            );
            self.sink.push(Diagnostic::error(attribute.span, message).with_help("name at least one field"));
            return None;
        }
        let mut fields = Vec::with_capacity(elements.len());
        let mut seen = HashSet::new();
        for element in elements {
            let Some(field) = self.index_field(model, kind, attribute, element) else {
                continue;
            };
            if seen.insert((field.field, field.path.clone())) {
                fields.push(field);
            } else {
                let message = format!("`{}` lists the same field twice", attribute.display_name());
                self.error(element.span, message);
            }
        }
        (fields.len() == elements.len()).then_some(fields)
    }

    fn index_field(
        &mut self,
        model: ModelId,
        kind: IndexKind,
        attribute: &'t Attribute<'t>,
        element: &'t Expression<'t>,
    ) -> Option<IndexField> {
        let (path, span, args) = match &element.kind {
            ExpressionKind::Constant(name) => (*name, element.span, &[][..]),
            ExpressionKind::Function(name, args) => (name.text, name.span, args.as_slice()),
            _ => {
                arguments::constant(element, &mut self.sink);
                return None;
            }
        };
        let mut arguments = Arguments::new(format!("{path}(…)"), args);
        let sort = arguments.named("sort", &mut self.sink);
        let length = arguments.named("length", &mut self.sink);
        let ops = match kind {
            IndexKind::PrimaryKey => None,
            _ => arguments.named("ops", &mut self.sink),
        };
        arguments.finish(&mut self.sink);
        let sort = sort.and_then(|v| self.sort(v));
        let length = length.and_then(|v| arguments::integer(v, &mut self.sink));
        let operator_class = ops.and_then(|v| self.operator_class(v));
        let (field, path) = self.index_column(model, path, span, attribute)?;
        Some(IndexField { field, path, sort, length, operator_class })
    }

    /// `raw("class")` gives `raw("class")`; a known class its name. Which classes there are is a rule of its own.
    fn operator_class(&mut self, value: &'t Expression<'t>) -> Option<String> {
        match &value.kind {
            ExpressionKind::Constant(name) => Some((*name).to_owned()),
            ExpressionKind::Function(name, args) if name.text == "raw" => {
                let mut arguments = Arguments::new("raw", args);
                let sql = arguments.positional("sql", &mut self.sink);
                arguments.finish(&mut self.sink);
                let sql = arguments::string(sql?, &mut self.sink)?;
                Some(format!("raw({})", escape(sql)))
            }
            _ => {
                arguments::constant(value, &mut self.sink);
                None
            }
        }
    }

    /// The column that a path names: a field of the model, or one within its composite types.
    pub(super) fn index_column(
        &mut self,
        model: ModelId,
        path: &str,
        span: Span,
        attribute: &'t Attribute<'t>,
    ) -> Option<(FieldId, Vec<FieldId>)> {
        let mut names = path.split('.');
        let first = names.next().unwrap_or_default();
        let owner = attribute.display_name();
        let tree = self.tree.model(model);
        let model_name = &tree.block.name.text;
        let Some(field) = self.field_id(model, first) else {
            let help = did_you_mean(first, tree.fields.iter().map(|f| f.name.text));
            let message = format!("`{owner}` names the field `{first}`, which `{model_name}` does not have");
            self.sink.push(Diagnostic::error(attribute.span, message).with_help_if(help));
            return None;
        };
        if self.tree.is_broken(model, field) {
            return None;
        }
        let mut kind = self.schema.models[model.0 as usize].fields[field.0 as usize].kind.clone();
        if let FieldKind::Relation(_) = kind {
            let columns = self.foreign_key_columns(model, field);
            let help = match columns.is_empty() {
                true => "name scalar fields".to_owned(),
                false => format!("did you mean the columns of its foreign key, {}?", arguments::quoted_list(columns)),
            };
            let message = format!("`{owner}` names `{first}` of `{model_name}`, which is a relation");
            self.sink.push(Diagnostic::error(attribute.span, message).with_help(help));
            return None;
        }
        let mut path = Vec::new();
        for name in names {
            let FieldKind::Composite(id) = kind else {
                self.error(span, format!("`{owner}` looks for `{name}` in a field that is no composite type"));
                return None;
            };
            let composite = &self.tree.composites[id.0 as usize];
            let Some(next) = composite.by_name.get(name).copied() else {
                let help = did_you_mean(name, composite.fields.iter().map(|f| f.name.text));
                let message = format!(
                    "`{owner}` names the field `{name}`, which the type `{}` does not have",
                    composite.block.name.text
                );
                self.sink.push(Diagnostic::error(attribute.span, message).with_help_if(help));
                return None;
            };
            path.push(next);
            kind = self.schema.composites[id.0 as usize].fields[next.0 as usize].kind.clone();
        }
        if let FieldKind::Composite(_) = kind {
            let message = format!("`{owner}` names `{first}` of `{model_name}`, which is an embedded document");
            self.sink
                .push(Diagnostic::error(span, message).with_help(format!("name a field within it: `{first}.field`")));
            return None;
        }
        let _ = span;
        Some((field, path))
    }

    /// The columns that `@relation(fields: ...)` of a relation field names, for a suggestion.
    fn foreign_key_columns(&self, model: ModelId, field: FieldId) -> Vec<&'t str> {
        let syntax = self.tree.field(model, field);
        debug_assert!(matches!(syntax.ty, FieldType::Named(_)));
        let value = syntax.attribute("relation").and_then(|a| a.argument("fields")).and_then(|a| a.value.as_ref());
        value
            .map(arguments::elements)
            .unwrap_or_default()
            .iter()
            .filter_map(|e| match &e.kind {
                ExpressionKind::Constant(name) => Some(*name),
                _ => None,
            })
            .collect()
    }
}
