use prisma_core::Value;
use prisma_migrate::{PushOptions, Step};
use prisma_schema::Provider;

use crate::bed::{Bed, LOSE, RESET};

on_each_server!(
    from_every_schema_to_every_other_with_the_rows_kept,
    only_the_name_differs,
    a_column_begins_and_ends_to_count,
    what_a_schema_cannot_say_stays,
    two_at_once_leave_one_schema,
    a_reset_begins_with_nothing,
    nulls_get_the_default_of_a_field_that_becomes_required,
    tables_that_point_to_each_other_come_and_go,
);

/// Variants of one schema: every kind of change is a way from one to another.
const VARIANTS: [&str; 16] = [
    "model A {\n id Int @id\n keep String\n}",
    "model A {\n id Int @id @default(autoincrement())\n keep String\n}",
    "model A {\n id Int @id\n keep String\n more String?\n other Int @default(7)\n}",
    "model A {\n id Int @id\n keep String @unique\n}",
    "model A {\n id Int @id\n keep String?\n at DateTime @default(now())\n}",
    "model A {\n id Int @id\n keep String @default(\"x\")\n\n @@index([keep(sort: Desc)])\n}",
    "model A {\n id BigInt @id @default(autoincrement())\n keep String\n b B?\n}\nmodel B {\n id Int @id\n a A @relation(fields: [aId], references: [id])\n aId BigInt @unique\n}",
    "model A {\n id Int @id\n keep String\n bs B[]\n}\nmodel B {\n id Int @id\n as A[]\n}",
    "model A {\n id Int @id\n keep String\n parent Int?\n up A? @relation(\"t\", fields: [parent], references: [id], onDelete: Cascade, onUpdate: Cascade)\n down A[] @relation(\"t\")\n}",
    "model A {\n id Int\n keep String\n @@id([id, keep])\n}",
    "model A {\n id Int @unique\n keep String\n flag Boolean @default(false)\n @@unique([keep, id], map: \"other_name\")\n}",
    "model Z {\n id String @id\n}\nmodel A {\n id Int @id\n keep String\n @@index([id, keep])\n @@index([keep], map: \"A_keep_key\")\n}",
    "model A {\n id Int @id\n keep String @db.VarChar(40)\n role Role @default(USER)\n}\nenum Role {\n USER\n ADMIN\n}",
    "model A {\n id Int @id\n keep String @db.Text\n role Role? @default(USER)\n}\nenum Role {\n GUEST\n USER\n}",
    "model A {\n id Int @id\n keep String\n role String @default(\"USER\")\n bs B[]\n}\nmodel B {\n a A? @relation(fields: [aId], references: [id])\n aId Int?\n role Int @id @default(autoincrement())\n}",
    "model A {\n id Int @unique\n keep String\n n Int @id @default(autoincrement())\n bs B[]\n}\nmodel B {\n id Int @id\n a A @relation(fields: [aId], references: [id], onUpdate: NoAction)\n aId Int\n}",
];

async fn from_every_schema_to_every_other_with_the_rows_kept(provider: Provider) {
    let bed = Bed::new(provider).await;
    bed.start(VARIANTS[0], "INSERT INTO \"A\" (id, keep) VALUES (1, 'one'), (2, 'two')").await;
    // From the first to every other and back, then on to the second …
    for (i, one) in VARIANTS.iter().enumerate() {
        let there_and_back = VARIANTS[i + 1..].iter().flat_map(|other| [other, one]);
        for models in [one].into_iter().chain(there_and_back) {
            bed.pushed(models, LOSE).await;
            let kept = bed.rows("SELECT keep FROM \"A\" ORDER BY id").await;
            assert_eq!(kept, [[Value::String("one".into())], [Value::String("two".into())]], "{one}\n-> {models}");
        }
    }
}

async fn only_the_name_differs(provider: Provider) {
    let bed = Bed::new(provider).await;
    let models = |id: &str, unique: &str, index: &str, key: &str| {
        format!(
            "model A {{\n id Int @id{id}\n u Int @unique{unique}\n b B? @relation(fields: [bId], references: [id]{key})\n bId Int?\n \
             @@index([bId]{index})\n}}\nmodel B {{\n id Int @id\n as A[]\n}}"
        )
    };
    let id = if provider == Provider::Postgresql { "(map: \"pk\")" } else { "" };
    let (from, to) = (models("", "", "", ""), models(id, "(map: \"uq\")", ", map: \"ix\"", ", map: \"fk\""));
    bed.start(&from, "INSERT INTO \"A\" (id, u) VALUES (1, 1)").await;
    let steps = bed.pushed(&to, PushOptions::default()).await.steps;
    let renames =
        steps.iter().filter(|s| matches!(s, Step::RenameIndex { .. } | Step::RenameForeignKey { .. })).count();
    assert_eq!(renames, if provider == Provider::Postgresql { 3 } else { 2 }, "{steps:#?}");
    assert!(!steps.iter().any(|s| matches!(s, Step::DropIndex { .. } | Step::CreateIndex { .. })), "{steps:#?}");
    bed.pushed(&from, PushOptions::default()).await;
}

