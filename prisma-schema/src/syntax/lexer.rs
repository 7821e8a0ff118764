//! Text to tokens. No text fails: what is no token becomes [`TokenKind::Unknown`].

use crate::{SourceId, Span};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Ident,
    Number,
    /// With both quotes.
    String,
    /// Without a closing quote on its line.
    UnterminatedString,
    LineComment,
    DocComment,
    BlockComment,
    /// `/*` without `*/`.
    UnterminatedComment,
    Newline,
    OpenBrace,
    CloseBrace,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    Equals,
    At,
    AtAt,
    Question,
    Exclamation,
    Dot,
    Unknown,
    End,
}

impl TokenKind {
    pub(super) fn is_comment(self) -> bool {
        matches!(self, Self::LineComment | Self::DocComment | Self::BlockComment | Self::UnterminatedComment)
    }
}

/// A token and its place; spaces between tokens are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// All tokens of a text; the last is [`TokenKind::End`].
pub(super) fn tokenize(text: &str, source: SourceId) -> Vec<Token> {
    let mut lexer = Lexer { text, position: 0, source, tokens: Vec::with_capacity(text.len() / 5 + 1) };
    while lexer.position < text.len() {
        lexer.token();
    }
    let end = text.len();
    lexer.push(TokenKind::End, end);
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t str,
    position: usize,
    source: SourceId,
    tokens: Vec<Token>,
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// The bytes that are characters of a name by themselves.
const IS_NAME_BYTE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_' || byte as u8 == b'-';
        byte += 1;
    }
    table
};

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.position..]
    }

    /// A token from the current position to `end`, and on to there.
    fn push(&mut self, kind: TokenKind, end: usize) {
        let span = Span { source: self.source, start: self.position as u32, end: end as u32 };
        self.tokens.push(Token { kind, span });
        self.position = end;
    }

    /// Length of the name at the current position. Nearly all names are ASCII, and those are not decoded.
    fn name(&self) -> usize {
        let rest = self.rest();
        let length = rest.bytes().position(|b| !IS_NAME_BYTE[usize::from(b)]).unwrap_or(rest.len());
        match rest.as_bytes().get(length) {
            Some(next) if !next.is_ascii() => rest.find(|c| !is_name_char(c)).unwrap_or(rest.len()),
            _ => length,
        }
    }

    /// Length up to the end of the line.
    fn line(&self) -> usize {
        self.rest().find('\n').unwrap_or(self.rest().len())
    }

    fn token(&mut self) {
        let rest = self.rest();
        let at = self.position;
        let Some(first) = rest.chars().next() else {
            return;
        };
        let single = match first {
            '\n' => Some(TokenKind::Newline),
            '{' => Some(TokenKind::OpenBrace),
            '}' => Some(TokenKind::CloseBrace),
            '(' => Some(TokenKind::OpenParen),
            ')' => Some(TokenKind::CloseParen),
            '[' => Some(TokenKind::OpenBracket),
            ']' => Some(TokenKind::CloseBracket),
            ',' => Some(TokenKind::Comma),
            ':' => Some(TokenKind::Colon),
            '=' => Some(TokenKind::Equals),
            '?' => Some(TokenKind::Question),
            '!' => Some(TokenKind::Exclamation),
            '.' => Some(TokenKind::Dot),
            _ => None,
        };
        if let Some(kind) = single {
            self.push(kind, at + 1);
        } else if first == ' ' {
            self.position += rest.bytes().position(|b| b != b' ').unwrap_or(rest.len());
        } else if first.is_whitespace() || first == '\u{feff}' {
            self.position += first.len_utf8();
        } else if rest.starts_with("@@") {
            self.push(TokenKind::AtAt, at + 2);
        } else if first == '@' {
            self.push(TokenKind::At, at + 1);
        } else if rest.starts_with("//") {
            let kind = if rest.starts_with("///") { TokenKind::DocComment } else { TokenKind::LineComment };
            let end = at + rest[..self.line()].trim_end().len();
            self.push(kind, end);
        } else if rest.starts_with("/*") {
            match rest.get(2..).and_then(|r| r.find("*/")) {
                Some(length) => self.push(TokenKind::BlockComment, at + 2 + length + 2),
                None => self.push(TokenKind::UnterminatedComment, self.text.len()),
            }
        } else if first == '"' {
            self.string();
        } else if first.is_ascii_digit() || (first == '-' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            self.number_or_name(first);
        } else if first.is_alphanumeric() || first == '_' {
            let end = at + self.name();
            self.push(TokenKind::Ident, end);
        } else {
            self.push(TokenKind::Unknown, at + first.len_utf8());
        }
    }

    fn string(&mut self) {
        let line = &self.rest()[..self.line()];
        let mut escaped = false;
        for (i, c) in line.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return self.push(TokenKind::String, self.position + i + 1),
                _ => {}
            }
        }
        let end = self.position + line.trim_end().len();
        self.push(TokenKind::UnterminatedString, end);
    }

    /// A name may begin with a digit, which a later rule refuses with a better message than the lexer could.
    fn number_or_name(&mut self, first: char) {
        let at = self.position;
        let sign = usize::from(first == '-');
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let text = &self.rest()[sign..];
        let mut length = digits(text);
        if let Some(fraction) = text[length..].strip_prefix('.') {
            let more = digits(fraction);
            if more > 0 {
                length += 1 + more;
            }
        }
        if sign == 0 && text[length..].starts_with(is_name_char) && !text[..length].contains('.') {
            let end = at + self.name();
            self.push(TokenKind::Ident, end);
        } else {
            self.push(TokenKind::Number, at + sign + length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokenize(text, SourceId(0)).into_iter().map(|t| t.kind).collect()
    }

    #[test]
    fn names_numbers_and_strings() {
        use TokenKind::*;
        assert_eq!(kinds("a-b 1a 1.5 -3 \"x\\\"y\""), [Ident, Ident, Number, Number, String, End]);
    }

    #[test]
    fn what_is_not_closed() {
        use TokenKind::*;
        assert_eq!(kinds("\"abc\nx"), [UnterminatedString, Newline, Ident, End]);
        assert_eq!(kinds("/* abc\nx"), [UnterminatedComment, End]);
    }

    #[test]
    fn comments() {
        use TokenKind::*;
        assert_eq!(
            kinds("// a\n/// b\n/* c\n */ @@x"),
            [LineComment, Newline, DocComment, Newline, BlockComment, AtAt, Ident, End]
        );
    }
}
