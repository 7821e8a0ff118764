//! `select!(user { id, posts(take: 5) { title }, _count { posts } })`: a selection, and the struct that its rows become.
//!
//! The macro does not know the model. So it asks the model's module: `user::__fields!` gives what it is asked with, and the names of
//! the fields, to [`select_level`]. Each level of the selection asks for itself.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Path, Token, braced, parenthesized};

use super::fields::{FieldLists, FieldName, Kind, unknown};
use super::row::{Column, Counts, Row};
use crate::generate::type_name;

/// `select!`: a module, and what is selected of its model.
pub fn select(input: TokenStream) -> TokenStream {
    let parse = |input: ParseStream<'_>| {
        let module = Path::parse_mod_style(input)?;
        if !input.peek(syn::token::Brace) {
            return Err(input.error("what is selected stands between braces: `select!(user { id, email })`"));
        }
        let items: TokenTree = input.parse()?;
        match input.is_empty() {
            true => Ok(ask(&module.to_token_stream(), &items.into_token_stream())),
            false => Err(input.error("nothing follows the braces")),
        }
    };
    syn::parse::Parser::parse2(parse, input).unwrap_or_else(|error| error.to_compile_error())
}

/// Asks the module of a model for its fields.
fn ask(module: &TokenStream, items: &TokenStream) -> TokenStream {
    quote!(#module::__fields! { select_level #module #items })
}

/// What is selected of one level.
struct Level {
    fields: FieldLists,
    module: Path,
    items: Punctuated<Item, Token![,]>,
}

impl Parse for Level {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let fields = input.parse()?;
        let module = Path::parse_mod_style(input)?;
        let content;
        braced!(content in input);
        Ok(Self { fields, module, items: Punctuated::parse_terminated(&content)? })
    }
}

enum Item {
    /// `..`
    All(Span),
    /// `!password`
    Not(Ident),
    /// `_count { posts }`
    Count(Span, Option<Punctuated<Named, Token![,]>>),
    /// `email`, `posts(take: 5) { title }`
    Field(Named),
}

/// A field with its arguments, and what is selected of its records.
struct Named {
    name: Ident,
    arguments: Vec<(Ident, TokenStream)>,
    items: Option<TokenTree>,
}

impl Item {
    /// What may stand in a level once.
    fn key(&self) -> (String, Span) {
        match self {
            Self::All(span) => ("..".to_owned(), *span),
            Self::Count(span, _) => ("_count".to_owned(), *span),
            Self::Not(name) | Self::Field(Named { name, .. }) => (name.unraw().to_string(), name.span()),
        }
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if let Some(dots) = input.parse::<Option<Token![..]>>()? {
            return Ok(Self::All(dots.spans[0]));
        }
        if input.parse::<Option<Token![!]>>()?.is_some() {
            return Ok(Self::Not(Ident::parse_any(input)?));
        }
        if !input.peek(Ident::peek_any) {
            return Err(input.error(
                "a field is wanted here: `email`, `posts { title }`, `..` for all columns, `!password` for all but one, or `_count { posts }`",
            ));
        }
        let field: Named = input.parse()?;
        if field.name != "_count" {
            return Ok(Self::Field(field));
        }
        let counted = |items: TokenTree| match items {
            TokenTree::Group(items) => {
                syn::parse::Parser::parse2(Punctuated::<Named, Token![,]>::parse_terminated, items.stream())
            }
            other => Err(syn::Error::new(other.span(), "relations stand between braces: `_count { posts }`")),
        };
        Ok(Self::Count(field.name.span(), field.items.map(counted).transpose()?))
    }
}

impl Parse for Named {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let mut arguments = Vec::new();
        if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            while !content.is_empty() {
                let name = Ident::parse_any(&content)?;
                content.parse::<Token![:]>()?;
                arguments.push((name, expression(&content)?));
                content.parse::<Option<Token![,]>>()?;
            }
        }
        let items = input.peek(syn::token::Brace).then(|| input.parse()).transpose()?;
        Ok(Self { name, arguments, items })
    }
}

/// The tokens up to the next comma that is not between `::<` and `>`.
fn expression(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut depth = 0usize;
    while !input.is_empty() && (depth > 0 || !input.peek(Token![,])) {
        if input.peek(Token![::]) && input.peek3(Token![<]) {
            input.parse::<Token![::]>()?.to_tokens(&mut tokens);
            input.parse::<Token![<]>()?.to_tokens(&mut tokens);
            depth += 1;
        } else if input.peek(Token![->]) {
            input.parse::<Token![->]>()?.to_tokens(&mut tokens);
        } else {
            let token: TokenTree = input.parse()?;
            match &token {
                TokenTree::Punct(punct) if depth > 0 && punct.as_char() == '<' => depth += 1,
                TokenTree::Punct(punct) if depth > 0 && punct.as_char() == '>' => depth -= 1,
                _ => {}
            }
            tokens.extend([token]);
        }
    }
    match tokens.is_empty() {
        true => Err(input.error("a value is wanted here")),
        false => Ok(tokens),
    }
}

