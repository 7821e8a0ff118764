//! Defaults of columns, read from SQL and compared for what they mean.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::column::ColumnDefault;
use crate::expression::{self, Quoting, Token, canonical_tokens};
use crate::native::Family;

/// What a default holds: the type of the column decides how it is read and compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder {
    /// What the values are; none of enums and unknown types.
    pub(crate) family: Option<Family>,
    /// Whether the column holds lists.
    pub(crate) is_list: bool,
    /// How SQL writes texts.
    pub(crate) quoting: Quoting,
}

impl Holder {
    /// Reads the SQL of a default; none if that is NULL.
    pub(crate) fn read(&self, sql: &str) -> Option<ColumnDefault> {
        let tokens = canonical_tokens(sql, self.quoting);
        if tokens == [Token::Word("null".to_owned())] {
            return None;
        }
        let read = if self.is_list { self.list(&tokens) } else { self.value(&tokens) };
        Some(read.unwrap_or_else(|| ColumnDefault::Expression(sql.to_owned())))
    }

    fn value(&self, tokens: &[Token]) -> Option<ColumnDefault> {
        let number = |text: &str| Some(ColumnDefault::Number(text.to_owned()));
        match tokens {
            [Token::Text(text)] => self.text(text),
            [Token::Number(text)] => match text.strip_prefix("0x") {
                Some(digits) => bytes_of_hex(digits).map(ColumnDefault::Bytes),
                None if self.family == Some(Family::Boolean) => Some(ColumnDefault::Boolean(text != "0")),
                None => number(text),
            },
            [Token::Symbol(sign), Token::Number(text)] if sign == "-" => number(&format!("-{text}")),
            [Token::Word(word)] => match word.as_str() {
                "true" => Some(ColumnDefault::Boolean(true)),
                "false" => Some(ColumnDefault::Boolean(false)),
                "current_timestamp" | "localtimestamp" => Some(ColumnDefault::Now),
                "current_date" if self.family == Some(Family::Date) => Some(ColumnDefault::Now),
                "current_time" | "localtime" if self.family == Some(Family::Time) => Some(ColumnDefault::Now),
                _ => None,
            },
            [Token::Word(prefix), Token::Text(text)] => match prefix.as_str() {
                "x" => bytes_of_hex(text).map(ColumnDefault::Bytes),
                // One bit is how MySQL writes truth.
                "b" if self.family == Some(Family::Bits) => match text.as_str() {
                    "0" | "1" => Some(ColumnDefault::Boolean(text == "1")),
                    _ => Some(ColumnDefault::Text(text.clone())),
                },
                _ => None,
            },
            [Token::Word(function), Token::Symbol(open), arguments @ .., Token::Symbol(close)]
                if open == "(" && close == ")" && matches!(arguments, [] | [Token::Number(_)]) =>
            {
                let is_now = match function.as_str() {
                    "now" | "current_timestamp" | "localtimestamp" => true,
                    "curdate" => self.family == Some(Family::Date),
                    "curtime" | "current_time" | "localtime" => self.family == Some(Family::Time),
                    _ => false,
                };
                is_now.then_some(ColumnDefault::Now)
            }
            _ => None,
        }
    }

    fn text(&self, text: &str) -> Option<ColumnDefault> {
        Some(match self.family {
            Some(Family::Boolean) => match text {
                "t" | "true" | "1" => ColumnDefault::Boolean(true),
                "f" | "false" | "0" => ColumnDefault::Boolean(false),
                _ => return None,
            },
            Some(Family::Integer { .. } | Family::Decimal | Family::Float(_)) if text.parse::<f64>().is_ok() => {
                ColumnDefault::Number(text.to_owned())
            }
            Some(Family::Bytes(_) | Family::SizedBytes) => match text.strip_prefix("\\x").map(bytes_of_hex) {
                Some(bytes) => ColumnDefault::Bytes(bytes?),
                None => ColumnDefault::Bytes(text.as_bytes().to_vec()),
            },
            Some(Family::Instant) if text == "now" => return None,
            _ => ColumnDefault::Text(text.to_owned()),
        })
    }

    fn list(&self, tokens: &[Token]) -> Option<ColumnDefault> {
        match tokens {
            [Token::Text(text)] => {
                let elements = array_elements(text)?;
                elements.iter().map(|e| self.text(e)).collect::<Option<_>>().map(ColumnDefault::List)
            }
            [Token::Word(array), Token::Symbol(open), elements @ .., Token::Symbol(close)]
                if array == "array" && open == "[" && close == "]" =>
            {
                let is_comma = |t: &Token| matches!(t, Token::Symbol(s) if s == ",");
                let elements = elements.split(is_comma).filter(|e| !e.is_empty());
                elements.map(|e| self.value(e)).collect::<Option<_>>().map(ColumnDefault::List)
            }
            _ => None,
        }
    }

