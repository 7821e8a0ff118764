//! The native types of a provider: as the schema names them, and as SQL does.

use prisma_schema::{Capabilities, NativeArguments, ScalarField, ScalarType};

use crate::column::{BaseType, ColumnType};

/// A native type.
#[derive(Debug)]
pub(crate) struct NativeRow {
    /// As the schema names it: `@db.VarChar`.
    pub(crate) schema: &'static str,
    /// As Prisma writes it in SQL.
    pub(crate) sql: &'static str,
    /// As the catalogue of the database names it.
    pub(crate) catalogue: &'static str,
    /// What it means that no argument is given.
    pub(crate) implied: &'static [u32],
    /// What its values are.
    pub(crate) family: Family,
}

/// A native type.
pub(crate) const fn row(
    schema: &'static str,
    sql: &'static str,
    catalogue: &'static str,
    implied: &'static [u32],
    family: Family,
) -> NativeRow {
    NativeRow { schema, sql, catalogue, implied, family }
}

/// What the values of a type are, and how much they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Whole numbers: how many bytes; one without a sign holds half a byte more.
    Integer { bytes: u8, is_signed: bool },
    /// Exact numbers; precision and scale are arguments.
    Decimal,
    /// Floating point: how many bytes.
    Float(u8),
    /// Text: how many bytes, if that is not an argument.
    Text(u32),
    /// Text of a length that is an argument.
    SizedText,
    /// Text of a fixed length, filled up with blanks.
    Padded,
    /// Truth.
    Boolean,
    /// An instant.
    Instant,
    /// A day.
    Date,
    /// A time of the day.
    Time,
    /// JSON.
    Json,
    /// Bytes: how many, if that is not an argument.
    Bytes(u32),
    /// Bytes of a length that is an argument.
    SizedBytes,
    /// UUID.
    Uuid,
    /// Bits; the number is an argument.
    Bits,
    /// Money.
    Money,
    /// A type that is like no other.
    Own,
}

/// The native types of a provider.
#[derive(Debug)]
pub(crate) struct NativeTypes {
    pub(crate) rows: &'static [NativeRow],
    /// The type of a scalar that says nothing: as the schema names it, and its arguments.
    pub(crate) defaults: fn(&ScalarType) -> (&'static str, &'static [u32]),
}

impl NativeTypes {
    /// The type of a column, unless it is an enum.
    pub(crate) fn of_scalar(&self, scalar: &ScalarField) -> BaseType {
        if let ScalarType::Unsupported(text) = &scalar.ty {
            return BaseType::Other(text.clone());
        }
        let (name, arguments) = match &scalar.native_type {
            Some(native) => {
                // The schema was validated: what is no number is not there.
                let arguments = native.args.iter().filter_map(|a| a.parse().ok()).collect();
                (native.name.as_str(), arguments)
            }
            None => {
                let (name, arguments) = (self.defaults)(&scalar.ty);
                (name, arguments.to_vec())
            }
        };
        let sql = self.rows.iter().find(|r| r.schema == name).map_or(name, |r| r.sql);
        BaseType::Native { name: sql.to_owned(), arguments }
    }

    /// The scalar that a type is for, and how the schema names it, unless it is the usual one of the scalar.
    pub(crate) fn scalar(
        &self,
        ty: &ColumnType,
        capabilities: &Capabilities,
    ) -> Option<(ScalarType, Option<(&'static str, Vec<u32>)>)> {
        let row = self.row(ty)?;
        let info = capabilities.native_type(row.schema)?;
        let arguments = match info.arguments {
            NativeArguments::None => Vec::new(),
            _ => self.arguments(ty),
        };
        // Some types are for two scalars: one bit, and what MySQL calls BOOLEAN, are truth.
        let is_truth = row.family == Family::Boolean || row.family == Family::Bits && arguments == [1];
        let scalar = match info.scalars {
            ["Boolean", ..] if is_truth => ScalarType::Boolean,
            [.., last] => scalar_of_name(last)?,
            [] => return None,
        };
        let is_usual = (self.defaults)(&scalar) == (row.schema, arguments.as_slice());
        Some((scalar, (!is_usual).then_some((row.schema, arguments))))
    }

    /// The row of a type, by its name in SQL.
    pub(crate) fn by_sql(&self, name: &str) -> Option<&'static NativeRow> {
        self.rows.iter().find(|r| r.sql == name)
    }

