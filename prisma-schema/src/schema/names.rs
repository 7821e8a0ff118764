//! Names of keys, indexes and constraints in the database, where the schema gives none.

use super::{FieldId, FieldWalker, IndexKind, IndexWalker, ModelWalker, RelationKind, RelationWalker, Schema};

/// The name of a relation that has none: both models in alphabetical order, `AToB`.
pub fn default_relation_name(one: &str, other: &str) -> String {
    let (a, b) = if one <= other { (one, other) } else { (other, one) };
    format!("{a}To{b}")
}

impl Schema {
    /// A name in the database, its stem cut so that it fits the provider's limit.
    pub fn fitted_name(&self, stem: &str, suffix: &str) -> String {
        fit(self, stem.to_owned(), suffix)
    }

    /// The name of the table of an implicit m-n relation.
    pub fn join_table_name(&self, relation: &str) -> String {
        fit(self, format!("_{relation}"), "")
    }
}

/// `stem` and `suffix`, the stem cut so that both fit the provider's limit.
fn fit(schema: &Schema, mut stem: String, suffix: &str) -> String {
    let limit = schema.provider().capabilities().max_identifier_length;
    let room = limit.saturating_sub(suffix.len());
    if stem.len() > room {
        let end = (0..=room).rev().find(|i| stem.is_char_boundary(*i)).unwrap_or(0);
        stem.truncate(end);
    }
    stem + suffix
}

fn columns<'s>(model: ModelWalker<'s>, fields: &[FieldId]) -> String {
    fields.iter().map(|f| model.field(*f).database_name()).collect::<Vec<_>>().join("_")
}

impl IndexWalker<'_> {
    /// Its name in the database: `map`, or `{table}_pkey`, `{table}_{columns}_key`, `{table}_{columns}_idx`.
    pub fn database_name(self) -> String {
        self.data().map.clone().unwrap_or_else(|| self.default_database_name())
    }

    /// Its name in the database if `map` were not given.
    pub fn default_database_name(self) -> String {
        let model = self.model();
        let schema = model.schema();
        let table = model.database_name();
        let suffix = match self.kind() {
            IndexKind::PrimaryKey => return fit(schema, table.to_owned(), "_pkey"),
            IndexKind::Unique => "_key",
            IndexKind::Normal | IndexKind::Fulltext => "_idx",
        };
        let mut stem = table.to_owned();
        for field in &self.data().fields {
            let walker = model.field(field.field);
            stem.push('_');
            stem.push_str(walker.database_name());
            for inner in walker.composite_path(&field.path) {
                stem.push('_');
                stem.push_str(inner.map.as_deref().unwrap_or(&inner.name));
            }
        }
        fit(schema, stem, suffix)
    }
}

impl<'s> RelationWalker<'s> {
    /// The foreign key's name in the database: `map`, or `{table}_{columns}_fkey`. `None` for m-n.
    pub fn constraint_name(self) -> Option<String> {
        let RelationKind::ForeignKey(key) = &self.data().kind else {
            return None;
        };
        if let Some(map) = &key.map {
            return Some(map.clone());
        }
        let model = self.schema().model(key.model);
        let stem = format!("{}_{}", model.database_name(), columns(model, &key.fields));
        Some(fit(self.schema(), stem, "_fkey"))
    }
}

impl<'s> FieldWalker<'s> {
    /// The name of the constraint that holds its default, on providers that name them: `map`, or
    /// `{table}_{column}_df`.
    pub fn default_constraint_name(self) -> String {
        if let Some(map) = self.scalar().and_then(|s| s.default_map.as_ref()) {
            return map.clone();
        }
        let model = self.model();
        let stem = format!("{}_{}", model.database_name(), self.database_name());
        fit(model.schema(), stem, "_df")
    }

    /// The fields of composite types that a path leads through, from this field inwards.
    pub fn composite_path(self, path: &[FieldId]) -> Vec<&'s super::Field> {
        let schema = self.model().schema();
        let mut kind = &self.data().kind;
        let mut fields = Vec::with_capacity(path.len());
        for id in path {
            let super::FieldKind::Composite(composite) = kind else {
                break;
            };
            let Some(field) = schema.composites.get(composite.0 as usize).and_then(|c| c.fields.get(id.0 as usize))
            else {
                break;
            };
            kind = &field.kind;
            fields.push(field);
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use crate::{SourceFile, parse};

    fn schema(provider: &str, table: &str) -> crate::Schema {
        let text = format!(
            "datasource db {{\nprovider = \"{provider}\"\n}}\nmodel A {{\nid Int @id\nbId Int @unique @map(\"b_id\")\n\
             b B @relation(fields: [bId], references: [id])\n@@index([id, bId])\n@@map(\"{table}\")\n}}\n\
             model B {{\nid Int @id\na A?\n}}\n"
        );
        parse(vec![SourceFile::new("schema.prisma", text)]).unwrap().schema
    }

    #[test]
    fn names_follow_table_and_columns() {
        let schema = schema("postgresql", "as");
        let names: Vec<_> = schema.walk_models().next().unwrap().indexes().map(|i| i.database_name()).collect();
        assert_eq!(names, ["as_pkey", "as_b_id_key", "as_id_b_id_idx"]);
        assert_eq!(schema.walk_relations().next().unwrap().constraint_name().unwrap(), "as_b_id_fkey");
    }

    #[test]
    fn names_are_cut_at_the_limit_between_characters() {
        let table = "é".repeat(40);
        let schema = schema("postgresql", &table);
        for name in schema.walk_models().next().unwrap().indexes().map(|i| i.database_name()) {
            assert!(name.len() <= 63, "{name}");
        }
        let key = schema.walk_relations().next().unwrap().constraint_name().unwrap();
        assert_eq!(key, format!("{}_fkey", "é".repeat(29)));
    }
}
