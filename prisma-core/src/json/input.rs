//! Reading requests: JSON of the wrong shape becomes an error that says where.

use serde_json::{Map, Value as Json};

use crate::{Error, ErrorKind};

pub(super) type Object = Map<String, Json>;

/// The request makes no sense: P2009.
pub(super) fn invalid(message: impl Into<String>) -> Error {
    ErrorKind::InvalidQuery { code: "P2009", path: Vec::new(), message: message.into() }.into()
}

/// The parts of the request do not go together: P2019.
pub(super) fn input_error(message: impl Into<String>) -> Error {
    ErrorKind::InvalidQuery { code: "P2019", path: Vec::new(), message: message.into() }.into()
}

/// A value or argument that must be there is not: P2012.
pub(super) fn missing(message: impl Into<String>) -> Error {
    ErrorKind::InvalidQuery { code: "P2012", path: Vec::new(), message: message.into() }.into()
}

/// Says in which part of the request an error is.
pub(super) trait Within {
    fn within(self, part: &str) -> Self;
}

impl<T> Within for Result<T, Error> {
    fn within(self, part: &str) -> Self {
        self.map_err(|error| match error.into_kind() {
            ErrorKind::InvalidQuery { code, mut path, message } => {
                path.insert(0, part.to_owned());
                ErrorKind::InvalidQuery { code, path, message }.into()
            }
            other => other.into(),
        })
    }
}

/// The object that is wanted here.
pub(super) fn object(json: &Json) -> Result<&Object, Error> {
    json.as_object().ok_or_else(|| invalid(format!("an object is wanted, and this is {}", describe(json))))
}

/// One object, or a list of objects: all of them.
pub(super) fn objects(json: &Json) -> Result<Vec<&Object>, Error> {
    match json {
        Json::Array(list) => list.iter().map(object).collect(),
        one => Ok(vec![object(one)?]),
    }
}

/// A list, or one value as a list of one.
pub(super) fn list(json: &Json) -> &[Json] {
    match json {
        Json::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

/// Refuses a key that means nothing here.
pub(super) fn unknown(key: &str, known: &[&str]) -> Error {
    match known.is_empty() {
        true => invalid(format!("there is no `{key}` here, nor anything else")),
        false => invalid(format!("there is no `{key}` here; there is {}", known.join(", "))),
    }
}

/// Refuses an object that has other keys than these.
pub(super) fn only(of: &Object, known: &[&str]) -> Result<(), Error> {
    match of.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(unknown(key, known)).within(key),
    }
}

/// An object that must be there.
pub(super) fn part<'j>(of: &'j Object, name: &str) -> Result<&'j Object, Error> {
    of.get(name).ok_or_else(|| missing(format!("`{name}` is missing"))).and_then(object).within(name)
}

/// `{"$type": …, "value": …}`
pub(super) fn tagged(json: &Json) -> Option<(&str, &Json)> {
    let object = json.as_object()?;
    Some((object.get("$type")?.as_str()?, object.get("value")?))
}

/// A number of records, 0 or more.
pub(super) fn count(json: &Json) -> Result<u64, Error> {
    integer(json).and_then(|n| u64::try_from(n).map_err(|_| invalid(format!("{n} is negative"))))
}

/// A whole number.
pub(super) fn integer(json: &Json) -> Result<i64, Error> {
    let json = tagged(json).map_or(json, |(_, value)| value);
    json.as_i64()
        .or_else(|| json.as_str()?.parse().ok())
        .ok_or_else(|| invalid(format!("a whole number is wanted, and this is {}", describe(json))))
}

/// What a value is, shortened.
pub(super) fn describe(json: &Json) -> String {
    let mut text = json.to_string();
    if let Some((end, _)) = text.char_indices().nth(60) {
        text.truncate(end);
        text.push('…');
    }
    text
}
