//! `client! { pub struct PrismaClient { provider = "sqlite", models = [User, Post] } }`

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, Path, Token, Visibility, braced, bracketed, parenthesized};

/// What the macro is given.
pub(crate) struct ClientInput {
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    /// The properties of the datasource.
    pub(crate) properties: Vec<Property>,
    /// `preview_features = […]`.
    pub(crate) preview_features: Option<Property>,
    /// `generators = [name(…)]`.
    pub(crate) generators: Vec<GeneratorInput>,
    pub(crate) models: Vec<Path>,
    pub(crate) enums: Vec<Path>,
    pub(crate) types: Vec<Path>,
}

/// `key = value`, the key in snake case; the value is for the schema to judge.
pub(crate) struct Property {
    pub(crate) name: Ident,
    pub(crate) value: TokenStream,
}

/// `name(key = value, …)`
pub(crate) struct GeneratorInput {
    pub(crate) name: Ident,
    pub(crate) properties: Vec<Property>,
}

/// Keys that name a property of the datasource.
const DATASOURCE: [&str; 7] =
    ["provider", "url", "direct_url", "shadow_database_url", "relation_mode", "schemas", "extensions"];

/// All others.
const OTHERS: [&str; 5] = ["models", "enums", "types", "preview_features", "generators"];

impl Parse for ClientInput {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let visibility = input.parse()?;
        input.parse::<Token![struct]>()?;
        let name: Ident = input.parse()?;
        let content;
        braced!(content in input);
        let mut client = Self {
            visibility,
            name,
            properties: Vec::new(),
            preview_features: None,
            generators: Vec::new(),
            models: Vec::new(),
            enums: Vec::new(),
            types: Vec::new(),
        };
        let mut seen = HashSet::new();
        while !content.is_empty() {
            let key = content.fork().parse::<Ident>()?;
            if !seen.insert(key.to_string()) {
                return Err(syn::Error::new(key.span(), format!("`{key}` is given twice")));
            }
            client.entry(&content)?;
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        if !client.properties.iter().any(|property| property.name == "provider") {
            let message =
                format!("`{}` does not say which database it is for\nhelp: add `provider = \"sqlite\"`", client.name);
            return Err(syn::Error::new(client.name.span(), message));
        }
        Ok(client)
    }
}

impl ClientInput {
    fn entry(&mut self, content: ParseStream<'_>) -> syn::Result<()> {
        let key = content.fork().parse::<Ident>()?;
        let name = key.to_string();
        if DATASOURCE.contains(&name.as_str()) {
            self.properties.push(content.parse()?);
            return Ok(());
        }
        if name == "preview_features" {
            self.preview_features = Some(content.parse()?);
            return Ok(());
        }
        content.parse::<Ident>()?;
        content.parse::<Token![=]>()?;
        match name.as_str() {
            "models" => self.models = list(content, Path::parse_mod_style)?,
            "enums" => self.enums = list(content, Path::parse_mod_style)?,
            "types" => self.types = list(content, Path::parse_mod_style)?,
            "generators" => self.generators = list(content, GeneratorInput::parse)?,
            _ => {
                let known: Vec<_> = OTHERS.into_iter().chain(DATASOURCE).collect();
                let error = darling::Error::unknown_field_with_alts(&name, &known).to_string();
                let message = format!("{error}\nhelp: a client has `{}`", known.join("`, `"));
                return Err(syn::Error::new(key.span(), message));
            }
        }
        Ok(())
    }
}

fn list<T>(content: ParseStream<'_>, element: fn(ParseStream<'_>) -> syn::Result<T>) -> syn::Result<Vec<T>> {
    let list;
    bracketed!(list in content);
    Ok(Punctuated::<T, Token![,]>::parse_terminated_with(&list, element)?.into_iter().collect())
}

impl Parse for Property {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let mut value = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            value.extend([input.parse::<TokenTree>()?]);
        }
        Ok(Self { name, value })
    }
}

impl Parse for GeneratorInput {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        let content;
        parenthesized!(content in input);
        let properties = Punctuated::<Property, Token![,]>::parse_terminated(&content)?.into_iter().collect();
        Ok(Self { name, properties })
    }
}

/// What a chain of macro calls has gathered: `{ client } { model … } { enum … }`.
pub(crate) struct Gathered {
    pub(crate) client: TokenStream,
    pub(crate) items: Vec<TokenStream>,
}

impl Parse for Gathered {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut groups = Vec::new();
        while !input.is_empty() {
            let content;
            braced!(content in input);
            groups.push(content.parse::<TokenStream>()?);
        }
        let mut groups = groups.into_iter();
        Ok(Self { client: groups.next().unwrap_or_default(), items: groups.collect() })
    }
}
