use prisma_core::Value;
use prisma_migrate::PushOptions;
use prisma_schema::Provider;

use crate::bed::{Bed, LOSE};

on_each_server!(values_come_and_go);

fn models(field: &str, values: &str) -> String {
    format!("model A {{\n id Int @id\n {field}\n}}\nenum Role {{\n {}\n}}", values.replace(' ', "\n "))
}

async fn values_come_and_go(provider: Provider) {
    let bed = Bed::new(provider).await;
    let variants = [
        models("role Role @default(USER)", "USER ADMIN"),
        // A new value, and one that is the default at once.
        models("role Role @default(USER)", "USER ADMIN GUEST"),
        models("role Role @default(ROOT)", "USER ADMIN ROOT"),
        models("role Role?", "USER"),
        models("role Role @default(dbgenerated(\"'ADMIN'\"))", "ADMIN USER"),
        models("role String @default(\"x\")", "OTHER"),
        models("role Role @default(USER)", "USER @map(\"with'quote\") ADMIN").replace("USER\n @map", "USER @map"),
    ];
    for from in &variants {
        for to in &variants {
            bed.start(from, "").await;
            bed.pushed(to, LOSE).await;
        }
    }
    bed.start(&variants[1], "INSERT INTO \"A\" (id, role) VALUES (1, 'USER'), (2, 'ADMIN')").await;
    bed.pushed(&variants[2], PushOptions::default()).await;
    let roles = bed.rows("SELECT role FROM \"A\" ORDER BY id").await;
    assert!(roles.iter().flatten().all(|r| matches!(r, Value::String(_) | Value::Enum(_))), "{roles:?}");
    assert_eq!(roles.len(), 2);
}
