//! All that the language can say of a database.

use prisma_migrate::PushOptions;
use prisma_schema::Provider;

use crate::bed::{Bed, LOSE};

on_each_server!(every_native_type, every_default, every_index, relation_mode_prisma);

mod everywhere {
    use super::{every_action, every_name, every_unsupported_type, names_beyond_the_limit};

    on_each_provider!(names_beyond_the_limit, every_action, every_unsupported_type, every_name);
}

/// A model with a column of every native type, required, optional and (where there are such) as a list.
pub fn native_types(provider: Provider) -> String {
    let capabilities = provider.capabilities();
    let mut fields = String::new();
    for native in capabilities.native_types {
        let arguments = match &native.arguments {
            prisma_schema::NativeArguments::None => vec![""],
            prisma_schema::NativeArguments::Length { optional: true, .. } => vec!["", "(3)"],
            prisma_schema::NativeArguments::Length { .. } => vec!["(3)"],
            prisma_schema::NativeArguments::Decimal { .. } => vec!["", "(10, 2)"],
        };
        for (i, arguments) in arguments.iter().enumerate() {
            for scalar in native.scalars {
                let arguments = if *scalar == "Boolean" && native.name == "Bit" { "(1)" } else { arguments };
                for (suffix, modifier) in [("r", ""), ("o", "?"), ("l", "[]")] {
                    if modifier != "[]" || capabilities.scalar_lists {
                        fields += &format!(
                            " {}{i}{scalar}{suffix} {scalar}{modifier} @db.{}{arguments}\n",
                            native.name, native.name
                        );
                    }
                }
            }
        }
    }
    format!("model A {{\n id Int @id\n{fields}}}")
}

async fn every_native_type(provider: Provider) {
    let bed = Bed::new(provider).await;
    if provider == Provider::Postgresql {
        bed.script("CREATE EXTENSION citext").await;
    }
    let models = native_types(provider);
    // A row of MySQL holds but so much.
    bed.pushed(&models, PushOptions::default()).await;
}

const DEFAULTS: &str = r#"
model A {
  id   Int      @id @default(autoincrement())
  s    String   @default("it's \\ a \"text\"\n")
  e    String   @default("")
  b    Boolean  @default(true)
  c    Boolean? @default(false)
  i    Int      @default(-7)
  g    BigInt   @default(9007199254740993)
  f    Float    @default(1500.5)
  d    Decimal  @default(-1.50)
  t    DateTime @default("2020-01-02T03:04:05.678Z")
  n    DateTime @default(now())
  day  DateTime @default(now()) @db.Date
  then DateTime @default("2020-01-02T00:00:00Z") @db.Date
  time DateTime @default("1970-01-01T03:04:05Z") @db.Time(3)
  at   DateTime @default(now()) @db.Time(0)
  j    Json     @default("{\"a\": [1, \"it's\"], \"0\": null}")
  y    Bytes    @default("AP8n")
  none Bytes    @default("")
  r    Role     @default(ADMIN)
  x    String   @default(uuid())
  char String   @default("ab") @db.Char(4)
  made Int      @default(dbgenerated("abs(-3)"))
  sum  Int      @default(dbgenerated("(1 + 2) * 3"))
  lit  String   @default(dbgenerated("'x'"))
  MORE
}
enum Role {
  USER
  ADMIN @map("the admin's")
}
"#;

