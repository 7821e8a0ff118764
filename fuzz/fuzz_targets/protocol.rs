//! No request of the JSON protocol makes the engine panic, or makes SQL of it that SQLite does not understand.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::{Corpus, fuzz_target};
use prisma_core::engine::{Engine, Handle};
use prisma_core::json;
use prisma_drivers::ConnectOptions;
use prisma_drivers::sqlite::SqliteDriver;
use prisma_schema::SourceFile;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

const SCHEMA: &str = include_str!("../../docs/guide/blog.prisma");
/// What SQLite says of SQL that should not have been made.
const NONSENSE: [&str; 5] = ["syntax error", "no such ", "ambiguous", "misuse", "wrong number of arguments"];

static DATABASE: LazyLock<(Runtime, Handle)> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let handle = runtime.block_on(async {
        let schema = prisma_schema::parse(vec![SourceFile::new("blog.prisma", SCHEMA)]).expect("a valid schema").schema;
        let driver = SqliteDriver::connect(":memory:", &ConnectOptions::default()).await.expect("a database");
        prisma_migrate::push(&schema, &driver, Default::default()).await.expect("tables");
        Handle::new(Arc::new(Engine::new(Arc::new(schema), Arc::new(driver)).expect("an engine")))
    });
    for data in [
        r#"{"email": "a", "posts": {"create": {"title": "one", "tags": {"create": {"name": "x"}}}}}"#,
        r#"{"email": "b"}"#,
    ] {
        let data: Value = serde_json::from_str(data).expect("JSON");
        let arguments = serde_json::json!({"arguments": {"data": data}, "selection": {"id": true}});
        let create = serde_json::json!({"modelName": "User", "action": "createOne", "query": arguments});
        runtime.block_on(json::run(&handle, &create)).expect("a record");
    }
    (runtime, handle)
});

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(request) = serde_json::from_slice::<Value>(bytes) else { return Corpus::Reject };
    // SQL of the request's own may do anything, and for ever.
    if request.to_string().contains("Raw\"") {
        return Corpus::Reject;
    }
    let (runtime, handle) = &*DATABASE;
    let answer = runtime.block_on(async {
        let transaction = handle.begin(None).await.expect("a transaction");
        let answer = json::answer(&transaction, &request).await;
        transaction.rollback().await.expect("as it was");
        answer
    });
    for response in answer["batchResult"].as_array().unwrap_or(&vec![answer.clone()]) {
        let error = &response["errors"][0];
        let (code, text) = (&error["user_facing_error"]["error_code"], error["error"].as_str().unwrap_or_default());
        let is_nonsense = code.is_null() && NONSENSE.iter().any(|part| text.contains(part));
        assert!(!is_nonsense && code != "P2021" && code != "P2022", "{text}");
    }
    Corpus::Keep
});
