//! From a database to a Prisma schema: what is in the database, under the names and with the words of the schema that there was.

mod defaults;
mod indexes;
mod kept;
mod known;
mod models;
mod names;
mod order;
mod relations;
mod remarks;
mod views;

use std::collections::HashMap;

use prisma_schema::{Datasource, Enum, EnumId, EnumValue, Extension, Generator, Schema, Span};

use crate::column::BaseType;
use crate::database::{DatabaseSchema, ObjectName};
use crate::flavour::Flavour;
use known::Known;
use names::Taken;

/// A schema made of a database.
#[derive(Debug, Clone, PartialEq)]
pub struct Introspected {
    /// The schema.
    pub schema: Schema,
    /// What it cannot say, or says otherwise than one would think.
    pub warnings: Vec<String>,
}

pub(crate) fn introspect(database: &DatabaseSchema, existing: &Schema, flavour: &dyn Flavour) -> Introspected {
    let mut builder = Builder {
        database,
        flavour,
        known: Known::new(existing),
        wanted: crate::calculate::calculate(existing, flavour),
        schema: empty(existing.datasource.clone(), existing.generators.clone()),
        tables: Vec::new(),
        enums: HashMap::new(),
        blocks: Known::new(existing).names(database),
        warnings: Vec::new(),
    };
    builder.extensions();
    builder.enum_types();
    builder.models();
    builder.views();
    builder.relations();
    builder.ignore_what_has_no_key();
    builder.remarks();
    order::as_before(&mut builder.schema, existing);
    Introspected { schema: builder.schema, warnings: builder.warnings }
}

fn empty(datasource: Datasource, generators: Vec<Generator>) -> Schema {
    Schema {
        sources: Vec::new(),
        datasource,
        generators,
        models: Vec::new(),
        enums: Vec::new(),
        composites: Vec::new(),
        relations: Vec::new(),
    }
}

/// The schema as it grows.
struct Builder<'a> {
    database: &'a DatabaseSchema,
    flavour: &'a dyn Flavour,
    known: Known<'a>,
    /// What the schema that there was wants the database to have.
    wanted: DatabaseSchema,
    schema: Schema,
    /// The tables that become models, in the order of the models.
    tables: Vec<&'a crate::Table>,
    /// The enums, by the name of their type, or by table and column.
    enums: HashMap<(ObjectName, String), EnumId>,
    /// Names of models and enums.
    blocks: Taken,
    warnings: Vec<String>,
}

impl Builder<'_> {
    /// The namespace, where the schema names several.
    fn namespace(&self, name: &ObjectName) -> Option<String> {
        name.namespace.clone().filter(|_| !self.schema.datasource.schemas.is_empty())
    }

    fn enum_types(&mut self) {
        let database = self.database;
        for found in &database.enums {
            self.enumeration(&found.name, None, &found.values);
        }
        for table in &database.tables {
            for column in &table.columns {
                if let BaseType::Values(values) = &column.data_type.base {
                    self.enumeration(&table.name, Some(&column.name), values);
                }
            }
        }
        self.enums_of_the_schema_alone();
    }

    /// Extensions under the names that they had; PostgreSQL's own language is in every database.
    fn extensions(&mut self) {
        const EVERYWHERE: &str = "plpgsql";
        if !self.has_preview("postgresqlExtensions") {
            return;
        }
        let known = std::mem::take(&mut self.schema.datasource.extensions);
        for found in &self.database.extensions {
            let is_found = |e: &&Extension| e.map.as_ref().unwrap_or(&e.name) == &found.name;
            let name = names::allowed(&found.name, "extension");
            let new = Extension { map: names::map(&name, &found.name), name, schema: None, version: None };
            match known.iter().find(is_found) {
                Some(known) => self.schema.datasource.extensions.push(known.clone()),
                None if found.name == EVERYWHERE => {}
                None => self.schema.datasource.extensions.push(new),
            }
        }
        // In the order that they had.
        let place = |e: &Extension| known.iter().position(|k| k.name == e.name).unwrap_or(usize::MAX);
        self.schema.datasource.extensions.sort_by_key(place);
    }

    fn has_preview(&self, feature: &str) -> bool {
        self.schema.generators.iter().any(|g| g.preview_features.iter().any(|f| f == feature))
    }

    /// An enum: a type of its own, or the type of a column.
    fn enumeration(&mut self, name: &ObjectName, column: Option<&str>, values: &[String]) {
        let known = match column {
            None => self.known.enumeration(name),
            Some(column) => self.known.enum_of_column(name, column),
        };
        let key = (name.clone(), column.unwrap_or_default().to_owned());
        if let Some(place) = known.filter(|_| column.is_some()).and_then(|known| self.shared(known, values)) {
            self.enums.insert(key, place);
            return;
        }
        let own = match column {
            None => name.name.clone(),
            Some(column) => format!("{}_{column}", name.name),
        };
        let chosen = match known {
            Some(known) => self.blocks.keep(&known.name),
            None => self.blocks.take(names::block(&own)),
        };
        let kept = known.iter().flat_map(|k| &k.values).filter(|v| values.iter().any(|n| n == v.database_name()));
        let mut taken = Taken::reserving(kept.map(|v| v.name.as_str()));
        let value = |value: &String| {
            let known = known.and_then(|k| k.values.iter().find(|v| v.database_name() == value));
            let chosen = match known {
                Some(known) => taken.keep(&known.name),
                None => taken.take(names::allowed(value, "EMPTY")),
            };
            EnumValue {
                map: names::known_map(&chosen, value, known.map(|k| &k.map)),
                name: chosen,
                renamed_from: known.and_then(|k| k.renamed_from.clone()),
                documentation: known.and_then(|k| k.documentation.clone()),
                span: Span::default(),
            }
        };
        let values = values.iter().map(value).collect();
        self.enums.insert(key, EnumId(place(self.schema.enums.len())));
        // The type of a column has no name in the database.
        let is_type = column.is_none();
        self.schema.enums.push(Enum {
            map: match is_type {
                true => names::known_map(&chosen, &name.name, known.map(|k| &k.map)),
                false => known.and_then(|k| k.map.clone()),
            },
            schema: self.namespace(name).filter(|_| is_type),
            name: chosen,
            renamed_from: known.and_then(|k| k.renamed_from.clone()),
            documentation: known.and_then(|k| k.documentation.clone()),
            values,
            span: Span::default(),
            name_span: Span::default(),
        });
    }

    /// The enum that several columns have, if it is there already with these values.
    fn shared(&self, known: &Enum, values: &[String]) -> Option<EnumId> {
        let at = self.schema.enums.iter().position(|e| e.name == known.name)?;
        let there = self.schema.enums[at].values.iter().map(EnumValue::database_name);
        there.eq(values.iter().map(String::as_str)).then(|| EnumId(place(at)))
    }
}

/// A place in a list as an id; no schema has so many that it would not fit.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
