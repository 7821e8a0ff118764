//! What `#[derive(Model)]` and `#[derive(Enum)]` implement beside: the traits that generated records and enums derive.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// `Debug`, `Clone`, `PartialEq` of a record with these type parameters and fields, of which the hidden ones hold nothing.
pub(crate) fn record(name: &Ident, parameters: &[Ident], fields: &[Ident], hidden: &[Ident]) -> TokenStream {
    let shown: Vec<_> = fields.iter().filter(|f| !hidden.contains(f)).collect();
    let texts: Vec<_> = shown.iter().map(|f| f.to_string().trim_start_matches("r#").to_owned()).collect();
    let text = name.to_string();
    quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            impl<#(#parameters: ::core::fmt::Debug),*> ::core::fmt::Debug for #name<#(#parameters),*> {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    __f.debug_struct(#text)#(.field(#texts, &self.#shown))*.finish()
                }
            }
            impl<#(#parameters: ::core::clone::Clone),*> ::core::clone::Clone for #name<#(#parameters),*> {
                fn clone(&self) -> Self {
                    Self { #(#fields: ::core::clone::Clone::clone(&self.#fields)),* }
                }
            }
            impl<#(#parameters: ::core::cmp::PartialEq),*> ::core::cmp::PartialEq for #name<#(#parameters),*> {
                fn eq(&self, __o: &Self) -> bool {
                    true #(&& self.#fields == __o.#fields)*
                }
            }
        };
    }
}

/// `Debug`, `Clone`, `Copy`, `PartialEq`, `Eq`, `Hash` of an enum with these values.
pub(crate) fn enumeration(name: &Ident, variants: &[Ident]) -> TokenStream {
    let texts: Vec<_> = variants.iter().map(|v| v.to_string().trim_start_matches("r#").to_owned()).collect();
    quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            impl ::core::fmt::Debug for #name {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    __f.write_str(match self { #(Self::#variants => #texts,)* })
                }
            }
            impl ::core::clone::Clone for #name {
                fn clone(&self) -> Self { *self }
            }
            impl ::core::marker::Copy for #name {}
            impl ::core::cmp::PartialEq for #name {
                fn eq(&self, __o: &Self) -> bool {
                    ::core::mem::discriminant(self) == ::core::mem::discriminant(__o)
                }
            }
            impl ::core::cmp::Eq for #name {}
            impl ::core::hash::Hash for #name {
                fn hash<__H: ::core::hash::Hasher>(&self, __h: &mut __H) {
                    ::core::hash::Hash::hash(&::core::mem::discriminant(self), __h)
                }
            }
        };
    }
}
