//! What becomes of values when a column changes its type.

use super::types::TYPES;
use crate::column::{BaseType, ColumnType};
use crate::native::{Conversion, Family, Measured};

pub(super) fn conversion(from: &ColumnType, to: &ColumnType) -> Conversion {
    use Family::{
        Bits, Boolean, Bytes, Date, Decimal, Float, Instant, Integer, Json, Padded, SizedBytes, SizedText, Text, Time,
    };
    let is_text = |f: Family| matches!(f, Text(_) | SizedText | Padded);
    let measured = |ty: &ColumnType| Some(Measured { family: TYPES.row(ty)?.family, arguments: TYPES.arguments(ty) });
    let (a, b) = match (&from.base, &to.base, measured(from), measured(to)) {
        // Whether values are in use that go, is a question of its own.
        (BaseType::Values(_), BaseType::Values(_), ..) => return Conversion::Keeps,
        (BaseType::Values(values), _, _, Some(b)) if is_text(b.family) => {
            let longest = values.iter().map(String::len).max().and_then(|l| u32::try_from(l).ok());
            let text = Measured { family: SizedText, arguments: longest.into_iter().collect() };
            return if text.fits(&b) { Conversion::Keeps } else { Conversion::MayLose };
        }
        (_, BaseType::Values(_), Some(a), _) if is_text(a.family) => return Conversion::MayLose,
        (_, _, Some(a), Some(b)) => (a, b),
        (.., Some(b)) if is_text(b.family) => return Conversion::MayLose,
        _ => return Conversion::Impossible,
    };
    let is_bytes = |f: Family| matches!(f, Bytes(_) | SizedBytes);
    if a.fits(&b) || b.family == Text(u32::MAX) && !is_bytes(a.family) && a.family != Bits {
        return Conversion::Keeps;
    }
    let is_number = |f: Family| matches!(f, Integer { .. } | Decimal | Float(_) | Boolean | Bits);
    let is_possible = is_text(a.family) && b.family != Bits
        || is_text(b.family)
        || is_number(a.family) && is_number(b.family)
        || is_bytes(a.family) && is_bytes(b.family)
        || matches!(
            (a.family, b.family),
            (Instant, Instant | Date | Time) | (Date, Instant) | (Time, Time) | (Json, Json)
        );
    if is_possible { Conversion::MayLose } else { Conversion::Impossible }
}
