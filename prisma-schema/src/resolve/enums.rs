//! Enums.

use std::collections::{HashMap, HashSet};

use super::Resolver;
use super::arguments::{self, Arguments};
use crate::diagnostics::Diagnostic;
use crate::suggest::closest;
use crate::syntax::{Attribute, Expression};
use crate::{EnumId, EnumValue, RenamedFrom};

impl<'t> Resolver<'t> {
    pub(super) fn enums(&mut self) {
        for i in 0..self.tree.enums.len() {
            self.enumeration(EnumId(i as u32));
        }
    }

    fn enumeration(&mut self, id: EnumId) {
        let block = self.tree.enums[id.0 as usize];
        let mut values: Vec<EnumValue> = Vec::new();
        let mut names = HashSet::new();
        for value in block.values() {
            self.check_name(&value.name, "value", block);
            if !names.insert(value.name.text) {
                let message = format!("the enum `{}` has a value `{}` already", block.name.text, value.name.text);
                self.error(value.span, message);
                continue;
            }
            self.known_attributes(&value.attributes, &["map", "renamedFrom"], "an enum's values");
            let attribute = |name: &str| value.attributes.iter().find(|a| a.name == name);
            let map = attribute("map").and_then(|a| self.map(a));
            let renamed_from = attribute("renamedFrom").and_then(|a| self.renamed_from(a));
            values.push(EnumValue {
                name: value.name.text.to_owned(),
                map,
                renamed_from,
                documentation: value.documentation.clone(),
                span: value.span,
            });
        }
        self.tree.enum_values.push(names);
        let attributes: Vec<_> = block.attributes().collect();
        self.known_attributes(attributes.iter().copied(), &["map", "renamedFrom", "schema"], "enums");
        let map = block.attribute("map").and_then(|a| self.map(a));
        let renamed_from = block.attribute("renamedFrom").and_then(|a| self.renamed_from(a));
        let schema = block.attribute("schema").and_then(|a| self.map(a));
        let data = &mut self.schema.enums[id.0 as usize];
        data.values = values;
        data.map = map;
        data.renamed_from = renamed_from;
        data.schema = schema;
    }

    /// The one argument of `@map`, `@@map` or `@@schema`.
    pub(super) fn map(&mut self, attribute: &'t Attribute<'t>) -> Option<String> {
        let key = if attribute.name == "schema" { "map" } else { "name" };
        let mut arguments = Arguments::of(attribute);
        let value = arguments.positional(key, &mut self.sink);
        arguments.finish(&mut self.sink);
        self.given_name(attribute, key, value)
    }

    /// `@renamedFrom("old", map: "old_column")`
    pub(super) fn renamed_from(&mut self, attribute: &'t Attribute<'t>) -> Option<RenamedFrom> {
        let mut arguments = Arguments::of(attribute);
        let map = arguments.named("map", &mut self.sink);
        let name = arguments.positional("name", &mut self.sink);
        arguments.finish(&mut self.sink);
        let owner = attribute.display_name();
        let map = match map {
            Some(map) => Some(arguments::non_empty(map, &owner, "map", &mut self.sink)?.to_owned()),
            None => None,
        };
        if name.is_none() && map.is_some() {
            let error =
                Diagnostic::error(attribute.span, format!("`{owner}` says nothing of the old name in the schema"));
            self.sink.push(error.with_help(format!("write `{owner}(\"old\", map: \"old_in_the_database\")`")));
            return None;
        }
        let name = self.given_name(attribute, "name", name)?;
        Some(RenamedFrom { name, map, span: attribute.span })
    }

    /// The text of the argument that an attribute needs.
    fn given_name(
        &mut self,
        attribute: &'t Attribute<'t>,
        key: &'static str,
        value: Option<&'t Expression<'t>>,
    ) -> Option<String> {
        let owner = attribute.display_name();
        match value {
            Some(value) => arguments::non_empty(value, &owner, key, &mut self.sink).map(str::to_owned),
            None if attribute.arguments().is_empty() => {
                let error = Diagnostic::error(attribute.span, format!("`{owner}` has no argument"));
                self.sink.push(error.with_help(format!("write `{owner}(\"name\")`")));
                None
            }
            None => None,
        }
    }

    /// Reports attributes that do not exist there, and those given twice.
    pub(super) fn known_attributes(
        &mut self,
        attributes: impl IntoIterator<Item = &'t Attribute<'t>>,
        known: &[&'static str],
        owner: &str,
    ) {
        let mut seen: HashMap<&str, (usize, &Attribute<'_>)> = HashMap::new();
        for attribute in attributes {
            let repeatable = attribute.is_block && ["unique", "index", "fulltext"].contains(&attribute.name);
            let (count, first) = seen.entry(attribute.name).or_insert((0, attribute));
            *count += 1;
            if *count == 2 && !repeatable {
                let first = first.span;
                for span in [first, attribute.span] {
                    self.error(span, format!("the attribute `{}` is given more than once", attribute.display_name()));
                }
            }
            if !known.contains(&attribute.name) {
                let sign = if attribute.is_block { "@@" } else { "@" };
                let help = match closest(attribute.name, known.iter().copied()) {
                    Some(name) => format!("did you mean `{sign}{name}`?"),
                    None => {
                        let names: Vec<_> = known.iter().map(|k| format!("{sign}{k}")).collect();
                        arguments::choices(names.iter().map(String::as_str))
                    }
                };
                let error = Diagnostic::error(
                    attribute.name_span,
                    format!("there is no attribute `{}` of {owner}", attribute.display_name()),
                );
                self.sink.push(error.with_help(help));
            }
        }
    }
}