    /// The row of a type, by its name in the catalogue.
    pub(crate) fn by_catalogue(&self, name: &str) -> Option<&'static NativeRow> {
        self.rows.iter().find(|r| r.catalogue == name)
    }

    /// The row of a column's type.
    pub(crate) fn row(&self, ty: &ColumnType) -> Option<&'static NativeRow> {
        match &ty.base {
            BaseType::Native { name, .. } => self.by_sql(name),
            _ => None,
        }
    }

    /// Its arguments, those that go without saying included.
    pub(crate) fn arguments(&self, ty: &ColumnType) -> Vec<u32> {
        match &ty.base {
            BaseType::Native { name, arguments } if arguments.is_empty() => {
                self.by_sql(name).map(|r| r.implied.to_vec()).unwrap_or_default()
            }
            BaseType::Native { arguments, .. } => arguments.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether two types are the same, however they are spelled.
    pub(crate) fn same(&self, a: &ColumnType, b: &ColumnType) -> bool {
        let same_base = match (&a.base, &b.base) {
            (BaseType::Native { name: x, .. }, BaseType::Native { name: y, .. }) => {
                x == y && self.arguments(a) == self.arguments(b)
            }
            (BaseType::Other(x), BaseType::Other(y)) => squeezed(x) == squeezed(y),
            // A type that is written out as unsupported, although there is a name for it.
            (BaseType::Other(x), BaseType::Native { .. }) => squeezed(x) == squeezed(&bare(b).to_string()),
            (BaseType::Native { .. }, BaseType::Other(y)) => squeezed(&bare(a).to_string()) == squeezed(y),
            (BaseType::Values(x), BaseType::Values(y)) => x.len() == y.len() && x.iter().all(|v| y.contains(v)),
            (x, y) => x == y,
        };
        same_base && a.is_list == b.is_list
    }
}

fn scalar_of_name(name: &str) -> Option<ScalarType> {
    use ScalarType::{BigInt, Boolean, Bytes, DateTime, Decimal, Float, Int, Json, String};
    [String, Boolean, Int, BigInt, Float, Decimal, DateTime, Json, Bytes].into_iter().find(|s| s.name() == name)
}

/// The elements' type.
fn bare(ty: &ColumnType) -> ColumnType {
    ColumnType { base: ty.base.clone(), is_list: false }
}

/// Without blanks, quotes and capitals.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '"').flat_map(char::to_lowercase).collect()
}

/// What becomes of the values of a column when its type changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conversion {
    /// All of them stay.
    Keeps,
    /// Some may be cut, or stand in the way.
    MayLose,
    /// There is none: the column is dropped and made anew.
    Impossible,
}

/// A type in a comparison of two.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) family: Family,
    pub(crate) arguments: Vec<u32>,
}

impl Measured {
    fn argument(&self, place: usize) -> u32 {
        self.arguments.get(place).copied().unwrap_or(u32::MAX)
    }

    /// Whether every value of this type is one of the other, or can be written as one without loss.
    pub(crate) fn fits(&self, to: &Measured) -> bool {
        use Family::*;
        match (self.family, to.family) {
            (Integer { bytes: a, is_signed: x }, Integer { bytes: b, is_signed: y }) => {
                if x == y {
                    a <= b
                } else {
                    !x && a < b
                }
            }
            (Integer { bytes, .. }, Float(b)) => bytes < b && bytes <= 6,
            (Integer { bytes, .. }, Decimal) => {
                let digits = [3, 5, 8, 10, 13, 15, 17, 20][usize::from(bytes.clamp(1, 8)) - 1];
                to.arguments.is_empty() || to.argument(0).saturating_sub(to.argument(1)) >= digits
            }
            (Decimal, Decimal) => {
                let whole = |m: &Measured| m.argument(0).saturating_sub(m.argument(1));
                to.arguments.is_empty()
                    || !self.arguments.is_empty() && whole(self) <= whole(to) && self.argument(1) <= to.argument(1)
            }
            (Float(a), Float(b)) => a <= b,
            (Text(a), Text(b)) | (Bytes(a), Bytes(b)) => a <= b,
            (SizedText | Padded, Text(b)) => self.argument(0).saturating_mul(4) <= b,
            (SizedText, SizedText) | (Padded, Padded | SizedText) | (SizedBytes, SizedBytes) | (Bits, Bits) => {
                self.argument(0) <= to.argument(0)
            }
            (SizedBytes, Bytes(b)) => self.argument(0) <= b,
            (Boolean, Integer { .. }) | (Date, Instant) | (Json, Json) | (Uuid, Uuid) => true,
            (Instant, Instant) | (Time, Time) => self.argument(0) <= to.argument(0),
            _ => false,
        }
    }
}
