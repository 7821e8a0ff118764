//! One request, one response.

use std::sync::Arc;

use prisma_schema::ModelWalker;
use serde_json::{Map, Value as Json, json};

use super::aggregate::{computed, response};
use super::arguments::{arguments, name};
use super::filter::filter;
use super::group::Group;
use super::input::{Object, Within, count, invalid, missing, object, only, part};
use super::raw;
use super::selection::selection;
use super::sink::JsonSink;
use super::unique::unique;
use super::write::{change, create, create_many};
use crate::driver::{IsolationLevel, Row};
use crate::engine::Handle;
use crate::tree::{
    AggregateQuery, Arguments, Delete, DeleteMany, Load, ReadOptions, ReadQuery, Selection, Update, UpdateMany, Upsert,
    WriteQuery,
};
use crate::{Error, ErrorKind};

/// Answers a request of the JSON protocol. It never fails: errors are part of the response.
pub async fn answer(handle: &Handle, request: &Json) -> Json {
    if let Some(requests) = request.get("batch").and_then(Json::as_array) {
        return batch(handle, requests, request.get("transaction")).await;
    }
    match single(handle, request).await {
        Ok((name, data)) => json!({"data": {name: data}}),
        Err(error) => json!({"errors": [error_response(&error)]}),
    }
}

/// Answers a request of the JSON protocol by what it asks for alone: the `result` of `{"data": {"findManyUser": result}}`.
///
/// # Errors
/// Those of [`answer`], as errors. Batches are for [`answer`]: P2019.
pub async fn run(handle: &Handle, request: &Json) -> Result<Json, Error> {
    single(handle, request).await.map(|(_, data)| data)
}

async fn batch(handle: &Handle, requests: &[Json], transaction: Option<&Json>) -> Json {
    let mut results = Vec::with_capacity(requests.len());
    let Some(options) = transaction.filter(|t| !t.is_null()) else {
        for request in requests {
            results.push(Box::pin(answer(handle, request)).await);
        }
        return json!({"batchResult": results});
    };
    let run = async {
        let transaction = handle.begin(isolation(options)?).await?;
        for (i, request) in requests.iter().enumerate() {
            match single(&transaction, request).await {
                Ok((name, data)) => results.push(json!({"data": {name: data}})),
                Err(error) => {
                    // The request's error is the one to tell; what cannot be rolled back is thrown away by the pool.
                    let _ = transaction.rollback().await;
                    return Err((i, error));
                }
            }
        }
        transaction.commit().await.map_err(|e| (0, e))
    };
    match run.await {
        Ok(()) => json!({"batchResult": results}),
        Err((i, error)) => {
            let mut response = error_response(&error);
            response["user_facing_error"]["batch_request_idx"] = json!(i);
            json!({"errors": [response]})
        }
    }
}

impl From<Error> for (usize, Error) {
    fn from(error: Error) -> Self {
        (0, error)
    }
}

fn isolation(options: &Json) -> Result<Option<IsolationLevel>, Error> {
    let Some(level) = options.get("isolationLevel").and_then(Json::as_str) else { return Ok(None) };
    Ok(Some(match level {
        "ReadUncommitted" => IsolationLevel::ReadUncommitted,
        "ReadCommitted" => IsolationLevel::ReadCommitted,
        "RepeatableRead" => IsolationLevel::RepeatableRead,
        "Snapshot" => IsolationLevel::Snapshot,
        "Serializable" => IsolationLevel::Serializable,
        other => {
            let message = format!("there is no isolation level `{other}`");
            return Err(ErrorKind::InvalidQuery { code: "P2023", path: Vec::new(), message }.into());
        }
    }))
}

/// A request that is no batch: the name of the answer, and the answer.
async fn single(handle: &Handle, request: &Json) -> Result<(String, Json), Error> {
    let request = object(request)?;
    let action = request.get("action").and_then(Json::as_str).ok_or_else(|| missing("`action` is missing"))?;
    let query = part(request, "query")?;
    let nothing = Object::new();
    let given = query.get("arguments").map_or(Ok(&nothing), object).within("arguments")?;
    let select = query.get("selection").map_or(Ok(&nothing), object).within("selection")?;
    match action {
        "executeRaw" => return Ok((action.to_owned(), raw::execute(handle, given).await.within(action)?)),
        "queryRaw" => return Ok((action.to_owned(), raw::query(handle, given).await.within(action)?)),
        _ => {}
    }
    let schema = handle.engine().schema();
    let name = request.get("modelName").and_then(Json::as_str).ok_or_else(|| missing("`modelName` is missing"))?;
    let model = schema
        .find_model(name)
        .filter(|m| !m.data().is_ignored)
        .ok_or_else(|| invalid(format!("the schema has no model `{name}`")))?;
    let call = Call { handle, model, given, select };
    Ok((format!("{action}{name}"), call.run(action).await.within(action)?))
}

/// A request, read so far.
struct Call<'a> {
    handle: &'a Handle,
    model: ModelWalker<'a>,
    given: &'a Object,
    select: &'a Object,
}