impl Named {
    /// The relation with its arguments, of which `where` is what SQL calls `filter`.
    fn relation(&self, module: &Path, is_list: bool, errors: &mut Vec<syn::Error>) -> TokenStream {
        let name = &self.name;
        let mut relation = quote!(#module::#name);
        for (argument, value) in &self.arguments {
            if let Err(message) = check_argument(name, &argument.to_string(), is_list) {
                errors.push(syn::Error::new(argument.span(), message));
                continue;
            }
            relation.extend(quote_spanned!(argument.span()=> .#argument(#value)));
        }
        if let Some(items) = &self.items {
            let level = ask(&quote!(#module::__r::#name), &items.to_token_stream());
            relation.extend(quote!(.select(#level)));
        }
        relation
    }
}

/// Whether a relation takes an argument.
fn check_argument(relation: &Ident, argument: &str, is_list: bool) -> Result<(), String> {
    const ARGUMENTS: [&str; 6] = ["filter", "order_by", "cursor", "skip", "take", "distinct"];
    match argument {
        "where" => Err("conditions are called `filter`: `filter: post::published.eq(true)`".to_owned()),
        _ if !is_list => Err(format!("`{relation}` is one record at most: `{argument}` is for lists of records")),
        _ if ARGUMENTS.contains(&argument) => Ok(()),
        _ => {
            let what = format!("a relation has no argument `{argument}`");
            Err(match prisma_schema::closest(argument, ARGUMENTS) {
                Some(meant) => format!("{what}\nhelp: did you mean `{meant}`?"),
                None => format!("{what}\nhelp: there are `{}`", ARGUMENTS.join("`, `")),
            })
        }
    }
}

/// What is found in a level.
#[derive(Default)]
struct Found {
    columns: Vec<FieldName>,
    unnamed: Vec<FieldName>,
    relations: Vec<(FieldName, TokenStream)>,
    counts: Vec<(FieldName, TokenStream)>,
    errors: Vec<syn::Error>,
}

impl Found {
    fn in_level(level: Level) -> Self {
        let Level { fields, module, items } = level;
        let model = module.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let mut found = Self::default();
        let all = items.iter().find_map(|item| match item {
            Item::All(span) => Some(*span),
            _ => None,
        });
        if all.is_some() {
            found.columns.clone_from(&fields.columns);
            found.unnamed.clone_from(&fields.columns);
        }
        let mut seen = Vec::new();
        for item in items {
            let (key, span) = item.key();
            if seen.contains(&key) {
                found.errors.push(syn::Error::new(span, format!("`{key}` stands here twice")));
                continue;
            }
            seen.push(key);
            let done = match item {
                Item::All(_) => Ok(()),
                Item::Not(name) => found.leave_out(&name, &fields, &model, all.is_some()),
                Item::Count(span, counted) => found.count(span, counted, &fields, &module, &model),
                Item::Field(field) => found.field(&field, &fields, &module, &model),
            };
            found.errors.extend(done.err());
        }
        if found.is_empty() && found.errors.is_empty() {
            let span = module.segments.last().map_or_else(Span::call_site, |s| s.ident.span());
            found.errors.push(syn::Error::new(span, format!("nothing of `{model}` is selected")));
        }
        found
    }

    fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.relations.is_empty() && self.counts.is_empty()
    }

    fn field(&mut self, field: &Named, fields: &FieldLists, module: &Path, model: &str) -> syn::Result<()> {
        let name = &field.name;
        match fields.find(name, model)? {
            Kind::Column(column) if field.items.is_some() || !field.arguments.is_empty() => Err(syn::Error::new(
                name.span(),
                format!("`{}` is a column: it has neither arguments nor fields of its own", column.ident),
            )),
            Kind::Column(column) => {
                self.unnamed.retain(|f| f.ident != column.ident);
                if !self.columns.iter().any(|f| f.ident == column.ident) {
                    self.columns.push(column.at(name));
                }
                Ok(())
            }
            kind @ (Kind::ToOne(relation) | Kind::ToMany(relation)) => {
                let query = field.relation(module, matches!(kind, Kind::ToMany(_)), &mut self.errors);
                self.relations.push((relation.at(name), query));
                Ok(())
            }
        }
    }

    fn leave_out(&mut self, name: &Ident, fields: &FieldLists, model: &str, has_all: bool) -> syn::Result<()> {
        let Kind::Column(column) = fields.find(name, model)? else {
            let message = format!("`{name}` is a relation, and `..` is all columns: there is nothing to leave out");
            return Err(syn::Error::new(name.span(), message));
        };
        if !has_all {
            let message = format!("`!{name}` leaves a column out of all: write `.., !{name}`");
            return Err(syn::Error::new(name.span(), message));
        }
        self.columns.retain(|f| f.ident != column.ident);
        self.unnamed.retain(|f| f.ident != column.ident);
        Ok(())
    }

    fn count(
        &mut self,
        span: Span,
        counted: Option<Punctuated<Named, Token![,]>>,
        fields: &FieldLists,
        module: &Path,
        model: &str,
    ) -> syn::Result<()> {
        let lists = &fields.to_many;
        let none = || quote!(::prisma_client::__private::Option::None);
        let Some(counted) = counted else {
            if lists.is_empty() {
                return Err(syn::Error::new(span, format!("`{model}` has no to-many relation to count")));
            }
            let none = none();
            self.counts.extend(lists.iter().map(|relation| {
                let name = &relation.ident;
                (relation.clone(), quote!(.count(#module::#name, #none)))
            }));
            return Ok(());
        };
        for field in counted {
            let name = &field.name;
            let Some(relation) = lists.iter().find(|f| f.ident.unraw() == name.unraw()) else {
                let what = format!("`{model}` has no to-many relation `{name}` to count");
                self.errors.push(unknown(name, &what, lists.iter()));
                continue;
            };
            let mut filters = Vec::new();
            for (argument, value) in &field.arguments {
                match argument == "filter" {
                    true => filters.push(value),
                    false => self.errors.push(syn::Error::new(argument.span(), "what is counted takes `filter` alone")),
                }
            }
            if let Some(items) = &field.items {
                self.errors.push(syn::Error::new(items.span(), "what is counted has no fields"));
            }
            let filter = filters.first().map_or_else(none, ToTokens::to_token_stream);
            let relation = relation.at(name);
            self.counts.push((relation, quote!(.count(#module::#name, #filter))));
        }
        Ok(())
    }
}

/// The selection of one level, given the names of the model's fields.
pub fn select_level(input: TokenStream) -> TokenStream {
    let level: Level = match syn::parse2(input) {
        Ok(level) => level,
        Err(error) => return error.to_compile_error(),
    };
    let module = level.module.clone();
    let text = module.segments.last().map(|s| type_name(&s.ident.unraw().to_string())).unwrap_or_default();
    let found = Found::in_level(level);
    let errors = found.errors.iter().map(syn::Error::to_compile_error);
    let selection = selection(&module.to_token_stream(), &text, &found);
    quote!({ #(#errors)* #selection })
}

/// The struct, and the selection that makes it.
fn selection(module: &TokenStream, text: &str, found: &Found) -> TokenStream {
    let numbered = |prefix: &str, count: usize| (0..count).map(|i| format_ident!("{prefix}{i}")).collect::<Vec<_>>();
    let columns = numbered("C", found.columns.len());
    let relations = numbered("R", found.relations.len());
    let column_names: Vec<_> = found.columns.iter().map(|f| &f.ident).collect();
    let relation_names: Vec<_> = found.relations.iter().map(|(f, _)| &f.ident).collect();
    let row = Row {
        name: format_ident!("__Row"),
        parameters: (columns.clone(), relations.clone()),
        module: module.clone(),
        columns: (found.columns.iter().zip(&columns))
            .map(|(f, ty)| Column { field: f.ident.clone(), ty: ty.to_token_stream(), name: f.in_schema() })
            .collect(),
        counts: counts(found).into_iter().collect(),
        relations: found
            .relations
            .iter()
            .zip(&relations)
            .map(|((f, _), ty)| (f.ident.clone(), ty.to_token_stream()))
            .collect(),
    };
    let implementations = row.implementations();
    let count_struct = count_struct(found);
    let count_field = (!found.counts.is_empty()).then(|| quote!(pub _count: __Count));
    let traits = traits(found, text, &columns, &relations);

    let (keys, inclusions) = (numbered("K", columns.len()), numbered("I", relations.len()));
    let (arguments, slots) = (numbered("__c", columns.len()), numbered("__i", relations.len()));
    let unnamed = (found.columns.iter().zip(&arguments))
        .filter(|(f, _)| found.unnamed.iter().any(|u| u.ident == f.ident))
        .map(|(_, argument)| argument);
    let positions = 0..relations.len();
    let given = found.columns.iter().map(|f| {
        let name = &f.ident;
        quote!(#module::#name)
    });
    let included = found.relations.iter().map(|(_, query)| query);
    let counted = found.counts.iter().map(|(_, call)| call);
    quote! {
        use ::prisma_client::__private::{self as __p, typed as __t};
        #[derive(::core::clone::Clone, ::core::cmp::PartialEq)]
        #[allow(nonstandard_style, missing_docs, dead_code, unreachable_pub, clippy::all, clippy::pedantic)]
        pub struct __Row<#(#columns,)* #(#relations),*> {
            #(pub #column_names: #columns,)*
            #(pub #relation_names: #relations,)*
            #count_field
        }
        #count_struct
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            #implementations
            #traits
        };
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        fn __select<#(#columns: __t::FieldType, #keys,)* #(#inclusions: __t::Inclusion),*>(
            #(#arguments: __t::Field<#module::Model, #columns, #keys>,)*
            #(#slots: #inclusions),*
        ) -> __t::Select<#module::Model, __Row<#(#columns,)* #(__t::SlotOf<#inclusions>),*>> {
            __t::Select::columns(__p::Vec::from([#(#arguments.id()),*]), __p::Vec::from([#(#unnamed.id()),*]))
                #(.relation(#positions, #slots))*
        }
        __select(#(#given,)* #(#included),*) #(#counted)*
    }
}

fn counts(found: &Found) -> Option<Counts> {
    let number = |(f, _): &(FieldName, TokenStream)| (quote!(__p::i64), Some(f.ident.clone()));
    (!found.counts.is_empty()).then(|| Counts {
        field: format_ident!("_count"),
        ty: quote!(__Count),
        numbers: found.counts.iter().map(number).collect(),
    })
}

fn count_struct(found: &Found) -> Option<TokenStream> {
    let (fields, names): (Vec<_>, Vec<_>) = found.counts.iter().map(|(f, _)| (&f.ident, f.in_schema())).unzip();
    (!fields.is_empty()).then(|| {
        let count = fields.len();
        quote! {
            #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq)]
            #[allow(nonstandard_style, missing_docs, dead_code, unreachable_pub, clippy::all, clippy::pedantic)]
            pub struct __Count { #(pub #fields: __p::i64),* }
            impl __p::serde::Serialize for __Count {
                fn serialize<__S: __p::serde::Serializer>(&self, __s: __S) -> __p::Result<__S::Ok, __S::Error> {
                    use __p::serde::ser::SerializeStruct as _;
                    let mut __f = __s.serialize_struct("Count", #count)?;
                    #(__f.serialize_field(#names, &self.#fields)?;)*
                    __f.end()
                }
            }
        }
    })
}

/// `Debug` and `Serialize`.
fn traits(found: &Found, text: &str, columns: &[Ident], relations: &[Ident]) -> TokenStream {
    let counted = (!found.counts.is_empty()).then(|| FieldName::new(&format_ident!("_count"), "_count"));
    let whole: Vec<_> = found.relations.iter().map(|(f, _)| f).chain(&counted).collect();
    let (whole_fields, whole_names): (Vec<_>, Vec<_>) = whole.iter().map(|f| (&f.ident, f.in_schema())).unzip();
    let (fields, names): (Vec<_>, Vec<_>) = found.columns.iter().map(|f| (&f.ident, f.in_schema())).unzip();
    let all: Vec<&Ident> = fields.iter().copied().chain(whole_fields.iter().copied()).collect();
    let texts = all.iter().map(|f| f.unraw().to_string());
    let count = all.len();
    quote! {
        impl<#(#columns: __p::Debug,)* #(#relations: __p::Debug),*> __p::Debug for __Row<#(#columns,)* #(#relations),*> {
            fn fmt(&self, __f: &mut __p::Formatter<'_>) -> __p::FmtResult {
                __f.debug_struct(#text)#(.field(#texts, &self.#all))*.finish()
            }
        }
        impl<#(#columns: __t::ToCell,)* #(#relations: __p::serde::Serialize),*> __p::serde::Serialize for __Row<#(#columns,)* #(#relations),*> {
            fn serialize<__S: __p::serde::Serializer>(&self, __s: __S) -> __p::Result<__S::Ok, __S::Error> {
                use __p::serde::ser::SerializeStruct as _;
                let mut __f = __s.serialize_struct(#text, #count)?;
                #(__f.serialize_field(#names, &__t::ToCell::cell(&self.#fields))?;)*
                #(__f.serialize_field(#whole_names, &self.#whole_fields)?;)*
                __f.end()
            }
        }
    }
}
