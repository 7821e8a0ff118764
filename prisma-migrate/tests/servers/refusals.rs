use prisma_migrate::{PushError, PushOptions};
use prisma_schema::Provider;

use crate::bed::{Bed, LOSE};

on_each_server!(data_that_would_be_lost_is_counted, what_the_data_forbids_is_told, a_failure_says_what_was_done);

const BASE: &str =
    "model A {\n id Int @id\n a String?\n n BigInt?\n e E?\n}\nmodel B {\n id Int @id\n}\nenum E {\n X\n Y\n}";
const ROWS: &str =
    "INSERT INTO \"A\" VALUES (1, 'x', NULL, 'X'), (2, 'x', 5, NULL), (3, NULL, 6, NULL); INSERT INTO \"B\" VALUES (1)";

/// The base, with something else in place of a piece.
fn instead(piece: &str, other: &str) -> String {
    assert!(BASE.contains(piece));
    BASE.replace(piece, other)
}

/// The warnings and what is unexecutable when a schema is pushed to a database with rows, which stays as it was.
async fn refused(bed: &Bed, models: &str) -> (Vec<String>, Vec<String>) {
    bed.start(BASE, ROWS).await;
    let before = bed.describe(&[]).await;
    let result = bed.push(models, PushOptions::default()).await;
    assert_eq!(bed.describe(&[]).await, before, "something was changed nevertheless");
    match result {
        Err(PushError::Refused { warnings, unexecutable }) => (warnings, unexecutable),
        other => panic!("{models}\n{other:?}"),
    }
}

async fn data_that_would_be_lost_is_counted(provider: Provider) {
    let bed = Bed::new(provider).await;
    for (models, warning) in [
        (instead("model B {\n id Int @id\n}\n", ""), "the table `B` is to be dropped, with 1 row in it"),
        (instead(" a String?\n", ""), "the column `a` of `A` is to be dropped, with 2 values in it"),
        (instead("n BigInt?", "n Int?"), "the column `n` of `A` changes from BIGINT to INTEGER: its 2 values"),
        (instead("n BigInt?", "n DateTime?"), "the column `n` of `A` is to be dropped, with 2 values in it"),
        (
            instead("id Int @id\n a", "id Int\n k Int @id @default(autoincrement())\n a"),
            "the primary key of `A`, which has 3 rows, changes",
        ),
    ] {
        let (warnings, unexecutable) = refused(&bed, &models).await;
        assert!(warnings.len() == 1 && warnings[0].starts_with(warning), "{warnings:?}");
        assert_eq!(unexecutable, [""; 0]);
        bed.pushed(&models, LOSE).await;
    }
}

async fn what_the_data_forbids_is_told(provider: Provider) {
    let bed = Bed::new(provider).await;
    for (models, text) in [
        (
            instead(" a String?", " a String"),
            "the column `a` of `A` cannot become required, since 1 row of it hold NULL",
        ),
        (
            instead(" a String?", " a String? @unique"),
            "`a` of `A` cannot become unique, since 1 value stands there more than once",
        ),
        (
            instead(" a String?", " a String?\n k Int"),
            "the required column `k` cannot be added to `A`, which has 3 rows",
        ),
        (instead(" X\n", ""), "the enum of `e` of `A` cannot lose `X`, since 1 row of it hold that"),
    ] {
        let (_, unexecutable) = refused(&bed, &models).await;
        assert!(unexecutable.len() == 1 && unexecutable[0].starts_with(text), "{unexecutable:?}");
    }
}

async fn a_failure_says_what_was_done(provider: Provider) {
    let bed = Bed::new(provider).await;
    bed.start(BASE, "INSERT INTO \"A\" (id, a) VALUES (1, 'not a number')").await;
    let models = instead(" a String?", " a Int?") + "\nmodel New {\n id Int @id\n u Int @unique\n}";
    let before = bed.describe(&[]).await;
    let error = bed.push(&models, LOSE).await.unwrap_err();
    match provider {
        Provider::Mysql => {
            let PushError::Halfway { done, steps, .. } = &error else { panic!("{error:?}") };
            assert_eq!((done.len(), *steps), (0, 2));
            assert!(error.to_string().contains("0 of 2 changes were made before it"), "{error}");
        }
        _ => assert!(matches!(error, PushError::Failed(_)), "{error:?}"),
    }
    assert_eq!(bed.describe(&[]).await, before);
}
