//! Which type of the schema a Rust type stands for.

use syn::{GenericArgument, Ident, PathArguments, Type};

use super::attributes::last;

/// The type of a field: its modifier and its name.
#[derive(Debug)]
pub(crate) struct ColumnType {
    /// `""`, `"?"` or `"[]"`.
    pub(crate) modifier: &'static str,
    pub(crate) name: TypeName,
}

/// What a field holds one or more of.
#[derive(Debug)]
pub(crate) enum TypeName {
    /// A scalar type, with the native type that makes it this Rust type.
    Scalar { name: &'static str, native: Option<&'static str> },
    /// Any other name: an enum's, or a type parameter's.
    Other(Ident),
}

/// The type, by the last segments of its path. `None` if it is no path.
pub(crate) fn column_type(ty: &Type) -> Option<ColumnType> {
    let (name, argument) = name(ty)?;
    match (name.to_string().as_str(), argument) {
        ("Option", Some(inner)) => scalar(inner).map(|name| ColumnType { modifier: "?", name }),
        ("Vec", Some(inner)) if !is_byte(inner) => scalar(inner).map(|name| ColumnType { modifier: "[]", name }),
        _ => scalar(ty).map(|name| ColumnType { modifier: "", name }),
    }
}

fn scalar(ty: &Type) -> Option<TypeName> {
    let (name, argument) = name(ty)?;
    let (scalar, native) = match (name.to_string().as_str(), argument) {
        ("String", _) => ("String", None),
        ("bool", _) => ("Boolean", None),
        ("i32", _) => ("Int", None),
        ("i64", _) => ("BigInt", None),
        ("f64", _) => ("Float", None),
        ("BigDecimal", _) => ("Decimal", None),
        ("DateTime", Some(_)) => ("DateTime", None),
        ("NaiveDate", _) => ("DateTime", Some("Date")),
        ("NaiveTime", _) => ("DateTime", Some("Time")),
        ("Value", _) => ("Json", None),
        ("Vec", Some(inner)) if is_byte(inner) => ("Bytes", None),
        ("Uuid", _) => ("String", Some("Uuid")),
        (_, None) => return Some(TypeName::Other(name.clone())),
        _ => return None,
    };
    Some(TypeName::Scalar { name: scalar, native })
}

/// The type of which a field that the client does not see holds nothing: `T` of `PhantomData<T>`.
pub(crate) fn hidden_type(ty: &Type) -> Option<&Type> {
    name(ty).and_then(|(name, argument)| argument.filter(|_| name == "PhantomData"))
}

/// `"?"` of `Option<…>`, `"[]"` of `Vec<…>`.
pub(crate) fn modifier(ty: &Type) -> &'static str {
    match name(ty) {
        Some((name, Some(_))) if name == "Option" => "?",
        Some((name, Some(_))) if name == "Vec" => "[]",
        _ => "",
    }
}

/// The last segment of a path, and its one type argument.
fn name(ty: &Type) -> Option<(&Ident, Option<&Type>)> {
    let path = match ty {
        Type::Path(path) if path.qself.is_none() => &path.path,
        Type::Group(group) => return name(&group.elem),
        _ => return None,
    };
    let argument = match &path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(ty)) => Some(ty),
            _ => None,
        },
        _ => None,
    };
    Some((last(path)?, argument))
}

fn is_byte(ty: &Type) -> bool {
    name(ty).is_some_and(|(name, _)| name == "u8")
}
