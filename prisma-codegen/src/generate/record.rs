//! Records: the struct, and how a row and its related records become one.

use std::collections::HashSet;

use prisma_schema::Arity;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

use super::case::{camel, identifier};
use super::relations::list;
use super::types::{Place, field_type};
use super::{ModelGenerator, docs};

/// The struct.
pub(super) fn definition(m: ModelGenerator<'_>) -> TokenStream {
    let (record, visibility) = (&m.names.record, &m.g.request.visibility);
    let data = m.model.data();
    let noun = if data.is_view { "view" } else { "model" };
    let doc = docs::or(data.documentation.as_deref(), &format!("A record of the {noun} `{}`.", data.name));
    let parameters = parameters(m);
    let mut by_relation = parameters.iter();
    let fields = m.model.fields().filter(|f| f.is_in_client()).filter_map(|field| {
        let ty = match (field.scalar(), field.relation_field()) {
            (Some(_), _) => field_type(&m.g.names, field, Place::Top),
            (_, Some(_)) => by_relation.next().map(|parameter| quote!(#parameter))?,
            _ => return None,
        };
        let (doc, name) = (docs::field(field), m.names.field(field.id()));
        Some(quote!(#doc pub #name: #ty))
    });
    let fields: Vec<_> = fields.collect();
    quote! {
        #doc
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq)]
        #[allow(nonstandard_style)]
        #visibility struct #record<#(#parameters = ::prisma_client::NotIncluded),*> { #(#fields),* }
    }
}

/// The record's type parameters: the relations' names. They hide no type that the struct needs, since its fields' types are
/// named by paths; but the struct itself is named by the derived code.
fn parameters(m: ModelGenerator<'_>) -> Vec<Ident> {
    let mut taken = HashSet::from([m.names.record.to_string()]);
    let parameter = |(i, (field, name)): (usize, (prisma_schema::FieldWalker<'_>, &Ident))| {
        let mut text = camel(field.name());
        while !taken.insert(text.clone()) {
            text.push('_');
        }
        identifier(&text, name.span()).unwrap_or_else(|| format_ident!("R{i}"))
    };
    m.relations().enumerate().map(parameter).collect()
}

/// `Model`, `Decode`, `Record`.
pub(super) fn implementations(m: ModelGenerator<'_>) -> TokenStream {
    let (record, name, id) = (m.record(), m.model.name(), Literal::u32_unsuffixed(m.model.id().0));
    let models = format_ident!("{}Models", m.g.request.client);
    let (columns, column_names): (Vec<_>, Vec<_>) = m.scalars().map(|(f, ident)| (ident, f.name())).unzip();
    let relations: Vec<_> = m.relations().map(|(_, ident)| ident).collect();
    let (relation_ids, relation_names): (Vec<_>, Vec<_>) =
        m.relations().map(|(f, _)| (Literal::u32_unsuffixed(f.id().0), f.name())).unzip();
    let slots = m.slots();
    let variables = |prefix: &str, count: usize| (0..count).map(|i| format_ident!("{prefix}{i}")).collect::<Vec<_>>();
    let (read, taken) = (variables("__c", columns.len()), variables("__r", relations.len()));
    let (reads, takes) = (in_tuples(&read, &[], &quote!(__c)), in_tuples(&taken, &[], &quote!(__s)));
    // What the user has written may hold nothing of it, but has the field.
    let hidden = m.model.fields().filter(|f| !m.g.request.records && !f.is_in_client());
    let hidden: Vec<_> = hidden.filter_map(|f| identifier(f.name(), Span::call_site())).collect();
    let bodies = [
        quote!(#reads __p::Result::Ok(#record { #(#columns: #read,)* #(#relations: __t::NotIncluded,)* #(#hidden: __p::PhantomData,)* })),
        quote!(#takes __p::Result::Ok(#record { #(#columns: __b.#columns,)* #(#relations: #taken,)* #(#hidden: __p::PhantomData,)* })),
    ];
    let cells = if m.g.request.stubs { quote!() } else { quote!(#(&self.#columns),*) };
    let list = list(&slots);
    let [decode, assemble] = if m.g.request.stubs { [quote!(loop {}), quote!(loop {})] } else { bodies };
    quote! {
        impl __t::Model for #record {
            type Schema = super::#models;
            const DESCRIPTION: (__p::u32, &'static __p::str, &'static [(__p::u32, &'static __p::str)]) =
                (#id, #name, &[#((#relation_ids, #relation_names)),*]);
        }
        impl __t::Decode for #record {
            const FIELDS: &'static [&'static __p::str] = &[#(#column_names),*];
            fn decode(__c: &mut __t::Columns<'_>) -> __p::Result<Self, __p::driver::ColumnError> { #decode }
        }
        impl<#(#slots: __t::Slot),*> __t::Record for #record<#(#slots),*> {
            type Model = #record;
            type Base = #record;
            type Relations = #list;
            fn assemble(__b: #record, __s: &mut __t::Slots) -> __p::Result<Self, __p::Error> { #assemble }
            fn cells(&self) -> __p::Vec<&dyn __t::ToCell> { __p::Vec::from([#cells] as [&dyn __t::ToCell; _]) }
        }
        impl<#(#slots),*> __t::WithRelations<#list> for #record {
            type Record = #record<#(#slots),*>;
        }
    }
}

/// Reads these variables, of these types if they are not to be inferred, in tuples with one call of `several` for each: the compiler has much
/// less work with it than with a call for each field.
pub(crate) fn in_tuples(variables: &[Ident], types: &[TokenStream], from: &TokenStream) -> TokenStream {
    let mut types = types.chunks(MOST_AT_ONCE);
    let reads = variables.chunks(MOST_AT_ONCE).map(|some| {
        let types = types.next().map(|types| quote!(::<(#(#types,)*)>));
        quote! {
            let (#(#some,)*) = match #from.several #types () {
                __p::Result::Ok(__v) => __v,
                __p::Result::Err(__x) => return __p::Result::Err(__x),
            };
        }
    });
    reads.collect()
}

/// The largest tuple that `several` reads.
const MOST_AT_ONCE: usize = 12;

/// What the field of a relation holds.
pub(super) fn arity(field: prisma_schema::FieldWalker<'_>) -> TokenStream {
    match field.arity() {
        Arity::Required => quote!(__t::One),
        Arity::Optional => quote!(__t::Optional),
        Arity::List => quote!(__t::Many),
    }
}
