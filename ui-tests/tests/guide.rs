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

/// The links between the chapters lead somewhere.
#[test]
fn links() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let mut followed = 0;
    for chapter in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        let text = read(&chapter);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target = folder.join(if file.is_empty() { &chapter } else { file });
            assert!(target.exists() || link.contains("://"), "docs/guide/{chapter}: `{link}` leads nowhere");
            if !place.is_empty() {
                let target = std::fs::read_to_string(target).unwrap();
                let mut headings = target.lines().filter(|line| line.starts_with('#')).map(anchor);
                assert!(headings.any(|a| a == place), "docs/guide/{chapter}: `{link}` names no heading");
            }
            followed += 1;
        }
    }
    assert!(followed > 20, "only {followed} links");
}

/// What a heading is called in a link.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    text.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}
