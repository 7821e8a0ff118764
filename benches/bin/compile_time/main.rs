//! How long `cargo check` takes for a crate with a generated client, against a crate with plain structs that derive serde.
//!
//! `cargo run --release -p benches --bin compile-time [-- --models 10,50,100,200 --rounds 5 --clock wall]`. The crates are written to
//! `target/compile-time`, where they stay to be looked at.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::panic)]

mod crates;
mod measure;
mod schema;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crates::Workspace;
use measure::{Clock, Times, measure};
use schema::Shape;

struct Options {
    models: Vec<usize>,
    rounds: usize,
    clock: Clock,
}

fn options() -> Result<Options, String> {
    let mut options = Options { models: vec![10, 50, 100, 200], rounds: 5, clock: Clock::Wall };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("`{name}` wants a value"))?;
        let number = |text: &str| text.parse::<usize>().map_err(|_| format!("`{text}` is no number"));
        match name.as_str() {
            "--models" => options.models = value.split(',').map(number).collect::<Result<_, _>>()?,
            "--rounds" => options.rounds = number(&value)?.max(1),
            "--clock" if value == "wall" => options.clock = Clock::Wall,
            "--clock" if value == "cpu" => options.clock = Clock::Cpu,
            _ => {
                return Err(format!(
                    "unknown option `{name} {value}`: there are `--models 10,50`, `--rounds 5` and `--clock wall|cpu`"
                ));
            }
        }
    }
    Ok(options)
}

fn main() {
    let Options { models, rounds, clock } = options().unwrap_or_else(|message| {
        eprintln!("{message}");
        std::process::exit(2);
    });
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.join("target"), PathBuf::from);
    let mut workspace = Workspace::new(&target.join("compile-time"), repository);

    let even: Vec<_> = models.iter().map(|&models| (models, Shape::even(models))).collect();
    let lopsided = Shape::lopsided();
    let pairs: Vec<_> = even.iter().map(|(n, shape)| (*n, workspace.client(shape), workspace.serde(shape))).collect();
    let hub = workspace.client(&lopsided);
    let timed: Vec<_> = even.iter().map(|(_, shape)| shape).chain([&lopsided]).collect();
    let timed: Vec<_> = timed.into_iter().map(|shape| (shape, workspace.timed_macro(shape))).collect();
    workspace.finish();
    eprintln!("building the dependencies …");
    workspace.check_all();

    println!("| models | clean, to serde | one query changed, to serde |\n|--:|--:|--:|");
    for (n, client, serde) in &pairs {
        let times = measure(&workspace, &[client, serde], rounds, clock);
        let ratio = |of: fn(&Times) -> Duration| of(&times[0]).as_secs_f64() / of(&times[1]).as_secs_f64();
        println!("| {n} | {:.2} | {:.2} |", ratio(|t| t.clean), ratio(|t| t.touched));
        eprintln!("  prisma-client {}, serde {}", times[0], times[1]);
    }

    let times = measure(&workspace, &[&hub], rounds, clock);
    println!("\n| lopsided schema | time | budget |\n|---|--:|--:|");
    println!("| clean | {:.1} s | 8 s |", times[0].clean.as_secs_f64());
    println!("| one query changed | {:.1} s | 3 s |", times[0].touched.as_secs_f64());

    println!("\n| the macro alone, not optimised | a model | budget |\n|---|--:|--:|");
    for (shape, name) in &timed {
        let time = measure::macro_time(&workspace, name, rounds).as_secs_f64() / shape.models.len() as f64;
        println!("| {} | {:.1} ms | 10 ms |", shape.description, time * 1000.0);
    }
}
