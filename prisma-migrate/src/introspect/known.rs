//! The schema that there was: what the database does not know is taken from it.

use prisma_schema::{Enum, EnumWalker, FieldWalker, Link, ModelWalker, RelationKind, ScalarType, Schema};

use super::names::Taken;
use crate::database::{Column, DatabaseSchema, ForeignKey, ObjectName};

/// The schema that there was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    schema: &'a Schema,
}

impl<'a> Known<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        Self { schema }
    }

    /// The schema.
    pub(super) fn schema(&self) -> &'a Schema {
        self.schema
    }

    /// The names that blocks keep, whose tables, views and types are there.
    pub(super) fn names(&self, database: &DatabaseSchema) -> Taken {
        let tables = database.tables.iter().map(|t| &t.name).chain(database.views.iter().map(|v| &v.name));
        let tables: Vec<_> = tables.collect();
        let models = self.schema.walk_models().filter(|m| tables.iter().any(|t| self.is_model(*m, t)));
        let is_type = |e: &EnumWalker<'_>| {
            let mut types = database.enums.iter();
            types.any(|t| Self::is_named(&t.name, e.data().schema.as_ref(), e.database_name()))
        };
        // Where there are no such types, columns tell later which are used.
        let enums = self.schema.walk_enums().filter(|e| database.enums.is_empty() || is_type(e)).map(|e| e.name());
        Taken::reserving(models.map(|m| m.name()).chain(enums))
    }

    /// The names that fields keep: those of columns that are there, and of relations.
    pub(super) fn field_names(model: Option<ModelWalker<'a>>, columns: &[Column]) -> Taken {
        let is_there =
            |f: &FieldWalker<'_>| f.scalar().is_none() || columns.iter().any(|c| c.name == f.database_name());
        Taken::reserving(model.iter().flat_map(|m| m.fields()).filter(is_there).map(|f| f.name()))
    }

    /// Whether a model is that of a table or view.
    pub(super) fn is_model(&self, model: ModelWalker<'_>, name: &ObjectName) -> bool {
        Self::is_named(name, model.data().schema.as_ref(), model.database_name())
    }

    /// One that names no namespace is from when there was but one.
    fn is_named(name: &ObjectName, namespace: Option<&String>, database_name: &str) -> bool {
        name.name == database_name
            && (name.namespace.is_none() || namespace.is_none() || name.namespace.as_ref() == namespace)
    }

    /// The model of a table.
    pub(super) fn model(&self, table: &ObjectName) -> Option<ModelWalker<'a>> {
        self.schema.walk_models().find(|m| !m.data().is_view && self.is_model(*m, table))
    }

    /// The view of that name.
    pub(super) fn view(&self, view: &ObjectName) -> Option<ModelWalker<'a>> {
        self.schema.walk_models().find(|m| m.data().is_view && self.is_model(*m, view))
    }

    /// The field of a column.
    pub(super) fn field(&self, table: &ObjectName, column: &str) -> Option<FieldWalker<'a>> {
        self.model(table)?.scalar_fields().find(|f| f.database_name() == column)
    }

    /// The enum of a type.
    pub(super) fn enumeration(&self, name: &ObjectName) -> Option<&'a Enum> {
        let is_named = |e: &EnumWalker<'_>| Self::is_named(name, e.data().schema.as_ref(), e.database_name());
        self.schema.walk_enums().find(is_named).map(|e| e.data())
    }

    /// The enum that a column holds.
    pub(super) fn enum_of_column(&self, table: &ObjectName, column: &str) -> Option<&'a Enum> {
        match self.field(table, column)?.scalar()?.ty {
            ScalarType::Enum(id) => Some(self.schema.enumeration(id).data()),
            _ => None,
        }
    }

    /// The relation field that holds a foreign key.
    pub(super) fn owning_field(&self, table: &ObjectName, key: &ForeignKey) -> Option<FieldWalker<'a>> {
        let model = self.model(table)?;
        model.fields().find(|field| match field.link() {
            Some(Link::Owning { fields, references, .. }) => {
                let referenced = field.related_model();
                let columns = fields.iter().map(|f| model.field(*f).database_name());
                let is_referenced = |m: ModelWalker<'_>| {
                    Self::is_named(&key.referenced_table, m.data().schema.as_ref(), m.database_name())
                        && references.iter().map(|f| m.field(*f).database_name()).eq(key.referenced_columns.iter())
                };
                columns.eq(key.columns.iter()) && referenced.is_some_and(is_referenced)
            }
            _ => false,
        })
    }

    /// Both ends of an implicit m-n relation, that of column `A` first.
    pub(super) fn join_ends(&self, table: &str) -> Option<[FieldWalker<'a>; 2]> {
        self.schema.relations.iter().find_map(|relation| match &relation.kind {
            RelationKind::JoinTable(join) if join.table == table => {
                Some([join.a, join.b].map(|(model, field)| self.schema.model(model).field(field)))
            }
            _ => None,
        })
    }
}
