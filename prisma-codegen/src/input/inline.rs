//! A schema between the braces of the macro: its text, and which token each part of the text came from.

use proc_macro2::{Delimiter, LineColumn, Span, TokenStream, TokenTree};

/// The text of a schema that was written as Rust tokens.
#[derive(Default)]
pub(crate) struct TokenText {
    text: String,
    /// Byte ranges of the text with their tokens, in order.
    tokens: Vec<(usize, usize, Span)>,
    /// Where the last token ended in the user's file.
    position: Option<LineColumn>,
}

impl TokenText {
    /// The text of these tokens, laid out in the lines of the user's file.
    pub(crate) fn of(tokens: TokenStream) -> Self {
        let mut text = Self::default();
        text.stream(tokens);
        text.text.push('\n');
        text
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Writes text that stands for a token.
    pub(crate) fn push(&mut self, text: &str, span: Span) {
        self.tokens.push((self.text.len(), self.text.len() + text.len(), span));
        self.text.push_str(text);
    }

    /// Writes text that stands for no token.
    pub(crate) fn push_gap(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The first and the last token of a part of the text.
    pub(crate) fn spans(&self, start: usize, end: usize) -> (Span, Span) {
        let covered = |&&(from, to, _): &&(usize, usize, Span)| from < end.max(start + 1) && to > start;
        let first = self.tokens.iter().find(covered);
        let last = self.tokens.iter().rev().find(covered);
        match (first, last) {
            (Some(first), Some(last)) => (first.2, last.2),
            // Between tokens: the one before, such as the brace that is not closed.
            _ => {
                let near = self.tokens.iter().rev().find(|t| t.0 <= start).or(self.tokens.first());
                near.map_or((Span::call_site(), Span::call_site()), |t| (t.2, t.2))
            }
        }
    }

    fn stream(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => ("", ""),
                    };
                    self.place(open, group.span_open());
                    self.stream(group.stream());
                    self.place(close, group.span_close());
                }
                TokenTree::Punct(punct) if punct.as_char() == '#' => match tokens.peek().and_then(doc_text) {
                    // A doc comment arrives as `#[doc = "text"]`.
                    Some(text) => {
                        let span = punct.span();
                        self.doc(&text, span);
                        tokens.next();
                    }
                    None => self.place("#", punct.span()),
                },
                TokenTree::Punct(punct) => self.place(punct.as_char().encode_utf8(&mut [0; 4]), punct.span()),
                TokenTree::Ident(ident) => {
                    let text = ident.to_string();
                    self.place(text.strip_prefix("r#").unwrap_or(&text), ident.span());
                }
                TokenTree::Literal(literal) => self.place(&literal.to_string(), literal.span()),
            }
        }
    }

    /// Writes a token where its place in the user's file says: on a new line, after a space, or next to the last one.
    fn place(&mut self, text: &str, span: Span) {
        let start = span.start();
        match self.position {
            Some(last) if start.line != last.line => self.text.push('\n'),
            Some(last) if start.column != last.column => self.text.push(' '),
            _ => {}
        }
        self.position = Some(span.end());
        self.push(text, span);
    }

    fn doc(&mut self, text: &str, span: Span) {
        for line in text.lines() {
            self.place("///", span);
            self.push(line, span);
            self.text.push('\n');
        }
        // What follows stands on its own line already.
        self.position = None;
    }
}

/// The text of `[doc = "…"]`.
fn doc_text(token: &TokenTree) -> Option<String> {
    let TokenTree::Group(group) = token else { return None };
    let mut tokens = group.stream().into_iter();
    match (tokens.next()?, tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(doc), TokenTree::Punct(_), TokenTree::Literal(text)) if doc == "doc" => {
            syn::parse_str::<syn::LitStr>(&text.to_string()).ok().map(|text| text.value())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_kept() {
        let text = "model User {\n/// Doc.\nid Int @id\nposts Post[]\nurl String @default(\"a\\\"b\") @db.VarChar(10)\n@@map(\"a-b\")\n}\n";
        let tokens: TokenStream = text.parse().unwrap();
        assert_eq!(TokenText::of(tokens).text().trim(), text.trim());
    }

    #[test]
    fn places_lead_back_to_tokens() {
        let tokens: TokenStream = "model User {\n  id Strng @id\n}".parse().unwrap();
        let text = TokenText::of(tokens);
        let at = text.text().find("Strng").unwrap();
        let (first, last) = text.spans(at, at + 5);
        assert_eq!((first.start().line, first.start().column), (2, 5));
        assert_eq!((last.end().line, last.end().column), (2, 10));
    }
}
