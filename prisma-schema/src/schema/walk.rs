//! Walkers: a schema and an id, with the questions that everybody asks.

use super::*;

/// A model, within its schema.
#[derive(Debug, Clone, Copy)]
pub struct ModelWalker<'s> {
    schema: &'s Schema,
    id: ModelId,
    data: &'s Model,
}

impl<'s> ModelWalker<'s> {
    pub(super) fn new(schema: &'s Schema, id: ModelId) -> Self {
        Self { schema, id, data: &schema.models[id.0 as usize] }
    }

    /// Its id.
    pub fn id(self) -> ModelId {
        self.id
    }

    /// The schema that it is part of.
    pub fn schema(self) -> &'s Schema {
        self.schema
    }

    /// The plain data.
    pub fn data(self) -> &'s Model {
        self.data
    }

    /// Name in the schema.
    pub fn name(self) -> &'s str {
        &self.data.name
    }

    /// Name of the table: `@@map`, or the name.
    pub fn database_name(self) -> &'s str {
        self.data.map.as_deref().unwrap_or(&self.data.name)
    }

    /// A field by its id.
    pub fn field(self, id: FieldId) -> FieldWalker<'s> {
        FieldWalker { model: self, id, data: &self.data.fields[id.0 as usize] }
    }

    /// A field by its name in the schema.
    pub fn find_field(self, name: &str) -> Option<FieldWalker<'s>> {
        self.fields().find(|f| f.name() == name)
    }

    /// All fields, those that the client does not see included.
    pub fn fields(self) -> impl Iterator<Item = FieldWalker<'s>> + Clone {
        (0..self.data.fields.len() as u32).map(move |i| self.field(FieldId(i)))
    }

    /// All column fields.
    pub fn scalar_fields(self) -> impl Iterator<Item = FieldWalker<'s>> + Clone {
        self.fields().filter(|f| f.scalar().is_some())
    }

    /// The column fields that the client sees: neither ignored nor `Unsupported`.
    pub fn client_scalars(self) -> impl Iterator<Item = FieldWalker<'s>> + Clone {
        self.scalar_fields().filter(|f| f.is_in_client())
    }

    /// The relation fields that the client sees.
    pub fn client_relations(self) -> impl Iterator<Item = FieldWalker<'s>> + Clone {
        self.fields().filter(|f| f.relation_field().is_some() && f.is_in_client())
    }

    /// Primary key, uniques and indexes.
    pub fn indexes(self) -> impl Iterator<Item = IndexWalker<'s>> + Clone {
        self.data.indexes.iter().map(move |data| IndexWalker { model: self, data })
    }

    /// The primary key.
    pub fn primary_key(self) -> Option<IndexWalker<'s>> {
        self.indexes().find(|i| i.kind() == IndexKind::PrimaryKey)
    }

    /// The keys that identify one record: the primary key and the uniques without a predicate.
    pub fn unique_keys(self) -> impl Iterator<Item = IndexWalker<'s>> + Clone {
        self.indexes()
            .filter(|i| matches!(i.kind(), IndexKind::PrimaryKey | IndexKind::Unique) && i.data.predicate.is_none())
    }

    /// The key that identifies a record best: the primary key, or else the first unique whose fields are all required.
    pub fn identifier(self) -> Option<IndexWalker<'s>> {
        self.primary_key()
            .or_else(|| self.unique_keys().find(|i| i.fields().all(|f| f.arity() == Arity::Required)))
            .or_else(|| self.unique_keys().next())
    }
}

/// A field, within its model.
#[derive(Debug, Clone, Copy)]
pub struct FieldWalker<'s> {
    model: ModelWalker<'s>,
    id: FieldId,
    data: &'s Field,
}

impl<'s> FieldWalker<'s> {
    /// Its id within the model.
    pub fn id(self) -> FieldId {
        self.id
    }

