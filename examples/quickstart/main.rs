//! Every kind of query, on a fresh SQLite database: what it means, its code, its SQL and what it answers.
//!
//! `cargo run --example quickstart`

use std::fmt::Debug;
use std::time::Duration;

// Without colours, unless on a terminal.
use anstream::println;
use prisma_client::{Error, ErrorKind};

prisma_client::prisma_schema!("examples/quickstart/schema.prisma");

/// Shows what a query is for, its code and SQL, runs it and shows the answer.
macro_rules! show {
    ($intent:literal, $query:expr) => {{
        heading($intent, stringify!($query));
        println!("   {SQL}{}{RESET}", $query.to_sql()?.text());
        answer($query.await?)
    }};
    ($intent:literal, no sql, $query:expr) => {{
        heading($intent, stringify!($query));
        answer($query.await?)
    }};
}

const BOLD: &str = "\x1b[1m";
const CODE: &str = "\x1b[36m";
const SQL: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";

fn heading(intent: &str, code: &str) {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    println!("\n{BOLD}{intent}{RESET}\n   {CODE}{code}{RESET}");
}

fn answer<T: Debug>(value: T) -> T {
    println!("   => {value:?}");
    value
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    // A database of its own, made anew each time.
    let directory = std::env::temp_dir().join(format!("prisma-client-quickstart-{}", std::process::id()));
    std::fs::create_dir_all(&directory).map_err(|e| ErrorKind::Configuration { message: e.to_string() })?;
    let file = directory.join("quickstart.db");
    let db = PrismaClient::builder().url(format!("file:{}", file.display())).max_connections(4).connect().await?;
    db.push_schema().await?;
    println!("database: {}", file.display());
    let done = tour(&db).await;
    db.disconnect().await;
    let _ = std::fs::remove_dir_all(&directory);
    done
}

async fn tour(db: &PrismaClient) -> Result<(), Error> {
    write(db).await?;
    read(db).await?;
    change(db).await?;
    transactions(db).await?;
    remove(db).await
}

async fn write(db: &PrismaClient) -> Result<(), Error> {
    show!(
        "Create a record, and others that belong to it, in one transaction",
        db.user()
            .create(
                user::create()
                    .email("ada@prisma.io")
                    .name("Ada")
                    .profile(profile::create().bio("Writes programs for engines"))
                    .posts([
                        post::create().title("Hello Rust").published(true).tags([tag::create().name("rust")]),
                        post::create().title("A draft"),
                    ])
            )
            .include(user::posts.include(post::tags))
            .include(user::profile)
    );
    show!(
        "Connect to what is there, or create it",
        db.post().create(
            post::create()
                .title("Two hands")
                .author(user::email.eq("bob@prisma.io").or_create(user::create().email("bob@prisma.io")))
                .tags(tag::name.eq("rust"))
        )
    );
    show!(
        "Create many in one statement",
        db.user()
            .create_many([user::create().email("eve@example.com").name("Eve"), user::create().email("bob@prisma.io")])
            .skip_duplicates()
    );
    Ok(())
}

async fn read(db: &PrismaClient) -> Result<(), Error> {
    show!("Find by a unique key", db.user().find_unique(user::email.eq("ada@prisma.io")));
    show!("Find by a key of two fields", db.post().find_unique(post::author_id_title.eq((1, "A draft"))));
    show!(
        "Filter, also by related records; order, also by theirs; a page from the end",
        db.post()
            .find_many()
            .filter(post::published.eq(true) | !post::title.contains("draft"))
            .filter(post::author.is(user::email.ends_with("@prisma.io")))
            .order_by(post::author.order(user::name.asc().nulls_last()))
            .order_by(post::id.desc())
            .take(-5)
    );
    let users = show!(
        "Include relations, with arguments of their own: they are in the type of the result",
        db.user()
            .find_many()
            .filter(user::posts.some(post::views.gte(0)))
            .include(user::posts.filter(post::published.eq(true)).order_by(post::id.desc()).take(3).include(post::tags))
            .include(user::profile)
            .order_by(user::posts.count().desc())
    );
    // Plain field access: no Option for "not loaded", no Result, no panic. Without the include it does not compile.
    println!("   users[0].posts[0].tags[0].name is {:?}", users[0].posts[0].tags[0].name);
    show!("Page by a cursor", db.post().find_many().order_by(post::id.asc()).cursor(post::id.eq(2)).skip(1).take(2));
    show!("Distinct", db.post().find_many().distinct([post::author_id]).order_by(post::author_id.asc()));
    show!("Count", no sql, db.post().count().filter(post::author.is_null()));
    Ok(())
}

async fn change(db: &PrismaClient) -> Result<(), Error> {
    show!("Change in the database, not in the program", db.post().update(post::id.eq(1), post::views.increment(1)));
    show!(
        "Change a record and what belongs to it",
        db.user()
            .update(
                user::id.eq(1),
                [
                    user::name.set("Ada Lovelace"),
                    user::posts.create(post::create().title("Notes")),
                    user::posts.update(post::id.eq(2), post::published.set(true)),
                ]
            )
            .include(user::posts)
    );
    show!("Change many", db.post().update_many((post::published.set(true),)).filter(post::views.lt(10)).limit(100));
    show!(
        "Update, or create if it is not there",
        db.user().upsert(
            user::email.eq("zoe@prisma.io"),
            user::create().email("zoe@prisma.io").name("Zoe"),
            user::name.set("Zoe again")
        )
    );
    Ok(())
}

async fn transactions(db: &PrismaClient) -> Result<(), Error> {
    show!(
        "A transaction round a closure: Err rolls back",
        no sql,
        db.transaction(async |tx| {
            let user = tx.user().create(user::create().email("tx@prisma.io")).await?;
            tx.post().create(post::create().title("In a transaction").author_id(user.id)).await
        })
        .timeout(Duration::from_secs(5))
        .retries(3)
    );
    heading("A transaction by hand: dropped without commit, it is rolled back", "let tx = db.begin().await?; …");
    let tx = db.begin().await?;
    tx.post().delete_many().all().await?;
    println!("   posts within it: {}", tx.post().count().await?);
    drop(tx);
    println!("   posts after it:  {}", db.post().count().await?);
    Ok(())
}

async fn remove(db: &PrismaClient) -> Result<(), Error> {
    heading("Errors are typed, with Prisma's codes", "db.user().create(user::create().email(\"ada@prisma.io\"))");
    if let Err(error) = db.user().create(user::create().email("ada@prisma.io")).await {
        println!("   => {error}\n   => {:?}", error.kind());
    }
    show!("Delete one, and get what it was", db.user().delete(user::email.eq("eve@example.com")));
    show!("Delete many", db.post().delete_many().filter(post::published.eq(false)));
    Ok(())
}
