//! The programs of `docs/guide`, compiled and run: see `build.rs`.
//!
//! The fences of a chapter that are marked `rust` are statements, which run one after the other, with `db` for a new database of
//! `docs/guide/blog.prisma`. Those marked `rust,no_run` are whole programs, which are compiled. Fragments are marked `rust,ignore`.
#![allow(missing_docs, unused, unreachable_pub, clippy::all, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![deny(unused_must_use)]

use std::sync::atomic::{AtomicU32, Ordering};

prisma_client::prisma_schema!("../docs/guide/blog.prisma");

type Answer = Result<(), Box<dyn std::error::Error>>;

/// The fence that is running.
#[derive(Default)]
struct Line(AtomicU32);

impl Line {
    fn set(&self, number: u32) {
        self.0.store(number, Ordering::Relaxed);
    }
}

macro_rules! chapter {
    ($name:ident, $path:literal) => {
        mod $name {
            use super::*;

            include!($path);

            #[tokio::test]
            async fn runs() {
                let at = Line::default();
                let db = PrismaClient::in_memory().await.unwrap();
                if let Err(error) = Box::pin(run(db, &at)).await {
                    let file = std::path::Path::new($path).file_name().unwrap();
                    panic!("docs/guide/{}:{}: {error}", file.display(), at.0.load(Ordering::Relaxed));
                }
            }
        }
    };
}

macro_rules! program {
    ($name:ident, $path:literal) => {
        mod $name {
            include!($path);
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/guide.rs"));
