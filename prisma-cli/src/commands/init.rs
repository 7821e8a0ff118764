//! `prisma init`

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use prisma_schema::Provider;

use crate::commands::Outcome;

/// Begin a project: a schema in the folder prisma, prisma.toml, .env with the URL, and .gitignore. Files that are there stay as they are; if
/// there is a schema, nothing is done.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The provider of the datasource: sqlite, postgresql, mysql, cockroachdb, sqlserver or mongodb.
    /// [default: the one of --url, or else postgresql]
    #[arg(long, value_name = "NAME", value_parser = provider)]
    datasource_provider: Option<Provider>,

    /// The database, for .env.
    #[arg(long, value_name = "URL")]
    url: Option<String>,

    /// Put a first model into the schema.
    #[arg(long)]
    with_model: bool,
}

const SCHEMA: &str = "prisma/schema.prisma";

const SETTINGS: &str = "schema = \"prisma/schema.prisma\"\n\n[migrations]\npath = \"prisma/migrations\"\n# seed = \"cargo run --bin seed\"\n";

const MODEL: &str =
    "\nmodel User {\n  id    Int     @id @default(autoincrement())\n  email String  @unique\n  name  String?\n}\n";

/// What is not for version control.
const IGNORED: [&str; 2] = ["/target", ".env"];

impl Init {
    pub(crate) fn run(self) -> Outcome {
        for path in ["prisma/schema.prisma", "schema.prisma"] {
            if Path::new(path).exists() {
                return Err(format!("there is a schema already, at `{path}`: nothing was written").into());
            }
        }
        let by_url = self.url.as_deref().and_then(Provider::of_url);
        let provider = self.datasource_provider.or(by_url).unwrap_or(Provider::Postgresql);
        let url = self.url.as_deref().unwrap_or(provider.capabilities().example_url);
        let model = if self.with_model { MODEL } else { "" };
        let schema = format!(
            "datasource db {{\n  provider = \"{}\"\n  url      = env(\"DATABASE_URL\")\n}}\n{model}",
            provider.name()
        );
        write(SCHEMA, &schema)?;
        if !Path::new("prisma.toml").exists() {
            write("prisma.toml", SETTINGS)?;
        }
        let env = read(".env")?;
        match env.lines().any(|l| l.trim_start().starts_with("DATABASE_URL")) {
            true => anstream::eprintln!("warning: .env has a DATABASE_URL already, which stays as it is"),
            false => write(".env", &append(env, &format!("DATABASE_URL=\"{url}\"")))?,
        }
        let ignored = read(".gitignore")?;
        let missing: Vec<_> = IGNORED.into_iter().filter(|i| !ignored.lines().any(|l| l.trim() == *i)).collect();
        if !missing.is_empty() {
            write(".gitignore", &append(ignored, &missing.join("\n")))?;
        }
        anstream::println!(
            "Your schema is at {SCHEMA}, the URL of its database in .env\n\nNext:\n  1. Let DATABASE_URL in .env be that of your database\n  \
             2. Write models into the schema, or take them from the database: prisma db pull\n  \
             3. Make the tables: prisma migrate dev --name init"
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn provider(name: &str) -> Result<Provider, String> {
    Provider::parse(name).ok_or_else(|| {
        let names = Provider::ALL.map(Provider::name).join(", ");
        format!("there is no such provider: there are {names}")
    })
}

/// A file's text; empty if there is none.
fn read(path: &str) -> Result<String, String> {
    match std::fs::read_to_string(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|e| format!("`{path}` could not be read: {e}")),
    }
}

fn append(text: String, lines: &str) -> String {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{end}{lines}\n")
}

fn write(path: &str, text: &str) -> Result<(), String> {
    let parent = Path::new(path).parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(parent)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|e| format!("`{path}` could not be written: {e}"))
}
