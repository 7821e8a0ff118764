//! What `#[prisma(...)]` can say, read by darling: unknown keys are errors with a suggestion.

use darling::ast::NestedMeta;
use darling::util::{Flag, Ignored, SpannedValue};
use darling::{Error, FromDeriveInput, FromField, FromMeta, FromVariant, Result};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Generics, Ident, Lit, Meta, Path, Type};

use super::arguments::{is_named, split};

/// `#[derive(Model)]`
#[derive(Debug, FromDeriveInput)]
#[darling(attributes(prisma), supports(struct_named), forward_attrs(doc))]
pub(crate) struct ModelInput {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) data: darling::ast::Data<Ignored, FieldInput>,
    #[darling(default)]
    pub(crate) map: Option<SpannedValue<String>>,
    #[darling(default)]
    pub(crate) renamed_from: Option<Raw>,
    #[darling(default)]
    pub(crate) schema: Option<SpannedValue<String>>,
    #[darling(default)]
    pub(crate) ignore: Flag,
    #[darling(default)]
    pub(crate) view: Flag,
    #[darling(default)]
    pub(crate) composite: Flag,
    #[darling(default)]
    pub(crate) id: Option<Key>,
    #[darling(default, multiple)]
    pub(crate) unique: Vec<Key>,
    #[darling(default, multiple)]
    pub(crate) index: Vec<Key>,
    #[darling(default, multiple)]
    pub(crate) fulltext: Vec<Key>,
    #[darling(default)]
    pub(crate) shard_key: Option<Key>,
}

impl ModelInput {
    /// The keyword of its block.
    pub(crate) fn keyword(&self) -> &'static str {
        match () {
            () if self.composite.is_present() => "type",
            () if self.view.is_present() => "view",
            () => "model",
        }
    }

    /// The fields.
    pub(crate) fn fields(&self) -> &[FieldInput] {
        match &self.data {
            darling::ast::Data::Struct(fields) => &fields.fields,
            darling::ast::Data::Enum(_) => &[],
        }
    }
}

/// A field of a model.
#[derive(Debug, FromField)]
#[darling(attributes(prisma), forward_attrs(doc))]
pub(crate) struct FieldInput {
    ident: Option<Ident>,
    pub(crate) ty: Type,
    pub(crate) attrs: Vec<Attribute>,
    #[darling(default)]
    pub(crate) id: Option<Marker>,
    #[darling(default)]
    pub(crate) unique: Option<Marker>,
    #[darling(default)]
    pub(crate) shard_key: Flag,
    #[darling(default)]
    pub(crate) unsupported: Option<Raw>,
    #[darling(default)]
    pub(crate) default: Option<Raw>,
    #[darling(default)]
    pub(crate) map: Option<SpannedValue<String>>,
    #[darling(default)]
    pub(crate) renamed_from: Option<Raw>,
    #[darling(default)]
    pub(crate) updated_at: Flag,
    #[darling(default)]
    pub(crate) db: Option<Raw>,
    #[darling(default)]
    pub(crate) ignore: Flag,
    #[darling(default)]
    pub(crate) relation: Option<SpannedValue<RelationInput>>,
}

impl FieldInput {
    /// The name; every field of a struct with named fields has one.
    pub(crate) fn name(&self) -> Ident {
        self.ident.clone().unwrap_or_else(|| Ident::new("field", self.ty.span()))
    }

    /// Whether the client has no value of it.
    pub(crate) fn is_hidden(&self) -> bool {
        self.ignore.is_present() || self.unsupported.is_some()
    }
}

/// `relation(one(User), fields(author_id), references(id))`, `relation(many(Post::author))`
#[derive(Debug, FromMeta)]
pub(crate) struct RelationInput {
    #[darling(default)]
    pub(crate) one: Option<Target>,
    #[darling(default)]
    pub(crate) many: Option<Target>,
    #[darling(default)]
    pub(crate) optional: Flag,
    #[darling(default)]
    pub(crate) fields: Option<Names>,
    #[darling(default)]
    pub(crate) references: Option<Names>,
    #[darling(default)]
    pub(crate) on_delete: Option<Action>,
    #[darling(default)]
    pub(crate) on_update: Option<Action>,
    #[darling(default)]
    pub(crate) name: Option<SpannedValue<String>>,
    #[darling(default)]
    pub(crate) map: Option<SpannedValue<String>>,
}

