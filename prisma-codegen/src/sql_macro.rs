//! `sql!("SELECT … WHERE id = {id}")`: SQL with values that are bound, never written into the text.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{LitStr, Token};

/// The expression that `sql!` stands for.
pub fn sql(input: TokenStream) -> TokenStream {
    let expanded = syn::parse::Parser::parse2(literal, input).and_then(|literal| {
        let pieces = pieces(&literal)?;
        let calls = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => quote!(.text(#text)),
            Piece::Expression(expression) => quote!(.argument(&(#expression))),
        });
        Ok(quote!(::prisma_client::RawSql::empty()#(#calls)*))
    });
    // Something of the type must stand there, so that this is the only error.
    expanded.unwrap_or_else(|error| {
        let error = error.to_compile_error();
        quote!({ #error ::prisma_client::RawSql::empty() })
    })
}

fn literal(input: syn::parse::ParseStream<'_>) -> syn::Result<LitStr> {
    let wanted = "SQL is written as one string literal, with expressions between braces: `sql!(\"… WHERE id = {id}\")`; \
                  text that is made while the program runs is put in by `RawSql::verbatim(…)`";
    let literal: LitStr = input.parse().map_err(|e| syn::Error::new(e.span(), wanted))?;
    input.parse::<Option<Token![,]>>()?;
    match input.is_empty() {
        true => Ok(literal),
        false => Err(input.error("expressions stand within the text, between braces: `… WHERE id = {id}`")),
    }
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Expression(TokenStream),
}

/// Takes the text apart.
fn pieces(literal: &LitStr) -> syn::Result<Vec<Piece>> {
    let text = literal.value();
    let span = literal.span();
    let failed = |message: &str| syn::Error::new(span, message);
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            plain.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err(failed("a `}` without its `{`: write `}}` for a brace of the SQL itself"));
        }
        let end = closing(after).ok_or_else(|| {
            failed("a `{` without its `}`: write `{{` for a brace of the SQL itself, and `}}` for the other one")
        })?;
        let source = after[..end].trim();
        if source.is_empty() {
            return Err(failed("there is nothing between `{` and `}`: write `{{}}` for braces of the SQL itself"));
        }
        let expression: TokenStream =
            source.parse().map_err(|_| failed(&format!("`{source}` is no expression of Rust")))?;
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Expression(spanned(expression, span)));
        rest = &after[end + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

/// Where the brace is that closes an expression: braces within it, and those in its strings, do not count.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut in_string = false;
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' if in_string => {
                characters.next();
            }
            '"' => in_string = !in_string,
            _ if in_string => {}
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// All tokens as if they stood where the literal does, so that names are found and errors shown there.
fn spanned(tokens: TokenStream, span: Span) -> TokenStream {
    let place = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), spanned(group.stream(), span)).into();
        }
        token.set_span(span);
        token
    };
    tokens.into_iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(input: &str) -> String {
        sql(input.parse().unwrap()).to_string().replace(' ', "")
    }

    #[test]
    fn text_and_expressions() {
        assert_eq!(
            expand(r#""a={user.id}ANDb={f(\"}\")}ANDc='{{}}'","#),
            r#"::prisma_client::RawSql::empty().text("a=").argument(&(user.id)).text("ANDb=").argument(&(f("}"))).text("ANDc='{}'")"#
        );
        assert_eq!(expand(r#""""#), "::prisma_client::RawSql::empty()");
        assert!(expand(r#""{ { 1 } }""#).contains("argument(&({1}))"));
    }

    #[test]
    fn mistakes() {
        for (input, part) in [
            ("text", "onestringliteral"),
            (r#""a = {}", 1"#, "betweenbraces"),
            (r#""a = {}""#, "nothingbetween"),
            (r#""a = {b""#, "withoutits`}`"),
            (r#""a = }""#, "withoutits`{`"),
            (r#""a = {(}""#, "isnoexpression"),
        ] {
            let code = expand(input);
            assert!(code.contains("compile_error") && code.contains(part), "{input}: {code}");
        }
    }
}
