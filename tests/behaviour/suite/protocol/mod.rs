//! The JSON protocol: the same queries, as Prisma's clients send them to their engine.

use prisma_client::__private::json;
use prisma_client::__private::typed::ClientSchema as _;
use serde_json::{Value, json};

use super::*;

mod mistakes;
mod reads;
mod writes;

fn request(action: &str, model: &str, arguments: Value, selection: Value) -> Value {
    json!({"modelName": model, "action": action, "query": {"arguments": arguments, "selection": selection}})
}

/// The response to a request.
async fn answer(db: &PrismaClient, action: &str, model: &str, arguments: Value, selection: Value) -> Value {
    json::answer(db.handle(), &request(action, model, arguments, selection)).await
}

/// What a request answers that must not fail.
async fn ask(db: &PrismaClient, action: &str, model: &str, arguments: Value, selection: Value) -> Value {
    let answer = answer(db, action, model, arguments.clone(), selection).await;
    let found = answer["data"].get(format!("{action}{model}"));
    found.unwrap_or_else(|| panic!("{action} {model} {arguments}: {answer}")).clone()
}

/// The code of the error of a request that must fail, and the place in it.
async fn refused(db: &PrismaClient, action: &str, model: &str, arguments: Value, selection: Value) -> (String, String) {
    let answer = answer(db, action, model, arguments.clone(), selection).await;
    let error = &answer["errors"][0]["user_facing_error"];
    let code = error["error_code"].as_str().unwrap_or_else(|| panic!("{action} {model} {arguments}: {answer}"));
    let path = error["meta"]["path"].as_array().map(Vec::as_slice).unwrap_or_default();
    let path: Vec<_> = path.iter().filter_map(Value::as_str).collect();
    (code.to_owned(), path.join("."))
}
