//! Expressions read by the precedence of their operators.

use super::tokens::{OPERATORS, Token, text_literal};

/// The expression with all its parentheses; none if it is beyond this grammar.
pub(super) fn parse(tokens: &[Token]) -> Option<String> {
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    parser.expression(0).filter(|_| parser.at == tokens.len())
}

/// Reads expressions by the precedence of their operators, and writes them with all parentheses.
struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: u32,
}

/// Deeper ones are compared as they stand.
const MAX_DEPTH: u32 = 64;

const CAST: u8 = 20;
const UNARY: u8 = 16;
const COMPARISON: u8 = 5;

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), Some(Token::Symbol(s)) if s == symbol)
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    fn word(&self) -> Option<&str> {
        match self.peek() {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.word() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn expression(&mut self, min: u8) -> Option<String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut left = self.operand()?;
        while let Some(next) = self.infix(&left, min)? {
            left = next;
        }
        self.depth -= 1;
        Some(left)
    }

    /// What an operator makes of what stands before it. The outer `None` is a mistake, the inner one that there is no operator.
    fn infix(&mut self, left: &str, min: u8) -> Option<Option<String>> {
        if min <= CAST && self.take_symbol("::") {
            let is_number =
                matches!(self.word(), Some("integer" | "int" | "bigint" | "smallint" | "numeric" | "double" | "real"));
            self.type_name()?;
            // PostgreSQL writes a negative number as a text.
            let bare = left.strip_prefix('\'').and_then(|l| l.strip_suffix('\'')).filter(|_| is_number);
            return Some(Some(bare.unwrap_or(left).to_owned()));
        }
        let start = self.at;
        let is_negated = min <= COMPARISON && self.take_word("not");
        let (operator, power) = match self.peek() {
            Some(Token::Symbol(symbol)) if !is_negated => match symbol.as_str() {
                "=" | "<>" | "<" | ">" | "<=" | ">=" => (symbol.clone(), COMPARISON),
                "+" | "-" => (symbol.clone(), 8),
                "*" | "/" | "%" => (symbol.clone(), 9),
                "^" => (symbol.clone(), 10),
                "[" => ("[".to_owned(), CAST),
                other if other.chars().all(|c| OPERATORS.contains(c)) => (symbol.clone(), 7),
                _ => return Some(None),
            },
            Some(Token::Word(word)) => match word.as_str() {
                "or" if !is_negated => ("or".to_owned(), 1),
                "and" if !is_negated => ("and".to_owned(), 2),
                "is" if !is_negated => ("is".to_owned(), 4),
                "like" => ("~~".to_owned(), 6),
                "ilike" => ("~~*".to_owned(), 6),
                "in" => ("in".to_owned(), 6),
                "between" => ("between".to_owned(), 6),
                "at" if !is_negated => ("at".to_owned(), 11),
                "collate" if !is_negated => ("collate".to_owned(), 15),
                _ => return Some(None),
            },
            _ => return Some(None),
        };
        if power < min {
            self.at = start;
            return Some(None);
        }
        self.at += 1;
        let text = match operator.as_str() {
            "[" => {
                let inner = self.expression(0)?;
                if !self.take_symbol("]") {
                    return None;
                }
                format!("{left}[{inner}]")
            }
            "is" => {
                let not = if self.take_word("not") { "not " } else { "" };
                format!("({left} is {not}{})", self.expression(power + 1)?)
            }
            "at" => {
                if !(self.take_word("time") && self.take_word("zone")) {
                    return None;
                }
                format!("({left} at time zone {})", self.expression(power + 1)?)
            }
            "in" => {
                if !self.take_symbol("(") {
                    return None;
                }
                let list = self.list(")")?;
                match is_negated {
                    true => format!("({left} <> all(array[{list}]))"),
                    false => format!("({left} = any(array[{list}]))"),
                }
            }
            "between" => {
                let low = self.expression(7)?;
                if !self.take_word("and") {
                    return None;
                }
                let high = self.expression(7)?;
                match is_negated {
                    true => format!("(({left} < {low}) or ({left} > {high}))"),
                    false => format!("(({left} >= {low}) and ({left} <= {high}))"),
                }
            }
            operator => {
                let right = self.expression(power + 1)?;
                let not = if is_negated { "!" } else { "" };
                format!("({left} {not}{operator} {right})")
            }
        };
        Some(Some(text))
    }

    fn operand(&mut self) -> Option<String> {
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Number(text) => Some(text),
            Token::Text(text) => Some(text_literal(&text)),
            Token::Symbol(symbol) => match symbol.as_str() {
                "(" => {
                    let items = self.items(")")?;
                    match <[String; 1]>::try_from(items) {
                        Ok([only]) => Some(only),
                        Err(items) => Some(format!("({})", items.join(", "))),
                    }
                }
                "-" | "+" | "~" => Some(format!("{symbol}{}", self.expression(UNARY)?)),
                _ => None,
            },
            Token::Word(word) => match word.as_str() {
                "not" => Some(format!("not({})", self.expression(3)?)),
                "case" => self.case(),
                "cast" if self.take_symbol("(") => {
                    let inner = self.expression(0)?;
                    let is_cast = self.take_word("as") && self.type_name().is_some() && self.take_symbol(")");
                    is_cast.then_some(inner)
                }
                "array" if self.take_symbol("[") => Some(format!("array[{}]", self.list("]")?)),
                _ => self.name(word),
            },
        }
    }

    /// A column, a function with its arguments, or a text with its type before it.
    fn name(&mut self, mut name: String) -> Option<String> {
        while self.take_symbol(".") {
            let part = self.peek()?.text();
            self.at += 1;
            name = format!("{name}.{part}");
        }
        if let Some(Token::Text(text)) = self.peek() {
            let text = text_literal(text);
            self.at += 1;
            // Bytes and bits are no text.
            return Some(if matches!(name.as_str(), "x" | "b") { name + &text } else { text });
        }
        if !self.take_symbol("(") {
            return Some(name);
        }
        let list = self.list(")")?;
        // A function without arguments is the same with parentheses and without, for those that may stand without.
        Some(if list.is_empty() && is_bare_function(&name) { name } else { format!("{name}({list})") })
    }

    fn case(&mut self) -> Option<String> {
        let mut text = "case".to_owned();
        loop {
            match self.word() {
                Some("end") => {
                    self.at += 1;
                    return Some(text + " end");
                }
                Some(word @ ("when" | "then" | "else")) => {
                    text = format!("{text} {word}");
                    self.at += 1;
                }
                _ => text = format!("{text} {}", self.expression(0)?),
            }
        }
    }

    fn list(&mut self, end: &str) -> Option<String> {
        Some(self.items(end)?.join(", "))
    }

    /// Expressions with commas between, and what ends them.
    fn items(&mut self, end: &str) -> Option<Vec<String>> {
        let mut items = Vec::new();
        while !self.take_symbol(end) {
            items.push(self.expression(0)?);
            if !self.take_symbol(",") && !self.is_symbol(end) {
                return None;
            }
        }
        Some(items)
    }

    /// Passes over the name of a type.
    fn type_name(&mut self) -> Option<()> {
        self.word()?;
        self.at += 1;
        while self.take_symbol(".") {
            self.at += 1;
        }
        while matches!(self.word(), Some("varying" | "precision" | "with" | "without" | "time" | "zone" | "unsigned")) {
            self.at += 1;
        }
        if self.take_symbol("(") {
            self.list(")")?;
        }
        while matches!(self.word(), Some("with" | "without" | "time" | "zone")) {
            self.at += 1;
        }
        while self.take_symbol("[") {
            if !self.take_symbol("]") {
                return None;
            }
        }
        Some(())
    }
}

fn is_bare_function(name: &str) -> bool {
    matches!(name, "current_timestamp" | "current_date" | "current_time" | "localtime" | "localtimestamp")
}
