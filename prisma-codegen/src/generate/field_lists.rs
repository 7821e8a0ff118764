//! The names of a model's fields, for the macros that name fields and do not see the schema.

use std::sync::atomic::{AtomicU32, Ordering};

use prisma_schema::Arity;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Visibility;

use super::ModelGenerator;
use crate::rows::{FieldLists, FieldName};

/// `__fields!`: calls a macro with the names, and with what it is given itself.
pub(super) fn generate(m: ModelGenerator<'_>) -> TokenStream {
    let name = |(field, ident): (prisma_schema::FieldWalker<'_>, _)| FieldName::new(ident, field.name());
    let (to_many, to_one): (Vec<_>, Vec<_>) = m.relations().partition(|(f, _)| f.arity() == Arity::List);
    let lists = FieldLists {
        columns: m.scalars().map(name).collect(),
        to_one: to_one.into_iter().map(name).collect(),
        to_many: to_many.into_iter().map(name).collect(),
    };
    // What is exported stands in the crate's root, where several schemas may have a model of this name.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let carrier = format_ident!(
        "__prisma_{}_{}",
        m.names.module.to_string().trim_start_matches("r#"),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let (export, visibility) = match m.g.request.visibility {
        Visibility::Public(_) => (Some(quote!(#[macro_export])), quote!(pub)),
        _ => (None, quote!(pub(crate))),
    };
    quote! {
        #[doc(hidden)]
        #export
        macro_rules! #carrier {
            ($callback:ident $($given:tt)*) => { ::prisma_client::__private::$callback! { #lists $($given)* } };
        }
        #[doc(hidden)]
        #visibility use #carrier as __fields;
    }
}