async fn a_column_begins_and_ends_to_count(provider: Provider) {
    let bed = Bed::new(provider).await;
    let plain = "model A {\n id Int @id\n x Int?\n}";
    for counting in [
        "model A {\n id Int @id @default(autoincrement())\n x Int?\n}",
        "model A {\n id BigInt @id @default(autoincrement())\n x Int?\n}",
        "model A {\n id Int @id\n x Int?\n n Int @unique @default(autoincrement())\n}",
    ] {
        bed.start(plain, "INSERT INTO \"A\" (id) VALUES (7), (9)").await;
        bed.pushed(counting, LOSE).await;
        let (column, next) = if counting.contains(" n Int") { ("n", 3) } else { ("id", 10) };
        let insert =
            if column == "n" { "INSERT INTO \"A\" (id) VALUES (11)" } else { "INSERT INTO \"A\" (x) VALUES (1)" };
        bed.script(insert).await;
        let largest = bed.rows(&format!("SELECT {column} FROM \"A\" ORDER BY 1 DESC LIMIT 1")).await;
        assert!(largest == [[Value::Int(next)]] || largest == [[Value::BigInt(next.into())]], "{largest:?}");
        bed.pushed(plain, LOSE).await;
        assert_eq!(bed.rows("SELECT id FROM \"A\"").await.len(), 3);
    }
}

async fn what_a_schema_cannot_say_stays(provider: Provider) {
    let bed = Bed::new(provider).await;
    let before = "model A {\n id Int @id\n keep String?\n n Int\n}";
    let after = "model A {\n id Int @id\n keep String @default(\"x\")\n n BigInt\n}";
    bed.start(
        before,
        "ALTER TABLE \"A\" ADD CONSTRAINT positive CHECK (id > 0); CREATE VIEW \"V\" AS SELECT id FROM \"A\"; \
         CREATE TABLE _prisma_migrations (id INT)",
    )
    .await;
    match provider {
        Provider::Mysql => {
            bed.script("ALTER TABLE A MODIFY keep VARCHAR(191) COLLATE utf8mb4_bin NULL COMMENT 'it''s kept'").await;
        }
        _ => bed.script("CREATE INDEX over ON \"A\" (lower(keep)); CREATE INDEX part ON \"A\" (n) WHERE n > 3; COMMENT ON COLUMN \"A\".keep IS 'it''s kept'").await,
    }
    assert!(bed.difference(before).await.is_empty());
    bed.pushed(after, LOSE).await;
    let everything = bed.describe(&[]).await;
    assert_eq!(everything.views.len(), 1);
    assert_eq!(bed.rows("SELECT * FROM _prisma_migrations").await.len(), 0);
    match provider {
        Provider::Mysql => {
            let kept = bed.rows("SELECT collation_name, column_comment FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name = 'keep'").await;
            assert_eq!(kept, [["utf8mb4_bin", "it's kept"].map(|t| Value::String(t.into()))]);
        }
        _ => {
            let left = bed.texts("SELECT indexname::text FROM pg_indexes WHERE tablename = 'A' ORDER BY 1").await;
            assert_eq!(left, ["A_pkey", "over", "part"].map(|t| Some(t.to_owned())));
        }
    }
}

async fn two_at_once_leave_one_schema(provider: Provider) {
    let bed = Bed::new(provider).await;
    let push = || bed.push(VARIANTS[14], PushOptions::default());
    let (one, two) = tokio::join!(push(), push());
    let steps = [one.unwrap().steps.len(), two.unwrap().steps.len()];
    assert!(steps.contains(&0) && steps[0] != steps[1], "{steps:?}");
}

async fn a_reset_begins_with_nothing(provider: Provider) {
    let bed = Bed::new(provider).await;
    let script = "CREATE TABLE _prisma_migrations (id INT); CREATE VIEW \"V\" AS SELECT id FROM \"A\"; \
                  INSERT INTO \"A\" (id, keep) VALUES (1, 'one'); CREATE TABLE other (id INT)";
    bed.start(VARIANTS[12], script).await;
    let outcome = bed.pushed(VARIANTS[12], RESET).await;
    assert!(!outcome.steps.is_empty() && outcome.warnings.is_empty());
    assert_eq!(bed.rows("SELECT * FROM \"A\"").await.len(), 0);
    let everything = bed.describe(&[]).await;
    assert_eq!((everything.tables.len(), everything.views.len()), (1, 0));
}

async fn nulls_get_the_default_of_a_field_that_becomes_required(provider: Provider) {
    let bed = Bed::new(provider).await;
    bed.start("model A {\n id Int @id\n s String?\n}", "INSERT INTO \"A\" VALUES (1, NULL), (2, 'b')").await;
    bed.pushed("model A {\n id Int @id\n s String @default(\"it's\")\n}", PushOptions::default()).await;
    let texts = bed.texts("SELECT s FROM \"A\" ORDER BY id").await;
    assert_eq!(texts, ["it's", "b"].map(|t| Some(t.to_owned())));
}

async fn tables_that_point_to_each_other_come_and_go(provider: Provider) {
    let bed = Bed::new(provider).await;
    let models = "model A {\n id Int @id\n b B @relation(\"x\", fields: [bId], references: [id])\n bId Int @unique\n other B? @relation(\"y\")\n}\n\
                  model B {\n id Int @id\n a A @relation(\"y\", fields: [aId], references: [id])\n aId Int @unique\n other A? @relation(\"x\")\n}";
    bed.pushed(models, PushOptions::default()).await;
    bed.pushed("model C {\n id Int @id\n}", PushOptions::default()).await;
    assert_eq!(bed.describe(&[]).await.tables.len(), 1);
}
