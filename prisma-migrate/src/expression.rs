//! SQL expressions, compared for what they mean: a database gives back what it was told with other blanks, capitals,
//! parentheses and casts.

/// How a provider writes texts and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// As the standard has it.
    Standard,
    /// As MySQL does: double quotes hold text too, and backslashes escape.
    #[cfg_attr(not(feature = "mysql"), allow(dead_code))]
    Mysql,
}

/// Whether two expressions mean the same.
pub(crate) fn same(a: Option<&str>, b: Option<&str>, quoting: Quoting) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || canonical(a, quoting) == canonical(b, quoting),
        (None, None) => true,
        _ => false,
    }
}

/// An expression with all its parentheses and without what says nothing.
pub(crate) fn canonical(sql: &str, quoting: Quoting) -> String {
    written_out(&tokens(sql, quoting))
}

/// Whether parentheses hold all of an expression.
#[cfg(feature = "mysql")]
pub(crate) fn is_in_parentheses(sql: &str) -> bool {
    let tokens = tokens(sql, Quoting::Mysql);
    let mut depth = 0_i32;
    let closes_early = tokens.iter().rev().skip(1).rev().any(|token| {
        match token {
            Token::Symbol(s) if s == "(" => depth += 1,
            Token::Symbol(s) if s == ")" => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    tokens.len() > 2 && !closes_early && tokens.last() == Some(&Token::Symbol(")".to_owned()))
}

/// The tokens of an expression with all its parentheses and without what says nothing.
pub(crate) fn canonical_tokens(sql: &str, quoting: Quoting) -> Vec<Token> {
    tokens(&canonical(sql, quoting), Quoting::Standard)
}

fn written_out(tokens: &[Token]) -> String {
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    match parser.expression(0) {
        Some(text) if parser.at == tokens.len() => text,
        // Beyond the grammar below: as it stands, blanks aside.
        _ => tokens.iter().map(Token::text).collect::<Vec<_>>().join(" "),
    }
}

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
    fn text(&self) -> String {
        match self {
            Self::Word(text) | Self::Number(text) | Self::Symbol(text) => text.clone(),
            Self::Text(text) => text_literal(text),
        }
    }
}

fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

const OPERATORS: &str = "<>=!|&*+-/%^~@#?";

fn tokens(sql: &str, quoting: Quoting) -> Vec<Token> {
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

#[cfg(test)]
mod tests {
    use super::{Quoting, canonical};

    fn same(a: Option<&str>, b: Option<&str>) -> bool {
        super::same(a, b, Quoting::Standard)
    }

    #[test]
    fn what_databases_give_back_is_what_they_were_told() {
        for (told, given_back) in [
            ("gen_random_uuid()", "GEN_RANDOM_UUID()"),
            ("now() + interval '1 day'", "(now() + '1 day'::interval)"),
            ("\"published\" = true", "(published = true)"),
            ("a > 1 and b is not null or c", "(((a > 1) AND (b IS NOT NULL)) OR c)"),
            ("status IN ('a', 'b')", "(status = ANY (ARRAY['a'::text, 'b'::text]))"),
            ("x BETWEEN 1 AND 2", "((x >= 1) AND (x <= 2))"),
            ("name LIKE 'a%'", "(name ~~ 'a%'::text)"),
            ("name NOT LIKE 'a%'", "((name)::text !~~ 'a%'::text)"),
            ("lower(a || 'x')", "lower((a || 'x'::text))"),
            ("cast(a as varchar(3))", "(a)::character varying(3)"),
            ("a != 1", "(a <> 1)"),
            ("-1", "(-1)"),
            ("abs(-3)", "abs('-3'::integer)"),
            ("now() AT TIME ZONE 'utc'", "(now() AT TIME ZONE 'utc'::text)"),
            ("(uuid())", "uuid()"),
            ("concat(_utf8mb4'a', `b`)", "concat('a',b)"),
            ("data->>'k' is null", "((data ->> 'k'::text) IS NULL)"),
            ("CASE WHEN a THEN 1 ELSE 2 END", "\nCASE\n    WHEN a THEN 1\n    ELSE 2\nEND"),
        ] {
            assert!(
                same(Some(told), Some(given_back)),
                "{told}: {} / {}",
                canonical(told, Quoting::Standard),
                canonical(given_back, Quoting::Standard)
            );
        }
    }

    #[test]
    #[cfg(feature = "mysql")]
    fn parentheses_round_all() {
        for (sql, expected) in [
            ("(a)", true),
            ("((a) + (b))", true),
            ("(a) + (b)", false),
            ("a", false),
            ("f(a)", false),
            ("(')')", true),
            ("", false),
        ] {
            assert_eq!(super::is_in_parentheses(sql), expected, "{sql}");
        }
    }

    #[test]
    fn other_expressions_are_others() {
        for (a, b) in [
            ("(a + b) * c", "a + b * c"),
            ("a or b and c", "(a or b) and c"),
            ("'A'", "'a'"),
            ("\"A\" = 1", "a = 1"),
            ("not a and b", "not (a and b)"),
            ("a is null", "a is not null"),
        ] {
            assert!(!same(Some(a), Some(b)), "{a} {b}");
        }
        assert!(same(Some("a ( ; b"), Some("A (  ;b")));
        assert!(!same(Some("a"), None));
        assert_eq!(canonical(&"(".repeat(500), Quoting::Standard), "( ".repeat(500).trim());
    }
}
