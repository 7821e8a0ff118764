//! `#[derive(Model)]`, `#[derive(Enum)]` and `client!`.
//!
//! A derive sees one item alone. So each leaves a macro of the item's name with the item's tokens in it, and `client!` calls
//! these one after the other: each adds its tokens and calls the next, and the last calls [`client_models`] with all of them.

use std::path::Path;

use darling::{FromDeriveInput, Result};
use prisma_schema::diagnostics::Diagnostics;
use prisma_schema::{Arity, NativeType, ScalarType, Schema, SourceFile};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{Data, DataStruct, DeriveInput, Fields};

use crate::generate::{self, Embedded, OwnType, Request};
use crate::input::attributes::{EnumInput, FieldInput, ModelInput, explain};
use crate::input::check;
use crate::input::client::{ClientInput, Gathered};
use crate::input::column_type::{TypeName, column_type};
use crate::input::psl::Writer;
use crate::{repair, report};

/// `#[derive(Model)]`
pub fn derive_model(input: TokenStream) -> TokenStream {
    derive(input, |input| {
        let fields = match &input.data {
            Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => &fields.named,
            _ => return Err(shape(input, "a model is a struct with named fields: `struct User { id: i32, … }`")),
        };
        let parameters: Vec<_> = input.generics.type_params().map(|p| p.ident.clone()).collect();
        let fields: Vec<_> = fields.iter().filter_map(|f| f.ident.clone()).collect();
        let model = ModelInput::from_derive_input(input);
        let hidden = model.iter().flat_map(ModelInput::fields).filter(|f| f.is_hidden()).map(FieldInput::name);
        let hidden: Vec<_> = hidden.collect();
        Ok(Derived {
            keyword: "model",
            errors: model.and_then(|model| check::model(&model)).err(),
            implementations: generate::derived_record(&input.ident, &parameters, &fields, &hidden),
        })
    })
}

/// `#[derive(Enum)]`
pub fn derive_enum(input: TokenStream) -> TokenStream {
    derive(input, |input| {
        let wanted = "an enum of the database has values without data: `enum Role { Admin, User }`";
        let variants = match &input.data {
            Data::Enum(data) if data.variants.iter().all(|v| matches!(v.fields, Fields::Unit)) => &data.variants,
            _ => return Err(shape(input, wanted)),
        };
        let variants: Vec<_> = variants.iter().map(|v| v.ident.clone()).collect();
        Ok(Derived {
            keyword: "enum",
            errors: EnumInput::from_derive_input(input).err(),
            implementations: generate::derived_enum(&input.ident, &variants),
        })
    })
}

fn shape(input: &DeriveInput, wanted: &str) -> darling::Error {
    darling::Error::custom(format!("`{}` is of another shape: {wanted}", input.ident)).with_span(&input.ident)
}

/// What a derive makes of an item.
struct Derived {
    keyword: &'static str,
    errors: Option<darling::Error>,
    implementations: TokenStream,
}

