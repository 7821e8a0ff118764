//! `prisma_schema!`

use std::path::{Path, PathBuf};

use prisma_schema::diagnostics::{Diagnostic, Diagnostics};
use prisma_schema::{Schema, SourceFile};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::generate::{self, Embedded, Locate, Request};
use crate::input::inline::TokenText;
use crate::input::schema_file::{self, SchemaFiles};
use crate::{repair, report};

/// The code of a schema: of the file or folder that a string names, or of the text between the braces. `base` is the folder
/// that paths start from.
pub fn prisma_schema(input: TokenStream, base: &Path) -> TokenStream {
    match syn::parse2::<syn::LitStr>(input.clone()) {
        Ok(path) => from_files(&path, base),
        Err(_) => inline(input, base),
    }
}

fn from_files(path: &syn::LitStr, base: &Path) -> TokenStream {
    let files = match schema_file::read(&path.value(), base) {
        Ok(files) => files,
        Err(message) => {
            let error = report::at((path.span(), path.span()), &message);
            let client = empty_client(base);
            return quote!(#error #client);
        }
    };
    let SchemaFiles { sources, paths, directory } = files;
    let embedded = sources.iter().zip(&paths).map(|(source, path)| (source.name.clone(), include(path))).collect();
    let embedded = Embedded { files: embedded, directory: directory.display().to_string() };
    let (code, errors) = expand(sources, embedded, &|_| Span::call_site());
    let errors = errors.map(|errors| report::in_files(&errors, path.span()));
    quote!(#errors #code)
}

/// The text of a file, which the compiler then watches.
fn include(path: &Path) -> TokenStream {
    let path = path.display().to_string();
    quote!(::core::include_str!(#path))
}

fn inline(input: TokenStream, base: &Path) -> TokenStream {
    let tokens = TokenText::of(input);
    let text = tokens.text();
    let embedded =
        Embedded { files: vec![("schema.prisma".to_owned(), quote!(#text))], directory: base.display().to_string() };
    let sources = vec![SourceFile::new("schema.prisma", text)];
    let locate = |span: prisma_schema::Span| tokens.spans(span.start as usize, span.end as usize);
    let (code, errors) = expand(sources, embedded, &|span| locate(span).0);
    let errors = errors.map(|errors| report::in_tokens(&errors, locate));
    quote!(#errors #code)
}

/// The code of a schema and its errors; with errors, the code is that of the sane part.
fn expand(sources: Vec<SourceFile>, embedded: Embedded, locate: Locate<'_>) -> (TokenStream, Option<Diagnostics>) {
    let (schema, errors) = match prisma_schema::parse(sources.clone()) {
        Ok(validated) => (Some(validated.schema), None),
        Err(errors) => (repair::sane_part(&errors), Some(errors)),
    };
    let Some(schema) = schema else { return (TokenStream::new(), errors) };
    let mut clashes = Vec::new();
    let code = code(&schema, embedded, errors.is_some(), locate, &mut clashes);
    match errors {
        None if !clashes.is_empty() => (TokenStream::new(), Some(Diagnostics::new(sources, clashes))),
        errors => (code, errors),
    }
}

fn code(
    schema: &Schema,
    embedded: Embedded,
    stubs: bool,
    locate: Locate<'_>,
    sink: &mut Vec<Diagnostic>,
) -> TokenStream {
    let visibility = syn::Visibility::Public(syn::token::Pub::default());
    let client = Ident::new("PrismaClient", Span::call_site());
    generate::generate(&Request { schema, client, visibility, records: true, stubs, embedded }, locate, sink)
}

/// A client without models, for a schema that is not there.
fn empty_client(base: &Path) -> TokenStream {
    let embedded = Embedded { files: Vec::new(), directory: PathBuf::from(base).display().to_string() };
    let empty = SourceFile::new("schema.prisma", "datasource db {\n  provider = \"sqlite\"\n}\n");
    expand(vec![empty], embedded, &|_| Span::call_site()).0
}
