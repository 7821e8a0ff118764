//! What the schema says as the database has it stays in the schema's words.

use prisma_schema::{DefaultFunction, DefaultValue, Enum, EnumId, FieldWalker, ScalarField, ScalarType, Span};

use super::{Builder, place};
use crate::database::{Column, Table};
use crate::diff::ColumnChange;

/// Which parts of a column are as the schema wants them.
struct Same {
    ty: bool,
    default: bool,
}

impl Builder<'_> {
    /// What a column is to be, by the schema that there was.
    fn wanted_column(&self, table: &Table, column: &str) -> Option<&Column> {
        self.wanted.table(&table.name)?.column(column)
    }

    fn same(&self, found: &Column, wanted: &Column) -> Same {
        let change = ColumnChange {
            from: found.clone(),
            to: wanted.clone(),
            has_new_type: !self.flavour.same_type(found, wanted),
            has_new_default: !self.flavour.same_default(found, wanted),
            has_new_autoincrement: !self.flavour.same_autoincrement(found, wanted),
            renamed_values: Vec::new(),
        };
        Same { ty: !change.has_new_type, default: !change.has_new_default && !change.has_new_autoincrement }
    }

    /// Puts the words of the field that there was in the place of new ones that say the same.
    pub(super) fn keep_words(
        &self,
        found: ScalarField,
        column: &Column,
        table: &Table,
        known: FieldWalker<'_>,
    ) -> ScalarField {
        let Some(before) = known.scalar() else { return found };
        let same = match self.wanted_column(table, &column.name) {
            Some(wanted) => self.same(column, wanted),
            None => Same { ty: false, default: false },
        };
        let is_scalar_kept = same.ty || before.ty.name() == found.ty.name();
        let mut kept = found;
        if same.ty {
            kept.ty = self.kept_type(&before.ty, kept.ty);
            kept.native_type.clone_from(&before.native_type);
            kept.native_type.iter_mut().for_each(|n| n.span = Span::default());
        }
        if is_scalar_kept {
            if same.default && same.ty {
                kept.default.clone_from(&before.default);
            } else if kept.default.is_none() {
                // What the client makes, the database does not know.
                kept.default = before.default.as_ref().filter(|d| is_by_client(d)).cloned();
            }
            kept.default_map.clone_from(&before.default_map);
            kept.is_updated_at = before.is_updated_at;
        }
        kept
    }

    /// The type of a field that there was; an enum is the one of its name.
    pub(super) fn kept_type(&self, before: &ScalarType, found: ScalarType) -> ScalarType {
        let ScalarType::Enum(id) = before else { return before.clone() };
        if matches!(found, ScalarType::Enum(_)) {
            return found;
        }
        let name = self.known.schema().enumeration(*id).name();
        match self.schema.enums.iter().position(|e| e.name == name) {
            Some(at) => ScalarType::Enum(EnumId(place(at))),
            None => found,
        }
    }

    /// Enums that databases without such types hold as text: those whose columns are there, and those that nothing used.
    pub(super) fn enums_of_the_schema_alone(&mut self) {
        if self.flavour.has_enum_types() {
            return;
        }
        let existing = self.known.schema();
        let mut kept: Vec<Enum> = Vec::new();
        for enumeration in existing.walk_enums().filter(|e| self.schema.enums.iter().all(|s| s.name != e.name())) {
            let uses = existing.walk_models().flat_map(|m| m.scalar_fields());
            let mut uses =
                uses.filter(|f| f.scalar().is_some_and(|s| s.ty == ScalarType::Enum(enumeration.id()))).peekable();
            if uses.peek().is_none() || uses.any(|f| self.is_as_before(f)) {
                kept.push(enumeration.data().clone());
            }
        }
        for mut enumeration in kept {
            enumeration.name = self.blocks.keep(&enumeration.name);
            self.schema.enums.push(enumeration);
        }
    }

    /// Whether the column of a field is there with its type.
    fn is_as_before(&self, field: FieldWalker<'_>) -> bool {
        let Some(scalar) = field.scalar() else { return false };
        let wanted = crate::calculate::column(field, scalar, self.flavour);
        let columns = match field.model().data().is_view {
            true => {
                self.database.views.iter().find(|v| self.known.is_model(field.model(), &v.name)).map(|v| &v.columns)
            }
            false => {
                self.database.tables.iter().find(|t| self.known.is_model(field.model(), &t.name)).map(|t| &t.columns)
            }
        };
        let column = columns.and_then(|c| c.iter().find(|c| c.name == wanted.name));
        column.is_some_and(|c| self.same(c, &wanted).ty)
    }

    /// Whether a column of a view has the type that the field wants, or none that it tells.
    pub(super) fn has_type_of(&self, column: &Column, field: FieldWalker<'_>) -> bool {
        let untyped = column.data_type.to_string().is_empty();
        let wanted = field.scalar().map(|s| crate::calculate::column(field, s, self.flavour));
        untyped || wanted.is_some_and(|w| self.same(column, &w).ty)
    }
}

/// Whether it is the client that makes the value.
fn is_by_client(default: &DefaultValue) -> bool {
    use DefaultFunction::{Cuid, Nanoid, Ulid, Uuid};
    matches!(default, DefaultValue::Function(Uuid(_) | Cuid(_) | Ulid | Nanoid(_)))
}
