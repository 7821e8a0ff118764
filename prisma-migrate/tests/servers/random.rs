//! From any schema to any other.

use prisma_migrate::{Check, PushError, PushOptions};
use prisma_schema::Provider;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use crate::bed::{Bed, LOSE, server};
use crate::plan::{Plan, plans};
use crate::pull::{pulled, stays};

#[test]
fn any_schema_is_pushed_on_postgresql() {
    run(Provider::Postgresql);
}

#[test]
fn any_schema_is_pushed_on_mysql() {
    run(Provider::Mysql);
}

#[test]
fn any_schema_is_pushed_on_sqlite() {
    run(Provider::Sqlite);
}

/// How many pairs of schemas, if `PROPTEST_CASES` does not say.
const CASES: u32 = 16;

fn run(provider: Provider) {
    if let Some(server) = server(provider) {
        test_servers::needs!(server);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bed = runtime.block_on(Bed::new(provider));
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|c| c.parse().ok()).unwrap_or(CASES);
    let mut runner =
        TestRunner::new(Config { cases, max_shrink_iters: 60, failure_persistence: None, ..Config::default() });
    let result = runner.run(&(plans(), plans()), |(one, two)| {
        let case = std::panic::AssertUnwindSafe(|| runtime.block_on(pair(&bed, &one, &two)));
        std::panic::catch_unwind(case).map_err(|_| TestCaseError::fail("see above"))
    });
    if let Err(TestError::Fail(reason, (one, two))) = result {
        panic!("{reason}\nfrom\n{}\nto\n{}", one.schema(provider), two.schema(provider));
    }
}

async fn pair(bed: &Bed, one: &Plan, two: &Plan) {
    let (a, b) = (one.schema(bed.provider), two.schema(bed.provider));
    // Without rows nothing stands in the way.
    bed.start(&a, "").await;
    bed.pushed(&b, PushOptions::default()).await;
    if !bed.describe(&[]).await.tables.is_empty() {
        pulled(bed, &b).await;
        stays(bed, &b).await;
    }
    bed.pushed(&a, PushOptions::default()).await;

    bed.script(&one.rows(bed.provider)).await;
    let survivors = |names: &Plan| one.survivors(two, names, bed.provider);
    let before = held(bed, &survivors(one)).await;
    let described = bed.describe(&[]).await;
    let casts = bed.difference(&b).await.checks.iter().any(|c| matches!(c, Check::Cast { .. }));
    match bed.push(&b, LOSE).await {
        Ok(outcome) => {
            let left = bed.difference(&b).await;
            assert!(left.is_empty(), "{a}\n-> {b}\n{}\nleft: {:#?}", outcome.script, left.steps);
            assert_eq!(held(bed, &survivors(two)).await, before, "{a}\n-> {b}\n{}", outcome.script);
        }
        Err(PushError::Refused { unexecutable, .. }) => {
            assert!(!unexecutable.is_empty());
            assert_eq!(bed.describe(&[]).await, described, "something was changed nevertheless");
        }
        // A value that is none of the new type.
        Err(PushError::Failed(_)) if casts => assert_eq!(bed.describe(&[]).await, described),
        Err(PushError::Halfway { .. }) if casts => {}
        Err(error) => panic!("{a}\n-> {b}\n{error}"),
    }
}

/// What the columns hold.
async fn held(bed: &Bed, columns: &[(String, String)]) -> Vec<Vec<Option<String>>> {
    let mut found = Vec::new();
    for (table, column) in columns {
        let text = match bed.provider {
            Provider::Mysql => format!("CAST(\"{column}\" AS CHAR)"),
            Provider::Sqlite => format!("CAST(\"{column}\" AS TEXT)"),
            _ => format!("\"{column}\"::text"),
        };
        let texts = bed.texts(&format!("SELECT {text} FROM \"{table}\" ORDER BY 1")).await;
        // Values of enums by their first names.
        found.push(texts.into_iter().map(|t| t.map(|t| t.replace('W', "V"))).collect());
    }
    found
}
