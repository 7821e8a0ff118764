//! Blocks, and the lines in them.

use super::lexer::TokenKind;
use super::parser::{Parsed, Parser, Unreadable};
use super::*;
use crate::{Arity, Span};

impl<'t> Parser<'t> {
    /// A block, its keyword at hand. `None` if it was left out after an error.
    pub(super) fn block(&mut self, before: &[Item<'t>]) -> Parsed<Option<Block<'t>>> {
        let keyword = self.peek().span;
        let Some(kind) = BlockKind::from_keyword(self.text(keyword)) else {
            return Err(self.unknown_block());
        };
        let header_start = self.position;
        self.advance();
        let (Some(name), Some(_)) = (self.ident(), self.eat(TokenKind::OpenBrace)) else {
            self.position = header_start;
            return Err(self.broken_header(kind));
        };
        let header_span = keyword.to(self.previous().span);
        let documentation = documentation_before(self.text, before.iter().rev().map_while(Item::as_comment), keyword);
        let open_comments = self.comments();
        // Prisma wants one entry a line; a block that begins on the line of its brace may hold several.
        let inline = !matches!(self.peek().kind, TokenKind::Newline | TokenKind::End);

        // Entries are large: they are gathered where there is room, and moved once.
        let mut gathered = std::mem::take(&mut self.entries);
        gathered.clear();
        let errors = self.errors.len();
        loop {
            self.skip_newlines();
            let token = self.peek();
            match token.kind {
                TokenKind::CloseBrace => break,
                TokenKind::End => {
                    return Err(unclosed(header_span, kind, &name));
                }
                _ if self.starts_block() => {
                    return Err(unclosed(header_span, kind, &name));
                }
                _ if token.kind.is_comment() => {
                    let comment = self.comment();
                    gathered.extend(comment.map(|comment| Entry {
                        span: comment.span,
                        kind: EntryKind::Comment(comment),
                        trailing: Vec::new(),
                        has_inner_comments: false,
                    }));
                }
                _ => self.entry(kind, inline, &mut gathered),
            }
        }
        let is_broken = self.errors.len() > errors;
        let mut entries = Vec::with_capacity(gathered.len());
        entries.append(&mut gathered);
        self.entries = gathered;
        let close = self.advance();
        let trailing = self.comments();
        if !matches!(self.peek().kind, TokenKind::Newline | TokenKind::End) && !self.starts_block() {
            let span = self.skip_line();
            self.error(Unreadable::new(span, "nothing may stand behind the closing brace of a block"));
        }
        let span = keyword.to(close.span);
        Ok(Some(Block { kind, name, documentation, open_comments, entries, trailing, is_broken, span, header_span }))
    }

    fn unknown_block(&mut self) -> Unreadable {
        let word = self.peek().span;
        let text = self.text(word);
        let suggestion = crate::suggest::closest(text, BlockKind::ALL.iter().map(|k| k.keyword()));
        let span = self.skip_line();
        let opens_block = self.previous().kind == TokenKind::OpenBrace;
        if opens_block {
            self.skip_block();
        }
        let error = if opens_block {
            Unreadable::new(span, format!("`{text}` is no keyword that begins a block"))
        } else {
            Unreadable::new(span, "this line begins no block")
        };
        match suggestion {
            Some(keyword) => error.help(format!("did you mean `{keyword}`?")),
            None => error
                .help("a block begins with `datasource`, `generator`, `model`, `view`, `enum` or `type`, and a name"),
        }
    }

    fn broken_header(&mut self, kind: BlockKind) -> Unreadable {
        let has_equals = self.tokens.get(self.position + 2).is_some_and(|t| t.kind == TokenKind::Equals);
        let span = self.skip_line();
        if self.previous().kind == TokenKind::OpenBrace {
            self.skip_block();
        }
        let keyword = kind.keyword();
        if kind == BlockKind::Type && has_equals {
            return Unreadable::new(span, "type aliases do not exist").help("use the type itself in the fields");
        }
        Unreadable::new(span, format!("this {keyword} has no name or no opening brace"))
            .help(format!("write `{keyword} Name {{`, the name in letters, digits, `_` and `-`"))
    }

    fn entry(&mut self, kind: BlockKind, inline: bool, entries: &mut Vec<Entry<'t>>) {
        let start = self.position;
        let result = self.entry_kind(kind, entries).and_then(|entry| {
            let ends = match self.peek().kind {
                TokenKind::Newline | TokenKind::End | TokenKind::CloseBrace => true,
                other => other.is_comment() || inline,
            };
            if ends { Ok(entry) } else { Err(self.unexpected_in_line(kind)) }
        });
        let end = self.position;
        match result {
            Ok(mut entry) => {
                let tokens = self.tokens.get(start..end).unwrap_or_default();
                let has_inner_comments = tokens.iter().any(|t| t.kind.is_comment());
                let span = tokens.first().map(|t| t.span).unwrap_or_default().to(self.previous().span);
                let trailing = self.comments();
                add_trailing_documentation(&mut entry, &trailing);
                entries.push(Entry { kind: entry, trailing, has_inner_comments, span });
            }
            Err(mut error) => {
                // The line that the entry begins on is what the user sees as broken; what comes after is read anew.
                self.position = start;
                let line = self.skip_line();
                if error.span.start > line.end || error.span.start < line.start {
                    error.span = line;
                }
                self.error(error);
                self.comments();
            }
        }
    }

    fn entry_kind(&mut self, kind: BlockKind, before: &[Entry<'t>]) -> Parsed<EntryKind<'t>> {
        match kind {
            BlockKind::Datasource | BlockKind::Generator => self.property().map(EntryKind::Property),
            _ if self.at(TokenKind::AtAt) => self.attribute().map(EntryKind::Attribute),
            BlockKind::Enum => self.enum_value(before).map(EntryKind::EnumValue),
            _ => self.field(before).map(EntryKind::Field),
        }
    }

    fn unexpected_in_line(&self, kind: BlockKind) -> Unreadable {
        let token = self.peek();
        let what = match kind {
            BlockKind::Datasource | BlockKind::Generator => "a property is `name = value`, one a line",
            BlockKind::Enum => "a value is `NAME @attributes`, one a line",
            _ => "a field is `name Type @attributes`, one a line",
        };
        Unreadable::new(token.span, format!("unexpected `{}`", self.text(token.span))).help(what)
    }

    fn property(&mut self) -> Parsed<Property<'t>> {
        let Some(name) = self.ident() else {
            return Err(Unreadable::new(self.peek().span, "this line is no property").help("write `name = value`"));
        };
        if self.eat(TokenKind::Equals).is_none() {
            return Err(Unreadable::new(name.span, format!("the property `{}` has no `=`", name.text))
                .help(format!("write `{} = value`", name.text)));
        }
        let value = match self.peek().kind {
            TokenKind::Newline | TokenKind::End | TokenKind::CloseBrace => None,
            kind if kind.is_comment() => None,
            _ => Some(self.expression()?),
        };
        let span = name.span.to(self.previous().span);
        Ok(Property { name, value, span })
    }

    fn enum_value(&mut self, before: &[Entry<'t>]) -> Parsed<EnumValue<'t>> {
        let Some(name) = self.ident() else {
            return Err(Unreadable::new(self.peek().span, "this line is no value of an enum")
                .help("a value is a name of letters, digits, `_` and `-`, beginning with a letter"));
        };
        let documentation = documentation_of_entry(self.text, before, name.span);
        let attributes = self.attributes()?;
        let span = name.span.to(self.previous().span);
        Ok(EnumValue { name, attributes, documentation, span })
    }

    fn field(&mut self, before: &[Entry<'t>]) -> Parsed<Field<'t>> {
        let Some(name) = self.ident() else {
            return Err(Unreadable::new(self.peek().span, "this line is neither a field nor an attribute")
                .help("a field is `name Type @attributes`; an attribute of the block begins with `@@`"));
        };
        if self.at(TokenKind::Colon) {
            return Err(Unreadable::new(self.peek().span, format!("the field `{}` has a `:`", name.text))
                .help("a field is written without it: `name Type`"));
        }
        let documentation = documentation_of_entry(self.text, before, name.span);
        let type_start = self.peek().span;
        let ty = self.field_type(&name)?;
        let arity = self.arity(&name, &ty)?;
        let type_span = type_start.to(self.previous().span);
        let attributes = self.attributes()?;
        let span = name.span.to(self.previous().span);
        Ok(Field { name, ty, arity, type_span, attributes, documentation, span })
    }

    fn field_type(&mut self, name: &Ident<'_>) -> Parsed<FieldType<'t>> {
        let start = self.peek().span;
        if self.at(TokenKind::OpenBracket) {
            return Err(Unreadable::new(start, format!("the type of the field `{}` begins with `[`", name.text))
                .help("a list is written `Type[]`"));
        }
        let Some(ty) = self.ident() else {
            return Err(Unreadable::new(name.span, format!("the field `{}` has no type", name.text))
                .help("a field is `name Type @attributes`"));
        };
        if ty.text != "Unsupported" {
            return Ok(FieldType::Named(ty));
        }
        let malformed = || Unreadable::new(start, "`Unsupported` takes the type's name in the database, as a string");
        let help = "write `Unsupported(\"type\")`";
        let (Some(_), Some(text), Some(_)) =
            (self.eat(TokenKind::OpenParen), self.eat(TokenKind::String), self.eat(TokenKind::CloseParen))
        else {
            return Err(malformed().help(help));
        };
        let text = self.unescape(text.span)?;
        Ok(FieldType::Unsupported(text, start.to(self.previous().span)))
    }

    fn arity(&mut self, name: &Ident<'_>, ty: &FieldType<'_>) -> Parsed<Arity> {
        let ty = match ty {
            FieldType::Named(ident) => ident.text,
            FieldType::Unsupported(..) => "Unsupported(…)",
        };
        let token = self.peek();
        let arity = match token.kind {
            TokenKind::Question => {
                self.advance();
                Arity::Optional
            }
            TokenKind::OpenBracket => {
                self.advance();
                if self.eat(TokenKind::CloseBracket).is_none() {
                    return Err(Unreadable::new(
                        token.span,
                        format!("the `[` of the field `{}` is not closed", name.text),
                    )
                    .help(format!("a list is written `{ty}[]`")));
                }
                Arity::List
            }
            TokenKind::Exclamation => {
                return Err(Unreadable::new(token.span, format!("the field `{}` has a `!`", name.text))
                    .help("a field is required unless a `?` says otherwise; leave the `!` out"));
            }
            _ => return Ok(Arity::Required),
        };
        if matches!(self.peek().kind, TokenKind::Question | TokenKind::OpenBracket) {
            return Err(Unreadable::new(
                token.span.to(self.peek().span),
                format!("the field `{}` is an optional list", name.text),
            )
            .help(format!("a list cannot be optional; use `{ty}[]` (empty is allowed) or `{ty}?`")));
        }
        Ok(arity)
    }
}

fn unclosed(header: Span, kind: BlockKind, name: &Ident<'_>) -> Unreadable {
    Unreadable::new(header, format!("the {} `{}` is never closed", kind.noun(), name.text))
        .help("end the block with `}` on a line of its own")
}

impl Item<'_> {
    fn as_comment(&self) -> Option<&Comment<'_>> {
        match self {
            Item::Comment(comment) => Some(comment),
            Item::Block(_) => None,
        }
    }
}

/// The `///` lines that stand right above `start`; `comments` go upwards.
fn documentation_before<'c, 't: 'c>(
    text: &str,
    comments: impl Iterator<Item = &'c Comment<'t>>,
    start: Span,
) -> Option<String> {
    let mut below = start;
    let mut lines = Vec::new();
    for comment in comments {
        let between = text.get(comment.span.end as usize..below.start as usize).unwrap_or_default();
        if between.matches('\n').count() > 1 {
            break;
        }
        below = comment.span;
        if comment.kind == CommentKind::Doc {
            lines.push(comment.content());
        }
    }
    lines.reverse();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn documentation_of_entry(text: &str, before: &[Entry<'_>], start: Span) -> Option<String> {
    let comments = before.iter().rev().map_while(|e| match &e.kind {
        EntryKind::Comment(comment) => Some(comment),
        _ => None,
    });
    documentation_before(text, comments, start)
}

/// A `///` behind a field documents it too.
fn add_trailing_documentation(entry: &mut EntryKind<'_>, trailing: &[Comment<'_>]) {
    let documentation = match entry {
        EntryKind::Field(field) => &mut field.documentation,
        EntryKind::EnumValue(value) => &mut value.documentation,
        _ => return,
    };
    for comment in trailing.iter().filter(|c| c.kind == CommentKind::Doc) {
        match documentation {
            Some(text) => {
                text.push('\n');
                text.push_str(comment.content());
            }
            None => *documentation = Some(comment.content().to_owned()),
        }
    }
}
