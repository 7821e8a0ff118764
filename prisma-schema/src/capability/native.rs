//! Native types: what `@db.Name(...)` may say.

use std::ops::RangeInclusive;

/// A native type of a provider.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NativeTypeInfo {
    /// `VarChar`
    pub name: &'static str,
    /// Scalars that it can hold, by name.
    pub scalars: &'static [&'static str],
    /// What it takes in parentheses.
    pub arguments: NativeArguments,
    /// Whether a column of it can be in a key or index.
    pub keys: KeyUse,
}

/// What a native type takes in parentheses.
#[derive(Debug, Clone, PartialEq)]
pub enum NativeArguments {
    /// Nothing.
    None,
    /// One number, and maybe the word `Max` in its place.
    Length {
        /// Whether it may be left out.
        optional: bool,
        /// What it may be.
        range: RangeInclusive<u32>,
        /// Whether `Max` is allowed.
        max: bool,
    },
    /// Precision and scale, or nothing.
    Decimal {
        /// What the precision may be.
        precision: RangeInclusive<u32>,
        /// What the scale may be; never more than the precision.
        scale: RangeInclusive<u32>,
    },
}

/// Whether a column can be in a key or index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// It can.
    Allowed,
    /// With the argument `length` only.
    WithLength,
    /// It cannot.
    Never,
    /// It can, but of the length `Max`.
    NotMax,
}

pub(super) const fn plain(name: &'static str, scalars: &'static [&'static str]) -> NativeTypeInfo {
    NativeTypeInfo { name, scalars, arguments: NativeArguments::None, keys: KeyUse::Allowed }
}

/// With a length that may be left out.
pub(super) const fn sized(
    name: &'static str,
    scalars: &'static [&'static str],
    range: RangeInclusive<u32>,
) -> NativeTypeInfo {
    let arguments = NativeArguments::Length { optional: true, range, max: false };
    NativeTypeInfo { name, scalars, arguments, keys: KeyUse::Allowed }
}

/// With a length that must be given.
pub(super) const fn fixed(
    name: &'static str,
    scalars: &'static [&'static str],
    range: RangeInclusive<u32>,
) -> NativeTypeInfo {
    let arguments = NativeArguments::Length { optional: false, range, max: false };
    NativeTypeInfo { name, scalars, arguments, keys: KeyUse::Allowed }
}

/// With a length that may be left out, or `Max`.
pub(super) const fn sized_or_max(
    name: &'static str,
    scalars: &'static [&'static str],
    range: RangeInclusive<u32>,
) -> NativeTypeInfo {
    let arguments = NativeArguments::Length { optional: true, range, max: true };
    NativeTypeInfo { name, scalars, arguments, keys: KeyUse::NotMax }
}

pub(super) const fn decimal(
    name: &'static str,
    precision: RangeInclusive<u32>,
    scale: RangeInclusive<u32>,
) -> NativeTypeInfo {
    let arguments = NativeArguments::Decimal { precision, scale };
    NativeTypeInfo { name, scalars: &["Decimal"], arguments, keys: KeyUse::Allowed }
}

impl NativeTypeInfo {
    pub(super) const fn keys(self, keys: KeyUse) -> Self {
        let Self { name, scalars, arguments, .. } = self;
        // The parts are moved, not dropped, so that this works in constants.
        Self { name, scalars, arguments, keys }
    }
}
