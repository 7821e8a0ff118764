//! Attributes, their arguments, and values.

use super::lexer::TokenKind;
use super::parser::{MAX_DEPTH, Parsed, Parser, Unreadable};
use std::borrow::Cow;

use super::*;
use crate::Span;

impl<'t> Parser<'t> {
    /// The attributes at hand, up to the end of the line.
    pub(super) fn attributes(&mut self) -> Parsed<Vec<Attribute<'t>>> {
        let mut attributes = Vec::new();
        loop {
            let before_comments = self.position;
            self.inline_comments();
            if !self.at(TokenKind::At) {
                self.position = before_comments;
                return Ok(attributes);
            }
            let attribute = self.attribute()?;
            if attributes.is_empty() {
                // Few fields have more; the tree is what takes the most room of all.
                attributes.reserve_exact(2);
            }
            attributes.push(attribute);
        }
    }

    /// `/* … */` between two parts of one line.
    fn inline_comments(&mut self) {
        while self.eat(TokenKind::BlockComment).is_some() {}
    }

    /// `@name` or `@@name`, with its arguments.
    pub(super) fn attribute(&mut self) -> Parsed<Attribute<'t>> {
        let at = self.advance();
        let is_block = at.kind == TokenKind::AtAt;
        let Some((name, name_span)) = self.path()? else {
            return Err(Unreadable::new(at.span, "an attribute's name is missing behind the `@`"));
        };
        let arguments = match self.at(TokenKind::OpenParen) {
            true => Some(self.arguments()?),
            false => None,
        };
        let span = at.span.to(self.previous().span);
        Ok(Attribute { name, name_span, is_block, arguments, span })
    }

    /// `a.b.c`, without spaces.
    fn path(&mut self) -> Parsed<Option<(&'t str, Span)>> {
        let Some(first) = self.ident() else {
            return Ok(None);
        };
        let mut span = first.span;
        while self.at(TokenKind::Dot) {
            let dot = self.peek().span;
            if dot.start != span.end {
                return Err(Unreadable::new(dot, "no space may stand before a `.`"));
            }
            self.advance();
            let next = self.peek().span;
            match self.ident() {
                Some(ident) if next.start == dot.end => span = span.to(ident.span),
                _ => return Err(Unreadable::new(dot, "a name is missing behind the `.`")),
            }
        }
        Ok(Some((self.text(span), span)))
    }

    /// Between parentheses and brackets a line may end anywhere.
    fn skip_space(&mut self) {
        while self.at(TokenKind::Newline) || (self.peek().kind.is_comment() && !self.at(TokenKind::UnterminatedComment))
        {
            self.advance();
        }
    }

    fn arguments(&mut self) -> Parsed<Vec<Argument<'t>>> {
        let open = self.advance();
        let mut arguments = Vec::new();
        loop {
            self.skip_space();
            if self.eat(TokenKind::CloseParen).is_some() {
                return Ok(arguments);
            }
            self.not_at_the_end(open.span, ")")?;
            let argument = self.argument()?;
            if arguments.is_empty() {
                arguments.reserve_exact(1);
            }
            arguments.push(argument);
            self.skip_space();
            match self.peek().kind {
                TokenKind::CloseParen => {}
                TokenKind::Comma => self.comma(TokenKind::CloseParen)?,
                _ => return Err(self.unclosed_or_unexpected(open.span, ")")),
            }
        }
    }

    fn comma(&mut self, close: TokenKind) -> Parsed<()> {
        let comma = self.advance();
        self.skip_space();
        if self.at(close) {
            return Err(Unreadable::new(comma.span, "nothing follows this comma").help("remove the comma"));
        }
        Ok(())
    }

    /// Where the block or the file ends, no bracket can be closed any more.
    fn not_at_the_end(&self, open: Span, close: &str) -> Parsed<()> {
        match self.peek().kind {
            TokenKind::End | TokenKind::CloseBrace => Err(self.unclosed_or_unexpected(open, close)),
            _ => Ok(()),
        }
    }

    fn has_newline(&self, before: Span, after: Span) -> bool {
        self.text(before.to(after)).contains('\n')
    }

    fn unclosed_or_unexpected(&self, open: Span, close: &str) -> Unreadable {
        let token = self.peek();
        match token.kind {
            TokenKind::End | TokenKind::CloseBrace => {
                Unreadable::new(open, format!("this `{}` is never closed", self.text(open)))
                    .help(format!("add the missing `{close}`"))
            }
            // The text goes on below: what is unexpected there may be innocent.
            _ if self.has_newline(open, token.span) => {
                let (open_text, text) = (self.text(open), self.text(token.span));
                Unreadable::new(open, format!("this `{open_text}` is not closed before `{text}`, on a line below"))
                    .help(format!("add the missing `{close}`, or a `,` before `{text}`"))
            }
            _ => Unreadable::new(token.span, format!("unexpected `{}`", self.text(token.span)))
                .help(format!("a `,` or a `{close}` must stand here")),
        }
    }

    fn argument(&mut self) -> Parsed<Argument<'t>> {
        let start = self.peek().span;
        let names =
            self.at(TokenKind::Ident) && self.tokens.get(self.position + 1).is_some_and(|t| t.kind == TokenKind::Colon);
        let name = if names { self.ident() } else { None };
        if names {
            self.advance();
            self.skip_space();
        }
        let value = match self.peek().kind {
            TokenKind::Comma | TokenKind::CloseParen if names => None,
            _ => Some(self.expression()?),
        };
        let span = start.to(self.previous().span);
        Ok(Argument { name, value, span })
    }

    /// A value.
    pub(super) fn expression(&mut self) -> Parsed<Expression<'t>> {
        if self.depth >= MAX_DEPTH {
            return Err(Unreadable::new(self.peek().span, "this value is nested too deeply"));
        }
        self.depth += 1;
        let start = self.peek().span;
        let kind = self.expression_kind();
        self.depth -= 1;
        Ok(Expression { kind: kind?, span: start.to(self.previous().span) })
    }

    fn expression_kind(&mut self) -> Parsed<ExpressionKind<'t>> {
        let token = self.peek();
        match token.kind {
            TokenKind::String => {
                self.advance();
                self.unescape(token.span).map(ExpressionKind::String)
            }
            TokenKind::UnterminatedString => {
                Err(Unreadable::new(token.span, "this string is not closed on its line").help("add the missing `\"`"))
            }
            TokenKind::Number => {
                self.advance();
                Ok(ExpressionKind::Number(self.text(token.span)))
            }
            TokenKind::Ident => self.constant_or_function(),
            TokenKind::OpenBracket => self.array(),
            TokenKind::OpenBrace => self.object(),
            TokenKind::End => Err(Unreadable::new(self.previous().span, "a value is missing")),
            _ => Err(Unreadable::new(token.span, format!("unexpected `{}`", self.text(token.span)))
                .help("a value is a string, a number, a name, a function call or a list")),
        }
    }

    fn constant_or_function(&mut self) -> Parsed<ExpressionKind<'t>> {
        let Some((text, span)) = self.path()? else {
            return Err(Unreadable::new(self.peek().span, "a name is missing"));
        };
        if !self.at(TokenKind::OpenParen) {
            return Ok(ExpressionKind::Constant(text));
        }
        let arguments = self.arguments()?;
        Ok(ExpressionKind::Function(Ident { text, span }, arguments))
    }

    fn array(&mut self) -> Parsed<ExpressionKind<'t>> {
        let open = self.advance();
        let mut elements = Vec::new();
        loop {
            self.skip_space();
            if self.eat(TokenKind::CloseBracket).is_some() {
                return Ok(ExpressionKind::Array(elements));
            }
            self.not_at_the_end(open.span, "]")?;
            elements.push(self.expression()?);
            self.skip_space();
            match self.peek().kind {
                TokenKind::CloseBracket => {}
                TokenKind::Comma => self.comma(TokenKind::CloseBracket)?,
                _ => return Err(self.unclosed_or_unexpected(open.span, "]")),
            }
        }
    }

    fn object(&mut self) -> Parsed<ExpressionKind<'t>> {
        let open = self.advance();
        let mut members = Vec::new();
        loop {
            self.skip_space();
            if self.eat(TokenKind::CloseBrace).is_some() {
                return Ok(ExpressionKind::Object(members));
            }
            let (Some(name), Some(_)) = (self.ident(), self.eat(TokenKind::Colon)) else {
                return Err(Unreadable::new(self.peek().span, "an object's member is `name: value`"));
            };
            self.skip_space();
            members.push((name, self.expression()?));
            self.skip_space();
            match self.peek().kind {
                TokenKind::CloseBrace => {}
                TokenKind::Comma => self.comma(TokenKind::CloseBrace)?,
                _ => return Err(self.unclosed_or_unexpected(open.span, "}")),
            }
        }
    }

    /// The text of a string token, quotes and escapes resolved.
    pub(super) fn unescape(&mut self, span: Span) -> Parsed<Cow<'t, str>> {
        let raw = self.text(span);
        let raw = raw.strip_prefix('"').and_then(|r| r.strip_suffix('"')).unwrap_or(raw);
        super::string::unescape(raw).map_err(|(range, message)| {
            let start = span.start + 1;
            let place = Span { source: span.source, start: start + range.start as u32, end: start + range.end as u32 };
            Unreadable::new(place, message).help("a backslash is written `\\\\`")
        })
    }
}
