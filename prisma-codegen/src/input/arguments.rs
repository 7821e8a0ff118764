//! The arguments of `#[prisma(...)]` and `client!`, as the schema language spells them.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::Lit;

use super::inline::TokenText;

/// Which tokens a list of arguments is written from.
enum Place {
    /// Between parentheses or brackets, where `name = value` is an argument.
    Arguments,
    /// Between braces, where it is a field and its value.
    Object,
}

impl TokenText {
    /// Writes arguments: `min_value = 1` as `minValue: 1`, `Role::Admin` as `Admin`, Rust's literals as the language's.
    /// What they mean is for the schema to judge.
    pub(crate) fn arguments(&mut self, tokens: TokenStream) {
        self.write(tokens, &Place::Arguments);
    }

    fn write(&mut self, tokens: TokenStream, place: &Place) {
        let mut tokens = tokens.into_iter().peekable();
        // Two words with nothing between would become one.
        let mut after_word = false;
        while let Some(token) = tokens.next() {
            let is_word = matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
            if is_word && after_word {
                self.push_gap(" ");
            }
            after_word = is_word;
            match token {
                TokenTree::Ident(ident) if tokens.peek().is_some_and(is_path_separator) => {
                    // Of a path, only the last segment is a name of the schema.
                    drop(ident);
                    after_word = false;
                }
                TokenTree::Ident(ident) => {
                    let text = ident.to_string();
                    let text = text.strip_prefix("r#").unwrap_or(&text);
                    match tokens.peek() {
                        Some(TokenTree::Punct(next)) if next.as_char() == '=' && matches!(place, Place::Arguments) => {
                            self.push(&camel(text), ident.span());
                        }
                        _ => self.push(text, ident.span()),
                    }
                }
                TokenTree::Punct(punct) => match punct.as_char() {
                    ':' if punct.spacing() == Spacing::Joint => {
                        tokens.next_if(|next| matches!(next, TokenTree::Punct(p) if p.as_char() == ':'));
                    }
                    ':' | '=' => self.push(": ", punct.span()),
                    ',' => self.push(", ", punct.span()),
                    other => self.push(other.encode_utf8(&mut [0; 4]), punct.span()),
                },
                TokenTree::Literal(literal) => self.push(&self::literal(literal.clone()), literal.span()),
                TokenTree::Group(group) => {
                    let (open, close, place) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")", Place::Arguments),
                        Delimiter::Bracket => ("[", "]", Place::Arguments),
                        Delimiter::Brace => ("{ ", " }", Place::Object),
                        Delimiter::None => ("", "", Place::Arguments),
                    };
                    self.push(open, group.span_open());
                    self.write(group.stream(), &place);
                    self.push(close, group.span_close());
                }
            }
        }
    }
}

fn is_path_separator(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(p) if p.as_char() == ':' && p.spacing() == Spacing::Joint)
}

/// `min_value` is `minValue` in the schema language.
pub(crate) fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut chars = word.chars();
        text.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        text.push_str(chars.as_str());
    }
    text
}

/// A literal without what the schema language does not know: raw strings, Rust's escapes, `_` and suffixes of numbers.
fn literal(literal: proc_macro2::Literal) -> String {
    match Lit::new(literal) {
        Lit::Str(text) => prisma_schema::syntax::escape(&text.value()),
        Lit::Int(number) => number.base10_digits().to_owned(),
        Lit::Float(number) => number.base10_digits().to_owned(),
        other => quote::ToTokens::to_token_stream(&other).to_string(),
    }
}

/// The arguments between the commas.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                parts.push(std::mem::take(&mut part).into_iter().collect());
            }
            _ => part.push(token),
        }
    }
    if !part.is_empty() {
        parts.push(part.into_iter().collect());
    }
    parts
}

/// Whether an argument is `name = value`.
pub(crate) fn is_named(argument: &TokenStream) -> bool {
    let mut tokens = argument.clone().into_iter();
    matches!(tokens.next(), Some(TokenTree::Ident(_)))
        && matches!(tokens.next(), Some(TokenTree::Punct(p)) if matches!(p.as_char(), '=' | ':') && p.spacing() == Spacing::Alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(tokens: &str) -> String {
        let mut text = TokenText::default();
        text.arguments(tokens.parse().unwrap());
        text.text().to_owned()
    }

    #[test]
    fn arguments_of_the_schema_language() {
        for (rust, schema) in [
            ("sequence(min_value = -1, max_value = 1_000)", "sequence(minValue: -1, maxValue: 1000)"),
            ("Role::Admin", "Admin"),
            ("[crate::Role::Admin, Role::r#type]", "[Admin, type]"),
            (r##"r#"a"b"#, map = "x\u{e9}\n""##, r#""a\"b", map: "xé\n""#),
            ("1.5f64", "1.5"),
            ("VarChar(255)", "VarChar(255)"),
            ("where = { is_live: true, kind = { not = \"x\" } }", "where: { is_live: true, kind: { not: \"x\" } }"),
            ("address.street(sort = Desc)", "address.street(sort: Desc)"),
        ] {
            assert_eq!(written(rust), schema);
        }
    }

    #[test]
    fn commas_between_arguments() {
        let parts = split("a, b(c, d), type = Gin,".parse().unwrap());
        assert_eq!(parts.iter().map(is_named).collect::<Vec<_>>(), [false, false, true]);
    }
}
