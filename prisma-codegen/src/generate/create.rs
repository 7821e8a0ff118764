//! The create builder of a model: one type parameter for each required column, so that a record with one missing does not compile.

use std::collections::HashSet;

use prisma_schema::{Arity, FieldId, FieldKind, FieldWalker, Link, ModelWalker, ScalarType};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::case::{camel, identifier};
use super::types::{Place, field_type};
use super::{ModelGenerator, docs};

/// A required column: its state is a type parameter.
struct Required<'a> {
    field: FieldWalker<'a>,
    parameter: Ident,
    /// The type that stands for "not set": of the relation that the column alone is the key of, or else of the column.
    marker: &'a Ident,
    has_own_marker: bool,
}

/// The builder; nothing for a view, nor for a model with a column that cannot be left out and that the client does not see.
pub(super) fn generate(m: ModelGenerator<'_>) -> TokenStream {
    if m.model.data().is_view || has_unreachable_column(m.model) {
        return TokenStream::new();
    }
    let builder = Builder { m, required: required(m) };
    let (definition, setters, nested) = (builder.definition(), builder.setters(), builder.nested());
    quote!(#definition #setters #nested)
}

fn has_unreachable_column(model: ModelWalker<'_>) -> bool {
    model.fields().any(|f| {
        let hidden = !f.is_in_client() || matches!(f.data().kind, FieldKind::Composite(_));
        hidden && f.relation_field().is_none() && f.arity() == Arity::Required && !has_value(f)
    })
}

/// Whether a record may be created without saying anything of this column.
fn has_value(field: FieldWalker<'_>) -> bool {
    field.scalar().is_some_and(|s| s.default.is_some() || s.is_updated_at)
}

fn required(m: ModelGenerator<'_>) -> Vec<Required<'_>> {
    let mut taken = HashSet::from(["Create".to_owned()]);
    let mut required = Vec::new();
    for (i, (field, name)) in m.scalars().enumerate() {
        let unsupported = matches!(field.scalar().map(|s| &s.ty), Some(ScalarType::Unsupported(_)));
        if field.arity() != Arity::Required || has_value(field) || unsupported {
            continue;
        }
        let mut text = camel(field.name());
        while !taken.insert(text.clone()) {
            text.push('_');
        }
        let parameter = identifier(&text, name.span()).unwrap_or_else(|| format_ident!("F{i}"));
        let relation = m.relations().find(|(r, _)| owned(*r) == [field.id()]);
        let marker = relation.map_or(name, |(_, relation)| relation);
        required.push(Required { field, parameter, marker, has_own_marker: relation.is_none() });
    }
    required
}

/// The columns that hold the key of a relation at this end.
fn owned(relation: FieldWalker<'_>) -> &[FieldId] {
    match relation.link() {
        Some(Link::Owning { fields, .. }) => fields,
        _ => &[],
    }
}

struct Builder<'a> {
    m: ModelGenerator<'a>,
    required: Vec<Required<'a>>,
}

impl<'a> Builder<'a> {
    fn parameters(&self) -> Vec<&Ident> {
        self.required.iter().map(|r| &r.parameter).collect()
    }

    fn definition(&self) -> TokenStream {
        let (record, visibility) = (self.m.record(), self.m.g.visibility_in_module());
        let parameters = self.parameters();
        let markers: Vec<_> = self.required.iter().map(|r| r.marker).collect();
        let own_markers = self.required.iter().filter(|r| r.has_own_marker).map(|r| r.marker);
        let name = self.m.model.name();
        let doc = docs::doc(&format!("A record of `{name}` to be created."));
        let create_doc = docs::doc(&format!("Begins a record of `{name}` to be created."));
        quote! {
            #(#visibility enum #own_markers {})*
            #doc
            #[must_use]
            #visibility struct Create<#(#parameters = #markers),*>(__t::CreateNode<#record, (#(#parameters,)*)>);
            #create_doc
            #visibility fn create() -> Create { Create(__t::CreateNode::new()) }
        }
    }

    fn setters(&self) -> TokenStream {
        let visibility = self.m.g.visibility_in_module();
        let parameters = self.parameters();
        let columns = self.m.scalars().map(|(field, name)| {
            let (doc, ty) = (docs::field(field), field_type(&self.m.g.names, field, Place::Module));
            let (id, result) = (Literal::u32_unsuffixed(field.id().0), self.after_setting(&[field.id()]));
            quote! {
                #doc
                #visibility fn #name(self, __v: impl __t::IntoValue<#ty>) -> #result { Create(__t::set_column(self.0, #id, __v)) }
            }
        });
        let relations = self.m.relations().map(|(field, name)| {
            let (doc, result) = (docs::field(field), self.after_setting(owned(field)));
            quote! {
                #doc
                #visibility fn #name(self, __v: impl __t::NestedInput<#name>) -> #result { Create(__t::set_relation(self.0, __v)) }
            }
        });
        quote! {
            impl<#(#parameters),*> Create<#(#parameters),*> {
                #(#columns)*
                #(#relations)*
            }
        }
    }

    /// The builder's type once these columns are set.
    fn after_setting(&self, fields: &[FieldId]) -> TokenStream {
        if !self.required.iter().any(|r| fields.contains(&r.field.id())) {
            return quote!(Self);
        }
        let states = self.required.iter().map(|r| {
            let parameter = &r.parameter;
            if fields.contains(&r.field.id()) { quote!(__t::Set) } else { quote!(#parameter) }
        });
        quote!(Create<#(#states),*>)
    }

    /// The builder as a value: of a create, and of a nested one through each relation that leads here.
    fn nested(&self) -> TokenStream {
        let record = self.m.record();
        let parameters = self.parameters();
        let bounds = self.bounds();
        let through_bounds = self.required.iter().map(|r| {
            let parameter = &r.parameter;
            quote!(#parameter: __t::IsSetIn<__R>)
        });
        let set_by_relations = self.set_by_relations();
        quote! {
            impl<#(#parameters),*> __p::Clone for Create<#(#parameters),*> {
                fn clone(&self) -> Self { Create(__p::Clone::clone(&self.0)) }
            }
            impl<#(#parameters),*> __p::Debug for Create<#(#parameters),*> {
                fn fmt(&self, __f: &mut __p::Formatter<'_>) -> __p::FmtResult { __p::Debug::fmt(&self.0, __f) }
            }
            impl<#(#parameters),*> __t::CreateBuilder for Create<#(#parameters),*> {
                fn into_create(self) -> __p::tree::Create { self.0.into_create() }
            }
            impl<#(#bounds),*> __t::CreateInput<#record> for Create<#(#parameters),*> {}
            impl<__R: __t::Relation, #(#parameters),*> __t::NestedInput<__R> for Create<#(#parameters),*>
            where
                Self: __t::NestedCreate<__R>,
            {
                fn add_to(self, __w: &mut __p::Vec<__p::tree::NestedWrite>) { __t::add_create::<__R>(self, __w) }
            }
            impl<__R: __t::Relation, #(#parameters),*> __t::NestedCreates<__R> for Create<#(#parameters),*>
            where
                Self: __t::NestedCreate<__R>,
            {
                fn into_creates(self) -> __p::Vec<__p::tree::Create> { __t::one_create::<__R>(self) }
            }
            impl<__R: __t::Relation<Target = #record>, #(#through_bounds),*> __t::NestedCreate<__R, #record> for Create<#(#parameters),*> {}
            #set_by_relations
        }
    }

    /// Which required columns are set by which relation that leads here.
    fn set_by_relations(&self) -> TokenStream {
        let through = self.m.relations().filter_map(|(field, _)| {
            let opposite = field.opposite().filter(|o| o.is_in_client() && !o.model().data().is_ignored)?;
            let (module, name) = (&self.m.g.of(opposite.model()).module, self.m.g.field(opposite));
            let markers = self.required.iter().filter(|r| owned(field).contains(&r.field.id())).map(|r| r.marker);
            Some(quote!(#(#[diagnostic::do_not_recommend] impl __t::IsSetIn<super::#module::#name> for #markers {})*))
        });
        through.collect()
    }

    /// The parameters, all of which must be set.
    fn bounds(&self) -> impl Iterator<Item = TokenStream> {
        self.required.iter().map(|r| {
            let parameter = &r.parameter;
            quote!(#parameter: __t::IsSet)
        })
    }
}
