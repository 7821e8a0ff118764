//! Values that the client makes: `@default` and `@updatedAt`.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, Utc};
use prisma_schema::{DefaultFunction, DefaultValue, FieldWalker, Literal, NativeType, ScalarField, ScalarType};
use uuid::Uuid;

use crate::engine::Now;
use crate::{Error, Value};

/// The value that a new record gets in a column where none is given; `None`: the database decides.
///
/// # Errors
/// A default in the schema that is no value of its field: a defect of the schema's validation.
pub(crate) fn on_create(field: FieldWalker<'_>, now: Now<'_>) -> Result<Option<Value>, Error> {
    let Some(scalar) = field.scalar() else { return Ok(None) };
    let made = match &scalar.default {
        None if scalar.is_updated_at => Some(instant(scalar, now.get())),
        None => None,
        Some(DefaultValue::Literal(literal)) => Some(constant(field, scalar, literal)?),
        Some(DefaultValue::List(literals)) => {
            Some(Value::List(literals.iter().map(|l| constant(field, scalar, l)).collect::<Result<_, _>>()?))
        }
        Some(DefaultValue::Function(function)) => call(function, scalar, now),
    };
    Ok(made)
}

/// The value that a changed record gets in a column where none is given: that of `@updatedAt`.
pub(crate) fn on_update(field: FieldWalker<'_>, now: Now<'_>) -> Option<Value> {
    field.scalar().filter(|scalar| scalar.is_updated_at).map(|scalar| instant(scalar, now.get()))
}

fn call(function: &DefaultFunction, scalar: &ScalarField, now: Now<'_>) -> Option<Value> {
    let uuid = |uuid: Uuid| match is_native(scalar, "Uuid") {
        true => Value::Uuid(uuid),
        false => Value::String(uuid.to_string()),
    };
    Some(match function {
        DefaultFunction::Now => instant(scalar, now.get()),
        DefaultFunction::Uuid(7) => uuid(Uuid::now_v7()),
        DefaultFunction::Uuid(_) => uuid(Uuid::new_v4()),
        DefaultFunction::Cuid(2) => Value::String(cuid::cuid2()),
        DefaultFunction::Cuid(_) => Value::String(cuid::cuid1()),
        DefaultFunction::Ulid => Value::String(ulid::Ulid::generate().to_string()),
        DefaultFunction::Nanoid(length) => Value::String(nanoid::nanoid!(usize::from(*length))),
        DefaultFunction::Autoincrement
        | DefaultFunction::Sequence(_)
        | DefaultFunction::DbGenerated(_)
        | DefaultFunction::Auto => return None,
    })
}

/// The time of the operation as the column's type holds it, to the millisecond as all Prisma clients write it.
fn instant(scalar: &ScalarField, now: DateTime<Utc>) -> Value {
    let now = now.trunc_subsecs(3);
    if is_native(scalar, "Date") {
        Value::Date(now.date_naive())
    } else if is_native(scalar, "Time") || is_native(scalar, "Timetz") {
        Value::Time(now.time())
    } else {
        Value::DateTime(now)
    }
}

fn is_native(scalar: &ScalarField, name: &str) -> bool {
    matches!(&scalar.native_type, Some(NativeType { name: n, .. }) if n == name)
}

/// A constant of the schema as a value of the field.
fn constant(field: FieldWalker<'_>, scalar: &ScalarField, literal: &Literal) -> Result<Value, Error> {
    let value = match (literal, &scalar.ty) {
        (Literal::Boolean(b), ScalarType::Boolean) => Some(Value::Boolean(*b)),
        (Literal::Number(n), ScalarType::Int) => n.parse().ok().map(Value::Int),
        (Literal::Number(n), ScalarType::BigInt) => n.parse().ok().map(Value::BigInt),
        (Literal::Number(n), ScalarType::Float) => n.parse().ok().map(Value::Float),
        (Literal::Number(n) | Literal::String(n), ScalarType::Decimal) => {
            n.parse::<BigDecimal>().ok().map(Value::Decimal)
        }
        (Literal::String(s), ScalarType::String) if is_native(scalar, "Uuid") => s.parse().ok().map(Value::Uuid),
        (Literal::String(s), ScalarType::String) => Some(Value::String(s.clone())),
        (Literal::String(s), ScalarType::Json) => serde_json::from_str(s).ok().map(Value::Json),
        (Literal::String(s), ScalarType::Bytes) => BASE64_STANDARD.decode(s).ok().map(Value::Bytes),
        (Literal::String(s), ScalarType::DateTime) => date_time(scalar, s),
        (Literal::EnumValue(name), ScalarType::Enum(id)) => field
            .model()
            .schema()
            .enumeration(*id)
            .values()
            .iter()
            .find(|v| v.name == *name)
            .map(|v| Value::Enum(v.database_name().to_owned())),
        _ => None,
    };
    value.ok_or_else(|| {
        Error::internal(format!(
            "the default {literal:?} of `{}.{}` is no value of its type",
            field.model().name(),
            field.name()
        ))
    })
}