/// `User`, or `Post::author`: a model, and the field at the other end.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) model: Ident,
    pub(crate) field: Option<Ident>,
}

impl FromMeta for Target {
    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        let wanted = || {
            Error::custom(
                "a model is wanted here, such as `User`, or the field at the other end, such as `Post::author`",
            )
        };
        let [NestedMeta::Meta(Meta::Path(path))] = items else { return Err(wanted()) };
        let mut segments = path.segments.iter().rev().map(|s| s.ident.clone());
        let last = segments.next().ok_or_else(wanted)?;
        let is_field = last.to_string().trim_start_matches("r#").starts_with(|c: char| c.is_lowercase() || c == '_');
        match (is_field, segments.next()) {
            (true, Some(model)) => Ok(Self { model, field: Some(last) }),
            // A name by itself is a model's, however it is written.
            _ => Ok(Self { model: last, field: None }),
        }
    }
}

/// `(a, b)`
#[derive(Debug)]
pub(crate) struct Names(pub(crate) Vec<Ident>);

impl FromMeta for Names {
    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        items
            .iter()
            .map(|item| field_name(item).ok_or_else(|| Error::custom("a field's name is wanted here").with_span(item)))
            .collect::<Result<_>>()
            .map(Self)
    }
}

fn field_name(item: &NestedMeta) -> Option<Ident> {
    match item {
        NestedMeta::Meta(Meta::Path(path)) => path.get_ident().cloned(),
        _ => None,
    }
}

/// `SetNull`
#[derive(Debug)]
pub(crate) struct Action(pub(crate) Ident);

impl FromMeta for Action {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match expr {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                path.path.get_ident().cloned().map(Self).ok_or_else(|| Error::custom("a name is wanted here"))
            }
            other => Err(Error::custom(
                "a name is wanted here: `Cascade`, `Restrict`, `NoAction`, `SetNull` or `SetDefault`",
            )
            .with_span(other)),
        }
    }
}

/// `unique(first, last(sort = Desc), map = "…")`: fields and other arguments, for the schema to judge.
#[derive(Debug)]
pub(crate) struct Key {
    /// With their own arguments.
    pub(crate) fields: Vec<TokenStream>,
    /// `name = "…"`, `type = Gin`.
    pub(crate) options: Vec<TokenStream>,
    pub(crate) span: Span,
}

impl FromMeta for Key {
    fn from_meta(item: &Meta) -> Result<Self> {
        let Meta::List(list) = item else {
            return Err(Error::custom("the key's fields are wanted here, such as `(first, last)`").with_span(item));
        };
        let (options, fields) = split(list.tokens.clone()).into_iter().partition(is_named);
        Ok(Self { fields, options, span: list.path.span() })
    }
}

/// `id`, or `id(map = "…")`: an attribute with or without arguments.
#[derive(Debug)]
pub(crate) struct Marker {
    pub(crate) arguments: Option<TokenStream>,
    pub(crate) span: Span,
}

impl FromMeta for Marker {
    fn from_meta(item: &Meta) -> Result<Self> {
        match item {
            Meta::Path(path) => Ok(Self { arguments: None, span: path.span() }),
            Meta::List(list) => Ok(Self { arguments: Some(list.tokens.clone()), span: list.path.span() }),
            Meta::NameValue(pair) => Err(Error::custom("its arguments stand in parentheses").with_span(&pair.value)),
        }
    }
}

fn text(expr: &Expr) -> Result<String> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Str(text) => Ok(text.value()),
            other => Err(Error::unexpected_lit_type(other)),
        },
        other => Err(Error::custom("a string is wanted here").with_span(other)),
    }
}

/// The tokens between the parentheses, for the schema to judge.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) tokens: TokenStream,
    pub(crate) span: Span,
}

impl FromMeta for Raw {
    fn from_meta(item: &Meta) -> Result<Self> {
        match item {
            Meta::List(list) => Ok(Self { tokens: list.tokens.clone(), span: list.path.span() }),
            Meta::NameValue(pair) => Ok(Self { tokens: pair.value.to_token_stream(), span: pair.path.span() }),
            Meta::Path(path) => Err(Error::custom("a value in parentheses is wanted here").with_span(path)),
        }
    }
}

