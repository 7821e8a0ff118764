//! The `prisma` command.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod commands;
mod output;
mod schema;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Prisma for Rust: schema, database and migrations.
#[derive(Debug, Parser)]
#[command(name = "prisma", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Validate(commands::validate::Validate),
    Format(commands::format::Format),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Validate(command) => command.run(),
        Command::Format(command) => command.run(),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            output::error(&*error);
            ExitCode::FAILURE
        }
    }
}
