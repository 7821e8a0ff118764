//! Defaults of columns as the language writes them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::SecondsFormat;
use prisma_schema::{DefaultFunction, DefaultValue, Enum, Literal, ScalarType};

use crate::column::{Autoincrement, ColumnDefault, SequenceOptions};
use crate::database::Column;
use crate::default::{instant, time};
use crate::flavour::Flavour;

/// The default of a column, which is of this type.
pub(super) fn default(
    column: &Column,
    ty: &ScalarType,
    enums: &[Enum],
    has_sequences: bool,
    flavour: &dyn Flavour,
) -> Option<DefaultValue> {
    if let Some(counter) = &column.autoincrement {
        return Some(DefaultValue::Function(counted(counter, ty, has_sequences)));
    }
    let default = column.default.as_ref()?;
    let generated = || {
        let sql = flavour.default_sql(default, &column.data_type);
        DefaultValue::Function(DefaultFunction::DbGenerated(Some(sql)))
    };
    Some(match default {
        ColumnDefault::Now if *ty == ScalarType::DateTime => DefaultValue::Function(DefaultFunction::Now),
        ColumnDefault::List(values) if column.data_type.is_list => {
            let literals: Option<Vec<_>> = values.iter().map(|v| literal(v, ty, enums)).collect();
            literals.map_or_else(generated, DefaultValue::List)
        }
        ColumnDefault::Expression(sql) => DefaultValue::Function(DefaultFunction::DbGenerated(Some(sql.clone()))),
        constant => literal(constant, ty, enums).map_or_else(generated, DefaultValue::Literal),
    })
}

fn counted(counter: &Autoincrement, ty: &ScalarType, has_sequences: bool) -> DefaultFunction {
    if !has_sequences || !counter.is_identity && *ty == ScalarType::BigInt {
        return DefaultFunction::Autoincrement;
    }
    if !counter.is_identity {
        return DefaultFunction::DbGenerated(Some("unique_rowid()".to_owned()));
    }
    let SequenceOptions { is_virtual, cache, increment, min_value, max_value, start } = counter.options;
    let numbers = [
        ("cache", cache),
        ("increment", increment),
        ("minValue", min_value),
        ("maxValue", max_value),
        ("start", start),
    ];
    let given = numbers.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.to_string())));
    let is_virtual = is_virtual.then(|| ("virtual".to_owned(), "true".to_owned()));
    DefaultFunction::Sequence(is_virtual.into_iter().chain(given).collect())
}

/// A constant, if the language has it for the type.
fn literal(default: &ColumnDefault, ty: &ScalarType, enums: &[Enum]) -> Option<Literal> {
    match (default, ty) {
        (ColumnDefault::Text(text), ScalarType::String) => Some(Literal::String(text.clone())),
        (ColumnDefault::Text(text), ScalarType::Json) => {
            serde_json::from_str::<serde_json::Value>(text).is_ok().then(|| Literal::String(text.clone()))
        }
        (ColumnDefault::Text(text), ScalarType::DateTime) => {
            let of_day = || time(text).map(|t| format!("1970-01-01T{}Z", t.format("%H:%M:%S%.f")));
            let text = instant(text).map(|i| i.to_rfc3339_opts(SecondsFormat::AutoSi, true)).or_else(of_day)?;
            Some(Literal::String(text))
        }
        (ColumnDefault::Text(text), ScalarType::Enum(id)) => {
            let values = &enums.get(id.0 as usize)?.values;
            values.iter().find(|v| v.database_name() == text).map(|v| Literal::EnumValue(v.name.clone()))
        }
        (ColumnDefault::Number(number), ScalarType::Int) => {
            number.parse::<i32>().ok().map(|_| Literal::Number(number.clone()))
        }
        (ColumnDefault::Number(number), ScalarType::BigInt) => {
            number.parse::<i64>().ok().map(|_| Literal::Number(number.clone()))
        }
        (ColumnDefault::Number(number), ScalarType::Float | ScalarType::Decimal) => {
            let is_plain = number.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-');
            is_plain.then(|| Literal::Number(number.clone()))
        }
        (ColumnDefault::Number(number), ScalarType::Boolean) => match number.as_str() {
            "0" => Some(Literal::Boolean(false)),
            "1" => Some(Literal::Boolean(true)),
            _ => None,
        },
        (ColumnDefault::Boolean(value), ScalarType::Boolean) => Some(Literal::Boolean(*value)),
        (ColumnDefault::Bytes(bytes), ScalarType::Bytes) => Some(Literal::String(STANDARD.encode(bytes))),
        _ => None,
    }
}
