use crate::Project;

const DATASOURCE: &str = "datasource db {\n  provider = \"sqlite\"\n  url      = \"file:dev.db\"\n}\n";

const PUSHED: &str = "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id   Int    @id @default(autoincrement())\n  a    A?     @relation(fields: [aId], references: [id])\n  aId  Int?\n  name String @default(\"it's\") @unique\n}\n";

const PULLED: &str = "model A {\n  id Int @id\n  B  B[]\n}\n\nmodel B {\n  id   Int    @id @default(autoincrement())\n  aId  Int?\n  name String @unique @default(\"it's\")\n  A    A?     @relation(fields: [aId], references: [id])\n}\n";

fn project() -> Project {
    let project = Project::new(&[("pushed.prisma", &format!("{DATASOURCE}{PUSHED}")), ("schema.prisma", DATASOURCE)]);
    project.prisma(&["db", "push", "--schema", "pushed.prisma"]).ok();
    project
}

fn read(project: &Project, name: &str) -> String {
    std::fs::read_to_string(project.path(name)).unwrap()
}

#[test]
fn a_schema_is_made_of_a_database() {
    let project = project();
    let shown = project.prisma(&["db", "pull", "--print"]).ok();
    assert_eq!(shown, format!("{DATASOURCE}\n{PULLED}"));
    assert_eq!(read(&project, "schema.prisma"), DATASOURCE, "it was to be shown alone");
    let said = project.prisma(&["db", "pull"]).ok();
    assert!(said.contains("2 models written to schema.prisma"), "{said}");
    assert_eq!(read(&project, "schema.prisma"), shown);
    let said = project.prisma(&["db", "push"]).ok();
    assert!(said.contains("in sync with the schema already"), "{said}");
}

#[test]
fn what_was_written_stays_unless_forced_away() {
    let project = project();
    let named = format!("{DATASOURCE}/// One.\nmodel One {{\n  key Int @id @map(\"id\")\n  @@map(\"A\")\n}}\n");
    project.write("schema.prisma", &named);
    project.prisma(&["db", "pull"]).ok();
    let schema = read(&project, "schema.prisma");
    assert!(schema.contains("/// One.\nmodel One {\n  key Int @id @map(\"id\")"), "{schema}");
    project.prisma(&["db", "pull", "--force"]).ok();
    assert_eq!(read(&project, "schema.prisma"), format!("{DATASOURCE}\n{PULLED}"));
}

#[test]
fn an_empty_database_is_told() {
    let project = Project::new(&[("schema.prisma", DATASOURCE)]);
    let error = project.prisma(&["db", "pull"]).failed();
    assert!(error.contains("P1003"), "{error}");
    project.prisma(&["db", "push"]).ok();
    let error = project.prisma(&["db", "pull"]).failed();
    assert!(error.contains("P4001"), "{error}");
}

#[test]
fn what_is_forced_into_a_folder_goes_to_one_file() {
    let project = project();
    project.write("models/main.prisma", &format!("// Stays.\n{DATASOURCE}"));
    project.write("models/a.prisma", "/// Goes.\nmodel A {\n  id Int @id\n}\n");
    let flags = ["--schema", "models", "--url", "file:dev.db"];
    project.prisma(&[&["db", "pull", "--force"], &flags[..]].concat()).ok();
    assert_eq!(read(&project, "models/introspected.prisma"), PULLED);
    assert_eq!(read(&project, "models/main.prisma"), format!("// Stays.\n{DATASOURCE}"));
    assert!(!project.path("models/a.prisma").exists());
    let error = project.prisma(&["db", "pull", "--schema", "-"]).failed();
    assert!(error.contains("--print"), "{error}");
}
