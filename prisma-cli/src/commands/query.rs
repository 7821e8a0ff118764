//! `prisma query`: requests of the JSON protocol, line by line.

use std::error::Error;
use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use prisma_core::engine::{Engine, Handle};
use prisma_core::json;
use serde_json::{Value, json};

use super::{Outcome, block_on};
use crate::database::DatabaseArgument;

/// Answer queries in JSON, one request and one response a line.
///
/// Requests are those that Prisma's clients send to their engine:
/// {"modelName": "User", "action": "findMany", "query": {"arguments": {…}, "selection": {…}}}
#[derive(Debug, Args)]
pub(crate) struct Query {
    #[command(flatten)]
    database: DatabaseArgument,
}

impl Query {
    pub(crate) fn run(self) -> Outcome {
        let schema = self.database.schema()?;
        let target = self.database.target(&schema)?;
        block_on(async {
            let driver = target.connect().await?;
            let handle = Handle::new(Arc::new(Engine::new(Arc::new(schema), driver)?));
            serve(&handle).await?;
            handle.engine().driver().close().await;
            Ok(ExitCode::SUCCESS)
        })?
    }
}

async fn serve(handle: &Handle) -> Result<(), Box<dyn Error>> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let response = match serde_json::from_slice::<Value>(&line) {
            Ok(request) => json::answer(handle, &request).await,
            Err(error) => json!({"errors": [{
                "error": format!("the request is no JSON: {error}"),
                "user_facing_error": {"is_panic": false, "error_code": "P2008", "message": error.to_string(), "meta": {}},
            }]}),
        };
        serde_json::to_writer(&mut output, &response)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}
