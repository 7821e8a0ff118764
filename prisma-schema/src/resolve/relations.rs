//! `@relation`: what each relation field says, before the two ends find each other.

use super::Resolver;
use super::arguments::{self, Arguments};
use crate::diagnostics::Diagnostic;
use crate::suggest::did_you_mean;
use crate::syntax::{self, Attribute, Expression};
use crate::{Arity, FieldId, FieldKind, ModelId, ReferentialAction};

/// What a relation field says.
#[derive(Debug, Clone)]
pub(crate) struct RelationEnd<'t> {
    pub(crate) model: ModelId,
    pub(crate) field: FieldId,
    pub(crate) related_model: ModelId,
    pub(crate) syntax: &'t syntax::Field<'t>,
    pub(crate) attribute: Option<&'t Attribute<'t>>,
    /// The name in `@relation`.
    pub(crate) name: Option<&'t str>,
    /// `fields`; `Some` and empty if it was given, but not of columns that exist.
    pub(crate) fields: Option<Vec<FieldId>>,
    /// `references`, likewise.
    pub(crate) references: Option<Vec<FieldId>>,
    pub(crate) on_delete: Option<ReferentialAction>,
    pub(crate) on_update: Option<ReferentialAction>,
    pub(crate) map: Option<String>,
    /// Whether an error was reported about what it says.
    pub(crate) is_broken: bool,
}

impl RelationEnd<'_> {
    pub(crate) fn is_list(&self) -> bool {
        self.syntax.arity == Arity::List
    }

    /// The attribute, or the field if there is none.
    pub(crate) fn span(&self) -> crate::Span {
        self.attribute.map_or(self.syntax.span, |a| a.span)
    }
}

impl ReferentialAction {
    /// All of them.
    pub const ALL: [ReferentialAction; 5] =
        [Self::Cascade, Self::Restrict, Self::NoAction, Self::SetNull, Self::SetDefault];

    /// Its name in the schema language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cascade => "Cascade",
            Self::Restrict => "Restrict",
            Self::NoAction => "NoAction",
            Self::SetNull => "SetNull",
            Self::SetDefault => "SetDefault",
        }
    }
}

impl<'t> Resolver<'t> {
    pub(super) fn relations(&mut self) {
        for i in 0..self.tree.models.len() {
            let model = ModelId(i as u32);
            for n in 0..self.schema.models[i].fields.len() {
                let FieldKind::Relation(relation) = &self.schema.models[i].fields[n].kind else {
                    continue;
                };
                let related = relation.related_model;
                let end = self.relation_end(model, FieldId(n as u32), related);
                self.tree.ends.push(end);
            }
        }
        self.pair_ends();
    }

    fn relation_end(&mut self, model: ModelId, field: FieldId, related_model: ModelId) -> RelationEnd<'t> {
        let syntax = self.tree.field(model, field);
        let attribute = syntax.attribute("relation");
        let mut end = RelationEnd {
            model,
            field,
            related_model,
            syntax,
            attribute,
            name: None,
            fields: None,
            references: None,
            on_delete: None,
            on_update: None,
            map: None,
            is_broken: false,
        };
        let Some(attribute) = attribute else {
            return end;
        };
        let errors = self.sink.len();
        let mut arguments = Arguments::of(attribute);
        let name = arguments.positional("name", &mut self.sink);
        let fields = arguments.named("fields", &mut self.sink);
        let references = arguments.named("references", &mut self.sink);
        let on_delete = arguments.named("onDelete", &mut self.sink);
        let on_update = arguments.named("onUpdate", &mut self.sink);
        let map = arguments.named("map", &mut self.sink);
        arguments.finish(&mut self.sink);

        end.name = name.and_then(|v| arguments::non_empty(v, "@relation", "name", &mut self.sink));
        end.fields = fields.map(|v| self.relation_fields(model, "fields", v, attribute));
        end.references = references.map(|v| self.relation_fields(related_model, "references", v, attribute));
        end.on_delete = on_delete.and_then(|v| self.referential_action(v));
        end.on_update = on_update.and_then(|v| self.referential_action(v));
        end.map = map.and_then(|v| arguments::non_empty(v, "@relation", "map", &mut self.sink)).map(str::to_owned);
        end.is_broken = self.sink.len() > errors;
        end
    }

    fn referential_action(&mut self, value: &'t Expression<'t>) -> Option<ReferentialAction> {
        let names = ReferentialAction::ALL.map(ReferentialAction::name);
        let parse = |text: &str| ReferentialAction::ALL.into_iter().find(|a| a.name() == text);
        arguments::one_of(value, "referential action", &names, parse, &mut self.sink)
    }

    /// The columns that `fields` or `references` lists. Errors are shown on the attribute, as Prisma does.
    fn relation_fields(
        &mut self,
        model: ModelId,
        argument: &str,
        value: &'t Expression<'t>,
        attribute: &'t Attribute<'t>,
    ) -> Vec<FieldId> {
        let elements = arguments::elements(value);
        if elements.is_empty() {
            let error = Diagnostic::error(attribute.span, format!("the argument `{argument}` of `@relation` is empty"));
            self.sink.push(error.with_help("name at least one field"));
        }
        let mut ids = Vec::with_capacity(elements.len());
        for element in elements {
            let Some(name) = arguments::constant(element, &mut self.sink) else {
                continue;
            };
            let tree = self.tree.model(model);
            let model_name = &tree.block.name.text;
            match self.field_id(model, name) {
                None => {
                    let help = did_you_mean(name, tree.fields.iter().map(|f| f.name.text));
                    let message = format!("`{argument}` names the field `{name}`, which `{model_name}` does not have");
                    self.sink.push(Diagnostic::error(element.span, message).with_help_if(help));
                }
                Some(id) if self.tree.is_broken(model, id) => {}
                Some(id) => match &self.schema.models[model.0 as usize].fields[id.0 as usize].kind {
                    FieldKind::Scalar(_) if ids.contains(&id) => {
                        self.error(element.span, format!("`{argument}` names the field `{name}` twice"));
                    }
                    FieldKind::Scalar(_) => ids.push(id),
                    _ => {
                        let message =
                            format!("`{argument}` names `{name}` of `{model_name}`, which is no scalar field");
                        self.sink.push(Diagnostic::error(element.span, message).with_help("name scalar fields"));
                    }
                },
            }
        }
        ids
    }
}
