//! The tokens of a model's relations, their types, and the record with each of them included.

use prisma_schema::Arity;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::record::arity;
use super::visibility::within;
use super::{ModelGenerator, docs};

pub(super) fn generate(m: ModelGenerator<'_>) -> TokenStream {
    let (record, visibility) = (m.record(), m.g.visibility_in_module());
    let slots = m.slots();
    let mut tokens = TokenStream::new();
    for (i, (field, name)) in m.relations().enumerate() {
        let Some(target) = field.related_model() else { continue };
        let target = &m.g.of(target).record;
        let (doc, arity) = (docs::field(field), arity(field));
        let token = if field.arity() == Arity::List { quote!(ToMany) } else { quote!(ToOne) };
        let index = index(i, slots.len());
        tokens.extend(quote! {
            #doc
            #visibility const #name: __t::#token<#name> = __t::#token::new();
            #visibility enum #name {}
            impl __t::RelationField for #name {
                type Ends = __t::Ends<#record, super::#target, #arity, #index>;
            }
        });
    }
    tokens
}

/// How many elements a list has at most: the compiler goes through it one by one, and in recursion.
const BLOCK: usize = 16;

/// The types of the relations' fields as one list, or as a list of lists where there are many.
pub(super) fn list(slots: &[Ident]) -> TokenStream {
    if slots.len() <= BLOCK {
        return cons(slots.iter().map(ToTokens::to_token_stream));
    }
    cons(slots.chunks(BLOCK).map(|block| cons(block.iter().map(ToTokens::to_token_stream))))
}

fn cons(elements: impl DoubleEndedIterator<Item = TokenStream>) -> TokenStream {
    elements.rev().fold(quote!(()), |rest, element| quote!((#element, #rest)))
}

/// Where element `i` of so many is in the list.
fn index(i: usize, count: usize) -> TokenStream {
    let within = format_ident!("At{}", i % BLOCK);
    let within = quote!(__t::at::#within);
    if count <= BLOCK {
        return within;
    }
    (0..i / BLOCK).fold(quote!(__t::Within<#within>), |index, _| quote!(__t::NextBlock<#index>))
}

/// The modules of the related models by the relations' names, for macros that walk along relations.
pub(super) fn modules(m: ModelGenerator<'_>) -> TokenStream {
    let visibility = within(&m.g.request.visibility, 2);
    let uses = m.relations().filter_map(|(field, name)| {
        let module = &m.g.of(field.related_model()?).module;
        Some(quote!(#visibility use super::super::#module as #name;))
    });
    let outer = m.g.visibility_in_module();
    quote! {
        #[doc(hidden)]
        #outer mod __r { #(#uses)* }
    }
}
