//! Diagnostics as compile errors.

use prisma_schema::diagnostics::{Diagnostic, Diagnostics};
use proc_macro2::{Ident, Span, TokenStream};

/// An error at a token of the user's.
pub(crate) fn at(span: (Span, Span), message: &str) -> TokenStream {
    // An error begins at the first token given and ends at the last.
    let tokens = [Ident::new("a", span.0), Ident::new("b", span.1)];
    let tokens: TokenStream = tokens.map(proc_macro2::TokenTree::Ident).into_iter().collect();
    syn::Error::new_spanned(tokens, message).to_compile_error()
}

/// The errors of a schema in files, each with its place in the text, at the token that names the schema.
pub(crate) fn in_files(diagnostics: &Diagnostics, span: Span) -> TokenStream {
    let message = |d: &Diagnostic| {
        let text = diagnostics.render_one(d, false);
        // The compiler writes "error" itself.
        let heading = format!("error[{}]: ", d.code);
        text.strip_prefix(&heading).unwrap_or(&text).to_owned()
    };
    diagnostics.errors().map(|d| at((span, span), &message(d))).collect()
}

/// The errors of a schema that was written as tokens, each at its tokens.
pub(crate) fn in_tokens(
    diagnostics: &Diagnostics,
    locate: impl Fn(prisma_schema::Span) -> (Span, Span),
) -> TokenStream {
    let message = |d: &Diagnostic| match &d.help {
        Some(help) => format!("{}\nhelp: {help}", d.message),
        None => d.message.clone(),
    };
    diagnostics.errors().map(|d| at(locate(d.span), &message(d))).collect()
}
