use crate::Project;

const SCHEMA: &str = "datasource db {\n  provider = \"sqlite\"\n  url = \"file:dev.db\"\n}\nmodel A {\n  id Int @id\n  name String? @unique\n}\n";

fn project() -> Project {
    let changed = SCHEMA.replace("name String? @unique", "other Int?");
    Project::new(&[("schema.prisma", SCHEMA), ("changed.prisma", &changed)])
}

#[test]
fn two_schemas_as_sql_and_as_text() {
    let project = project();
    let from_nothing = ["migrate", "diff", "--from-empty", "--to-schema", "schema.prisma"];
    let sql = project.prisma(&[&from_nothing[..], &["--script"]].concat()).ok();
    assert_eq!(
        sql,
        "-- CreateTable\nCREATE TABLE \"A\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY,\n    \"name\" TEXT\n);\n\n\
         -- CreateIndex\nCREATE UNIQUE INDEX \"A_name_key\" ON \"A\"(\"name\");\n"
    );
    let text = project.prisma(&from_nothing).ok();
    assert_eq!(
        text,
        "[+] Added tables\n  - A\n\n[*] Changed the table `A`\n  [+] Added unique index `A_name_key` on (name)\n"
    );

    project.prisma(&[&from_nothing[..], &["--script", "-o", "up.sql"]].concat()).ok();
    assert_eq!(std::fs::read_to_string(project.path("up.sql")).unwrap(), sql);
}

#[test]
fn the_exit_code_tells_whether_there_is_a_difference() {
    let project = project();
    project.prisma(&["db", "push"]).ok();
    let to_database =
        |schema| ["migrate", "diff", "--from-schema-datamodel", schema, "--to-url", "file:dev.db", "--exit-code"];
    let said = project.prisma(&to_database("schema.prisma")).ok();
    assert_eq!(said, "No difference detected.\n");
    assert_eq!(project.prisma(&to_database("changed.prisma")).code, Some(2));
    let same =
        ["migrate", "diff", "--from-schema-datasource", "schema.prisma", "--to-schema", "schema.prisma", "--script"];
    assert_eq!(project.prisma(&same).ok(), "-- This is an empty migration.\n");
}

#[test]
fn what_cannot_be_compared_is_told() {
    let project = project();
    let other = SCHEMA.replace("sqlite", "postgresql").replace("file:dev.db", "postgresql://localhost/x");
    project.write("other.prisma", &other);
    let error =
        project.prisma(&["migrate", "diff", "--from-schema", "schema.prisma", "--to-schema", "other.prisma"]).failed();
    assert!(error.contains("one side is for `sqlite`, the other for `postgresql`"), "{error}");
    let error = project.prisma(&["migrate", "diff", "--from-empty", "--to-empty"]).failed();
    assert!(error.contains("neither side says for which provider it is"), "{error}");
    let error = project.prisma(&["migrate", "diff", "--from-empty", "--to-config-datasource"]).failed();
    assert!(error.contains("prisma.toml names no database"), "{error}");
}