pub fn defaults(provider: Provider) -> String {
    let more = match provider {
        Provider::Postgresql => {
            "u String @default(dbgenerated(\"gen_random_uuid()\")) @db.Uuid\n\
             id2 String @default(\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\") @db.Uuid\n\
             later DateTime @default(dbgenerated(\"now() + interval '1 day'\"))\n\
             utc DateTime @default(dbgenerated(\"(now() AT TIME ZONE 'utc')\"))\n\
             z DateTime @default(\"2020-01-02T03:04:05.678Z\") @db.Timestamptz(3)\n\
             ss String[] @default([\"a\", \"it's\", \"{,\\\"}\"])\n\
             se String[] @default([])\n\
             bs Boolean[] @default([true, false])\n\
             is Int[] @default([1, -2])\n\
             fs Float[] @default([1.5])\n\
             ds Decimal[] @default([1.50])\n\
             ts DateTime[] @default([\"2020-01-02T03:04:05Z\"])\n\
             js Json[] @default([\"{\\\"a\\\": 1}\"])\n\
             rs Role[] @default([ADMIN, USER])\n\
             ys Bytes[] @default([\"AP8n\"])\n\
             small Int @default(autoincrement()) @db.SmallInt\n\
             bit String @default(\"101\") @db.Bit(3)"
        }
        _ => {
            "u String @default(dbgenerated(\"uuid()\"))\n\
             v String @default(dbgenerated(\"(concat('a', \\\"b\\\"))\"))\n\
             bit Boolean @default(true) @db.Bit(1)\n\
             tiny Int @default(3) @db.TinyInt\n\
             un Int @default(3) @db.UnsignedInt\n\
             text String @default(\"it's\") @db.Text\n\
             bin Bytes @default(\"AP8n\") @db.VarBinary(9)\n\
             fix Bytes @default(\"AP8n\") @db.Binary(4)\n\
             stamp DateTime @default(now()) @db.Timestamp(0)\n\
             plain DateTime @default(now()) @db.DateTime\n\
             year Int @default(2024) @db.Year"
        }
    };
    DEFAULTS.replace("MORE", more)
}

async fn every_default(provider: Provider) {
    let bed = Bed::new(provider).await;
    let models = defaults(provider);
    bed.pushed(&models, PushOptions::default()).await;
    bed.script(match provider {
        Provider::Mysql => "INSERT INTO A (x) VALUES ('')",
        _ => "INSERT INTO \"A\" (x) VALUES ('')",
    })
    .await;
    let s = bed.texts("SELECT s FROM \"A\"").await;
    assert_eq!(s, [Some("it's \\ a \"text\"\n".to_owned())]);
    // None of them, and all of them again.
    let bare = regex_free_of_defaults(&models);
    bed.pushed(&bare, LOSE).await;
    bed.pushed(&models, LOSE).await;
}

/// The schema without its defaults, but that of the key.
fn regex_free_of_defaults(models: &str) -> String {
    let line = |line: &str| match line.find("@default(") {
        Some(at) if !line.contains("@id") => {
            let native = line.find("@db.").map(|at| &line[at..]).unwrap_or("");
            format!("{}{native}", &line[..at])
        }
        _ => line.to_owned(),
    };
    models.lines().map(line).collect::<Vec<_>>().join("\n")
}

pub fn indexes(provider: Provider) -> String {
    let models = match provider {
        Provider::Mysql => {
            "model A {\n a String @db.Text\n b Int\n c Bytes @db.Blob\n d String\n e String\n\n @@id([b, a(length: 20)])\n @@unique([a(length: 10), b(sort: Desc)])\n \
             @@index([c(length: 5)])\n @@index([b])\n @@fulltext([d, e])\n @@fulltext([e], map: \"words\")\n}"
        }
        _ => {
            "--\n previewFeatures = [\"partialIndexes\"]\n---\nmodel A {\n id Int @id\n s String\n t String[]\n j Json\n i String @db.Inet\n b Boolean\n d DateTime\n\n @@index([s], type: Hash)\n \
             @@index([t], type: Gin)\n @@index([t(ops: ArrayOps)], type: Gin, map: \"same\")\n @@index([j(ops: JsonbPathOps)], type: Gin)\n @@index([i(ops: InetOps)], type: Gist)\n \
             @@index([i], type: SpGist, map: \"sp\")\n @@index([d], type: Brin)\n @@index([d(ops: TimestampMinMaxMultiOps), s(ops: TextBloomOps)], type: Brin, map: \"brin2\")\n \
             @@index([s(ops: raw(\"text_pattern_ops\")), id(sort: Desc)], map: \"raw\")\n @@unique([s], where: { b: true }, map: \"part\")\n \
             @@index([d], where: raw(\"b AND s <> 'x' OR (id BETWEEN 1 AND 5)\"), map: \"part2\")\n}"
        }
    };
    models.to_owned()
}

