//! `client! { pub struct PrismaClient { provider = "sqlite", models = [User, Post] } }`

use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Path, Token, Visibility, braced, bracketed, parenthesized};

/// What the macro is given.
pub(crate) struct ClientInput {
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    /// The properties of the datasource: name in the schema language and its place, and value.
    pub(crate) properties: Vec<(&'static str, Span, PropertyValue)>,
    pub(crate) models: Vec<Path>,
    pub(crate) enums: Vec<Path>,
}

/// What a property of the datasource is set to.
pub(crate) enum PropertyValue {
    Text(LitStr),
    Env(LitStr),
}

/// Keys that name a property of the datasource, with their names there.
const PROPERTIES: [(&str, &str); 4] =
    [("provider", "provider"), ("url", "url"), ("relation_mode", "relationMode"), ("direct_url", "directUrl")];

impl Parse for ClientInput {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let visibility = input.parse()?;
        input.parse::<Token![struct]>()?;
        let name: Ident = input.parse()?;
        let content;
        braced!(content in input);
        let mut client = Self { visibility, name, properties: Vec::new(), models: Vec::new(), enums: Vec::new() };
        while !content.is_empty() {
            client.entry(&content)?;
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        if !client.properties.iter().any(|(name, ..)| *name == "provider") {
            let message =
                format!("`{}` does not say which database it is for\nhelp: add `provider = \"sqlite\"`", client.name);
            return Err(syn::Error::new(client.name.span(), message));
        }
        Ok(client)
    }
}

impl ClientInput {
    fn entry(&mut self, content: ParseStream<'_>) -> syn::Result<()> {
        let key: Ident = content.parse()?;
        let name = key.to_string();
        content.parse::<Token![=]>()?;
        match name.as_str() {
            "models" => self.models = paths(content)?,
            "enums" => self.enums = paths(content)?,
            _ => match PROPERTIES.iter().find(|(rust, _)| *rust == name) {
                Some((_, property)) => self.properties.push((property, key.span(), content.parse()?)),
                None => {
                    let known = ["models", "enums"].into_iter().chain(PROPERTIES.map(|(rust, _)| rust));
                    let known: Vec<_> = known.collect();
                    let error = darling::Error::unknown_field_with_alts(&name, &known).to_string();
                    let message = format!("{error}\nhelp: a client has `{}`", known.join("`, `"));
                    return Err(syn::Error::new(key.span(), message));
                }
            },
        }
        Ok(())
    }
}

fn paths(content: ParseStream<'_>) -> syn::Result<Vec<Path>> {
    let list;
    bracketed!(list in content);
    Ok(Punctuated::<Path, Token![,]>::parse_terminated_with(&list, Path::parse_mod_style)?.into_iter().collect())
}

impl Parse for PropertyValue {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::Text);
        }
        let wanted = "a string is wanted here, or `env(\"NAME\")`";
        let function: Ident = input.parse().map_err(|e| syn::Error::new(e.span(), wanted))?;
        if function != "env" {
            return Err(syn::Error::new(function.span(), wanted));
        }
        let content;
        parenthesized!(content in input);
        content.parse().map(Self::Env)
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
