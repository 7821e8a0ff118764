//! `numeric` on the wire: digits to the base of 10,000.

use std::str::FromStr;

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, Zero};

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;

/// Decimal digits in each digit of the wire.
const GROUP: i64 = 4;

/// A number that cannot go the other way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotANumber {
    /// What it is called.
    Special(&'static str),
    /// Bytes that are no `numeric`.
    Malformed,
    /// Beyond what `numeric` holds: 131,072 digits before the point and 16,383 behind it.
    TooLong,
}

/// Writes a number.
pub(super) fn encode(value: &BigDecimal, buffer: &mut Vec<u8>) -> Result<(), NotANumber> {
    let (integer, scale) = value.as_bigint_and_exponent();
    // Before anything is written out: an exponent may stand for more digits than there is memory.
    if scale.unsigned_abs() > 1 << 20 {
        return Err(NotANumber::TooLong);
    }
    let (sign, mut digits) = (integer.sign(), integer.magnitude().to_radix_be(10));
    if integer.is_zero() {
        digits.clear();
    }
    // To whole groups behind the point.
    let padding = (GROUP - scale.rem_euclid(GROUP)) % GROUP;
    digits.extend(std::iter::repeat_n(0, usize::try_from(padding).unwrap_or(0)));
    let groups_behind = (scale + padding) / GROUP;
    let mut groups: Vec<u16> =
        digits.rchunks(4).rev().map(|group| group.iter().fold(0, |n, digit| n * 10 + u16::from(*digit))).collect();
    let mut weight = i64::try_from(groups.len()).unwrap_or(i64::MAX) - groups_behind - 1;
    let leading = groups.iter().take_while(|g| **g == 0).count();
    groups.drain(..leading);
    weight -= i64::try_from(leading).unwrap_or(0);
    while groups.last() == Some(&0) {
        groups.pop();
    }
    if groups.is_empty() {
        weight = 0;
    }
    let shown = scale.max(0);
    let (Ok(count), Ok(weight), Ok(shown @ ..=16_383)) =
        (i16::try_from(groups.len()), i16::try_from(weight), u16::try_from(shown))
    else {
        return Err(NotANumber::TooLong);
    };
    buffer.extend(count.to_be_bytes());
    buffer.extend(weight.to_be_bytes());
    buffer.extend(if sign == Sign::Minus { NEGATIVE } else { POSITIVE }.to_be_bytes());
    buffer.extend(shown.to_be_bytes());
    for group in groups {
        buffer.extend(group.to_be_bytes());
    }
    Ok(())
}

/// Reads a number, without zeros at the end of what is behind the point: a column shows all that its type allows.
pub(super) fn decode(bytes: &[u8]) -> Result<BigDecimal, NotANumber> {
    let mut words = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let mut word = || words.next().ok_or(NotANumber::Malformed);
    let (count, weight, sign, _shown) = (word()?, word()?.cast_signed(), word()?, word()?);
    let sign = match sign {
        POSITIVE => Sign::Plus,
        NEGATIVE => Sign::Minus,
        NAN => return Err(NotANumber::Special("NaN")),
        INFINITY => return Err(NotANumber::Special("Infinity")),
        NEGATIVE_INFINITY => return Err(NotANumber::Special("-Infinity")),
        _ => return Err(NotANumber::Malformed),
    };
    let mut digits = Vec::with_capacity(usize::from(count) * 4);
    for _ in 0..count {
        let group = word()?;
        if group > 9999 {
            return Err(NotANumber::Malformed);
        }
        digits.extend([group / 1000, group / 100 % 10, group / 10 % 10, group % 10].map(|d| d as u8));
    }
    let mut scale = (i64::from(count) - i64::from(weight) - 1) * GROUP;
    while scale > 0 && digits.last() == Some(&0) {
        digits.pop();
        scale -= 1;
    }
    let integer = BigInt::from_radix_be(sign, &digits, 10).unwrap_or_default();
    // To a scale of 0 at least, so that 10,000 is not shown as 1e4.
    Ok(BigDecimal::new(integer, scale).with_scale(scale.max(0)))
}

/// A float as the shortest decimal that means it.
pub(super) fn from_float(value: f64) -> Option<BigDecimal> {
    BigDecimal::from_str(&value.to_string()).ok()
}

/// An integer with the point so many digits from its end, without zeros there.
pub(super) fn plain(integer: BigInt, scale: i64) -> BigDecimal {
    let value = BigDecimal::new(integer, scale).normalized();
    let scale = value.fractional_digit_count().max(0);
    value.with_scale(scale)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn round_trip(text: &str) -> String {
        let mut buffer = Vec::new();
        encode(&BigDecimal::from_str(text).unwrap(), &mut buffer).unwrap();
        decode(&buffer).unwrap().to_plain_string()
    }

    #[test]
    fn numbers_there_and_back() {
        for text in [
            "0",
            "1",
            "-1",
            "9999",
            "10000",
            "100000000",
            "0.1",
            "-0.0001",
            "0.00001",
            "12345.678901",
            "99999999999999999999999999999999999.999999999999999999999999999999",
            "-1000000000000000000000000000000000000000000000000000000000000001",
        ] {
            assert_eq!(round_trip(text), text);
        }
        assert_eq!(round_trip("1.50"), "1.5");
        assert_eq!(round_trip("1e5"), "100000");
        assert_eq!(round_trip("1e-5"), "0.00001");
        assert_eq!(plain(12_300.into(), 2).to_plain_string(), "123");
    }

    #[test]
    fn bytes_as_the_server_has_them() {
        let bytes = |text: &str| {
            let mut buffer = Vec::new();
            encode(&BigDecimal::from_str(text).unwrap(), &mut buffer).unwrap();
            buffer.chunks(2).map(|p| u16::from_be_bytes([p[0], p[1]])).collect::<Vec<_>>()
        };
        assert_eq!(bytes("0"), [0, 0, 0, 0]);
        assert_eq!(bytes("-12345.67"), [3, 1, NEGATIVE, 2, 1, 2345, 6700]);
        assert_eq!(bytes("0.0001"), [1, 0xffff, 0, 4, 1]);
        assert_eq!(bytes("10000"), [1, 1, 0, 0, 1]);
    }

    #[test]
    fn what_is_no_number() {
        let mut buffer = Vec::new();
        assert_eq!(encode(&BigDecimal::new(1.into(), 20_000), &mut buffer), Err(NotANumber::TooLong));
        assert_eq!(encode(&BigDecimal::new(1.into(), i64::MIN), &mut buffer), Err(NotANumber::TooLong));
        let of = |sign: u16| [0, 0, sign, 0].iter().flat_map(|w: &u16| w.to_be_bytes()).collect::<Vec<_>>();
        assert_eq!(decode(&of(NAN)), Err(NotANumber::Special("NaN")));
        assert_eq!(decode(&of(0x1234)), Err(NotANumber::Malformed));
        assert_eq!(decode(&[0, 1]), Err(NotANumber::Malformed));
    }
}
