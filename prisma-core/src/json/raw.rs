//! `queryRaw` and `executeRaw`.

use serde_json::{Value as Json, json};

use super::input::{Object, Within, invalid, missing};
use super::value::{parameter, untyped};
use crate::driver::{ColumnError, Row};
use crate::engine::Handle;
use crate::{Error, Value};

/// Runs SQL and tells how many rows it changed.
pub(super) async fn execute(handle: &Handle, given: &Object) -> Result<Json, Error> {
    let (sql, values) = statement(given)?;
    Ok(json!(handle.execute_raw(sql, values).await?))
}

/// Runs SQL and answers its rows, each an object with a tagged value for each column.
pub(super) async fn query(handle: &Handle, given: &Object) -> Result<Json, Error> {
    let (sql, values) = statement(given)?;
    let mut records = Vec::new();
    let mut read = |row: &dyn Row| {
        let failed = |e: ColumnError| invalid(format!("column `{}`: {e}", row.column_name(e.column)));
        let column = |i| Ok((row.column_name(i).to_owned(), untyped(row.dynamic(i).map_err(failed)?)));
        records.push((0..row.len()).map(column).collect::<Result<Object, Error>>()?);
        Ok(())
    };
    handle.query_raw(sql, values, &mut read).await?;
    Ok(records.into_iter().map(Json::Object).collect())
}

/// `query`, and `parameters` as a list or as JSON text of one.
fn statement(given: &Object) -> Result<(&str, Vec<Value>), Error> {
    let sql = given.get("query").and_then(Json::as_str).ok_or_else(|| missing("`query` is missing"))?;
    let parsed;
    let parameters = match given.get("parameters") {
        None | Some(Json::Null) => &[][..],
        Some(Json::Array(list)) => list,
        Some(Json::String(text)) => {
            parsed = serde_json::from_str::<Vec<Json>>(text)
                .map_err(|_| invalid("the parameters are no JSON list"))
                .within("parameters")?;
            &parsed
        }
        Some(_) => return Err(invalid("a list is wanted")).within("parameters"),
    };
    Ok((sql, parameters.iter().map(parameter).collect::<Result<_, _>>().within("parameters")?))
}
