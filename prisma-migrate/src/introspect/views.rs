//! Views, which are a preview feature.

use prisma_schema::{Arity, Field, FieldId, FieldKind, Index, Model, ScalarType, Span};

use super::names::Taken;
use super::{Builder, names, place};
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
            Some(known) => self.blocks.take(known.name().to_owned()),
            None => self.new_name("view", &view.name),
        };
        let mut taken = Taken::default();
        let mut fields = Vec::new();
        let mut indexes: Vec<Index> = Vec::new();
        for column in &view.columns {
            let known = known.and_then(|m| m.scalar_fields().find(|f| f.database_name() == column.name));
            let name = taken.take(known.map_or_else(|| names::allowed(&column.name, "field"), |f| f.name().to_owned()));
            // The database does not know which columns are always there, nor what makes a row unique: that is for people to say.
            let mut arity = match (column.data_type.is_list, column.is_nullable) {
                (true, _) => Arity::List,
                (false, true) => Arity::Optional,
                (false, false) => Arity::Required,
            };
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
            fields.push(Field {
                map: names::map(&name, &column.name),
                name,
                renamed_from: None,
                documentation: known.and_then(|f| f.data().documentation.clone()),
                arity,
                kind: FieldKind::Scalar(scalar),
                is_ignored: known.is_some_and(|f| f.data().is_ignored),
                span: Span::default(),
                name_span: Span::default(),
                type_span: Span::default(),
            });
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
        Model {
            map: names::map(&name, &view.name.name),
            name,
            schema: self.namespace(&view.name),
            renamed_from: None,
            documentation: known.and_then(|m| m.data().documentation.clone()),
            is_view: true,
            is_ignored: known.is_some_and(|m| m.data().is_ignored),
            indexes,
            fields,
            shard_key: Vec::new(),
            span: Span::default(),
            name_span: Span::default(),
        }
    }
}
