//! Keys and indexes of tables.

use prisma_schema::{FieldId, Index, IndexField, IndexKind, ModelWalker, SortOrder, Span};

use super::{Builder, place};
use crate::database::{self, IndexColumn, PrimaryKey, Table};

impl Builder<'_> {
    pub(super) fn indexes(&mut self, table: &Table) -> Vec<Index> {
        // With the places of those that the schema had.
        let mut found: Vec<(Option<usize>, Index)> = Vec::new();
        if let Some(key) = &table.primary_key {
            let usual = format!("{}_pkey", table.name.name);
            let map = key.name.clone().filter(|name| *name != usual);
            let new = || Some((None, self.index(table, IndexKind::PrimaryKey, &key.columns, map)?));
            found.extend(self.known_key(table, key).or_else(new));
        }
        let manages_partial = self.has_preview("partialIndexes");
        for index in &table.indexes {
            if index.predicate.is_some() && !manages_partial {
                self.warnings.push(format!(
                    "the index `{}` of `{}` is partial, which needs the preview feature `partialIndexes`; it is left out",
                    index.name, table.name
                ));
                continue;
            }
            if let Some(known) = self.known_index(table, index) {
                found.push(known);
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
            found.push((None, made));
        }
        // As they were; then keys of fields before those of the block.
        found.sort_by_key(|(old, i)| (old.is_none(), *old, i.kind != IndexKind::PrimaryKey, !i.on_field));
        found.into_iter().map(|(_, index)| index).collect()
    }

    /// The primary key in the words that the schema had for it.
    fn known_key(&self, table: &Table, key: &PrimaryKey) -> Option<(Option<usize>, Index)> {
        let wanted = self.wanted.table(&table.name)?.primary_key.as_ref()?;
        let has_name = key.name.is_none() || wanted.name.is_none() || key.name == wanted.name;
        let known = self.known.model(&table.name)?;
        let at = known.indexes().position(|i| i.kind() == IndexKind::PrimaryKey)?;
        if !has_name || wanted.columns != key.columns {
            return None;
        }
        self.kept_index(table, known, at)
    }

    /// An index in the words that the schema had for it.
    fn known_index(&self, table: &Table, index: &database::Index) -> Option<(Option<usize>, Index)> {
        let is_same = |wanted: &database::Index| {
            let is_nameless = index.is_constraint && !self.flavour.names_constraints();
            (wanted.name == index.name || is_nameless) && self.flavour.same_index(index, wanted)
        };
        let wanted = self.wanted.table(&table.name)?.indexes.iter().find(|w| is_same(w))?;
        let known = self.known.model(&table.name)?;
        let at = known.indexes().position(|i| i.kind() != IndexKind::PrimaryKey && i.database_name() == wanted.name)?;
        self.kept_index(table, known, at)
    }

    fn kept_index(&self, table: &Table, known: ModelWalker<'_>, at: usize) -> Option<(Option<usize>, Index)> {
        let mut index = known.indexes().nth(at)?.data().clone();
        index.span = Span::default();
        for part in &mut index.fields {
            let name = known.field(part.field).database_name();
            part.field = FieldId(place(table.columns.iter().position(|c| c.name == name)?));
        }
        Some((Some(at), index))
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
}
