//! The tokens of a model's columns and compound keys.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::types::{Place, field_type};
use super::{ModelGenerator, docs};

pub(super) fn generate(m: ModelGenerator<'_>) -> TokenStream {
    let (record, visibility) = (m.record(), m.g.visibility_in_module());
    let mut tokens = TokenStream::new();
    for (field, name) in m.scalars() {
        let (doc, ty) = (docs::field(field), field_type(&m.g.names, field, Place::Module));
        let id = Literal::u32_unsuffixed(field.id().0);
        let key = field.is_unique().then(|| quote!(, __t::UniqueKey));
        tokens.extend(quote! {
            #doc
            #visibility const #name: __t::Field<#record, #ty #key> = __t::Field::new(#id);
        });
    }
    for (name, index) in &m.names.keys {
        let Some(index) = m.model.indexes().nth(*index) else { continue };
        let types = index.fields().map(|f| field_type(&m.g.names, f, Place::Module));
        let ids = index.fields().map(|f| Literal::u32_unsuffixed(f.id().0));
        let fields = index.fields().map(|f| format!("`{}`", f.name())).collect::<Vec<_>>().join(", ");
        let doc = docs::doc(&format!("The unique key of {fields}."));
        tokens.extend(quote! {
            #doc
            #visibility const #name: __t::CompoundKey<#record, (#(#types,)*)> = __t::CompoundKey::new(&[#(#ids),*]);
        });
    }
    tokens
}