async fn every_index(provider: Provider) {
    let bed = Bed::new(provider).await;
    bed.pushed(&indexes(provider), PushOptions::default()).await;
}

async fn relation_mode_prisma(provider: Provider) {
    let bed = Bed::new(provider).await;
    let models = "model A {\n id Int @id\n bs B[]\n cs C[]\n}\nmodel B {\n id Int @id\n a A @relation(fields: [aId], references: [id])\n aId Int\n @@index([aId])\n}\nmodel C {\n id Int @id\n as A[]\n}";
    let emulated = format!(" relationMode = \"prisma\"\n---\n{models}");
    bed.pushed(&emulated, PushOptions::default()).await;
    assert!(bed.describe(&[]).await.tables.iter().all(|t| t.foreign_keys.is_empty()));
    bed.pushed(models, PushOptions::default()).await;
    assert_eq!(bed.describe(&[]).await.tables.iter().map(|t| t.foreign_keys.len()).sum::<usize>(), 3);
    bed.pushed(&emulated, PushOptions::default()).await;
}

/// Names that the schema does not give are cut so that they fit, and found again.
async fn names_beyond_the_limit(provider: Provider) {
    let bed = Bed::new(provider).await;
    let (one, other) = ("A".repeat(40), "É".repeat(20).replace('É', "Zé"));
    let field = "column_with_a_long_name_that_leaves_no_room";
    let models = format!(
        "model {one} {{\n id Int @id\n {field} Int @unique\n more_{field} Int\n others {other}[]\n named {other}[] @relation(\"{field}_{field}\")\n \
         parent {one}? @relation(\"p\", fields: [parent_{field}], references: [{field}])\n parent_{field} Int?\n children {one}[] @relation(\"p\")\n \
         @@index([{field}, more_{field}])\n @@unique([more_{field}, {field}])\n}}\n\
         model {other} {{\n id Int @id\n ones {one}[]\n named {one}[] @relation(\"{field}_{field}\")\n}}"
    );
    bed.pushed(&models, PushOptions::default()).await;
    let limit = provider.capabilities().max_identifier_length;
    for table in bed.describe(&[]).await.tables {
        let keys = table.foreign_keys.iter().filter_map(|k| k.name.as_ref());
        for name in table.indexes.iter().map(|i| &i.name).chain(keys).chain([&table.name.name]) {
            assert!(name.len() <= limit, "{name}");
        }
    }
    // What has a shorter name is renamed.
    bed.pushed(&models.replace(&format!("\"{field}_{field}\""), "\"short\""), LOSE).await;
    bed.pushed(&models, LOSE).await;
}

/// All referential actions that the provider has, of keys of one column and of two.
async fn every_action(provider: Provider) {
    let bed = Bed::new(provider).await;
    let actions = provider.capabilities().referential_actions.iter().map(|a| a.name());
    let (mut a, mut b) = (String::new(), String::new());
    for (i, action) in actions.enumerate() {
        for (on, other) in [("Delete", "Update"), ("Update", "Delete")] {
            let (n, default) = (format!("{on}{i}"), if action == "SetDefault" { " @default(1)" } else { "" });
            a += &format!(
                " x{n} Int?{default}\n y{n} Int?{default}\n one{n} B? @relation(\"one{n}\", fields: [x{n}], references: [id], on{on}: {action})\n \
                 two{n} B? @relation(\"two{n}\", fields: [x{n}, y{n}], references: [id, n], on{on}: {action}, on{other}: NoAction)\n"
            );
            b += &format!(" one{n} A[] @relation(\"one{n}\")\n two{n} A[] @relation(\"two{n}\")\n");
        }
    }
    let models =
        |a: &str| format!("model A {{\n id Int @id\n{a}}}\nmodel B {{\n id Int @id\n n Int\n @@unique([id, n])\n{b}}}");
    bed.pushed(&models(&a), PushOptions::default()).await;
    // Others, and these again.
    bed.pushed(&models(&a.replace("Cascade", "Restrict").replace("NoAction", "Cascade")), PushOptions::default()).await;
    bed.pushed(&models(&a), PushOptions::default()).await;
}