fn derive(input: TokenStream, read: impl Fn(&DeriveInput) -> Result<Derived>) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let Derived { keyword, errors, implementations } = read(&input).unwrap_or_else(|error| Derived {
        keyword: "broken",
        errors: Some(error),
        implementations: TokenStream::new(),
    });
    let item = match errors {
        // The client leaves it out, and is silent about what follows from that.
        Some(_) => quote!({ broken }),
        None => {
            let keyword = Ident::new(keyword, proc_macro2::Span::call_site());
            quote!({ #keyword #input })
        }
    };
    let errors = errors.map(|error| explain(error).write_errors());
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
    let paths: Vec<_> = client.models.iter().chain(&client.enums).chain(&client.types).collect();
    // The generated code names what is elsewhere as if it were here.
    let elsewhere = paths.iter().filter(|p| p.segments.len() > 1);
    let uses = quote!(#(#[allow(unused_imports)] use #elsewhere;)*);
    match paths.split_first() {
        Some((first, rest)) => quote!(#uses #first! { [#((#rest))*] { #input } }),
        None => quote!(::prisma_client::__private::client_models! { { #input } }),
    }
}

/// The text of the schema that the end of the chain is given; the error is code.
pub fn client_text(input: TokenStream) -> std::result::Result<String, TokenStream> {
    read(input).map(|(.., writer)| writer.text.text().to_owned())
}

/// The end of the chain: the code of a client and all its models. `base` is the folder that paths start from.
pub fn client_models(input: TokenStream, base: &Path) -> TokenStream {
    let (client, parts, writer) = match read(input) {
        Ok(read) => read,
        Err(error) => return error,
    };
    let tokens = &writer.text;
    let text = tokens.text();
    let sources = vec![SourceFile::new("schema.prisma", text)];
    let locate = |span: prisma_schema::Span| tokens.spans(span.start as usize, span.end as usize);

    let (schema, errors) = match prisma_schema::parse(sources.clone()) {
        Ok(validated) => (Some(validated.schema), None),
        Err(errors) => (repair::sane_part(&errors), Some(errors)),
    };
    let mismatches = schema.iter().flat_map(|schema| mismatches(schema, &parts.models));
    let mismatches: TokenStream = mismatches.collect();
    let mut clashes = Vec::new();
    let code = schema.map(|schema| {
        let embedded = Embedded {
            files: vec![("schema.prisma".to_owned(), text.to_token_stream())],
            directory: base.display().to_string(),
        };
        let stubs = errors.is_some() || parts.broken || !mismatches.is_empty();
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
    let unknown = writer.unknown_types.iter().map(|(_, span, message)| report::at((*span, *span), message));
    let unknown: TokenStream = unknown.collect();
    let errors = match errors {
        None if clashes.is_empty() => return quote!(#mismatches #code),
        None => return report::in_tokens(&Diagnostics::new(sources, clashes), locate),
        Some(mut errors) => {
            // The schema knows nothing of how an enum gets there: these have a message of their own.
            let is_known = |start: u32| writer.unknown_types.iter().any(|(at, ..)| *at == start as usize);
            errors.diagnostics.retain(|d| !is_known(d.span.start));
            errors
        }
    };
    // A model that its derive has found wrong is missing here: what follows from that is no news.
    let errors = (!parts.broken).then(|| report::in_tokens(&errors, locate));
    quote!(#unknown #errors #mismatches #code)
}

/// The columns whose native type is another Rust type than the one they are declared with.
fn mismatches(schema: &Schema, models: &[ModelInput]) -> Vec<TokenStream> {
    let mut errors = Vec::new();
    let fields = models.iter().flat_map(|model| model.fields().iter().map(move |field| (model, field)));
    for (model, field) in fields.filter(|(_, field)| !field.is_hidden() && field.db.is_some()) {
        let name = |ident: &Ident| ident.to_string().trim_start_matches("r#").to_owned();
        let (model_name, field_name) = (name(&model.ident), name(&field.name()));
        let walker = schema.find_model(&model_name).and_then(|m| m.find_field(&field_name));
        let Some(scalar) = walker.and_then(|f| f.scalar()) else { continue };
        let Some(TypeName::Scalar { native: declared, .. }) = column_type(&field.ty).map(|ty| ty.name) else {
            continue;
        };
        let native = scalar.native_type.as_ref();
        let wanted = OwnType::of(&scalar.ty, native.map(|n| n.name.as_str()));
        if wanted == OwnType::of(&scalar.ty, declared) {
            continue;
        }
        let rust =
            wanted.map_or(if scalar.ty == ScalarType::String { "String" } else { "DateTime<Utc>" }, OwnType::name);
        let rust = match walker.map(|f| f.arity()) {
            Some(Arity::Optional) => format!("Option<{rust}>"),
            Some(Arity::List) => format!("Vec<{rust}>"),
            _ => rust.to_owned(),
        };
        let native = native.map(NativeType::display).unwrap_or_default();
        let message = format!(
            "the native type `{native}` of the field `{field_name}` of `{model_name}` is `{rust}` in Rust\n\
             help: write `{field_name}: {rust}`, or choose another native type"
        );
        errors.push(report::at((field.ty.span(), field.ty.span()), &message));
    }
    errors
}

/// The client, its items, and the text of its schema; the error is code.
fn read(input: TokenStream) -> std::result::Result<(ClientInput, Parts, Writer), TokenStream> {
    let (client, items) = syn::parse2::<Gathered>(input)
        .and_then(|gathered| Ok((syn::parse2::<ClientInput>(gathered.client)?, gathered.items)))
        .map_err(|error| error.to_compile_error())?;
    let mut parts = Parts::default();
    items.into_iter().for_each(|item| parts.add(item));
    let mut writer = Writer::default();
    writer.config(&client);
    let composites = parts.models.iter().filter(|m| m.composite.is_present()).map(|m| &m.ident);
    let types = parts.enums.iter().map(|e| &e.ident).chain(composites);
    writer.types = types.map(|name| name.to_string().trim_start_matches("r#").to_owned()).collect();
    parts.enums.iter().for_each(|e| writer.enumeration(e));
    parts.models.iter().for_each(|m| writer.model(m, &parts.models));
    Ok((client, parts, writer))
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