    /// Whether two defaults of the column are the same.
    pub(crate) fn same(&self, a: Option<&ColumnDefault>, b: Option<&ColumnDefault>) -> bool {
        match (self.resolved(a), self.resolved(b)) {
            (Some(a), Some(b)) => self.same_value(&a, &b),
            (None, None) => true,
            _ => false,
        }
    }

    /// SQL read for what it is, as far as that can be told.
    fn resolved(&self, default: Option<&ColumnDefault>) -> Option<ColumnDefault> {
        match default? {
            ColumnDefault::Expression(sql) => self.read(sql),
            other => Some(other.clone()),
        }
    }

    fn same_value(&self, a: &ColumnDefault, b: &ColumnDefault) -> bool {
        use ColumnDefault::{Boolean, Bytes, Expression, List, Number, Text};
        match (a, b) {
            (Text(a), Text(b)) => a == b || self.same_text(a, b),
            (Number(a), Number(b)) => same_number(a, b),
            (Number(number), Boolean(truth)) | (Boolean(truth), Number(number)) => {
                same_number(number, &u8::from(*truth).to_string())
            }
            (Bytes(a), Bytes(b)) => {
                // Bytes of a fixed length are filled up with zeros.
                let bare = |bytes: &[u8]| bytes.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1);
                match self.quoting {
                    Quoting::Standard => a == b,
                    // MariaDB gives back a question mark for what is no text.
                    Quoting::Mysql => legible(&a[..bare(a)]) == legible(&b[..bare(b)]),
                }
            }
            (List(a), List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same_value(a, b)),
            (Expression(a), Expression(b)) => expression::same(Some(a), Some(b), self.quoting),
            (a, b) => a == b,
        }
    }

    fn same_text(&self, a: &str, b: &str) -> bool {
        match self.family {
            Some(Family::Json) => {
                match (serde_json::from_str::<serde_json::Value>(a), serde_json::from_str::<serde_json::Value>(b)) {
                    (Ok(a), Ok(b)) => a == b,
                    _ => false,
                }
            }
            Some(Family::Instant | Family::Date) => instant(a).is_some() && instant(a) == instant(b),
            Some(Family::Time) => time(a).is_some() && time(a) == time(b),
            Some(Family::Uuid) => a.eq_ignore_ascii_case(b),
            Some(Family::Padded) => a.trim_end_matches(' ') == b.trim_end_matches(' '),
            _ => false,
        }
    }
}

/// Bytes as text, with a question mark for each byte that is none.
fn legible(bytes: &[u8]) -> String {
    let chunk = |c: std::str::Utf8Chunk<'_>| c.valid().to_owned() + &"?".repeat(c.invalid().len());
    bytes.utf8_chunks().map(chunk).collect()
}

fn bytes_of_hex(digits: &str) -> Option<Vec<u8>> {
    let digits: Vec<char> = digits.chars().collect();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |c: char| c.to_digit(16).and_then(|d| u8::try_from(d).ok());
    digits.chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// An instant, however it is written: as the schema has it, or a database.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc());
    }
    for format in ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"] {
        if let Ok(instant) = DateTime::parse_from_str(text, format) {
            return Some(instant.to_utc());
        }
    }
    for format in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"] {
        if let Ok(instant) = NaiveDateTime::parse_from_str(text, format) {
            return Some(instant.and_utc());
        }
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

/// A time of the day, of an instant too.
pub(crate) fn time(text: &str) -> Option<NaiveTime> {
    let bare = text.trim_end_matches('Z').split('+').next()?;
    NaiveTime::parse_from_str(bare, "%H:%M:%S%.f").ok().or_else(|| instant(text).map(|i| i.time()))
}

fn same_number(a: &str, b: &str) -> bool {
    if a == b || plain_number(a).is_some() && plain_number(a) == plain_number(b) {
        return true;
    }
    // With an exponent.
    let has_exponent = |text: &str| text.contains(['e', 'E']);
    (has_exponent(a) || has_exponent(b)) && a.parse::<f64>().is_ok_and(|x| b.parse::<f64>() == Ok(x))
}

/// Sign, digits before and digits after the point, without zeros that say nothing.
fn plain_number(text: &str) -> Option<(bool, &str, &str)> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = !digits.is_empty() && whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit());
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    is_plain.then_some((is_negative && !(whole.is_empty() && part.is_empty()), whole, part))
}

