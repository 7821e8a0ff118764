//! `With!(user { posts { author }, profile })`: the type of a record with relations included.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, Path, Token, braced};

/// The type that `With!` stands for.
pub fn with(input: TokenStream) -> TokenStream {
    match syn::parse2::<Root>(input) {
        Ok(Root { module, relations }) => record(&module.into_token_stream(), &relations),
        Err(error) => {
            let error = error.to_compile_error();
            // A type is wanted where the macro stands.
            quote!([(); { #error 0 }])
        }
    }
}

/// The module of a model, and what is included.
struct Root {
    module: Path,
    relations: Relations,
}

type Relations = Punctuated<Relation, Token![,]>;

/// A relation, and what is included in its records.
struct Relation {
    name: Ident,
    relations: Relations,
}

impl Parse for Root {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { module: Path::parse_mod_style(input)?, relations: relations(input)? })
    }
}

impl Parse for Relation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        Ok(Self { name, relations: relations(input)? })
    }
}

/// `{ a, b { c } }`, or nothing.
fn relations(input: ParseStream<'_>) -> syn::Result<Relations> {
    if !input.peek(syn::token::Brace) {
        return Ok(Relations::new());
    }
    let content;
    braced!(content in input);
    Punctuated::parse_terminated(&content)
}

fn record(module: &TokenStream, relations: &Relations) -> TokenStream {
    relations.iter().fold(quote!(#module::Model), |ty, Relation { name, relations }| {
        let related = record(&quote!(#module::__r::#name), relations);
        quote!(::prisma_client::__private::typed::With<#ty, #module::#name, #related>)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(input: &str) -> String {
        with(input.parse().unwrap()).to_string().replace(' ', "")
    }

    #[test]
    fn nothing_included() {
        assert_eq!(expand("db::user"), "db::user::Model");
    }

    #[test]
    fn relations_of_relations() {
        assert_eq!(
            expand("user { posts { author }, }"),
            "::prisma_client::__private::typed::With<user::Model,user::posts,\
             ::prisma_client::__private::typed::With<user::__r::posts::Model,user::__r::posts::author,\
             user::__r::posts::__r::author::Model>>"
        );
    }
}
