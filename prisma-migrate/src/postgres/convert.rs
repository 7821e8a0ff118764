//! What becomes of values when a column of PostgreSQL or CockroachDB changes its type.

use crate::column::{BaseType, ColumnType};
use crate::native::{Conversion, Family, Measured, NativeTypes};

fn measured(types: &NativeTypes, ty: &ColumnType) -> Option<Measured> {
    Some(Measured { family: types.row(ty)?.family, arguments: types.arguments(ty) })
}

fn is_text(family: Family) -> bool {
    matches!(family, Family::Text(_) | Family::SizedText | Family::Padded)
}

fn is_number(family: Family) -> bool {
    matches!(family, Family::Integer { .. } | Family::Decimal | Family::Float(_))
}

/// Text that holds any length.
fn is_unlimited_text(measured: &Measured) -> bool {
    match measured.family {
        Family::Text(_) => true,
        Family::SizedText => measured.arguments.is_empty(),
        _ => false,
    }
}

pub(crate) fn conversion(types: &NativeTypes, from: &ColumnType, to: &ColumnType) -> Conversion {
    use Family::{Bits, Boolean, Bytes, Date, Decimal, Instant, Integer, Json, Money, Time};
    if from.is_list != to.is_list {
        return Conversion::Impossible;
    }
    let (a, b) = match (&from.base, &to.base, measured(types, from), measured(types, to)) {
        (BaseType::Enum(_), BaseType::Enum(_), ..) => return Conversion::MayLose,
        (BaseType::Enum(_), _, _, Some(b)) if is_unlimited_text(&b) => return Conversion::Keeps,
        (BaseType::Enum(_), _, _, Some(b)) if is_text(b.family) => return Conversion::MayLose,
        (_, BaseType::Enum(_), Some(a), _) if is_text(a.family) => return Conversion::MayLose,
        (_, _, Some(a), Some(b)) => (a, b),
        (.., Some(b)) if is_text(b.family) => return Conversion::MayLose,
        _ => return Conversion::Impossible,
    };
    if a.fits(&b) || is_unlimited_text(&b) && !matches!(a.family, Bytes(_)) {
        return Conversion::Keeps;
    }
    let is_possible = is_text(a.family)
        || is_text(b.family)
        || is_number(a.family) && is_number(b.family)
        || matches!(
            (a.family, b.family),
            (Boolean, Integer { .. })
                | (Integer { .. }, Boolean)
                | (Money, Decimal)
                | (Decimal | Integer { .. }, Money)
                | (Instant, Instant | Date | Time)
                | (Date, Instant)
                | (Time, Time)
                | (Bits, Bits)
                | (Json, Json)
        );
    if is_possible { Conversion::MayLose } else { Conversion::Impossible }
}

/// How values must be cast before they are cast to the new type; none if they need no cast at all.
pub(super) fn cast(types: &NativeTypes, from: &ColumnType, to: &ColumnType) -> Option<&'static str> {
    let (a, b) = (measured(types, from).map(|m| m.family), measured(types, to).map(|m| m.family));
    match (a, b) {
        // Everything can be written as text, and text may be anything.
        (_, Some(b)) if is_text(b) => None,
        (Some(a), _) if is_text(a) => Some(""),
        (Some(Family::Boolean), Some(Family::Integer { .. }))
        | (Some(Family::Integer { .. }), Some(Family::Boolean)) => Some("::integer"),
        _ => None,
    }
}