impl Call<'_> {
    async fn run(&self, action: &str) -> Result<Json, Error> {
        let model = self.model;
        if let Some(known) = arguments_of(action) {
            only(self.given, known)?;
        }
        match action {
            "findUnique" | "findUniqueOrThrow" => {
                let unique = unique(model, part(self.given, "where")?).within("where")?;
                let arguments = Arguments { filter: Some(unique.into_filter()), ..Arguments::default() };
                one(self.read(arguments).await?, action, model)
            }
            "findFirst" | "findFirstOrThrow" => {
                let mut arguments = arguments(model, self.given, &[])?;
                arguments.take = Some(if arguments.take.is_some_and(|t| t < 0) { -1 } else { 1 });
                one(self.read(arguments).await?, action, model)
            }
            "findMany" => {
                let arguments = arguments(model, self.given, &[])?;
                Ok(self.read(arguments).await?.into_iter().map(Json::Object).collect())
            }
            "aggregate" => self.aggregate().await,
            "groupBy" => self.group().await,
            "createOne" => {
                let create = create(model, self.optional("data")?, None).within("data")?;
                self.write_one(|selection| WriteQuery::Create(model.id(), create, selection)).await
            }
            "updateOne" => {
                let unique = unique(model, part(self.given, "where")?).within("where")?;
                let write = change(model, part(self.given, "data")?).within("data")?;
                let update = Update { unique, write };
                self.write_one(|selection| WriteQuery::Update(model.id(), update, selection)).await
            }
            "upsertOne" => {
                let upsert = Box::new(Upsert {
                    unique: unique(model, part(self.given, "where")?).within("where")?,
                    create: create(model, part(self.given, "create")?, None).within("create")?,
                    update: change(model, part(self.given, "update")?).within("update")?,
                });
                self.write_one(|selection| WriteQuery::Upsert(model.id(), upsert, selection)).await
            }
            "deleteOne" => {
                let delete = Delete { unique: unique(model, part(self.given, "where")?).within("where")? };
                self.write_one(|selection| WriteQuery::Delete(model.id(), delete, selection)).await
            }
            "createMany" => {
                let many = create_many(model, self.given, None)?;
                self.write_many(WriteQuery::CreateMany(model.id(), many)).await
            }
            "createManyAndReturn" => {
                let many = create_many(model, self.given, None)?;
                self.write_all(|selection| WriteQuery::CreateManyAndReturn(model.id(), many, selection)).await
            }
            "updateMany" => {
                let update = self.update_many()?;
                self.write_many(WriteQuery::UpdateMany(model.id(), update)).await
            }
            "updateManyAndReturn" => {
                let update = self.update_many()?;
                self.write_all(|selection| WriteQuery::UpdateManyAndReturn(model.id(), update, selection)).await
            }
            "deleteMany" => {
                let delete = DeleteMany { filter: self.filter()?, limit: self.limit()? };
                self.write_many(WriteQuery::DeleteMany(model.id(), delete)).await
            }
            other => Err(invalid(format!("there is no action `{other}`"))),
        }
    }

    /// An argument that is an object; one that is not given is empty.
    fn optional(&self, name: &str) -> Result<&Object, Error> {
        static EMPTY: std::sync::LazyLock<Object> = std::sync::LazyLock::new(Map::new);
        self.given.get(name).map_or(Ok(&*EMPTY), object).within(name)
    }

    fn filter(&self) -> Result<Option<crate::tree::Filter>, Error> {
        let given = self.given.get("where").filter(|w| !w.is_null());
        given.map(|w| filter(self.model, object(w)?)).transpose().within("where")
    }

    fn limit(&self) -> Result<Option<u64>, Error> {
        self.given.get("limit").filter(|l| !l.is_null()).map(count).transpose().within("limit")
    }

    fn update_many(&self) -> Result<UpdateMany, Error> {
        let write = change(self.model, part(self.given, "data")?).within("data")?;
        if !write.relations.is_empty() {
            return Err(invalid("updateMany takes columns alone")).within("data");
        }
        Ok(UpdateMany { filter: self.filter()?, scalars: write.scalars, limit: self.limit()? })
    }

    fn sink(&self) -> Result<(Selection, JsonSink), Error> {
        let (selection, plan) = selection(self.model, self.select).within("selection")?;
        Ok((selection, JsonSink::new(Arc::clone(self.handle.engine()), Arc::new(plan))))
    }

    /// `relationLoadStrategy`
    fn options(&self) -> Result<ReadOptions, Error> {
        let by = |load| Ok(ReadOptions { load, ..ReadOptions::default() });
        let Some(given) = self.given.get("relationLoadStrategy").filter(|l| !l.is_null()) else { return by(None) };
        match name(given).within("relationLoadStrategy")? {
            "join" => by(Some(Load::Join)),
            "query" => by(Some(Load::Query)),
            other => Err(invalid(format!("relations are loaded by `join` or by `query`, and not by `{other}`")))
                .within("relationLoadStrategy"),
        }
    }

    async fn read(&self, arguments: Arguments) -> Result<Vec<Object>, Error> {
        let (selection, mut sink) = self.sink()?;
        let mut query = ReadQuery { model: self.model.id(), arguments, selection, options: self.options()? };
        self.handle.read(&mut query, &mut sink).await?;
        Ok(sink.records)
    }

    async fn write_all(&self, query: impl FnOnce(Selection) -> WriteQuery) -> Result<Json, Error> {
        let (selection, mut sink) = self.sink()?;
        self.options()?;
        self.handle.write(query(selection), Some(&mut sink)).await?;
        Ok(sink.records.into_iter().map(Json::Object).collect())
    }

    async fn write_one(&self, query: impl FnOnce(Selection) -> WriteQuery) -> Result<Json, Error> {
        match self.write_all(query).await? {
            Json::Array(records) => Ok(records.into_iter().next().unwrap_or(Json::Null)),
            other => Ok(other),
        }
    }

    async fn write_many(&self, query: WriteQuery) -> Result<Json, Error> {
        let count = self.handle.write(query, None).await?;
        Ok(json!({"count": count}))
    }

    async fn aggregate(&self) -> Result<Json, Error> {
        let arguments = arguments(self.model, self.given, &[])?;
        let computed = computed(self.model, self.select).within("selection")?;
        if computed.is_empty() {
            return Err(invalid("nothing to compute is selected")).within("selection");
        }
        let aggregates = computed.iter().map(|c| c.aggregate).collect();
        let query = AggregateQuery { model: self.model.id(), arguments, aggregates };
        let mut answer = Json::Null;
        let mut read = |row: &dyn Row| {
            answer = Json::Object(response(self.model, &computed, row, 0)?);
            Ok(())
        };
        self.handle.aggregate(query, &mut read).await?;
        Ok(answer)
    }

    async fn group(&self) -> Result<Json, Error> {
        let group = Group::new(self.model, self.given, self.select)?;
        let mut answer = Vec::new();
        let mut read = |row: &dyn Row| {
            answer.push(group.response(row)?);
            Ok(())
        };
        self.handle.group(group.query.clone(), &mut read).await?;
        if group.query.take.is_some_and(|n| n < 0) {
            answer.reverse();
        }
        Ok(Json::Array(answer))
    }
}

