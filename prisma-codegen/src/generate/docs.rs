//! Documentation of generated items: the schema's `///` text, or else what the schema says of them.

use prisma_schema::{FieldWalker, Schema, Span};
use proc_macro2::TokenStream;
use quote::quote;

/// The text as a doc attribute.
pub(super) fn doc(text: &str) -> TokenStream {
    // A space after the slashes, as people write it.
    let text: String = text.lines().map(|line| format!(" {line}")).collect::<Vec<_>>().join("\n");
    quote!(#[doc = #text])
}

/// Of a field: what is documented, or its line in the schema.
pub(super) fn field(field: FieldWalker<'_>) -> TokenStream {
    match &field.data().documentation {
        Some(text) => doc(text),
        None => {
            doc(&format!("`{}`", one_line(line(field.model().schema(), field.data().span).unwrap_or(field.name()))))
        }
    }
}

/// Of anything else: what is documented, or the given text.
pub(super) fn or(documentation: Option<&str>, otherwise: &str) -> TokenStream {
    doc(documentation.unwrap_or(otherwise))
}

fn line(schema: &Schema, span: Span) -> Option<&str> {
    let text = &schema.sources.get(span.source.0 as usize)?.text;
    text.get(span.start as usize..span.end as usize).filter(|line| !line.is_empty())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'")
}
