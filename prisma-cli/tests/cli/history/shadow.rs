//! What migrations come to, without a database that has them.

use test_servers::{Database, Server};

use crate::bed::Bed;
use crate::on_each_provider;

on_each_provider! { folders_are_compared }

fn folders_are_compared(bed: &Bed) {
    bed.models("model a {\n  id Int @id\n  x String?\n}");
    bed.dev("init");
    let to_schema = ["--to-schema", "prisma/schema.prisma", "--exit-code"];
    let from_folder = ["migrate", "diff", "--from-migrations", "prisma/migrations"];
    // The server is that of the other side.
    let said = bed.prisma(&[&from_folder[..], &["--to-url", &bed.dev.url, "--exit-code"]].concat()).ok();
    assert_eq!(said, "No difference detected.\n");

    let to_schema = [&from_folder[..], &to_schema].concat();
    let given: Option<Database> = match bed.provider.name() {
        "sqlite" => None,
        name => {
            let error = bed.prisma(&to_schema).failed();
            assert!(error.contains("P3014") && error.contains("--shadow-database-url"), "{error}");
            let same = ["--to-url", &bed.dev.url, "--shadow-database-url", &bed.dev.url];
            let error = bed.prisma(&[&from_folder[..], &same].concat()).failed();
            assert!(error.contains("it is emptied at will"), "{error}");
            let error = bed.prisma(&["migrate", "dev", "--shadow-database-url", &bed.dev.url]).failed();
            assert!(error.contains("it is emptied at will"), "{error}");
            Some(Database::create(if name == "mysql" { Server::Mysql } else { Server::Postgresql }))
        }
    };
    if let Some(shadow) = &given {
        let settings = format!("[datasource]\nshadow_database_url = \"{}\"\n", shadow.url(""));
        bed.project.write("prisma.toml", &settings);
    }
    assert_eq!(bed.prisma(&to_schema).ok(), "No difference detected.\n");
    // Twice: it is emptied first.
    assert_eq!(bed.prisma(&to_schema).ok(), "No difference detected.\n");
    bed.models("model a {\n  id Int @id\n}");
    let ran = bed.prisma(&[&to_schema[..], &["--script"]].concat());
    assert_eq!(ran.code, Some(2), "{}\n{}", ran.out, ran.err);
    assert!(ran.out.starts_with("-- ") && !ran.out.contains("empty migration"), "{}", ran.out);
    bed.prisma(&["migrate", "dev", "--name", "less"]).ok();

    let error = bed.prisma(&["migrate", "diff", "--from-empty", "--to-migrations", "nowhere"]).failed();
    assert!(error.contains("there is no folder of migrations at `nowhere`"), "{error}");
    assert_eq!(shadows_left(bed), 0);
}

/// Shadow databases that nobody dropped, of this test or of one that runs at the same time: those go.
fn shadows_left(bed: &Bed) -> usize {
    let sql = match bed.provider.name() {
        "sqlite" => return 0,
        "mysql" => {
            "SELECT CAST(SCHEMA_NAME AS CHAR) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'prisma_migrate_shadow%'"
        }
        _ => "SELECT datname::text FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'",
    };
    let mut left = bed.dev.rows(sql);
    for _ in 0..600 {
        if left.is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        let now = bed.dev.rows(sql);
        left.retain(|name| now.contains(name));
    }
    left.len()
}
