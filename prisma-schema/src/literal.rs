//! Whether the text of a literal is what its field's type wants.
//!
//! These checks are small and written here, and not taken from the crates that read such values at run time: this crate is
//! compiled into the macros of every user, who would wait for a date library to learn that a date is one.

/// JSON, as RFC 8259 defines it.
pub(crate) fn is_json(text: &str) -> bool {
    let mut reader = Json { rest: text.as_bytes() };
    reader.document().is_some() && reader.rest.is_empty()
}

struct Json<'a> {
    rest: &'a [u8],
}

impl Json<'_> {
    /// One value, with white space round it. The brackets that are open are kept on a stack, so that no depth is too deep.
    fn document(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            self.space();
            match self.rest.first()? {
                b'[' => {
                    self.skip(1);
                    self.space();
                    if !self.eat(b']') {
                        open.push(b']');
                        continue;
                    }
                }
                b'{' => {
                    self.skip(1);
                    self.space();
                    if !self.eat(b'}') {
                        open.push(b'}');
                        self.key()?;
                        continue;
                    }
                }
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => self.number()?,
                _ => {
                    let word = ["true", "false", "null"].into_iter().find(|w| self.rest.starts_with(w.as_bytes()))?;
                    self.skip(word.len());
                }
            }
            // Behind a value: what closes, or the next one.
            loop {
                self.space();
                let Some(close) = open.last().copied() else {
                    return Some(());
                };
                if self.eat(b',') {
                    if close == b'}' {
                        self.key()?;
                    }
                    break;
                }
                if !self.eat(close) {
                    return None;
                }
                open.pop();
            }
        }
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        if found {
            self.skip(1);
        }
        found
    }

    fn space(&mut self) {
        let count = self.rest.iter().take_while(|b| b" \t\r\n".contains(b)).count();
        self.skip(count);
    }

    fn key(&mut self) -> Option<()> {
        self.space();
        self.string()?;
        self.space();
        self.eat(b':').then_some(())
    }

    fn string(&mut self) -> Option<()> {
        if !self.eat(b'"') {
            return None;
        }
        loop {
            let byte = *self.rest.first()?;
            self.skip(1);
            match byte {
                b'"' => return Some(()),
                b'\\' => match self.rest.first()? {
                    b'u' => {
                        let digits = self.rest.get(1..5)?;
                        if !digits.iter().all(u8::is_ascii_hexdigit) {
                            return None;
                        }
                        self.skip(5);
                    }
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.skip(1),
                    _ => return None,
                },
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    fn digits(&mut self) -> usize {
        let count = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        self.skip(count);
        count
    }

    fn number(&mut self) -> Option<()> {
        self.eat(b'-');
        let starts_with_zero = self.rest.first() == Some(&b'0');
        let whole = self.digits();
        if whole == 0 || (starts_with_zero && whole > 1) {
            return None;
        }
        if self.eat(b'.') && self.digits() == 0 {
            return None;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            if self.digits() == 0 {
                return None;
            }
        }
        Some(())
    }
}

/// Base64 of the usual alphabet, padded, and without bits that mean nothing.
pub(crate) fn is_base64(text: &str) -> bool {
    let bytes = text.as_bytes();
    let data = text.trim_end_matches('=').as_bytes();
    let padding = bytes.len() - data.len();
    let value = |byte: &u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    if !bytes.len().is_multiple_of(4) || padding > 2 || !data.iter().all(|b| value(b).is_some()) {
        return false;
    }
    let unused = [0, 0b11, 0b1111][padding];
    data.last().and_then(value).is_none_or(|last| last & unused == 0)
}

/// A date and time of RFC 3339: `2024-12-31T23:59:59.123Z`.
pub(crate) fn is_date_time(text: &str) -> bool {
    date_time(text.as_bytes()).is_some()
}

fn date_time(text: &[u8]) -> Option<()> {
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number(after(rest, b"-")?, 2)?;
    let (day, rest) = number(after(rest, b"-")?, 2)?;
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let (hour, rest) = number(after(rest, b"Tt ")?, 2)?;
    let (minute, rest) = number(after(rest, b":")?, 2)?;
    // 60 is a leap second.
    let (second, mut rest) = number(after(rest, b":")?, 2)?;
    if !(1..=days).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if let Some(fraction) = after(rest, b".") {
        let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        rest = fraction.get(digits..).filter(|_| digits > 0)?;
    }
    if let Some(behind) = after(rest, b"Zz") {
        return behind.is_empty().then_some(());
    }
    let (hours, rest) = number(after(rest, b"+-")?, 2)?;
    let (minutes, rest) = number(after(rest, b":")?, 2)?;
    (hours <= 23 && minutes <= 59 && rest.is_empty()).then_some(())
}

/// What stands behind one of some bytes.
fn after<'t>(text: &'t [u8], one_of: &[u8]) -> Option<&'t [u8]> {
    text.split_first().filter(|(first, _)| one_of.contains(first)).map(|(_, rest)| rest)
}

/// A number of exactly so many digits, and the rest.
fn number(text: &[u8], digits: usize) -> Option<(u32, &[u8])> {
    let (head, rest) = text.split_at_checked(digits)?;
    if !head.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some((head.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0')), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json() {
        for text in [
            "null",
            " true ",
            "-0",
            "0.5e-3",
            "1E+2",
            "\"\"",
            r#""a\n\u00e9ü""#,
            "[]",
            "[ ]",
            "[1, [2, {}], \"x\"]",
            r#"{"a": {"b": [1, 2]}, "c": null}"#,
            &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
        ] {
            assert!(is_json(text), "{text}");
        }
        for text in [
            "",
            " ",
            "nul",
            "01",
            "1.",
            ".5",
            "1e",
            "+1",
            "-",
            "\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"\n\"",
            "[",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{a: 1}",
            "{\"a\": 1,}",
            "[1}",
            "1 2",
            "'a'",
        ] {
            assert!(!is_json(text), "{text}");
        }
    }

    #[test]
    fn base64() {
        for text in ["", "aGVsbG8=", "aGVsbG8h", "YQ==", "+/+/"] {
            assert!(is_base64(text), "{text}");
        }
        for text in ["a", "YQ=", "YQ", "Y===", "YR==", "aGVsbG9=", "a-_a", "YQ==YQ==", "YQ= =", "é"] {
            assert!(!is_base64(text), "{text}");
        }
    }

    #[test]
    fn dates_and_times() {
        for text in [
            "2024-12-31T23:59:59Z",
            "2024-02-29t00:00:00.123456789z",
            "2000-02-29T12:00:00+02:00",
            "1990-12-31 23:59:60-11:30",
        ] {
            assert!(is_date_time(text), "{text}");
        }
        for text in [
            "",
            "2024-12-31",
            "2024-12-31T23:59:59",
            "2024-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2024-04-31T00:00:00Z",
            "2024-01-00T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:60:00Z",
            "2024-01-01T00:00:61Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00+24:00",
            "2024-01-01T00:00:00Zx",
            "24-01-01T00:00:00Z",
            "2024-1-1T00:00:00Z",
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }
}
