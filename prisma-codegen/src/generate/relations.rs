//! The tokens of a model's relations, their types, and the record with each of them included.

use prisma_schema::Arity;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

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
        let (id, slot, text) = (Literal::u32_unsuffixed(field.id().0), Literal::usize_unsuffixed(i), field.name());
        // The record's parameters with this one free, and with it taken.
        let others = slots.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, slot)| slot);
        let without = slots.iter().enumerate().map(|(j, s)| if j == i { quote!(__t::NotIncluded) } else { quote!(#s) });
        let with = slots.iter().enumerate().map(|(j, s)| if j == i { quote!(S) } else { quote!(#s) });
        tokens.extend(quote! {
            #doc
            #visibility const #name: __t::#token<#name> = __t::#token::new();
            #visibility enum #name {}
            impl __t::Relation for #name {
                type Model = #record;
                type Target = super::#target;
                type Arity = #arity;
                const FIELD: __p::tree::FieldId = __p::tree::FieldId(#id);
                const SLOT: __p::usize = #slot;
                const NAME: &'static __p::str = #text;
            }
            impl<#(#others,)* S> __t::Include<#name, S> for #record<#(#without),*> {
                type Output = #record<#(#with),*>;
            }
        });
    }
    tokens
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
