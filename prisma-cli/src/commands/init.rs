//! `prisma init`

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use prisma_schema::{Provider, SourceFile};

use crate::commands::Outcome;

const EXAMPLES: &str = "\
Examples:
  prisma init --datasource-provider sqlite --with-model
  prisma init --url mysql://me@localhost/shop
  prisma init --preview-feature views --preview-feature partialIndexes";

/// Begin a project.
///
/// It makes a schema in the folder prisma, prisma.toml, .env with the URL, and .gitignore. Files that are there stay as they are; if there is a schema,
/// nothing is done.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
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

    /// The `provider` of a generator block. It is for Prisma's own tools and for preview features; this client needs none. [default: prisma-client, if there
    /// is to be such a block]
    #[arg(long, value_name = "NAME")]
    generator_provider: Option<String>,

    /// The `output` of the generator block.
    #[arg(long, value_name = "PATH")]
    output: Option<String>,

    /// A preview feature for the generator block, such as views; can be given several times.
    #[arg(long, value_name = "NAME")]
    preview_feature: Vec<String>,

    /// Prisma's hosted database: refused.
    #[arg(long, hide = true)]
    db: bool,

    /// Prisma's hosted database: refused.
    #[arg(long, hide = true, value_name = "TEXT")]
    prompt: Option<String>,
}

const SCHEMA: &str = "prisma/schema.prisma";

const SETTINGS: &str = "schema = \"prisma/schema.prisma\"\n\n[migrations]\npath = \"prisma/migrations\"\n# seed = \"cargo run --bin seed\"\n";

const MODEL: &str =
    "\nmodel User {\n  id    Int     @id @default(autoincrement())\n  email String  @unique\n  name  String?\n}\n";

/// The same where nothing counts up.
const MODEL_WITH_AUTO_ID: &str = "\nmodel User {\n  id    String  @id @default(auto()) @map(\"_id\") @db.ObjectId\n  email String  @unique\n  name  String?\n}\n";

/// What is not for version control.
const IGNORED: [&str; 2] = ["/target", ".env"];

impl Init {
    pub(crate) fn run(self) -> Outcome {
        if self.db || self.prompt.is_some() {
            let flag = if self.db { "--db" } else { "--prompt" };
            return Err(format!(
                "`{flag}` is for Prisma's hosted databases, which this program does not offer: give the URL of a database of your own by --url"
            )
            .into());
        }
        for path in ["prisma/schema.prisma", "schema.prisma"] {
            if Path::new(path).exists() {
                return Err(format!("there is a schema already, at `{path}`: nothing was written").into());
            }
        }
        let by_url = self.url.as_deref().and_then(Provider::of_url);
        if let (Some(given), Some(by_url)) = (self.datasource_provider, by_url)
            && given != by_url
            // CockroachDB's URLs are those of PostgreSQL.
            && !self.url.iter().filter_map(|u| u.split(':').next()).any(|s| given.capabilities().url_schemes.contains(&s))
        {
            return Err(format!(
                "the URL is one of {}, but --datasource-provider says {}",
                by_url.name(),
                given.name()
            )
            .into());
        }
        let provider = self.datasource_provider.or(by_url).unwrap_or(Provider::Postgresql);
        let url = self.url.as_deref().unwrap_or(provider.capabilities().example_url);
        let schema = self.schema(provider);
        // Nothing is begun with what is wrong, such as a preview feature that does not exist.
        prisma_schema::parse(vec![SourceFile::new(SCHEMA, schema.clone())])?;
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

impl Init {
    /// The text of the schema.
    fn schema(&self, provider: Provider) -> String {
        let mut schema = String::new();
        if self.generator_provider.is_some() || self.output.is_some() || !self.preview_feature.is_empty() {
            let literal = |text: &String| prisma_schema::syntax::escape(text);
            let name = self.generator_provider.as_deref().unwrap_or("prisma-client");
            let features: Vec<_> = self.preview_feature.iter().map(literal).collect();
            let mut lines = vec![format!("provider = {}", literal(&name.to_owned()))];
            lines.extend(self.output.iter().map(|output| format!("output = {}", literal(output))));
            lines.extend((!features.is_empty()).then(|| format!("previewFeatures = [{}]", features.join(", "))));
            schema.push_str(&format!("generator client {{\n{}\n}}\n\n", lines.join("\n")));
        }
        schema.push_str(&format!(
            "datasource db {{\n  provider = \"{}\"\n  url      = env(\"DATABASE_URL\")\n}}\n",
            provider.name()
        ));
        let capabilities = provider.capabilities();
        schema.push_str(&match (self.with_model, capabilities.autoincrement) {
            (false, _) => String::new(),
            (true, _) if capabilities.sequences => MODEL.replace("autoincrement()", "sequence()"),
            (true, Some(_)) => MODEL.to_owned(),
            (true, None) => MODEL_WITH_AUTO_ID.to_owned(),
        });
        prisma_schema::format(&schema).unwrap_or(schema)
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
