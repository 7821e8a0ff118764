//! The rules that a resolved schema must keep, one small function each, grouped by what they are about.

mod composites;
mod constraint_names;
mod cycles;
mod database_names;
mod defaults;
mod enums;
mod extensions;
mod fields;
mod indexes;
mod models;
mod native_types;
mod operator_classes;
mod primary_keys;
mod referential_actions;
mod relations;
mod renames;
mod schemas;
mod views;

use crate::diagnostics::Diagnostic;
use crate::resolve::{PreviewFeature, Tree};
use crate::syntax::{self, Attribute};
use crate::{Capabilities, Field, FieldKind, FieldWalker, IndexWalker, ModelWalker, ScalarField, Schema, Span};

/// Runs all rules.
pub(crate) fn run(schema: &Schema, tree: &Tree<'_>, sink: &mut Vec<Diagnostic>) {
    let mut cx = Context { schema, tree, capabilities: schema.provider().capabilities(), sink };
    for column in columns(schema, tree) {
        fields::run(&mut cx, column);
        native_types::run(&mut cx, column);
        defaults::run(&mut cx, column);
    }
    for model in schema.walk_models() {
        models::run(&mut cx, model);
        views::run(&mut cx, model);
        primary_keys::run(&mut cx, model);
        for index in model.indexes() {
            indexes::run(&mut cx, index);
            operator_classes::run(&mut cx, index);
        }
        indexes::at_most_one_clustered(&mut cx, model);
        indexes::at_most_one_fulltext(&mut cx, model);
        indexes::no_duplicates(&mut cx, model);
        defaults::autoincrement_of_model(&mut cx, model);
    }
    enums::run(&mut cx);
    composites::run(&mut cx);
    extensions::run(&mut cx);
    schemas::run(&mut cx);
    database_names::run(&mut cx);
    constraint_names::run(&mut cx);
    renames::run(&mut cx);
    views::no_implicit_many_to_many(&mut cx);
    relations::run(&mut cx);
    referential_actions::run(&mut cx);
    cycles::run(&mut cx);
}

/// All columns that have a type.
fn columns<'a>(schema: &'a Schema, tree: &'a Tree<'a>) -> impl Iterator<Item = Column<'a>> {
    let of_models = schema.walk_models().flat_map(|model| model.fields()).filter_map(|walker| {
        let scalar = walker.scalar().filter(|_| !tree.is_broken(walker.model().id(), walker.id()))?;
        Some(Column {
            walker: Some(walker),
            owner: walker.model().name(),
            field: walker.data(),
            scalar,
            syntax: tree.field(walker.model().id(), walker.id()),
        })
    });
    let of_composites = schema.composites.iter().zip(&tree.composites).flat_map(|(composite, tree)| {
        composite.fields.iter().zip(&tree.fields).filter_map(|(field, syntax)| match &field.kind {
            FieldKind::Scalar(scalar) if !scalar.ty.is_unknown() => {
                Some(Column { walker: None, owner: &composite.name, field, scalar, syntax })
            }
            _ => None,
        })
    });
    of_models.chain(of_composites)
}

/// What the rules look at, and where they report.
pub(crate) struct Context<'a> {
    schema: &'a Schema,
    tree: &'a Tree<'a>,
    capabilities: &'static Capabilities,
    sink: &'a mut Vec<Diagnostic>,
}

/// A column of a model, or a scalar field of a composite type, with its text.
#[derive(Clone, Copy)]
pub(crate) struct Column<'a> {
    /// The model's walker; `None` in a composite type.
    walker: Option<FieldWalker<'a>>,
    /// The name of the model or composite type.
    owner: &'a str,
    field: &'a Field,
    scalar: &'a ScalarField,
    syntax: &'a syntax::Field<'a>,
}

impl<'a> Column<'a> {
    /// `` `name` of `Model` ``
    fn describe(&self) -> String {
        format!("`{}` of `{}`", self.field.name, self.owner)
    }

    fn attribute(&self, name: &str) -> Option<&'a Attribute<'a>> {
        self.syntax.attribute(name)
    }
}

impl<'a> Context<'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::error(span, message).with_help(help));
    }

    fn has_preview(&self, feature: PreviewFeature) -> bool {
        self.tree.preview_features.contains(&feature)
    }

    /// The provider in messages.
    fn provider(&self) -> &'static str {
        self.capabilities.display_name
    }

    fn header(&self, model: ModelWalker<'_>) -> Span {
        self.tree.model(model.id()).block.header_span
    }

    fn syntax(&self, field: FieldWalker<'_>) -> &'a syntax::Field<'a> {
        self.tree.field(field.model().id(), field.id())
    }

    /// The attribute that a key or index was written as.
    fn index_attribute(&self, index: IndexWalker<'_>) -> Option<&'a Attribute<'a>> {
        self.tree.index_attributes.get(&index.data().span).copied()
    }
}

/// How a key or index is called in messages: `@@unique`, `@id`.
fn index_name(cx: &Context<'_>, index: IndexWalker<'_>) -> String {
    cx.index_attribute(index).map(Attribute::display_name).unwrap_or_default()
}
