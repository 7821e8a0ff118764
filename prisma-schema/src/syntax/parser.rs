//! The parser's state, and the top level of a file.

use super::lexer::{Token, TokenKind, tokenize};
use super::*;
use crate::diagnostics::Diagnostic;
use crate::{SourceFile, SourceId, Span};

/// Takes a file apart. Errors leave out the broken line or block, never what follows it.
pub fn parse(file: &SourceFile, source: SourceId) -> (File<'_>, Vec<Diagnostic>) {
    let mut parser = Parser {
        text: &file.text,
        source,
        tokens: tokenize(&file.text, source),
        position: 0,
        depth: 0,
        entries: Vec::new(),
        errors: Vec::new(),
    };
    let file = parser.file();
    (file, parser.errors)
}

/// How deep expressions may nest: far beyond any schema, well within the stack.
pub(super) const MAX_DEPTH: usize = 64;

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) source: SourceId,
    pub(super) tokens: Vec<Token>,
    pub(super) position: usize,
    pub(super) depth: usize,
    /// Room for the entries of the block at hand.
    pub(super) entries: Vec<Entry<'t>>,
    pub(super) errors: Vec<Diagnostic>,
}

/// A line could not be read: the message, and the remedy where there is one. The line is its place.
pub(super) struct Unreadable {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Unreadable {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

pub(super) type Parsed<T> = Result<T, Unreadable>;

impl<'t> Parser<'t> {
    // ------------------------------------------------------------------ tokens

    /// The token at hand. There is always one: the last is `End`, and nothing goes past it.
    pub(super) fn peek(&self) -> Token {
        self.tokens.get(self.position).copied().unwrap_or(Token {
            kind: TokenKind::End,
            span: Span { source: self.source, start: self.text.len() as u32, end: self.text.len() as u32 },
        })
    }

    pub(super) fn advance(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.position += 1;
        }
        token
    }

    pub(super) fn at(&self, kind: TokenKind) -> bool {
        self.peek().kind == kind
    }

    pub(super) fn eat(&mut self, kind: TokenKind) -> Option<Token> {
        self.at(kind).then(|| self.advance())
    }

    pub(super) fn text(&self, span: Span) -> &'t str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The last token read.
    pub(super) fn previous(&self) -> Token {
        self.position.checked_sub(1).and_then(|i| self.tokens.get(i)).copied().unwrap_or_else(|| self.peek())
    }

    pub(super) fn ident(&mut self) -> Option<Ident<'t>> {
        let token = self.eat(TokenKind::Ident)?;
        Some(Ident { text: self.text(token.span), span: token.span })
    }

    pub(super) fn skip_newlines(&mut self) {
        while self.eat(TokenKind::Newline).is_some() {}
    }

    /// Comments at hand, up to the end of the line.
    pub(super) fn comments(&mut self) -> Vec<Comment<'t>> {
        let mut comments = Vec::new();
        while self.peek().kind.is_comment() {
            comments.extend(self.comment());
        }
        comments
    }

    pub(super) fn comment(&mut self) -> Option<Comment<'t>> {
        let token = self.peek();
        let kind = match token.kind {
            TokenKind::LineComment => CommentKind::Line,
            TokenKind::DocComment => CommentKind::Doc,
            TokenKind::BlockComment => CommentKind::Block,
            TokenKind::UnterminatedComment => {
                self.error(Unreadable::new(token.span, "this comment is never closed").help("end it with `*/`"));
                CommentKind::Block
            }
            _ => return None,
        };
        self.advance();
        Some(Comment { kind, text: self.text(token.span), span: token.span })
    }

    // ------------------------------------------------------------------ errors

    pub(super) fn error(&mut self, error: Unreadable) {
        self.errors.push(Diagnostic { help: error.help, ..Diagnostic::error(error.span, error.message) });
    }

    /// Goes to the end of the line at hand, and says where it began and ended.
    pub(super) fn skip_line(&mut self) -> Span {
        let start = self.peek().span;
        let mut end = start;
        while !matches!(self.peek().kind, TokenKind::Newline | TokenKind::End) && !self.peek().kind.is_comment() {
            end = self.advance().span;
        }
        start.to(end)
    }

    // ------------------------------------------------------------------ the top level

    fn file(&mut self) -> File<'t> {
        let mut file = File::default();
        loop {
            self.skip_newlines();
            let token = self.peek();
            match token.kind {
                TokenKind::End => return file,
                _ if token.kind.is_comment() => file.items.extend(self.comment().map(Item::Comment)),
                TokenKind::Ident => {
                    let name =
                        self.tokens.get(self.position + 1).filter(|t| t.kind == TokenKind::Ident).map(|t| t.span);
                    match self.block(&file.items) {
                        Ok(Some(block)) => file.items.push(Item::Block(block)),
                        Ok(None) => {}
                        Err(error) => {
                            file.broken_blocks.extend(name.map(|n| self.text(n)));
                            self.error(error);
                        }
                    }
                }
                _ => {
                    let error = self.stray_line();
                    self.error(error);
                }
            }
        }
    }

    /// Leaves out a line that begins no block, and the block that it opens, if any.
    pub(super) fn stray_line(&mut self) -> Unreadable {
        let span = self.skip_line();
        if self.previous().kind == TokenKind::OpenBrace {
            self.skip_block();
        }
        Unreadable::new(span, "this line begins no block")
            .help("a schema consists of `datasource`, `generator`, `model`, `view`, `enum` and `type` blocks")
    }

    /// From behind an opening brace to behind the closing one that stands first on a line.
    pub(super) fn skip_block(&mut self) {
        loop {
            self.skip_newlines();
            match self.peek().kind {
                TokenKind::End => return,
                TokenKind::CloseBrace => {
                    self.skip_line();
                    return;
                }
                _ if self.starts_block() => return,
                _ if self.peek().kind.is_comment() => {
                    self.advance();
                }
                _ => {
                    self.skip_line();
                }
            }
        }
    }

    /// Whether `keyword Name {` is at hand.
    pub(super) fn starts_block(&self) -> bool {
        let [keyword, name, brace] = [0, 1, 2].map(|i| self.tokens.get(self.position + i));
        let (Some(keyword), Some(name), Some(brace)) = (keyword, name, brace) else {
            return false;
        };
        keyword.kind == TokenKind::Ident
            && name.kind == TokenKind::Ident
            && brace.kind == TokenKind::OpenBrace
            && BlockKind::from_keyword(self.text(keyword.span)).is_some()
    }
}