    /// The model.
    pub fn model(self) -> ModelWalker<'s> {
        self.model
    }

    /// The plain data.
    pub fn data(self) -> &'s Field {
        self.data
    }

    /// Name in the schema.
    pub fn name(self) -> &'s str {
        &self.data.name
    }

    /// Name of the column: `@map`, or the name.
    pub fn database_name(self) -> &'s str {
        self.data.map.as_deref().unwrap_or(&self.data.name)
    }

    /// Required, optional or list.
    pub fn arity(self) -> Arity {
        self.data.arity
    }

    /// Whether the client sees it: neither ignored nor `Unsupported` nor leading to an ignored model.
    pub fn is_in_client(self) -> bool {
        !self.data.is_ignored
            && match &self.data.kind {
                FieldKind::Scalar(s) => !matches!(s.ty, ScalarType::Unsupported(_)),
                FieldKind::Relation(r) => !self.model.schema.models[r.related_model.0 as usize].is_ignored,
                FieldKind::Composite(_) => true,
            }
    }

    /// The column, unless it is a relation.
    pub fn scalar(self) -> Option<&'s ScalarField> {
        match &self.data.kind {
            FieldKind::Scalar(s) => Some(s),
            FieldKind::Relation(_) | FieldKind::Composite(_) => None,
        }
    }

    /// The relation's end, unless it is a column.
    pub fn relation_field(self) -> Option<&'s RelationField> {
        match &self.data.kind {
            FieldKind::Relation(r) => Some(r),
            FieldKind::Scalar(_) | FieldKind::Composite(_) => None,
        }
    }

    /// The model at the other end of the relation.
    pub fn related_model(self) -> Option<ModelWalker<'s>> {
        self.relation_field().map(|r| self.model.schema.model(r.related_model))
    }

    /// The field at the other end of the relation.
    pub fn opposite(self) -> Option<FieldWalker<'s>> {
        self.relation_field().map(|r| self.model.schema.model(r.related_model).field(r.opposite))
    }

    /// The relation.
    pub fn relation(self) -> Option<RelationWalker<'s>> {
        self.relation_field().map(|r| self.model.schema.relation(r.relation))
    }

    /// How this end of the relation finds its records; `None` for [key lists](Self::key_lists).
    pub fn link(self) -> Option<Link<'s>> {
        let end = self.relation_field()?;
        Some(match &self.model.schema.relations[end.relation.0 as usize].kind {
            RelationKind::ForeignKey(key) if key.model == self.model.id && key.field == self.id => {
                Link::Owning { fields: &key.fields, references: &key.references, key }
            }
            RelationKind::ForeignKey(key) => Link::Referenced { references: &key.references, fields: &key.fields, key },
            RelationKind::JoinTable(join) => {
                let is_a = join.a == (self.model.id, self.id);
                let (own, other) = if is_a { ("A", "B") } else { ("B", "A") };
                let schema = self.model.schema.model(join.a.0).data.schema.as_deref();
                Link::Join { schema, table: &join.table, own_column: own, other_column: other }
            }
            RelationKind::KeyLists(_) => return None,
        })
    }

    /// The key lists of this end and of the other one, of an m-n relation on MongoDB.
    pub fn key_lists(self) -> Option<(&'s KeyList, &'s KeyList)> {
        match self.relation()?.data.kind {
            RelationKind::KeyLists(KeyLists { ends: [ref first, ref second] }) => {
                let is_first = (first.model, first.field) == (self.model.id, self.id);
                Some(if is_first { (first, second) } else { (second, first) })
            }
            _ => None,
        }
    }

    /// Whether the field is a unique key by itself.
    pub fn is_unique(self) -> bool {
        self.model.unique_keys().any(|i| i.data.fields.len() == 1 && i.data.fields[0].field == self.id)
    }

    /// Whether the field is part of the primary key.
    pub fn is_in_primary_key(self) -> bool {
        self.model.primary_key().is_some_and(|i| i.data.fields.iter().any(|f| f.field == self.id))
    }
}

/// How an end of a relation finds the records at the other end. "This" is the model of the field asked.
#[derive(Debug, Clone, Copy)]
pub enum Link<'s> {
    /// This model holds the foreign key.
    Owning {
        /// Scalar fields of this model.
        fields: &'s [FieldId],
        /// What they point to on the related model.
        references: &'s [FieldId],
        /// The key.
        key: &'s ForeignKey,
    },
    /// The related model holds the foreign key.
    Referenced {
        /// Scalar fields of this model.
        references: &'s [FieldId],
        /// Scalar fields of the related model that point to them.
        fields: &'s [FieldId],
        /// The key.
        key: &'s ForeignKey,
    },
    /// Through an implicit m-n table; both models have a primary key of one field.
    Join {
        /// The database schema of the table, if it is named: that of the model which column `A` points to.
        schema: Option<&'s str>,
        /// The table's name.
        table: &'s str,
        /// The column (`A` or `B`) that holds this model's id.
        own_column: &'static str,
        /// The column that holds the related model's id.
        other_column: &'static str,
    },
}

