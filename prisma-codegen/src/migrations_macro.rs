//! `migrations!`

use std::path::Path;

use prisma_schema::migrations::{Folder, FolderError, LOCK};
use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::generate::provider_name;
use crate::report;

/// The migrations of a folder, as part of the program. `base` is the folder that paths start from.
pub fn migrations(input: TokenStream, base: &Path) -> TokenStream {
    let path = match syn::parse2::<syn::LitStr>(input) {
        Ok(path) => path,
        Err(error) => {
            let help =
                "`migrations!` takes the folder of the migrations, as a text: `migrations!(\"prisma/migrations\")`";
            return fail((error.span(), error.span()), help);
        }
    };
    let folder = base.join(path.value());
    match Folder::list(&folder) {
        Ok(found) => embed(&found, &folder),
        Err(error) => {
            let help = match error {
                FolderError::Missing(_) => {
                    "\nhelp: the path starts from the folder of the crate's Cargo.toml; `prisma migrate dev --name init` makes a first migration"
                }
                _ => "",
            };
            fail((path.span(), path.span()), &format!("{error}{help}"))
        }
    }
}

fn embed(folder: &Folder, path: &Path) -> TokenStream {
    let scripts = folder.scripts.iter().map(|(name, file)| {
        let file = file.display().to_string();
        quote!(::prisma_client::migrate::Script::embedded(#name, ::core::include_str!(#file)))
    });
    let provider = match folder.provider {
        Some(provider) => {
            let provider = syn::Ident::new(provider_name(provider), Span::call_site());
            quote!(::core::option::Option::Some(::prisma_client::__private::Provider::#provider))
        }
        None => quote!(::core::option::Option::None),
    };
    // Written anew with each new migration: the compiler watches it.
    let watched = folder.provider.map(|_| {
        let lock = path.join(LOCK).display().to_string();
        quote!(
            const _: &::core::primitive::str = ::core::include_str!(#lock);
        )
    });
    quote! {{
        #watched
        const SCRIPTS: &[::prisma_client::migrate::Script] = &[#(#scripts),*];
        ::prisma_client::migrate::Migrations::embedded(#provider, SCRIPTS)
    }}
}

/// An error, and migrations that there are not, so that there is one message.
fn fail(span: (Span, Span), message: &str) -> TokenStream {
    let error = report::at(span, message);
    quote! {{
        #error;
        ::prisma_client::migrate::Migrations::embedded(::core::option::Option::None, &[])
    }}
}
