//! SQL expressions, compared for what they mean: a database gives back what it was told with other blanks, capitals,
//! parentheses and casts.

mod parser;
mod rename;
mod tokens;

pub(crate) use rename::{NameOf, rename};
pub(crate) use tokens::Token;
use tokens::tokens;

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
    // Beyond the grammar of the parser: as it stands, blanks aside.
    parser::parse(tokens).unwrap_or_else(|| tokens.iter().map(Token::text).collect::<Vec<_>>().join(" "))
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
