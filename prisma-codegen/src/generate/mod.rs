//! A validated schema becomes Rust code.
//!
//! The code is thin: records, tokens, trait constants, and one-line functions that call the core. Each model's code stands
//! in the model's module, where the library is `__p` and its typed layer `__t`; names of parameters begin with `__`, since
//! the module has constants with the names of fields, which no field's name can begin with.

mod case;
mod client;
mod create;
mod derived;
mod docs;
mod enums;
mod field_lists;
mod json;
mod model;
mod names;
mod record;
mod relations;
mod tokens;
mod types;
mod visibility;

use prisma_schema::diagnostics::Diagnostic;
use prisma_schema::{FieldWalker, ModelWalker, Schema};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Visibility;

pub(crate) use case::type_name;
pub(crate) use client::{Embedded, provider_name};
pub(crate) use derived::{enumeration as derived_enum, record as derived_record};
pub(crate) use names::Locate;
use names::{ModelNames, Names};
pub(crate) use record::in_tuples;
pub(crate) use types::OwnType;

/// What the generator is asked for.
pub(crate) struct Request<'a> {
    /// The schema.
    pub(crate) schema: &'a Schema,
    /// The client's name.
    pub(crate) client: Ident,
    /// The visibility of everything that is generated.
    pub(crate) visibility: Visibility,
    /// Whether records and enums are generated; otherwise they are there, written by the user.
    pub(crate) records: bool,
    /// Whether the schema is but the sane part of one with errors: the code need only type-check, and must not name all fields.
    pub(crate) stubs: bool,
    /// The text of the schema, as the program carries it.
    pub(crate) embedded: Embedded,
}

/// The code of a schema; what goes wrong on the way from the schema's names to Rust's goes to `sink`.
pub(crate) fn generate(request: &Request<'_>, locate: Locate<'_>, sink: &mut Vec<Diagnostic>) -> TokenStream {
    let names = Names::new(request, locate, sink);
    let g = Generator { request, names };
    let mut code = TokenStream::new();
    for e in request.schema.walk_enums() {
        code.extend(enums::generate(&g, e));
    }
    for model in g.models() {
        code.extend(model::generate(&g, model));
    }
    code.extend(client::generate(&g));
    code
}

/// A schema on its way to code.
struct Generator<'a> {
    request: &'a Request<'a>,
    names: Names,
}

impl<'a> Generator<'a> {
    /// The models that the client sees.
    fn models(&self) -> impl Iterator<Item = ModelWalker<'a>> + use<'a> {
        self.request.schema.walk_models().filter(|m| !m.data().is_ignored)
    }

    fn of(&self, model: ModelWalker<'a>) -> &ModelNames {
        self.names.model(model.id())
    }

    /// The visibility of what stands in a model's module.
    fn visibility_in_module(&self) -> TokenStream {
        visibility::within(&self.request.visibility, 1)
    }

    fn field(&self, field: FieldWalker<'a>) -> &Ident {
        self.of(field.model()).field(field.id())
    }
}

/// A model on its way to code.
#[derive(Clone, Copy)]
struct ModelGenerator<'a> {
    g: &'a Generator<'a>,
    model: ModelWalker<'a>,
    names: &'a ModelNames,
}

impl<'a> ModelGenerator<'a> {
    fn new(g: &'a Generator<'a>, model: ModelWalker<'a>) -> Self {
        Self { g, model, names: g.of(model) }
    }

    /// The columns in the order in which rows hold them.
    fn scalars(self) -> impl Iterator<Item = (FieldWalker<'a>, &'a Ident)> + Clone {
        self.model.client_scalars().map(move |f| (f, self.names.field(f.id())))
    }

    /// The relations in the order of the record's type parameters.
    fn relations(self) -> impl Iterator<Item = (FieldWalker<'a>, &'a Ident)> + Clone {
        self.model.client_relations().map(move |f| (f, self.names.field(f.id())))
    }

    /// `R0`, `R1` …: the record's type parameters within generated code.
    fn slots(self) -> Vec<Ident> {
        self.relations().enumerate().map(|(i, _)| quote::format_ident!("R{i}")).collect()
    }

    /// The record with nothing included, as the model's module names it.
    fn record(self) -> TokenStream {
        let record = &self.names.record;
        quote!(super::#record)
    }
}
