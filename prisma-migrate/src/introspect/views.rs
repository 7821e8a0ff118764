//! Views, which are a preview feature.

use prisma_schema::{FieldId, Index, Model, ScalarType, Span};

use super::known::Known;
use super::models::{arity, column_field};
use super::{Builder, place};
use crate::database::View;

impl Builder<'_> {
    pub(super) fn views(&mut self) {
        if self.has_preview("views") {
            for view in &self.database.views {
                let model = self.view(view);
                self.schema.models.push(model);
            }
        } else if !self.database.views.is_empty() {
            let all: Vec<_> = self.database.views.iter().map(|v| format!("`{}`", v.name)).collect();
            self.warnings.push(format!(
                "there are views, which are left out without the preview feature `views` in the generator: {}",
                all.join(", ")
            ));
        }
    }

    fn view(&mut self, view: &View) -> Model {
        let known = self.known.view(&view.name);
        let name = match known {
            Some(known) => self.blocks.keep(known.name()),
            None => self.new_name("view", &view.name),
        };
        let mut taken = Known::field_names(known, &view.columns);
        let mut fields = Vec::new();
        let mut indexes: Vec<Index> = Vec::new();
        for column in &view.columns {
            let known = known.and_then(|m| m.scalar_fields().find(|f| f.database_name() == column.name));
            let name = self.field_name(&view.name, column, known, &mut taken);
            // The database does not know which columns are always there, nor what makes a row unique: that is for people to say.
            let mut arity = arity(column);
            let kept = known.filter(|f| self.has_type_of(column, *f));
            let scalar = match kept.and_then(|f| f.scalar()) {
                Some(before) => {
                    let mut scalar = before.clone();
                    scalar.ty = self.kept_type(&before.ty, ScalarType::String);
                    arity = kept.map_or(arity, |f| f.arity());
                    scalar
                }
                None => self.scalar_field(&view.name, column),
            };
            fields.push(column_field(name, column, known, arity, scalar));
        }
        for index in known.iter().flat_map(|m| m.indexes()) {
            let mut index = index.data().clone();
            let place_of = |id: FieldId| {
                let name = known?.field(id).database_name();
                view.columns.iter().position(|c| c.name == name).map(|at| FieldId(place(at)))
            };
            let parts: Option<Vec<_>> = index.fields.iter().map(|f| place_of(f.field)).collect();
            if let Some(parts) = parts {
                index.fields.iter_mut().zip(parts).for_each(|(part, field)| part.field = field);
                index.span = Span::default();
                indexes.push(index);
            }
        }
        Model { is_view: true, indexes, fields, ..self.empty_model(name, &view.name, known) }
    }
}
