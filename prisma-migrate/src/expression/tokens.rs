//! Expressions cut into pieces.

use super::Quoting;

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name or keyword: in small letters, unless it was quoted.
    Word(String),
    Number(String),
    Text(String),
    Symbol(String),
}

impl Token {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Word(text) | Self::Number(text) | Self::Symbol(text) => text.clone(),
            Self::Text(text) => text_literal(text),
        }
    }
}

pub(super) fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

pub(super) const OPERATORS: &str = "<>=!|&*+-/%^~@#?";

pub(super) fn tokens(sql: &str, quoting: Quoting) -> Vec<Token> {
    let chars: Vec<char> = sql.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        match c {
            c if c.is_whitespace() => at += 1,
            '\'' | '"' | '`' => {
                let is_text = c == '\'' || c == '"' && quoting == Quoting::Mysql;
                // A prefix such as `_utf8mb4` says in which character set, or `E` with which escapes.
                let prefix = match tokens.last() {
                    Some(Token::Word(w)) if is_text && (w.starts_with('_') || w == "e" || w == "n") => w.clone(),
                    _ => String::new(),
                };
                let (text, end) = quoted(&chars, at, is_text && (quoting == Quoting::Mysql || prefix == "e"));
                at = end;
                if !prefix.is_empty() {
                    tokens.pop();
                }
                tokens.push(if is_text { Token::Text(text) } else { Token::Word(text) });
            }
            c if c.is_ascii_digit() || c == '.' && next.is_some_and(|n| n.is_ascii_digit()) => {
                let start = at;
                while let Some(&c) = chars.get(at) {
                    let is_exponent_sign = (c == '-' || c == '+')
                        && matches!(chars[at - 1], 'e' | 'E')
                        && chars.get(start + 1) != Some(&'x');
                    if !(c.is_ascii_alphanumeric() || c == '.' || is_exponent_sign && at > start) {
                        break;
                    }
                    at += 1;
                }
                tokens.push(Token::Number(chars[start..at].iter().collect::<String>().to_lowercase()));
            }
            c if c.is_alphanumeric() || c == '_' => {
                let start = at;
                while chars.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_' || *c == '$') {
                    at += 1;
                }
                tokens.push(Token::Word(chars[start..at].iter().collect::<String>().to_lowercase()));
            }
            ':' if next == Some(':') => {
                tokens.push(Token::Symbol("::".to_owned()));
                at += 2;
            }
            c if OPERATORS.contains(c) => {
                let start = at;
                while chars.get(at).is_some_and(|c| OPERATORS.contains(*c)) {
                    at += 1;
                }
                let text: String = chars[start..at].iter().collect();
                tokens.push(Token::Symbol(if text == "!=" { "<>".to_owned() } else { text }));
            }
            c => {
                tokens.push(Token::Symbol(c.to_string()));
                at += 1;
            }
        }
    }
    tokens
}

/// What stands within the quotes that begin at `at`, and where they end.
fn quoted(chars: &[char], at: usize, backslashes: bool) -> (String, usize) {
    let quote = chars[at];
    let mut text = String::new();
    let mut at = at + 1;
    while let Some(&c) = chars.get(at) {
        at += 1;
        if c == '\\' && backslashes {
            text.extend(chars.get(at).map(|escaped| match escaped {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                other => *other,
            }));
            at += 1;
        } else if c != quote {
            text.push(c);
        } else if chars.get(at) == Some(&quote) {
            text.push(c);
            at += 1;
        } else {
            break;
        }
    }
    (text, at)
}
