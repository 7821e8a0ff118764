//! What makes a struct a record: how it is made of the columns of a row and of the values of relations.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::generate::in_tuples;

/// A struct that is read of a model.
pub(super) struct Row {
    /// Its name.
    pub(super) name: Ident,
    /// Its type parameters: those that are columns, then those that are relations.
    pub(super) parameters: (Vec<Ident>, Vec<Ident>),
    /// The model's module.
    pub(super) module: TokenStream,
    pub(super) columns: Vec<Column>,
    pub(super) counts: Vec<Counts>,
    /// Relations: name and type of their fields.
    pub(super) relations: Vec<(Ident, TokenStream)>,
}

/// A field that is a column.
pub(super) struct Column {
    pub(super) field: Ident,
    pub(super) ty: TokenStream,
    /// The field's name in the schema.
    pub(super) name: String,
}

/// A field of numbers of related records.
pub(super) struct Counts {
    pub(super) field: Ident,
    pub(super) ty: TokenStream,
    /// The numbers: the type of each, and its field in the struct that `ty` is; without fields, `ty` is one number.
    pub(super) numbers: Vec<(TokenStream, Option<Ident>)>,
}

impl Row {
    /// `Decode` and `Record`.
    pub(super) fn implementations(&self) -> TokenStream {
        let Self { name, module, .. } = self;
        let (columns, relations) = &self.parameters;
        let base = if self.relations.is_empty() { quote!(Self) } else { quote!(__Base<#(#columns),*>) };
        let (decode, assemble) = (self.decode(), self.assemble());
        quote! {
            #decode
            impl<#(#columns: __t::FieldType,)* #(#relations: __t::Slot),*> __t::Record for #name<#(#columns,)* #(#relations),*> {
                type Model = #module::Model;
                type Base = #base;
                type Relations = __t::Settled;
                fn assemble(__b: Self::Base, __s: &mut __t::Slots) -> __p::Result<Self, __p::Error> { #assemble }
            }
        }
    }

    /// What a row alone becomes: the struct itself, or one without the relations.
    fn decode(&self) -> TokenStream {
        let columns = &self.parameters.0;
        let (fields, field_types) = self.own_fields();
        let (base, definition) = match self.relations.is_empty() {
            true => (&self.name, None),
            false => (
                &format_ident!("__Base"),
                Some(
                    quote!(#[allow(nonstandard_style, missing_docs, missing_debug_implementations, unreachable_pub)] pub struct __Base<#(#columns),*> { #(#fields: #field_types),* }),
                ),
            ),
        };
        let names = self.columns.iter().map(|c| &c.name);
        let variables =
            |prefix: &str, count: usize| (0..count).map(|i| format_ident!("{prefix}{i}")).collect::<Vec<_>>();
        let numbers = self.counts.iter().flat_map(|c| &c.numbers);
        let mut types: Vec<_> = self.columns.iter().map(|c| c.ty.clone()).collect();
        types.extend(numbers.map(|(ty, _)| ty.clone()));
        let read = variables("__c", types.len());
        let reads = in_tuples(&read, &types, &quote!(__c));
        let (own, mut rest) = read.split_at(self.columns.len());
        let own_fields = self.columns.iter().map(|c| &c.field);
        let counts = self.counts.iter().map(|Counts { field, ty, numbers }| {
            let (these, others) = rest.split_at(numbers.len());
            rest = others;
            let names: Vec<_> = numbers.iter().filter_map(|(_, name)| name.as_ref()).collect();
            match names.is_empty() {
                true => quote!(#field: #(#these)*),
                false => quote!(#field: #ty { #(#names: #these),* }),
            }
        });
        quote! {
            #definition
            impl<#(#columns: __t::FieldType),*> __t::Decode for #base<#(#columns),*> {
                const FIELDS: &'static [&'static __p::str] = &[#(#names),*];
                fn decode(__c: &mut __t::Columns<'_>) -> __p::Result<Self, __p::driver::ColumnError> {
                    #reads
                    __p::Result::Ok(Self { #(#own_fields: #own,)* #(#counts),* })
                }
            }
        }
    }

    fn assemble(&self) -> TokenStream {
        if self.relations.is_empty() {
            return quote!(__p::Result::Ok(__b));
        }
        let (fields, _) = self.own_fields();
        let (relations, types): (Vec<_>, Vec<_>) = self.relations.iter().cloned().unzip();
        let taken: Vec<_> = (0..relations.len()).map(|i| format_ident!("__r{i}")).collect();
        let takes = in_tuples(&taken, &types, &quote!(__s));
        quote! {
            #takes
            __p::Result::Ok(Self { #(#fields: __b.#fields,)* #(#relations: #taken),* })
        }
    }

    /// The fields of a row alone.
    fn own_fields(&self) -> (Vec<&Ident>, Vec<&TokenStream>) {
        let columns = self.columns.iter().map(|c| (&c.field, &c.ty));
        columns.chain(self.counts.iter().map(|c| (&c.field, &c.ty))).unzip()
    }
}
