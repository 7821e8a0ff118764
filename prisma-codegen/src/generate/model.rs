//! Everything of one model: the record, and the module with all the rest.

use prisma_schema::ModelWalker;
use proc_macro2::TokenStream;
use quote::quote;

use super::{Generator, ModelGenerator, create, docs, field_lists, json, record, relations, tokens};

pub(super) fn generate<'a>(g: &'a Generator<'a>, model: ModelWalker<'a>) -> TokenStream {
    let m = ModelGenerator::new(g, model);
    let definition = g.request.records.then(|| record::definition(m));
    let (module, visibility) = (&m.names.module, &g.request.visibility);
    let (record, inner) = (m.record(), g.visibility_in_module());
    let (implementations, json) = (record::implementations(m), json::implementations(m));
    let (tokens, relations, modules) = (tokens::generate(m), relations::generate(m), relations::modules(m));
    let (create, field_lists) = (create::generate(m), field_lists::generate(m));
    let doc = docs::doc(&format!("The fields of the model `{}`, to make queries of.", model.name()));
    quote! {
        #definition
        #doc
        #[allow(nonstandard_style, missing_docs, missing_debug_implementations, unused, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
        #visibility mod #module {
            use ::prisma_client::__private::{self as __p, typed as __t};
            #[doc(hidden)]
            #inner type Model = #record;
            #implementations
            #json
            #tokens
            #relations
            #modules
            #create
            #field_lists
        }
    }
}