/// The elements of a list as PostgreSQL writes it in a text: `{a,"b c"}`.
fn array_elements(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let mut element = String::new();
    let (mut is_quoted, mut any) = (false, false);
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        any = true;
        match c {
            '\\' => element.extend(chars.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => elements.push(std::mem::take(&mut element)),
            '{' | '}' if !is_quoted => return None,
            c => element.push(c),
        }
    }
    if any {
        elements.push(element);
    }
    Some(elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(family: Family) -> Holder {
        Holder { family: Some(family), is_list: false, quoting: Quoting::Standard }
    }

    const TEXT: Family = Family::Text(u32::MAX);
    const INT: Family = Family::Integer { bytes: 4, is_signed: true };

    #[test]
    fn what_a_database_gives_back_is_read() {
        use ColumnDefault::{Boolean, Bytes, Expression, Now, Number, Text};
        for (sql, family, expected) in [
            ("'it''s'::text", TEXT, Text("it's".into())),
            ("E'a\\\\b'::text", TEXT, Text("a\\b".into())),
            ("'-1'::integer", INT, Number("-1".into())),
            ("(-1)", INT, Number("-1".into())),
            ("(0.25)::double precision", Family::Float(8), Number("0.25".into())),
            ("'t'", Family::Boolean, Boolean(true)),
            ("1", Family::Boolean, Boolean(true)),
            ("true", Family::Boolean, Boolean(true)),
            ("now()", Family::Instant, Now),
            ("CURRENT_TIMESTAMP", Family::Instant, Now),
            ("current_timestamp(3)", Family::Instant, Now),
            ("curdate()", Family::Date, Now),
            ("'\\x00ff'::bytea", Family::Bytes(1), Bytes(vec![0, 255])),
            ("0x00FF", Family::Bytes(1), Bytes(vec![0, 255])),
            ("X'00FF'", Family::Bytes(1), Bytes(vec![0, 255])),
            ("b'1'", Family::Bits, Boolean(true)),
            ("gen_random_uuid()", Family::Uuid, Expression("gen_random_uuid()".into())),
        ] {
            assert_eq!(holder(family).read(sql), Some(expected), "{sql}");
        }
        assert_eq!(holder(TEXT).read("NULL::text"), None);
        let lists = Holder { is_list: true, ..holder(TEXT) };
        for (sql, expected) in [
            ("ARRAY[]::text[]", vec![]),
            ("'{}'::text[]", vec![]),
            ("ARRAY['a'::text, 'b,'::text]", vec!["a", "b,"]),
            ("'{a,\"b,\"}'::text[]", vec!["a", "b,"]),
        ] {
            let expected = expected.into_iter().map(|e| Text(e.to_owned())).collect();
            assert_eq!(lists.read(sql), Some(ColumnDefault::List(expected)), "{sql}");
        }
    }

    #[test]
    fn defaults_are_the_same_by_what_they_mean() {
        let text = |t: &str| ColumnDefault::Text(t.to_owned());
        let number = |t: &str| ColumnDefault::Number(t.to_owned());
        for (a, b, family) in [
            (text("{\"a\":1,\"b\":2}"), text("{\"b\": 2, \"a\": 1}"), Family::Json),
            (text("2020-01-02T03:04:05.000Z"), text("2020-01-02 03:04:05"), Family::Instant),
            (text("2020-01-02T03:04:05+01:00"), text("2020-01-02 02:04:05+00"), Family::Instant),
            (text("1970-01-01T10:00:00Z"), text("10:00:00"), Family::Time),
            (text("ab"), text("ab  "), Family::Padded),
            (number("1.50"), number("01.5"), Family::Decimal),
            (number("1e3"), number("1000"), Family::Float(8)),
            (number("-0"), number("0.0"), Family::Float(8)),
            (ColumnDefault::Expression("now()".into()), ColumnDefault::Now, Family::Instant),
            (ColumnDefault::Expression("('x')".into()), text("x"), TEXT),
        ] {
            assert!(holder(family).same(Some(&a), Some(&b)), "{a:?} {b:?}");
        }
        for (a, b, family) in [
            (text("a"), text("A"), TEXT),
            (text("1"), number("1"), TEXT),
            (number("9007199254740993"), number("9007199254740992"), INT),
            (ColumnDefault::Now, text("now"), Family::Instant),
        ] {
            assert!(!holder(family).same(Some(&a), Some(&b)), "{a:?} {b:?}");
        }
        assert!(!holder(TEXT).same(Some(&text("")), None));
    }
}