/// A primary key, unique or index, within its model.
#[derive(Debug, Clone, Copy)]
pub struct IndexWalker<'s> {
    model: ModelWalker<'s>,
    data: &'s Index,
}

impl<'s> IndexWalker<'s> {
    /// The plain data.
    pub fn data(self) -> &'s Index {
        self.data
    }

    /// The model.
    pub fn model(self) -> ModelWalker<'s> {
        self.model
    }

    /// Whether it is written at that field, as `@id` or `@unique`.
    pub fn is_on_field(self, field: FieldId) -> bool {
        self.data.on_field && self.data.fields.iter().any(|f| f.field == field)
    }

    /// What it is for.
    pub fn kind(self) -> IndexKind {
        self.data.kind
    }

    /// Its fields, in order.
    pub fn fields(self) -> impl ExactSizeIterator<Item = FieldWalker<'s>> + Clone {
        self.data.fields.iter().map(move |f| self.model.field(f.field))
    }

    /// The name in the client: `name`, or the fields' names joined by `_`.
    pub fn client_name(self) -> String {
        if let Some(name) = &self.data.name {
            return name.clone();
        }
        let mut names = Vec::with_capacity(self.data.fields.len());
        for field in &self.data.fields {
            let walker = self.model.field(field.field);
            names.push(walker.name());
            names.extend(walker.composite_path(&field.path).into_iter().map(|f| f.name.as_str()));
        }
        names.join("_")
    }
}

/// An enum, within its schema.
#[derive(Debug, Clone, Copy)]
pub struct EnumWalker<'s> {
    id: EnumId,
    data: &'s Enum,
}

impl<'s> EnumWalker<'s> {
    pub(super) fn new(schema: &'s Schema, id: EnumId) -> Self {
        Self { id, data: &schema.enums[id.0 as usize] }
    }

    /// Its id.
    pub fn id(self) -> EnumId {
        self.id
    }

    /// The plain data.
    pub fn data(self) -> &'s Enum {
        self.data
    }

    /// Name in the schema.
    pub fn name(self) -> &'s str {
        &self.data.name
    }

    /// Name of the type in the database: `@@map`, or the name.
    pub fn database_name(self) -> &'s str {
        self.data.map.as_deref().unwrap_or(&self.data.name)
    }

    /// Its values.
    pub fn values(self) -> &'s [EnumValue] {
        &self.data.values
    }
}

/// A relation, within its schema.
#[derive(Debug, Clone, Copy)]
pub struct RelationWalker<'s> {
    schema: &'s Schema,
    id: RelationId,
    data: &'s Relation,
}

impl<'s> RelationWalker<'s> {
    pub(super) fn new(schema: &'s Schema, id: RelationId) -> Self {
        Self { schema, id, data: &schema.relations[id.0 as usize] }
    }

    /// Its id.
    pub fn id(self) -> RelationId {
        self.id
    }

    /// The schema that it is part of.
    pub fn schema(self) -> &'s Schema {
        self.schema
    }

    /// The plain data.
    pub fn data(self) -> &'s Relation {
        self.data
    }

    /// Its name, given or made.
    pub fn name(self) -> &'s str {
        &self.data.name
    }

    /// What happens to the rows that hold the key when the row pointed to goes: `onDelete`, or Prisma's default
    /// (`SetNull` if the relation and all fields of its key are optional, else `Restrict`). `None` for an implicit m-n.
    pub fn on_delete(self) -> Option<ReferentialAction> {
        let RelationKind::ForeignKey(key) = &self.data.kind else {
            return None;
        };
        let model = self.schema.model(key.model);
        let can_be_null = |id: &FieldId| model.field(*id).arity() != Arity::Required;
        Some(key.on_delete.unwrap_or_else(|| match can_be_null(&key.field) && key.fields.iter().all(can_be_null) {
            true => ReferentialAction::SetNull,
            false => self.schema.provider().capabilities().default_restrict,
        }))
    }

    /// The same for a change of the key pointed to: `onUpdate`, or `Cascade`. `None` for an implicit m-n.
    pub fn on_update(self) -> Option<ReferentialAction> {
        let RelationKind::ForeignKey(key) = &self.data.kind else {
            return None;
        };
        Some(key.on_update.unwrap_or(ReferentialAction::Cascade))
    }
}