fn date_time(scalar: &ScalarField, text: &str) -> Option<Value> {
    let full = || DateTime::parse_from_rfc3339(text).ok().map(|t| t.with_timezone(&Utc));
    if is_native(scalar, "Date") {
        text.parse::<NaiveDate>().ok().or_else(|| full().map(|t| t.date_naive())).map(Value::Date)
    } else if is_native(scalar, "Time") || is_native(scalar, "Timetz") {
        text.parse::<NaiveTime>().ok().or_else(|| full().map(|t| t.time())).map(Value::Time)
    } else {
        full().map(Value::DateTime)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use prisma_schema::SourceFile;

    use super::*;

    /// The default of a field of this type and these attributes, at a moment with more digits than are written.
    fn default(field: &str) -> Option<Value> {
        let text = format!(
            "datasource db {{ provider = \"postgresql\" \n url = \"postgresql://h\" }}
             enum Role {{ USER \n ADMIN @map(\"admin\") }}
             model M {{\n id Int @id @default(autoincrement())\n f {field}\n }}"
        )
        .replace(" \n ", "\n")
        .replace("{ ", "{\n")
        .replace(" }", "\n}");
        let schema = prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]).unwrap().schema;
        let model = schema.find_model("M").unwrap();
        let moment = OnceLock::from("2024-05-06T07:08:09.123456Z".parse::<DateTime<Utc>>().unwrap());
        let now = Now(&moment);
        assert_eq!(on_create(model.find_field("id").unwrap(), now).unwrap(), None);
        on_create(model.find_field("f").unwrap(), now).unwrap()
    }

    #[test]
    fn time_as_the_column_holds_it() {
        let moment = "2024-05-06T07:08:09.123Z".parse().unwrap();
        assert_eq!(default("DateTime @default(now())"), Some(Value::DateTime(moment)));
        assert_eq!(default("DateTime @updatedAt"), Some(Value::DateTime(moment)));
        assert_eq!(default("DateTime @default(now()) @db.Date"), Some(Value::Date(moment.date_naive())));
        assert_eq!(default("DateTime @default(now()) @db.Time(3)"), Some(Value::Time(moment.time())));
    }

    #[test]
    fn constants() {
        assert_eq!(default("Role @default(ADMIN)"), Some(Value::Enum("admin".into())));
        assert_eq!(default("BigInt @default(9007199254740993)"), Some(Value::BigInt(9_007_199_254_740_993)));
        assert_eq!(default("Decimal @default(0.1)"), Some(Value::Decimal("0.1".parse().unwrap())));
        assert_eq!(default("Bytes @default(\"aGk=\")"), Some(Value::Bytes(b"hi".to_vec())));
        assert_eq!(default("Int[] @default([1, 2])"), Some(Value::List(vec![Value::Int(1), Value::Int(2)])));
        assert_eq!(
            default("DateTime @default(\"2024-01-02T03:04:05+01:00\")"),
            Some(Value::DateTime("2024-01-02T02:04:05Z".parse().unwrap()))
        );
    }

    #[test]
    fn identifiers() {
        assert!(matches!(default("String @default(uuid())"), Some(Value::String(s)) if s.len() == 36));
        assert!(
            matches!(default("String @default(uuid(7)) @db.Uuid"), Some(Value::Uuid(u)) if u.get_version_num() == 7)
        );
        assert!(matches!(default("String @default(nanoid())"), Some(Value::String(s)) if s.len() == 21));
    }

    #[test]
    fn left_to_the_database() {
        assert_eq!(default("Int @default(dbgenerated(\"1\"))"), None);
        assert_eq!(default("Int?"), None);
    }
}
