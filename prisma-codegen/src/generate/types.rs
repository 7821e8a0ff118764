//! The Rust type of a column field.

use prisma_schema::{Arity, FieldWalker, ScalarType};
use proc_macro2::TokenStream;
use quote::quote;

use super::names::Names;

/// Where the generated code stands: how it names the library, and the module that has the records and enums.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// Beside the records.
    Top,
    /// In a model's module, where the library is `__p`.
    Module,
}

impl Place {
    pub(super) fn library(self) -> TokenStream {
        match self {
            Self::Top => quote!(::prisma_client::__private),
            Self::Module => quote!(__p),
        }
    }

    fn home(self) -> TokenStream {
        match self {
            Self::Top => quote!(self),
            Self::Module => quote!(super),
        }
    }
}

/// The type of the field: the scalar, or `Option` or `Vec` of it.
pub(super) fn field_type(names: &Names, field: FieldWalker<'_>, place: Place) -> TokenStream {
    let (p, scalar) = (place.library(), scalar_type(names, field, place));
    match field.arity() {
        Arity::Required => scalar,
        Arity::Optional => quote!(#p::Option<#scalar>),
        Arity::List => quote!(#p::Vec<#scalar>),
    }
}

fn scalar_type(names: &Names, field: FieldWalker<'_>, place: Place) -> TokenStream {
    let p = place.library();
    let Some(scalar) = field.scalar() else { return quote!(()) };
    let native = scalar.native_type.as_ref().map(|n| n.name.as_str());
    match (&scalar.ty, native) {
        (ScalarType::String, Some("Uuid")) => quote!(#p::Uuid),
        (ScalarType::String, _) => quote!(#p::String),
        (ScalarType::Boolean, _) => quote!(#p::bool),
        (ScalarType::Int, _) => quote!(#p::i32),
        (ScalarType::BigInt, _) => quote!(#p::i64),
        (ScalarType::Float, _) => quote!(#p::f64),
        (ScalarType::Decimal, _) => quote!(#p::BigDecimal),
        (ScalarType::DateTime, Some("Date")) => quote!(#p::NaiveDate),
        (ScalarType::DateTime, Some("Time" | "Timetz")) => quote!(#p::NaiveTime),
        (ScalarType::DateTime, _) => quote!(#p::DateTime<#p::Utc>),
        (ScalarType::Json, _) => quote!(#p::Json),
        (ScalarType::Bytes, _) => quote!(#p::Vec<#p::u8>),
        (ScalarType::Enum(id), _) => {
            let (home, name) = (place.home(), &names.enumeration(*id).name);
            quote!(#home::#name)
        }
        (ScalarType::Unsupported(_), _) => quote!(()),
    }
}
