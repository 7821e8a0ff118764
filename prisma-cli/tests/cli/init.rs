use crate::Project;

#[test]
fn a_project_begins() {
    let project = Project::new(&[(".gitignore", "/target"), (".env", "OTHER=1")]);
    let said = project.prisma(&["init", "--url", "mysql://me@host/x", "--with-model"]).ok();
    assert!(said.contains("prisma/schema.prisma"), "{said}");
    let schema = project.read("prisma/schema.prisma");
    assert!(schema.contains("provider = \"mysql\"") && schema.contains("model User"), "{schema}");
    assert_eq!(project.read(".env"), "OTHER=1\nDATABASE_URL=\"mysql://me@host/x\"\n");
    assert_eq!(project.read(".gitignore"), "/target\n.env\n");
    project.prisma(&["validate"]).ok();

    let error = project.prisma(&["init"]).failed();
    assert!(error.contains("there is a schema already, at `prisma/schema.prisma`"), "{error}");
}

#[test]
fn every_provider_has_a_beginning() {
    for provider in prisma_schema::Provider::ALL {
        let project = Project::new(&[]);
        project.prisma(&["init", "--datasource-provider", provider.name()]).ok();
        project.prisma(&["validate"]).ok();
        let env = project.read(".env");
        let url = env.trim().trim_start_matches("DATABASE_URL=").trim_matches('"');
        assert!(!url.is_empty() && provider.capabilities().url_schemes.iter().any(|s| url.starts_with(s)), "{env}");
    }
    let project = Project::new(&[]);
    let said = project.prisma(&["init", "--datasource-provider", "oracle"]).err;
    assert!(said.contains("there are sqlite, postgresql"), "{said}");
    assert!(!project.path("prisma.toml").exists());
}
