//! `@@` attributes of models, views and composite types.

use super::Resolver;
use super::arguments::{self, Arguments};
use crate::diagnostics::Diagnostic;
use crate::syntax::{Attribute, BlockKind, ExpressionKind};
use crate::{FieldId, ModelId};

const ON_MODEL: [&str; 9] = ["id", "unique", "index", "fulltext", "map", "renamedFrom", "ignore", "schema", "shardKey"];

impl<'t> Resolver<'t> {
    pub(super) fn block_attributes(&mut self) {
        for i in 0..self.tree.composites.len() {
            let block = self.tree.composites[i].block;
            for attribute in block.attributes() {
                let message =
                    format!("the composite type `{}` cannot have `{}`", block.name.text, attribute.display_name());
                let error = Diagnostic::error(attribute.span, message);
                let help = ["id", "unique", "index", "fulltext"]
                    .contains(&attribute.name)
                    .then(|| "keys and indexes belong to the model that holds the type".to_owned());
                self.sink.push(error.with_help_if(help));
            }
        }
        for i in 0..self.tree.models.len() {
            let id = ModelId(i as u32);
            let block = self.tree.models[i].block;
            let attributes: Vec<&'t Attribute<'t>> = block.attributes().collect();
            self.known_attributes(
                attributes.iter().copied(),
                &ON_MODEL,
                if block.kind == BlockKind::View { "views" } else { "models" },
            );
            let map = block.attribute("map").and_then(|a| self.map(a));
            let renamed_from = block.attribute("renamedFrom").and_then(|a| self.renamed_from(a));
            let schema = block.attribute("schema").and_then(|a| self.map(a));
            let data = &mut self.schema.models[i];
            data.map = map;
            data.renamed_from = renamed_from;
            data.schema = schema;
            if let Some(attribute) = block.attribute("ignore") {
                Arguments::of(attribute).finish(&mut self.sink);
            }
            let of_fields =
                self.tree.models[i].fields.iter().enumerate().filter(|(_, f)| f.attribute("shardKey").is_some());
            self.schema.models[i].shard_key = of_fields.map(|(n, _)| FieldId(n as u32)).collect();
            if let Some(attribute) = block.attribute("shardKey") {
                self.shard_key(id, attribute);
            }
            self.indexes(id);
        }
    }

    /// `@@shardKey([...])`: names columns of the model.
    fn shard_key(&mut self, model: ModelId, attribute: &'t Attribute<'t>) {
        let mut arguments = Arguments::of(attribute);
        let value = arguments.positional("fields", &mut self.sink);
        arguments.finish(&mut self.sink);
        let Some(value) = value else {
            self.error(attribute.span, "`@@shardKey` has no fields");
            return;
        };
        for element in arguments::elements(value) {
            let Some(name) = arguments::constant(element, &mut self.sink) else {
                continue;
            };
            if let Some((field, _)) = self.index_column(model, name, element.span, attribute) {
                self.schema.models[model.0 as usize].shard_key.push(field);
            }
        }
        if matches!(&value.kind, ExpressionKind::Array(e) if e.is_empty()) {
            self.error(attribute.span, "`@@shardKey` has no fields");
        }
    }
}
