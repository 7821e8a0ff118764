//! Records as serde sees them: the schema's names, without the relations that were not read.
//!
//! Columns go through the core as they do for a row. Only the relations' types are generic, and code with many bounds is slow to
//! check: so what needs none has none.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::ModelGenerator;

pub(super) fn implementations(m: ModelGenerator<'_>) -> TokenStream {
    let (record, slots) = (m.record(), m.slots());
    let (relations, names): (Vec<_>, Vec<_>) = m.relations().map(|(f, ident)| (ident, f.name())).unzip();
    let arms = slots.iter().enumerate().map(|(i, slot)| {
        let position = Literal::usize_unsuffixed(i);
        let pattern = if i + 1 == slots.len() { quote!(_) } else { quote!(#position) };
        quote!(#pattern => __t::json::relation::<#slot, __D>(#position, __d, __s))
    });
    let relation = if slots.is_empty() { quote!(__t::json::ignore(__d)) } else { quote!(match __i { #(#arms,)* }) };
    quote! {
        impl<#(#slots: __t::Slot + __p::serde::Serialize),*> __p::serde::Serialize for #record<#(#slots),*> {
            fn serialize<__S: __p::serde::Serializer>(&self, __s: __S) -> __p::Result<__S::Ok, __S::Error> {
                let mut __s = __t::json::Fields::new::<#record>(__s, self, 0 #(+ #slots::IS_INCLUDED as __p::usize)*);
                #(__s.relation(#names, &self.#relations);)*
                __s.end()
            }
        }
        impl<'de, #(#slots: __t::Slot + __p::serde::Deserialize<'de>),*> __p::serde::Deserialize<'de> for #record<#(#slots),*> {
            fn deserialize<__D: __p::serde::Deserializer<'de>>(__d: __D) -> __p::Result<Self, __D::Error> {
                __t::json::record(__d)
            }
        }
        impl<'de, #(#slots: __t::Slot + __p::serde::Deserialize<'de>),*> __t::json::FromFields<'de> for #record<#(#slots),*> {
            fn relation<__D: __p::serde::Deserializer<'de>>(
                __i: __p::usize, __d: __D, __s: &mut __t::Slots,
            ) -> __p::Result<(), __D::Error> {
                #relation
            }
        }
    }
}
