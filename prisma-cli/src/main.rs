//! The `prisma` command.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod commands;
mod database;
mod output;
mod progress;
mod prompt;
mod schema;
mod settings;
mod workspace;

use std::process::ExitCode;

use clap::{ArgAction, Parser, Subcommand};

/// Prisma for Rust: schema, database and migrations.
#[derive(Debug, Parser)]
#[command(name = "prisma", version, disable_help_subcommand = true, disable_version_flag = true, max_term_width = 100)]
#[command(after_help = EXAMPLES)]
struct Cli {
    /// Print the version.
    #[arg(short = 'v', long, action = ArgAction::Version)]
    version: Option<bool>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(commands::init::Init),
    Validate(commands::validate::Validate),
    Format(commands::format::Format),
    Generate(commands::generate::Generate),
    #[command(subcommand)]
    Db(commands::db::Db),
    #[command(subcommand)]
    Migrate(commands::migrate::Migrate),
    Query(commands::query::Query),
    Version(commands::version::Version),
    Debug(commands::debug::Debug),
}

const EXAMPLES: &str = "\
A new project:
  prisma init --datasource-provider postgresql
  prisma migrate dev --name init

A database that is there already:
  prisma init --url postgresql://me@localhost/shop
  prisma db pull

In production:
  prisma migrate deploy";

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Init(command) => command.run(),
        Command::Validate(command) => command.run(),
        Command::Format(command) => command.run(),
        Command::Generate(command) => command.run(),
        Command::Db(command) => command.run(),
        Command::Migrate(command) => command.run(),
        Command::Query(command) => command.run(),
        Command::Version(command) => command.run(),
        Command::Debug(command) => command.run(),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            output::error(&*error);
            ExitCode::FAILURE
        }
    }
}
