//! Escapes in strings.

use std::borrow::Cow;
use std::ops::Range;

/// Resolves the escapes of a string, given without its quotes. The error is the place within it, and what is wrong.
pub(super) fn unescape(raw: &str) -> Result<Cow<'_, str>, (Range<usize>, String)> {
    if !raw.contains('\\') {
        return Ok(Cow::Borrowed(raw));
    }
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(length) = raw[at..].find('\\') {
        text.push_str(&raw[at..at + length]);
        at += length;
        let Some(escape) = raw[at + 1..].chars().next() else {
            return Err((at..raw.len(), "nothing follows this backslash".into()));
        };
        let mut end = at + 1 + escape.len_utf8();
        match escape {
            '"' | '\\' | '/' => text.push(escape),
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'u' => {
                let (character, length) = unicode(&raw[at..])
                    .ok_or_else(|| (at..end, "`\\u` takes the four hexadecimal digits of a character".to_owned()))?;
                text.push(character);
                end = at + length;
            }
            other => return Err((at..end, format!("`\\{other}` is no escape"))),
        }
        at = end;
    }
    text.push_str(&raw[at..]);
    Ok(Cow::Owned(text))
}

/// The character that `\uXXXX` or a pair of them stands for, and the length of the escape.
fn unicode(escape: &str) -> Option<(char, usize)> {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        digits.chars().all(|c| c.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let first = unit(escape)?;
    if let Some(c) = char::from_u32(first.into()) {
        return Some((c, 6));
    }
    let second = unit(&escape[6..])?;
    let c = char::decode_utf16([first, second]).next()?.ok()?;
    Some((c, 12))
}

/// Writes a string as a literal of the schema language.
pub fn escape(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c.is_control() => literal.push_str(&format!("\\u{:04x}", c as u32)),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        assert_eq!(unescape(r#"a\"b\\c\n\u00e9\ud83d\ude44!"#).unwrap(), "a\"b\\c\né🙄!");
        assert_eq!(unescape(r"\x").unwrap_err().0, 0..2);
        assert_eq!(unescape(r"ab\ud83d").unwrap_err().0, 2..4);
        assert!(unescape("\\").is_err());
    }

    #[test]
    fn escape_is_the_inverse() {
        let text = "a\"b\\c\n\t\u{1}é🙄";
        let literal = escape(text);
        assert_eq!(unescape(&literal[1..literal.len() - 1]).unwrap(), text);
    }
}
