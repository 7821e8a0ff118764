//! Records as serde sees them: the schema's names, without the relations that were not read.

use proc_macro2::TokenStream;
use quote::quote;

use super::{ModelGenerator, attempt};

pub(super) fn implementations(m: ModelGenerator<'_>) -> TokenStream {
    let (record, name) = (m.record(), m.model.name());
    let slots = m.slots();
    let (columns, column_names): (Vec<_>, Vec<_>) = m.scalars().map(|(f, ident)| (ident, f.name())).unzip();
    let (relations, relation_names): (Vec<_>, Vec<_>) = m.relations().map(|(f, ident)| (ident, f.name())).unzip();
    let count = columns.len();
    let fields = columns.iter().chain(&relations).collect::<Vec<_>>();
    let field_names = column_names.iter().chain(&relation_names).collect::<Vec<_>>();
    let from_fields = if m.g.request.stubs {
        quote!(loop {})
    } else {
        let next = attempt(quote!(__e.next()));
        quote!(__p::Result::Ok(#record { #(#fields: #next,)* }))
    };
    quote! {
        impl<#(#slots: __t::Slot + __p::serde::Serialize),*> __p::serde::Serialize for #record<#(#slots),*> {
            fn serialize<__S: __p::serde::Serializer>(&self, __s: __S) -> __p::Result<__S::Ok, __S::Error> {
                let mut __s = __t::json::Fields::new(__s, #name, #count #(+ #slots::IS_INCLUDED as __p::usize)*);
                #(__s.column(#column_names, &self.#columns);)*
                #(__s.relation(#relation_names, &self.#relations);)*
                __s.end()
            }
        }
        impl<'de, #(#slots: __t::Slot + __p::serde::Deserialize<'de>),*> __p::serde::Deserialize<'de> for #record<#(#slots),*> {
            fn deserialize<__D: __p::serde::Deserializer<'de>>(__d: __D) -> __p::Result<Self, __D::Error> {
                __t::json::record(__d)
            }
        }
        impl<'de, #(#slots: __t::Slot + __p::serde::Deserialize<'de>),*> __t::json::FromFields<'de> for #record<#(#slots),*> {
            const NAME: &'static __p::str = #name;
            const FIELDS: &'static [&'static __p::str] = &[#(#field_names),*];
            fn from_fields<__A: __p::serde::de::MapAccess<'de>>(__e: &mut __t::json::Entries<__A>) -> __p::Result<Self, __A::Error> {
                #from_fields
            }
        }
    }
}