/// `#[derive(Enum)]`
#[derive(Debug, FromDeriveInput)]
#[darling(attributes(prisma), supports(enum_unit), forward_attrs(doc))]
pub(crate) struct EnumInput {
    pub(crate) ident: Ident,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) data: darling::ast::Data<VariantInput, Ignored>,
    #[darling(default)]
    pub(crate) map: Option<SpannedValue<String>>,
    #[darling(default)]
    pub(crate) renamed_from: Option<Raw>,
    #[darling(default)]
    pub(crate) schema: Option<SpannedValue<String>>,
}

impl EnumInput {
    /// The values.
    pub(crate) fn variants(&self) -> &[VariantInput] {
        match &self.data {
            darling::ast::Data::Enum(variants) => variants,
            darling::ast::Data::Struct(_) => &[],
        }
    }
}

/// A value of an enum.
#[derive(Debug, FromVariant)]
#[darling(attributes(prisma), forward_attrs(doc))]
pub(crate) struct VariantInput {
    pub(crate) ident: Ident,
    pub(crate) attrs: Vec<Attribute>,
    #[darling(default)]
    pub(crate) map: Option<SpannedValue<String>>,
    #[darling(default)]
    pub(crate) renamed_from: Option<Raw>,
}

/// What `#[prisma(...)]` of each kind can say. darling lists a few alternatives, and none at all where there are many.
const KEYS: [(&str, &[&str]); 4] = [
    (
        "a model",
        &[
            "map",
            "renamed_from",
            "schema",
            "ignore",
            "view",
            "composite",
            "id",
            "unique",
            "index",
            "fulltext",
            "shard_key",
        ],
    ),
    (
        "a field",
        &[
            "id",
            "unique",
            "default",
            "map",
            "renamed_from",
            "updated_at",
            "db",
            "ignore",
            "relation",
            "unsupported",
            "shard_key",
        ],
    ),
    ("an enum", &["map", "renamed_from", "schema"]),
    ("a value", &["map", "renamed_from"]),
];

/// An unknown key without a hint gets one.
pub(crate) fn explain(error: Error) -> Error {
    let explain_one = |error: Error| {
        let text = error.to_string();
        let is_bare =
            text.starts_with("Unknown field") && !text.contains("Did you mean") && !text.contains("Available");
        if !is_bare {
            return error;
        }
        let lists = KEYS.map(|(owner, keys)| format!("{owner} has `{}`", keys.join("`, `")));
        Error::custom(format!("{text}\nhelp: {}", lists.join("; "))).with_span(&error.span())
    };
    Error::multiple(error.flatten().into_iter().map(explain_one).collect())
}

/// The lines of the doc comments.
pub(crate) fn doc_lines(attributes: &[Attribute]) -> Vec<String> {
    let text = |a: &Attribute| match &a.meta {
        Meta::NameValue(pair) => text(&pair.value).ok(),
        _ => None,
    };
    attributes.iter().filter_map(text).flat_map(|t| t.split('\n').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The last name of a path.
pub(crate) fn last(path: &Path) -> Option<&Ident> {
    path.segments.last().map(|s| &s.ident)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key is one that the derive reads: with nothing but its name, none is unknown.
    #[test]
    fn the_keys_are_known() {
        for (owner, keys) in KEYS {
            for key in keys {
                let attribute: TokenStream = format!("#[prisma({key})]").parse().unwrap();
                let item = match owner {
                    "a model" => quote::quote!(#attribute struct A { a: i32 }),
                    "a field" => quote::quote!(struct A { #attribute a: i32 }),
                    "an enum" => quote::quote!(#attribute enum A { A }),
                    _ => quote::quote!(enum A { #attribute A }),
                };
                let input = syn::parse2(item).unwrap();
                let error = match owner {
                    "a model" | "a field" => ModelInput::from_derive_input(&input).err(),
                    _ => EnumInput::from_derive_input(&input).err(),
                };
                assert!(!error.is_some_and(|e| e.to_string().contains("Unknown field")), "{owner}: {key}");
            }
        }
    }
}
