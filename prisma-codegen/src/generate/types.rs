//! The Rust type of a column field.

use prisma_schema::{Arity, FieldWalker, ScalarType};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

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

/// The Rust type that a native type has of its own, in place of that of its scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OwnType {
    Uuid,
    Date,
    Time,
}

impl OwnType {
    /// The one of a native type.
    pub(crate) fn of(ty: &ScalarType, native: Option<&str>) -> Option<Self> {
        match (ty, native?) {
            (ScalarType::String, "Uuid") => Some(Self::Uuid),
            (ScalarType::DateTime, "Date") => Some(Self::Date),
            (ScalarType::DateTime, "Time" | "Timetz") => Some(Self::Time),
            _ => None,
        }
    }

    /// As users write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Uuid => "Uuid",
            Self::Date => "NaiveDate",
            Self::Time => "NaiveTime",
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
    if let Some(own) = OwnType::of(&scalar.ty, scalar.native_type.as_ref().map(|n| n.name.as_str())) {
        let name = format_ident!("{}", own.name());
        return quote!(#p::#name);
    }
    match &scalar.ty {
        ScalarType::String => quote!(#p::String),
        ScalarType::Boolean => quote!(#p::bool),
        ScalarType::Int => quote!(#p::i32),
        ScalarType::BigInt => quote!(#p::i64),
        ScalarType::Float => quote!(#p::f64),
        ScalarType::Decimal => quote!(#p::BigDecimal),
        ScalarType::DateTime => quote!(#p::DateTime<#p::Utc>),
        ScalarType::Json => quote!(#p::Json),
        ScalarType::Bytes => quote!(#p::Vec<#p::u8>),
        ScalarType::Enum(id) => {
            let (home, name) = (place.home(), &names.enumeration(*id).name);
            quote!(#home::#name)
        }
        ScalarType::Unsupported(_) => quote!(()),
    }
}
