//! The fields of a model, as the model's module tells them to the macros.

use std::fmt::Write;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token, braced};

/// A field: its name in Rust, and in the schema where that is another.
#[derive(Clone)]
pub(crate) struct FieldName {
    pub(crate) ident: Ident,
    schema: Option<String>,
}

impl FieldName {
    pub(crate) fn new(ident: &Ident, schema: &str) -> Self {
        Self { ident: ident.clone(), schema: (ident.unraw() != schema).then(|| schema.to_owned()) }
    }

    /// The same field, as it is named here.
    pub(super) fn at(&self, ident: &Ident) -> Self {
        Self { ident: ident.clone(), schema: self.schema.clone() }
    }

    /// The name in the schema.
    pub(super) fn in_schema(&self) -> String {
        self.schema.clone().unwrap_or_else(|| self.ident.unraw().to_string())
    }
}

impl Parse for FieldName {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ident = Ident::parse_any(input)?;
        let schema = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse::<LitStr>()?.value()),
            None => None,
        };
        Ok(Self { ident, schema })
    }
}

impl ToTokens for FieldName {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (ident, schema) = (&self.ident, self.schema.iter());
        tokens.extend(quote!(#ident #(= #schema)*));
    }
}

/// The fields of a model by their kinds.
pub(crate) struct FieldLists {
    pub(crate) columns: Vec<FieldName>,
    pub(crate) to_one: Vec<FieldName>,
    pub(crate) to_many: Vec<FieldName>,
}

impl Parse for FieldLists {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let list = |input: ParseStream<'_>| {
            let content;
            braced!(content in input);
            Ok(Punctuated::<FieldName, Token![,]>::parse_terminated(&content)?.into_iter().collect())
        };
        Ok(Self { columns: list(input)?, to_one: list(input)?, to_many: list(input)? })
    }
}

impl ToTokens for FieldLists {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { columns, to_one, to_many } = self;
        tokens.extend(quote!({ #(#columns),* } { #(#to_one),* } { #(#to_many),* }));
    }
}

/// What a name is.
pub(super) enum Kind<'a> {
    Column(&'a FieldName),
    ToOne(&'a FieldName),
    ToMany(&'a FieldName),
}

impl FieldLists {
    /// The field of a name.
    ///
    /// # Errors
    /// There is none: with what was meant, or with what there is.
    pub(super) fn find(&self, name: &Ident, model: &str) -> syn::Result<Kind<'_>> {
        let of = |list: &'_ Vec<FieldName>| list.iter().position(|f| f.ident.unraw() == name.unraw());
        if let Some(i) = of(&self.columns) {
            return Ok(Kind::Column(&self.columns[i]));
        }
        if let Some(i) = of(&self.to_one) {
            return Ok(Kind::ToOne(&self.to_one[i]));
        }
        if let Some(i) = of(&self.to_many) {
            return Ok(Kind::ToMany(&self.to_many[i]));
        }
        Err(unknown(name, &format!("`{model}` has no field `{name}`"), self.all()))
    }

    fn all(&self) -> impl Iterator<Item = &FieldName> {
        self.columns.iter().chain(&self.to_one).chain(&self.to_many)
    }
}

/// The error of a name that is none of these.
pub(super) fn unknown<'f>(name: &Ident, what: &str, fields: impl Iterator<Item = &'f FieldName>) -> syn::Error {
    let names: Vec<_> = fields.map(|f| f.ident.unraw().to_string()).collect();
    let mut message = what.to_owned();
    match prisma_schema::closest(&name.unraw().to_string(), names.iter().map(String::as_str)) {
        Some(meant) => {
            let _ = write!(message, "\nhelp: did you mean `{meant}`?");
        }
        None if names.is_empty() => {}
        None => {
            let _ = write!(message, "\nhelp: there are `{}`", names.join("`, `"));
        }
    }
    syn::Error::new(name.span(), message)
}
