//! `#[derive(Model)]`, `#[derive(Enum)]` and `client!`.
//!
//! A derive sees one item alone. So each leaves a macro of the item's name with the item's tokens in it, and `client!` calls
//! these one after the other: each adds its tokens and calls the next, and the last calls [`client_models`] with all of them.

use std::path::Path;

use darling::{FromDeriveInput, Result};
use prisma_schema::SourceFile;
use prisma_schema::diagnostics::Diagnostics;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Data, DeriveInput, Fields};

use crate::generate::{self, Embedded, Request};
use crate::input::attributes::{EnumInput, ModelInput};
use crate::input::check;
use crate::input::client::{ClientInput, Gathered};
use crate::input::psl::Writer;
use crate::{repair, report};

/// `#[derive(Model)]`
pub fn derive_model(input: TokenStream) -> TokenStream {
    derive(
        input,
        "model",
        |input| ModelInput::from_derive_input(input).and_then(|model| check::model(&model)),
        |input| {
            let parameters: Vec<_> = input.generics.type_params().map(|p| p.ident.clone()).collect();
            let fields = match &input.data {
                Data::Struct(data) => match &data.fields {
                    Fields::Named(fields) => fields.named.iter().filter_map(|f| f.ident.clone()).collect(),
                    _ => Vec::new(),
                },
                _ => return TokenStream::new(),
            };
            generate::derived_record(&input.ident, &parameters, &fields)
        },
    )
}

/// `#[derive(Enum)]`
pub fn derive_enum(input: TokenStream) -> TokenStream {
    derive(
        input,
        "enum",
        |input| EnumInput::from_derive_input(input).map(|_| ()),
        |input| match &input.data {
            Data::Enum(data) => {
                let variants: Vec<_> = data.variants.iter().map(|v| v.ident.clone()).collect();
                generate::derived_enum(&input.ident, &variants)
            }
            _ => TokenStream::new(),
        },
    )
}

fn derive(
    input: TokenStream,
    keyword: &str,
    check: impl Fn(&DeriveInput) -> Result<()>,
    implementations: impl Fn(&DeriveInput) -> TokenStream,
) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let errors = check(&input).err();
    let keyword = Ident::new(if errors.is_some() { "broken" } else { keyword }, proc_macro2::Span::call_site());
    let item = match errors {
        Some(_) => {
            let name = &input.ident;
            quote!({ #keyword #name })
        }
        None => quote!({ #keyword #input }),
    };
    let errors = errors.map(darling::Error::write_errors);
    let implementations = implementations(&input);
    let (name, carrier) = (&input.ident, format_ident!("__prisma_{}", input.ident));
    quote! {
        #errors
        #implementations
        #[doc(hidden)]
        #[allow(unused_macros)]
        macro_rules! #carrier {
            ([] $($state:tt)*) => { ::prisma_client::__private::client_models! { $($state)* #item } };
            ([($($next:tt)*) $($rest:tt)*] $($state:tt)*) => { $($next)*! { [$($rest)*] $($state)* #item } };
        }
        #[doc(hidden)]
        #[allow(unused_imports, clippy::single_component_path_imports)]
        pub(crate) use #carrier as #name;
    }
}

/// `client!`: begins the chain of calls.
pub fn client(input: TokenStream) -> TokenStream {
    let client: ClientInput = match syn::parse2(input.clone()) {
        Ok(client) => client,
        Err(error) => return error.to_compile_error(),
    };
    let paths: Vec<_> = client.models.iter().chain(&client.enums).collect();
    // The generated code names what is elsewhere as if it were here.
    let elsewhere = paths.iter().filter(|p| p.segments.len() > 1);
    let uses = quote!(#(#[allow(unused_imports)] use #elsewhere;)*);
    match paths.split_first() {
        Some((first, rest)) => quote!(#uses #first! { [#((#rest))*] { #input } }),
        None => quote!(::prisma_client::__private::client_models! { { #input } }),
    }
}

/// The end of the chain: the code of a client and all its models. `base` is the folder that paths start from.
pub fn client_models(input: TokenStream, base: &Path) -> TokenStream {
    let gathered = syn::parse2::<Gathered>(input).and_then(|g| Ok((syn::parse2::<ClientInput>(g.client)?, g.items)));
    let (client, items) = match gathered {
        Ok(gathered) => gathered,
        Err(error) => return error.to_compile_error(),
    };
    let mut parts = Parts::default();
    items.into_iter().for_each(|item| parts.add(item));
    let mut writer = Writer::default();
    writer.datasource(&client.properties, client.name.span());
    parts.enums.iter().for_each(|e| writer.enumeration(e));
    parts.models.iter().for_each(|m| writer.model(m, &parts.models));
    let tokens = writer.text;
    let text = tokens.text();
    let sources = vec![SourceFile::new("schema.prisma", text)];
    let locate = |span: prisma_schema::Span| tokens.spans(span.start as usize, span.end as usize);

    let (schema, errors) = match prisma_schema::parse(sources.clone()) {
        Ok(validated) => (Some(validated.schema), None),
        Err(errors) => (repair::sane_part(&errors), Some(errors)),
    };
    let mut clashes = Vec::new();
    let code = schema.map(|schema| {
        let embedded = Embedded {
            files: vec![("schema.prisma".to_owned(), text.to_token_stream())],
            directory: base.display().to_string(),
        };
        let stubs = errors.is_some() || parts.broken;
        let request = Request {
            schema: &schema,
            client: client.name.clone(),
            visibility: client.visibility.clone(),
            records: false,
            stubs,
            embedded,
        };
        generate::generate(&request, &|span| locate(span).0, &mut clashes)
    });
    let errors = match errors {
        None if clashes.is_empty() => return code.unwrap_or_default(),
        None => return report::in_tokens(&Diagnostics::new(sources, clashes), locate),
        Some(errors) => errors,
    };
    // A model that its derive has found wrong is missing here: what follows from that is no news.
    let errors = (!parts.broken).then(|| report::in_tokens(&errors, locate));
    quote!(#errors #code)
}

/// The items of a client.
#[derive(Default)]
struct Parts {
    models: Vec<ModelInput>,
    enums: Vec<EnumInput>,
    /// Whether there is an item that its derive has reported.
    broken: bool,
}

impl Parts {
    fn add(&mut self, item: TokenStream) {
        let mut tokens = item.into_iter();
        let keyword = tokens.next().map(|t| t.to_string()).unwrap_or_default();
        let Ok(input) = syn::parse2::<DeriveInput>(tokens.collect()) else {
            self.broken = true;
            return;
        };
        let added = match keyword.as_str() {
            "model" => ModelInput::from_derive_input(&input).map(|m| self.models.push(m)),
            _ => EnumInput::from_derive_input(&input).map(|e| self.enums.push(e)),
        };
        self.broken |= added.is_err();
    }
}
