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
        project.prisma(&["init", "--datasource-provider", provider.name(), "--with-model"]).ok();
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

#[test]
fn a_generator_block_where_it_is_asked_for() {
    let project = Project::new(&[]);
    let flags = ["--output", "../generated", "--preview-feature", "views", "--preview-feature", "partialIndexes"];
    project.prisma(&[&["init", "--generator-provider", "prisma-client-js"], &flags[..]].concat()).ok();
    let schema = project.read("prisma/schema.prisma");
    let expected = "generator client {\n  provider        = \"prisma-client-js\"\n  output          = \"../generated\"\n  previewFeatures = [\"views\", \"partialIndexes\"]\n}\n\ndatasource db {";
    assert!(schema.starts_with(expected), "{schema}");
    project.prisma(&["format", "--check"]).ok();

    let project = Project::new(&[]);
    let error = project.prisma(&["init", "--preview-feature", "vews"]).failed();
    assert!(error.contains("vews") && error.contains("views"), "{error}");
    assert!(!project.path("prisma").exists(), "nothing is begun with a mistake");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let project = Project::new(&[]);
    for flags in [&["--db"][..], &["--prompt", "a blog"]] {
        let error = project.prisma(&[&["init"], flags].concat()).failed();
        assert!(error.contains(flags[0]) && error.contains("hosted") && error.contains("--url"), "{error}");
    }
    let error = project.prisma(&["init", "--datasource-provider", "sqlite", "--url", "mysql://me@host/x"]).failed();
    assert!(error.contains("the URL is one of mysql, but --datasource-provider says sqlite"), "{error}");
    assert!(!project.path("prisma").exists());
    let by_wire = ["init", "--datasource-provider", "cockroachdb", "--url", "postgresql://me@host:26257/x"];
    project.prisma(&by_wire).ok();
    assert!(project.read("prisma/schema.prisma").contains("cockroachdb"));
}
