//! `#[derive(FromRow)]`

use darling::ast::Data;
use darling::util::Ignored;
use darling::{FromDeriveInput, FromField};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{DeriveInput, Generics, Type};

use crate::generate::in_tuples;

#[derive(FromDeriveInput)]
#[darling(attributes(prisma), supports(struct_named))]
struct RowInput {
    ident: Ident,
    generics: Generics,
    data: Data<Ignored, ColumnInput>,
}

#[derive(FromField)]
#[darling(attributes(prisma))]
struct ColumnInput {
    ident: Option<Ident>,
    ty: Type,
    #[darling(default)]
    column: Option<String>,
}

/// `#[derive(FromRow)]`
pub fn derive_from_row(input: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(input) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    match RowInput::from_derive_input(&item) {
        Ok(row) => implementation(&row),
        Err(errors) => {
            let (errors, stub) = (errors.write_errors(), stub(&item));
            quote!(#errors #stub)
        }
    }
}

/// What stands for the implementation of a struct with mistakes, so that nobody complains that there is none.
fn stub(item: &DeriveInput) -> TokenStream {
    let name = &item.ident;
    let (generics, parameters, bounds) = item.generics.split_for_impl();
    quote! {
        #[allow(clippy::all)]
        const _: () = {
            use ::prisma_client::__private::{self as __p, typed as __t};
            impl #generics __t::FromRow for #name #parameters #bounds {
                fn locate(_: &__t::ColumnNames<'_>) -> __p::Result<__p::Vec<__p::usize>, __p::Error> { loop {} }
                fn read(_: &mut __t::Columns<'_>) -> __p::Result<Self, __p::driver::ColumnError> { loop {} }
            }
        };
    }
}

fn implementation(row: &RowInput) -> TokenStream {
    let Data::Struct(fields) = &row.data else { return TokenStream::new() };
    let (name, text) = (&row.ident, row.ident.unraw().to_string());
    let (generics, parameters, bounds) = row.generics.split_for_impl();
    let idents: Vec<_> = fields.fields.iter().filter_map(|f| f.ident.as_ref()).collect();
    let types: Vec<_> = fields.fields.iter().map(|f| f.ty.to_token_stream()).collect();
    let columns = fields.fields.iter().zip(&idents);
    let columns = columns.map(|(field, ident)| field.column.clone().unwrap_or_else(|| ident.unraw().to_string()));
    let read: Vec<_> = (0..idents.len()).map(|i| format_ident!("__c{i}")).collect();
    let reads = in_tuples(&read, &types, &quote!(__c));
    quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            use ::prisma_client::__private::{self as __p, typed as __t};
            impl #generics __t::FromRow for #name #parameters #bounds {
                fn locate(__c: &__t::ColumnNames<'_>) -> __p::Result<__p::Vec<__p::usize>, __p::Error> {
                    __c.find(#text, &[#(#columns),*])
                }
                fn read(__c: &mut __t::Columns<'_>) -> __p::Result<Self, __p::driver::ColumnError> {
                    #reads
                    __p::Result::Ok(Self { #(#idents: #read),* })
                }
            }
        };
    }
}
