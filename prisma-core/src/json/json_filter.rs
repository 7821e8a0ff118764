//! `where` on `Json` fields.

use prisma_schema::FieldWalker;
use serde_json::Value as Json;

use super::input::{Object, Within, input_error, invalid, tagged, unknown};
use super::operators::{Subject, condition, optional};
use super::value;
use crate::tree::{CompareOp, Condition, Filter, JsonKey, JsonTest, MatchKind, Mode, Operand};
use crate::{Error, Value};

const OPERATORS: [&str; 14] = [
    "equals",
    "not",
    "path",
    "string_contains",
    "string_starts_with",
    "string_ends_with",
    "array_contains",
    "array_starts_with",
    "array_ends_with",
    "lt",
    "lte",
    "gt",
    "gte",
    "mode",
];

/// The conditions of an object of operators on a `Json` field.
pub(super) fn operators(field: FieldWalker<'_>, of: &Object, mode: Mode) -> Result<Filter, Error> {
    let path = of.get("path").filter(|p| !p.is_null()).map(|p| path(p).within("path")).transpose()?;
    let mut all = Vec::new();
    for (key, json) in of.iter().filter(|(key, _)| !matches!(key.as_str(), "mode" | "path")) {
        all.push(operator(field, path.as_deref(), key, json, mode).within(key)?);
    }
    match all.len() {
        0 if path.is_some() => Err(input_error(
            "a path says where to look, but nothing is asked of what is there: add `equals`, `string_contains` …",
        ))
        .within("path"),
        1 => Ok(all.remove(0)),
        _ => Ok(Filter::And(all)),
    }
}

fn operator(
    field: FieldWalker<'_>,
    path: Option<&[JsonKey]>,
    key: &str,
    json: &Json,
    mode: Mode,
) -> Result<Filter, Error> {
    let test = |test| condition(field, Condition::Json { path: path.unwrap_or_default().to_vec(), test }, mode);
    let matches = |kind| {
        let text = match Subject::from(field).other_field(json)? {
            Some(operand) => operand,
            None => Operand::Value(Value::String(text(json)?)),
        };
        test(JsonTest::Match(kind, text))
    };
    let ordered = |op| test(ordered(field, op, json)?);
    match key {
        "equals" | "not" => equality(field, path, json, key == "not", mode),
        "string_contains" => matches(MatchKind::Contains),
        "string_starts_with" => matches(MatchKind::StartsWith),
        "string_ends_with" => matches(MatchKind::EndsWith),
        "array_contains" => test(JsonTest::ArrayContains(value::one(field, json)?)),
        "array_starts_with" => test(JsonTest::ArrayStartsWith(value::one(field, json)?)),
        "array_ends_with" => test(JsonTest::ArrayEndsWith(value::one(field, json)?)),
        "lt" => ordered(CompareOp::Lt),
        "lte" => ordered(CompareOp::Lte),
        "gt" => ordered(CompareOp::Gt),
        "gte" => ordered(CompareOp::Gte),
        other => Err(unknown(other, &OPERATORS)),
    }
}

/// `equals` and `not`, with the three nulls: `DbNull` is that nothing is there, `JsonNull` is JSON's own, `AnyNull` is either.
pub(super) fn equality(
    field: FieldWalker<'_>,
    path: Option<&[JsonKey]>,
    json: &Json,
    negated: bool,
    mode: Mode,
) -> Result<Filter, Error> {
    let test = |test| condition(field, Condition::Json { path: path.unwrap_or_default().to_vec(), test }, mode);
    let same = |operand| test(if negated { JsonTest::Differs(operand) } else { JsonTest::Equals(operand) });
    let absent = || test(if negated { JsonTest::IsNotNull } else { JsonTest::IsNull });
    let json_null = || Operand::Value(Value::Json(Json::Null));
    let is_db_null = || if path.is_none() { optional(field).and_then(|()| absent()) } else { absent() };
    match (null(json), negated) {
        (Some("DbNull"), _) => is_db_null(),
        (Some("AnyNull"), false) => Ok(Filter::Or(vec![absent()?, same(json_null())?])),
        (Some("AnyNull"), true) => Ok(Filter::And(vec![absent()?, same(json_null())?])),
        _ if json.is_null() => is_db_null(),
        _ if negated && is_nested(json) => Err(invalid(format!(
            "`not` takes a value of `{}`, not another filter: put the filter under `NOT`",
            field.name()
        ))),
        _ => match Subject::from(field).other_field(json)? {
            Some(operand) => same(operand),
            None => same(Operand::Value(value::one(field, json)?)),
        },
    }
}

