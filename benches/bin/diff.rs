//! Processor time of what a migration of 300 models needs: their description, and the steps from one to another (Linux).
#![allow(missing_docs, clippy::unwrap_used)]

use benches::many_models::schema;
use benches::processor::used;
use prisma_migrate::{DatabaseSchema, calculate, diff, render};
use prisma_schema::{Provider, Schema, SourceFile, parse};

const MODELS: usize = 300;
const PROVIDERS: [Provider; 3] = [Provider::Postgresql, Provider::Mysql, Provider::Sqlite];

fn main() {
    println!(
        "| provider | describe | diff: nothing | diff: every table | diff: every name | diff: from nothing | render |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for provider in PROVIDERS {
        let text = of(provider);
        let (before, retyped, renamed) = (read(&text), read(&changed(&text)), read(&with_new_names(&text)));
        let [one, other, third] = [&before, &retyped, &renamed].map(|s| calculate(s).unwrap());
        let nothing = DatabaseSchema::default();
        let steps = |from: &DatabaseSchema, to: &DatabaseSchema| diff(provider, from, to).unwrap().steps;
        assert!(
            steps(&one, &one).is_empty() && steps(&one, &other).len() >= MODELS && steps(&one, &third).len() >= MODELS
        );
        let all = steps(&nothing, &one);
        let times = [
            median(|| drop(calculate(&before).unwrap())),
            median(|| drop(steps(&one, &one))),
            median(|| drop(steps(&one, &other))),
            median(|| drop(steps(&one, &third))),
            median(|| drop(steps(&nothing, &one))),
            median(|| drop(render(provider, &all).unwrap())),
        ];
        let cells: Vec<_> = times.iter().map(|t| format!("{t:.1} ms")).collect();
        println!("| {} | {} |", provider.name(), cells.join(" | "));
    }
}

/// The models, as far as the provider has what they say.
fn of(provider: Provider) -> String {
    let text = schema(MODELS).replace("postgresql", provider.name());
    if provider == Provider::Postgresql {
        return text;
    }
    let text = text.replace("  tags       String[]\n", "");
    match provider {
        Provider::Sqlite => text.replace(" @db.VarChar(255)", "").replace(" @db.Decimal(12, 2)", ""),
        _ => text,
    }
}

/// Every table has another column, and columns that change.
fn changed(text: &str) -> String {
    text.replace("  name       String?", "  name       String   @default(\"x\")\n  more Int?")
        .replace("  visits     BigInt    @default(0)", "  visits     Int       @default(1)")
        .replace("@@index([name,", "@@index([email,")
}

/// Every table and a column of it have other names.
fn with_new_names(text: &str) -> String {
    let named: Vec<_> = (0..MODELS)
        .map(|i| (format!("@@map(\"model_{i}\")"), format!("@@map(\"table_{i}\")\n  @@renamedFrom(\"model_{i}\")")))
        .collect();
    let text = text.replace("  score      Float ", "  points     Float @renamedFrom(\"score\")");
    named.into_iter().fold(text, |text, (old, new)| text.replacen(&old, &new, 1))
}

fn read(text: &str) -> Schema {
    parse(vec![SourceFile::new("schema.prisma", text)]).unwrap().schema
}

/// Of 21 runs, in milliseconds.
fn median(work: impl Fn()) -> f64 {
    let mut times: Vec<_> = (0..21)
        .map(|_| {
            let before = used();
            work();
            (used() - before) / 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