/// The arguments of an action, but for those that have more to look at.
fn arguments_of(action: &str) -> Option<&'static [&'static str]> {
    Some(match action {
        "findUnique" | "findUniqueOrThrow" | "deleteOne" => &["where", "relationLoadStrategy"],
        "createOne" => &["data", "relationLoadStrategy"],
        "updateOne" => &["where", "data", "relationLoadStrategy"],
        "upsertOne" => &["where", "create", "update", "relationLoadStrategy"],
        "updateMany" | "updateManyAndReturn" => &["where", "data", "limit"],
        "deleteMany" => &["where", "limit"],
        _ => return None,
    })
}

/// The record found, null, or P2025 for the `…OrThrow` actions.
fn one(records: Vec<Object>, action: &str, model: ModelWalker<'_>) -> Result<Json, Error> {
    match records.into_iter().next() {
        Some(record) => Ok(Json::Object(record)),
        None if action.ends_with("OrThrow") => {
            Err(ErrorKind::RecordNotFound { model: model.name().to_owned(), cause: format!("{action} found none") }
                .into())
        }
        None => Ok(Json::Null),
    }
}

/// An error as the response spells it.
fn error_response(error: &Error) -> Json {
    let meta = match error.kind() {
        ErrorKind::UniqueConstraint { model, fields } => json!({"modelName": model, "target": fields}),
        ErrorKind::ForeignKey { model, constraint } => json!({"modelName": model, "constraint": constraint}),
        ErrorKind::NullConstraint { model, fields } => json!({"modelName": model, "constraint": fields}),
        ErrorKind::RecordNotFound { model, cause } => json!({"modelName": model, "cause": cause}),
        ErrorKind::ConnectedRecordsNotFound { details } => json!({"details": details}),
        ErrorKind::RequiredRelation { relation, model_a, model_b } => {
            json!({"relation_name": relation, "model_a_name": model_a, "model_b_name": model_b})
        }
        ErrorKind::NotConnected { relation, parent, child } => {
            json!({"relation_name": relation, "parent_name": parent, "child_name": child})
        }
        ErrorKind::TableNotFound { table, .. } => json!({"table": table}),
        ErrorKind::ColumnNotFound { column } => json!({"column": column}),
        ErrorKind::InconsistentColumn { message, .. } => json!({"message": message}),
        ErrorKind::InvalidQuery { path, message, .. } => json!({"path": path, "details": message}),
        _ => json!({}),
    };
    let message = error.to_string();
    let mut response = json!({"error": message});
    if let Some(code) = error.code() {
        let bare = message.strip_prefix(&format!("{code}: ")).unwrap_or(&message);
        response["user_facing_error"] = json!({"is_panic": false, "error_code": code, "message": bare, "meta": meta});
    }
    response
}