/// The name of a null.
fn null(json: &Json) -> Option<&str> {
    match tagged(json) {
        Some(("Enum", name)) => name.as_str(),
        _ => None,
    }
}

/// Whether what should be a value looks like an object of operators.
fn is_nested(json: &Json) -> bool {
    let object = json.as_object().filter(|o| !o.is_empty() && tagged(json).is_none());
    object.is_some_and(|o| o.keys().all(|key| OPERATORS.contains(&key.as_str())))
}

fn ordered(field: FieldWalker<'_>, op: CompareOp, json: &Json) -> Result<JsonTest, Error> {
    if let Some(operand) = Subject::from(field).other_field(json)? {
        return Ok(JsonTest::Number(op, operand));
    }
    match value::one(field, json)? {
        Value::Json(Json::Number(number)) => {
            let digits = number.to_string();
            let number = digits.parse().map_err(|_| invalid(format!("{digits} is too large a number")))?;
            Ok(JsonTest::Number(op, Operand::Value(Value::Decimal(number))))
        }
        Value::Json(Json::String(text)) => Ok(JsonTest::Text(op, Operand::Value(Value::String(text)))),
        _ => Err(invalid("only numbers and text have an order among JSON values")),
    }
}

fn text(json: &Json) -> Result<String, Error> {
    let plain = tagged(json).map_or(json, |(_, value)| value);
    plain.as_str().map(str::to_owned).ok_or_else(|| invalid("text is wanted"))
}

/// A path: a list of names, or `$.a.b[0]`.
fn path(json: &Json) -> Result<Vec<JsonKey>, Error> {
    match json {
        Json::Array(keys) => keys.iter().map(|key| Ok(step(&text(key)?))).collect(),
        Json::String(text) => parse(text).ok_or_else(|| {
            invalid(format!(
                "`{text}` is no path: write `$.name`, `$.\"a name\"`, `$.list[0]` and the like, or a list of names"
            ))
        }),
        _ => Err(invalid("a path is text such as `$.a.b`, or a list of names")),
    }
}

/// In a list of names a number is an element of an array, as PostgreSQL reads it.
fn step(name: &str) -> JsonKey {
    match name.parse() {
        Ok(index) if name == "0" || !name.starts_with(['0', '+']) => JsonKey::Index(index),
        _ => JsonKey::Name(name.to_owned()),
    }
}

fn parse(text: &str) -> Option<Vec<JsonKey>> {
    let mut rest = text.trim().strip_prefix('$')?;
    let mut path = Vec::new();
    while !rest.is_empty() {
        if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']')?;
            path.push(JsonKey::Index(index.trim().parse().ok()?));
            rest = after;
        } else if rest.starts_with(".\"") {
            let mut values = serde_json::Deserializer::from_str(&rest[1..]).into_iter::<String>();
            path.push(JsonKey::Name(values.next()?.ok()?));
            rest = &rest[1 + values.byte_offset()..];
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, after) = name.split_at(end);
            if name.is_empty() || name.contains(['*', '"']) {
                return None;
            }
            path.push(JsonKey::Name(name.to_owned()));
            rest = after;
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let name = |text: &str| JsonKey::Name(text.to_owned());
        assert_eq!(parse("$"), Some(vec![]));
        assert_eq!(parse("$.a.b[0].c"), Some(vec![name("a"), name("b"), JsonKey::Index(0), name("c")]));
        assert_eq!(parse(r#"$."a.b \" c"[12]"#), Some(vec![name("a.b \" c"), JsonKey::Index(12)]));
        for wrong in ["", "a", "$a", "$.", "$..a", "$.*", "$[x]", "$[1", "$.a\"b\"", "$.\"a", "$[-1]"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert_eq!(
            ["0", "12", "01", "-1", "a"].map(step).map(|k| matches!(k, JsonKey::Index(_))),
            [true, true, false, false, false]
        );
    }
}
