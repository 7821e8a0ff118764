//! Enums, and how the database and JSON spell their values.

use prisma_schema::EnumWalker;
use proc_macro2::TokenStream;
use quote::quote;

use super::{Generator, docs};

pub(super) fn generate(g: &Generator<'_>, e: EnumWalker<'_>) -> TokenStream {
    let definition = g.request.records.then(|| definition(g, e));
    let names = g.names.enumeration(e.id());
    let (name, text) = (&names.name, e.name());
    let variants = &names.variants;
    let schema_names: Vec<_> = e.values().iter().map(|v| v.name.as_str()).collect();
    let database_names: Vec<_> = e.values().iter().map(|v| v.database_name()).collect();
    quote! {
        #definition
        const _: () = {
            use ::prisma_client::__private::{self as __p, typed as __t};
            #[automatically_derived]
            impl __t::EnumScalar for #name {
                const NAME: &'static __p::str = #text;
                const VALUES: &'static [(Self, &'static __p::str, &'static __p::str)] =
                    &[#((Self::#variants, #schema_names, #database_names)),*];
            }
            #[automatically_derived]
            impl __p::serde::Serialize for #name {
                fn serialize<__S: __p::serde::Serializer>(&self, __s: __S) -> __p::Result<__S::Ok, __S::Error> {
                    __s.serialize_str(__t::EnumScalar::name(*self))
                }
            }
            #[automatically_derived]
            impl<'de> __p::serde::Deserialize<'de> for #name {
                fn deserialize<__D: __p::serde::Deserializer<'de>>(__d: __D) -> __p::Result<Self, __D::Error> {
                    __t::json::enum_value(__d)
                }
            }
        };
    }
}

fn definition(g: &Generator<'_>, e: EnumWalker<'_>) -> TokenStream {
    let names = g.names.enumeration(e.id());
    let (name, visibility) = (&names.name, &g.request.visibility);
    let doc = docs::or(e.data().documentation.as_deref(), &format!("The enum `{}`.", e.name()));
    let variants = names.variants.iter().zip(e.values()).map(|(variant, value)| {
        let doc = docs::or(value.documentation.as_deref(), &format!("`{}`", value.name));
        quote!(#doc #variant)
    });
    quote! {
        #doc
        #[derive(
            ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq,
            ::core::hash::Hash, ::core::cmp::PartialOrd, ::core::cmp::Ord,
        )]
        #[allow(nonstandard_style)]
        #visibility enum #name { #(#variants),* }
    }
}
