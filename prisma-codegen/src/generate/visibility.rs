//! The visibility that the user gave, seen from the modules within.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Visibility;

/// The same visibility, written `depth` modules further in.
pub(super) fn within(visibility: &Visibility, depth: usize) -> TokenStream {
    let up = |more: usize| {
        let steps = vec![quote!(super); depth + more];
        quote!(pub(in #(#steps)::*))
    };
    match visibility {
        Visibility::Public(_) => quote!(pub),
        Visibility::Inherited => up(0),
        Visibility::Restricted(restricted) if restricted.path.is_ident("super") => up(1),
        Visibility::Restricted(restricted) if restricted.path.is_ident("self") => up(0),
        Visibility::Restricted(restricted) => restricted.to_token_stream(),
    }
}
