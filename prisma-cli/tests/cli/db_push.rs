use crate::Project;

fn schema(url: &str, models: &str) -> String {
    format!("datasource db {{\n  provider = \"sqlite\"\n  {url}\n}}\n{models}\n")
}

const A: &str = "model A {\n  id Int @id\n  name String?\n}";
const A_SMALLER: &str = "model A {\n  id Int @id\n}";

fn project(models: &str) -> Project {
    Project::new(&[("prisma/schema.prisma", &schema("url = \"file:./data/dev.db\"", models))])
}

/// Fills the table that [`A`] makes, through another schema's default.
fn add_row(project: &Project) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("file:{}", project.path("prisma/data/dev.db").display());
        let options = prisma_drivers::ConnectOptions::default();
        let driver = prisma_drivers::connect(prisma_schema::Provider::Sqlite, &url, &options).await.unwrap();
        driver.acquire().await.unwrap().execute_script("INSERT INTO A VALUES (1, 'x')").await.unwrap();
        driver.close().await;
    });
}

#[test]
fn a_database_is_made_then_kept_in_sync() {
    let project = project(A_SMALLER);
    let said = project.prisma(&["db", "push"]).ok();
    assert!(said.contains("Datasource `db`: SQLite at `file:./data/dev.db`"), "{said}");
    assert!(said.contains("now in sync with the schema: 1 step in"), "{said}");
    assert!(project.path("prisma/data/dev.db").is_file(), "the path starts from the schema's directory");
    let said = project.prisma(&["db", "push"]).ok();
    assert!(said.contains("in sync with the schema already"), "{said}");

    project.write("prisma/schema.prisma", &schema("url = \"file:./data/dev.db\"", A));
    let said = project.prisma(&["db", "push", "--skip-generate"]).ok();
    assert!(said.contains("1 step in"), "{said}");
}

#[test]
fn data_is_not_lost_without_consent() {
    let project = project(A);
    project.prisma(&["db", "push"]).ok();
    add_row(&project);
    project.write("prisma/schema.prisma", &schema("url = \"file:./data/dev.db\"", A_SMALLER));
    let error = project.prisma(&["db", "push"]).failed();
    assert!(error.contains("the column `name` of `A` is to be dropped, with 1 value in it"), "{error}");
    assert!(error.contains("--accept-data-loss"), "{error}");
    let ran = project.prisma(&["db", "push", "--accept-data-loss"]);
    assert!(ran.err.contains("warning: the column `name`"), "{}", ran.err);
    ran.ok();

    let required = "model A {\n  id Int @id\n  new String\n}";
    project.write("prisma/schema.prisma", &schema("url = \"file:./data/dev.db\"", required));
    let error = project.prisma(&["db", "push", "--accept-data-loss"]).failed();
    assert!(error.contains("the required column `new` cannot be added") && error.contains("--force-reset"), "{error}");
    let said = project.prisma(&["db", "push", "--force-reset"]).ok();
    assert!(said.contains("was dropped"), "{said}");
}

#[test]
fn the_url_comes_from_flag_settings_or_schema() {
    let project = Project::new(&[("prisma/schema.prisma", &schema("url = env(\"PRISMA_T_URL\")", A))]);
    let error = project.prisma(&["db", "push"]).failed();
    assert!(error.contains("PRISMA_T_URL is not set"), "{error}");

    project.prisma(&["db", "push", "--url", "file:flag.db"]).ok();
    assert!(project.path("flag.db").is_file(), "the path of a flag starts from the working directory");

    project.write(".env", "PRISMA_T_URL=file:env.db\nPRISMA_T_OTHER=file:other.db\n");
    project.prisma(&["db", "push"]).ok();
    assert!(project.path("prisma/env.db").is_file());

    let direct = "url = \"file:pooled.db\"\n  directUrl = \"file:direct.db\"";
    project.write("direct.prisma", &schema(direct, A));
    project.prisma(&["db", "push", "--schema", "direct.prisma"]).ok();
    assert!(project.path("direct.db").is_file() && !project.path("pooled.db").exists());

    project.write("config/prisma.toml", "[datasource]\nurl = { env = \"PRISMA_T_OTHER\" }\n");
    project.prisma(&["db", "push", "--config", "config/prisma.toml", "--schema", "prisma/schema.prisma"]).ok();
    assert!(project.path("config/other.db").is_file());
}

#[test]
fn settings_name_the_schema() {
    let project = Project::new(&[
        ("prisma.toml", "schema = \"models\"\n[datasource]\nurl = \"file:x.db\"\n"),
        ("models/db.prisma", &schema("", "")),
        ("models/a.prisma", A),
    ]);
    project.prisma(&["db", "push"]).ok();
    assert!(project.path("x.db").is_file());

    for (text, parts) in [
        ("schma = \"x\"", ["prisma.toml", "unknown field `schma`"]),
        ("[datasource]\nurl = 5", ["line 2", "{ env = \"NAME\" }"]),
        ("schema =", ["prisma.toml", "line 1"]),
    ] {
        project.write("prisma.toml", text);
        let error = project.prisma(&["db", "push"]).failed();
        assert!(parts.iter().all(|p| error.contains(p)), "{error}");
    }
    let error = project.prisma(&["db", "push", "--config", "none.toml"]).failed();
    assert!(error.contains("`none.toml` could not be read"), "{error}");
}

#[test]
fn what_is_wrong_is_told() {
    let project = project("model A {\n  id Strng @id\n}");
    let error = project.prisma(&["db", "push"]).failed();
    assert!(error.contains("prisma/schema.prisma:6:6") && error.contains("Strng"), "{error}");

    project.write("prisma/schema.prisma", &schema("url = \"file:dev.db?conection_limit=1\"", A));
    let error = project.prisma(&["db", "push"]).failed();
    assert!(error.contains("P1013") && error.contains("did you mean `connection_limit`"), "{error}");

    project.write("prisma/schema.prisma", &schema("url = \"file:dev.db\"", A));
    project.write("prisma/dev.db", &"no database at all ".repeat(100));
    let error = project.prisma(&["db", "push"]).failed();
    assert!(error.contains("dev.db") && error.contains("is not a database or is damaged"), "{error}");

    let error = project.prisma(&["db", "push", "--schema", "no.prisma"]).failed();
    assert!(error.contains("there is no schema at `no.prisma`"), "{error}");
}