/// Types that the language has no name for.
async fn every_unsupported_type(provider: Provider) {
    let bed = Bed::new(provider).await;
    let types: &[(&str, &str)] = match provider {
        Provider::Postgresql => &[
            ("circle", ""),
            ("tsvector", ""),
            ("int4range", "@default(dbgenerated(\"'[1,5)'\"))"),
            ("interval", "@default(dbgenerated(\"'1 day'\"))"),
            ("point", ""),
            ("macaddr", ""),
            ("pg_lsn", ""),
            ("interval day to second(3)", ""),
        ],
        Provider::Mysql => &[("set('a','b')", "@default(dbgenerated(\"'a'\"))"), ("point", ""), ("polygon", "")],
        _ => &[("WHATEVER", "@default(dbgenerated(\"1\"))"), ("NUMERIC(3, 1)", "")],
    };
    let field = |(i, (ty, default)): (usize, &(&str, &str))| {
        format!(" r{i} Unsupported(\"{ty}\") {default}\n o{i} Unsupported(\"{ty}\")? {default}\n")
    };
    let fields: String = types.iter().enumerate().map(field).collect();
    let models = format!("model A {{\n id Int @id\n{fields}}}");
    bed.pushed(&models, PushOptions::default()).await;
    // Another column changes, and they stay.
    bed.script(match provider {
        Provider::Postgresql => "COMMENT ON TABLE \"A\" IS 'it''s kept'; COMMENT ON COLUMN \"A\".id IS 'too'",
        Provider::Mysql => "ALTER TABLE \"A\" COMMENT 'it''s kept'",
        _ => "",
    })
    .await;
    let retyped = models.replace("id Int", "id BigInt").replace("model A {", "model B {\n @@renamedFrom(\"A\")");
    bed.pushed(&retyped, PushOptions::default()).await;
    let comment = match provider {
        Provider::Postgresql => "SELECT obj_description('\"B\"'::regclass) || col_description('\"B\"'::regclass, 1)",
        Provider::Mysql => {
            "SELECT table_comment FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'B'"
        }
        _ => return,
    };
    let kept = bed.texts(comment).await;
    assert!(kept[0].as_ref().is_some_and(|c| c.starts_with("it's kept")), "{kept:?}");
}

/// Whatever has a name of its own in the database.
async fn every_name(provider: Provider) {
    let bed = Bed::new(provider).await;
    let names_keys = provider.capabilities().named_primary_keys;
    let (id, ids) = if names_keys { ("(map: \"the id's\")", ", map: \"ids\"") } else { ("", "") };
    let key = if provider.capabilities().named_foreign_keys { ", map: \"the \\\"key\\\"\"" } else { "" };
    let models = format!(
        "model A {{\n id Int @id{id} @map(\"the id\")\n u Int @unique(map: \"u's\") @map(\"select\")\n role Role @map(\"rôle\")\n \
         b B? @relation(fields: [x, y], references: [x, y]{key})\n x Int? @map(\"x-1\")\n y Int?\n cs C[]\n @@index([x, role], map: \"by x\")\n \
         @@unique([x, y, u], map: \"all of it\", name: \"all\")\n @@map(\"the table's\")\n}}\n\
         model B {{\n x Int\n y Int\n as A[]\n @@id([x, y]{ids})\n @@map(\"order\")\n}}\n\
         model C {{\n id Int @id @map(\"c id\")\n as A[]\n}}\n\
         enum Role {{\n USER @map(\"a user\")\n ADMIN @map(\"it's me\")\n @@map(\"the role\")\n}}"
    );
    bed.pushed(&models, PushOptions::default()).await;
    bed.pushed(&models.replace("Int? @map(\"x-1\")", "BigInt? @map(\"x-1\")").replace(" x Int\n", " x BigInt\n"), LOSE)
        .await;
    bed.pushed(&models, LOSE).await;
}
