//! `#[derive(Select)]`: a struct that says what is read of a model.
//!
//! The derive reads the struct and asks the model's module, as `select!` does; [`select_struct`] writes the code.

use darling::ast::Data;
use darling::util::Ignored;
use darling::{FromDeriveInput, FromField, FromMeta};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{DeriveInput, Path, Type, braced};

use super::fields::{FieldLists, Kind, unknown};
use super::row::{Column, Counts, Row};

/// The struct, as far as the model is not needed for it.
#[derive(FromDeriveInput)]
#[darling(attributes(prisma), supports(struct_named))]
struct StructInput {
    ident: Ident,
    generics: syn::Generics,
    #[darling(default)]
    model: Option<Module>,
}

/// The fields of the struct.
#[derive(FromDeriveInput)]
#[darling(attributes(prisma), allow_unknown_fields)]
struct FieldsInput {
    data: Data<Ignored, FieldInput>,
}

/// The module of a model: `model = user`.
struct Module(Path);

impl FromMeta for Module {
    fn from_expr(expression: &syn::Expr) -> darling::Result<Self> {
        match expression {
            syn::Expr::Path(path) => Ok(Self(path.path.clone())),
            other => {
                Err(darling::Error::custom("the module of a model is wanted here: `model = user`").with_span(other))
            }
        }
    }
}

#[derive(FromField)]
#[darling(attributes(prisma))]
struct FieldInput {
    ident: Option<Ident>,
    ty: Type,
    /// The model's field, where the struct's has another name.
    #[darling(default)]
    field: Option<Ident>,
    /// The to-many relation whose records are counted.
    #[darling(default)]
    count: Option<Ident>,
}

impl FieldInput {
    fn name(&self) -> Ident {
        self.ident.clone().unwrap_or_else(|| Ident::new("field", self.ty.span()))
    }
}

/// `#[derive(Select)]`
pub fn derive_select(input: TokenStream) -> TokenStream {
    let item = input.clone();
    let read = |input| StructInput::from_derive_input(&syn::parse2(input)?);
    let of = match read(input) {
        Ok(of) => of,
        Err(errors) => return errors.write_errors(),
    };
    if !of.generics.params.is_empty() {
        let message = "what derives `Select` has no parameters: its fields are those of one model";
        return syn::Error::new(of.generics.span(), message).to_compile_error();
    }
    match of.model {
        Some(Module(module)) => quote!(#module::__fields! { select_struct #module { #item } }),
        None => {
            let message = "which model is it read of?\nhelp: name the model's module: `#[prisma(model = user)]`";
            syn::Error::new(of.ident.span(), message).to_compile_error()
        }
    }
}

/// A struct, and the names of the fields of its model.
struct Struct {
    fields: FieldLists,
    module: Path,
    item: DeriveInput,
}

impl Parse for Struct {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let fields = input.parse()?;
        let module = Path::parse_mod_style(input)?;
        let content;
        braced!(content in input);
        Ok(Self { fields, module, item: content.parse()? })
    }
}

/// The code of a struct, given the names of the fields of its model.
pub fn select_struct(input: TokenStream) -> TokenStream {
    let Struct { fields, module, item } = match syn::parse2(input) {
        Ok(of) => of,
        Err(error) => return error.to_compile_error(),
    };
    let made = FieldsInput::from_derive_input(&item).and_then(|of| implementation(&fields, &module, &item.ident, of));
    made.unwrap_or_else(|errors| {
        let (errors, stub) = (errors.write_errors(), stub(&module, &item.ident));
        quote!(#errors #stub)
    })
}

/// What stands for the implementations of a struct with mistakes, so that nobody complains that there are none.
fn stub(module: &Path, name: &Ident) -> TokenStream {
    quote! {
        #[allow(clippy::all)]
        const _: () = {
            use ::prisma_client::__private::{self as __p, typed as __t};
            impl __t::Record for #name {
                type Model = #module::Model;
                type Base = #module::Model;
                type Relations = __t::Settled;
                fn assemble(_: Self::Base, _: &mut __t::Slots) -> __p::Result<Self, __p::Error> { loop {} }
            }
            impl __t::SelectAs<#module::Model> for #name {
                type Record = Self;
                fn selection() -> __t::Select<#module::Model, Self> { loop {} }
            }
        };
    }
}

/// What the struct selects.
#[derive(Default)]
struct Found {
    columns: Vec<Column>,
    column_ids: Vec<TokenStream>,
    counts: Vec<Counts>,
    counted: Vec<Ident>,
    relations: Vec<(Ident, TokenStream)>,
    relation_queries: Vec<TokenStream>,
}

fn implementation(fields: &FieldLists, module: &Path, name: &Ident, of: FieldsInput) -> darling::Result<TokenStream> {
    let Data::Struct(own) = of.data else { return Ok(TokenStream::new()) };
    let model = module.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
    let mut found = Found::default();
    let mut errors = darling::Error::accumulator();
    for field in &own.fields {
        errors.handle(found.add(field, fields, module, &model).map_err(darling::Error::from));
    }
    errors.finish()?;
    let Found { columns, column_ids, counts, counted, relations, relation_queries } = found;
    let row = Row {
        name: name.clone(),
        parameters: Default::default(),
        module: module.to_token_stream(),
        columns,
        counts,
        relations,
    };
    let implementations = row.implementations();
    let positions = 0..relation_queries.len();
    Ok(quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            use ::prisma_client::__private::{self as __p, typed as __t};
            #implementations
            impl __t::SelectAs<#module::Model> for #name {
                type Record = Self;
                fn selection() -> __t::Select<#module::Model, Self> {
                    __t::Select::columns(__p::Vec::from([#(#column_ids),*]), __p::Vec::new())
                        #(.relation(#positions, #relation_queries))*
                        #(.count(#module::#counted, __p::Option::None))*
                }
            }
        };
    })
}

impl Found {
    fn add(&mut self, field: &FieldInput, fields: &FieldLists, module: &Path, model: &str) -> syn::Result<()> {
        let (own, ty) = (field.name(), field.ty.to_token_stream());
        if let Some(relation) = &field.count {
            if !fields.to_many.iter().any(|f| f.ident.unraw() == relation.unraw()) {
                let what = format!("`{model}` has no to-many relation `{relation}` to count");
                return Err(unknown(relation, &what, fields.to_many.iter()));
            }
            self.counted.push(relation.clone());
            self.counts.push(Counts { field: own, ty: ty.clone(), numbers: vec![(ty, None)] });
            return Ok(());
        }
        let name = field.field.as_ref().unwrap_or(&own);
        let span = field.ty.span();
        match fields.find(name, model)? {
            Kind::Column(column) => {
                let token = spanned(module, &column.ident, span);
                self.column_ids.push(quote_spanned!(span=> __t::column_as::<#ty, _, _, _>(#token)));
                self.columns.push(Column { field: own, ty, name: column.in_schema() });
            }
            Kind::ToOne(relation) | Kind::ToMany(relation) => {
                let token = spanned(module, &relation.ident, span);
                self.relation_queries.push(quote_spanned!(span=> __t::related_as::<#ty, #token>()));
                self.relations.push((own, ty));
            }
        }
        Ok(())
    }
}

/// A token of a model's module, as if it stood at the declaration that it is compared with.
fn spanned(module: &Path, name: &Ident, span: proc_macro2::Span) -> TokenStream {
    let token = quote!(#module::#name);
    let place = |mut token: proc_macro2::TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    token.into_iter().map(place).collect()
}
