use std::path::Path;

use prisma_drivers::{read_variable, resolve_url};
use prisma_schema::{Datasource, SourceFile};

fn datasource(url: &str) -> Datasource {
    let text = format!("datasource db {{\n  provider = \"sqlite\"\n  {url}\n}}");
    prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]).unwrap().schema.datasource
}

fn env(name: &str) -> Datasource {
    datasource(&format!("url = env(\"{name}\")"))
}

fn message(result: Result<String, prisma_core::Error>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn what_is_given_wins_over_the_literal() {
    let literal = datasource("url = \"file:dev.db\"");
    assert_eq!(resolve_url(&literal, None, None).unwrap(), "file:dev.db");
    assert_eq!(resolve_url(&literal, Some("file:x.db"), None).unwrap(), "file:x.db");
}

#[test]
fn variables_come_from_the_nearest_env_file() {
    let project = tempfile::tempdir().unwrap();
    let schema = project.path().join("prisma");
    std::fs::create_dir(&schema).unwrap();
    std::fs::write(project.path().join("Cargo.lock"), "").unwrap();
    std::fs::write(project.path().join(".env"), "PRISMA_T_A=file:outer.db\nPRISMA_T_B='file:b.db' # why\n").unwrap();
    std::fs::write(
        schema.join(".env"),
        "PRISMA_T_A=\"file:inner.db\"\nDATABASE_URL=file:default.db\nPATH=other\nPRISMA_T_E=\n",
    )
    .unwrap();
    let resolve = |d: &Datasource| resolve_url(d, None, Some(&schema));
    assert_eq!(resolve(&env("PRISMA_T_A")).unwrap(), "file:inner.db");
    assert_eq!(resolve(&env("PRISMA_T_B")).unwrap(), "file:b.db");
    assert_eq!(resolve(&datasource("")).unwrap(), "file:default.db");
    assert_eq!(resolve(&env("PATH")).unwrap(), std::env::var("PATH").unwrap(), "the environment wins");
    assert_eq!(read_variable("PRISMA_T_B", Some(&schema)).unwrap().as_deref(), Some("file:b.db"));

    let unset = message(resolve(&env("PRISMA_T_C")));
    assert!(unset.contains("env(\"PRISMA_T_C\")") && unset.contains("is not set"), "{unset}");
    let looked = schema.join(".env").display().to_string();
    assert!(unset.contains(&looked), "{unset}");
    let empty = message(resolve(&env("PRISMA_T_E")));
    assert!(empty.contains("PRISMA_T_E is empty"), "{empty}");
}

#[test]
fn a_broken_env_file_is_told() {
    let project = tempfile::tempdir().unwrap();
    std::fs::write(project.path().join("Cargo.lock"), "").unwrap();
    std::fs::write(project.path().join(".env"), "this is 'no line\n").unwrap();
    let broken = message(resolve_url(&env("PRISMA_T_D"), None, Some(project.path())));
    assert!(broken.contains("cannot read") && broken.contains(".env"), "{broken}");
    assert_eq!(resolve_url(&env("PRISMA_T_D"), Some("file:x"), Some(Path::new("/"))).unwrap(), "file:x");
}
