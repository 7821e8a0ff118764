//! NULL, and text: patterns, case, Unicode.

use super::*;

async fn people() -> TestDb {
    let db = fresh().await;
    for (email, name) in [("ada", Some("Ada")), ("bob", Some("Bob")), ("nul", None), ("emp", Some(""))] {
        db.user().create(user::create().email(email).name(name.map(str::to_owned))).await.unwrap();
    }
    db
}

#[tokio::test]
async fn null_is_neither_equal_nor_different() {
    let db = &*fresh!(people());
    assert_eq!(emails(db, user::name.is_null()).await, ["nul"]);
    assert_eq!(emails(db, user::name.is_not_null()).await, ["ada", "bob", "emp"]);
    assert_eq!(emails(db, user::name.ne("Ada")).await, ["bob", "emp"]);
    assert_eq!(emails(db, user::name.not_in(["Ada"])).await, ["bob", "emp"]);
    assert_eq!(emails(db, user::name.not_in(["Ada", "Bob"])).await, ["emp"]);
    assert_eq!(emails(db, !user::name.eq("Ada")).await, ["bob", "emp"]);
    assert_eq!(emails(db, !user::name.contains("d")).await, ["bob", "emp"]);
    assert_eq!(emails(db, !user::name.is_in(["Ada", "Bob"])).await, ["emp"]);
    assert_eq!(emails(db, !user::name.is_null()).await, ["ada", "bob", "emp"]);
    assert_eq!(emails(db, !user::name.is_not_null()).await, ["nul"]);
    assert_eq!(emails(db, user::name.ne("Ada") | user::name.is_null()).await, ["bob", "nul", "emp"]);
    assert_eq!(emails(db, user::name.not_in([""; 0])).await, ["ada", "bob", "nul", "emp"], "of none: every record");
    assert_eq!(emails(db, user::name.eq("")).await, ["emp"]);
    assert_eq!(emails(db, user::name.lt("B")).await, ["ada", "emp"]);
    assert_eq!(emails(db, user::name.gte("")).await, ["ada", "bob", "emp"]);
}

async fn with_titles(words: &[&str]) -> TestDb {
    let db = fresh().await;
    let posts = words.iter().map(|&title| post::create().title(title));
    db.post().create_many(posts).await.unwrap();
    db
}

#[tokio::test]
async fn wildcards_are_plain_characters() {
    let db = &*fresh!(with_titles(&["100%", "100x", "a_b", "axb", r"c\d", "cd", "%", "_", r"\", "'", "\"", "["]));
    assert_eq!(titles(db, post::title.contains("0%")).await, ["100%"]);
    assert_eq!(titles(db, post::title.contains("%")).await, ["100%", "%"]);
    assert_eq!(titles(db, post::title.contains("_")).await, ["a_b", "_"]);
    assert_eq!(titles(db, post::title.contains("a_")).await, ["a_b"]);
    assert_eq!(titles(db, post::title.contains(r"\")).await, [r"c\d", r"\"]);
    assert_eq!(titles(db, post::title.starts_with("100%")).await, ["100%"]);
    assert_eq!(titles(db, post::title.starts_with("_")).await, ["_"]);
    assert_eq!(titles(db, post::title.starts_with(r"c\")).await, [r"c\d"]);
    assert_eq!(titles(db, post::title.ends_with("%")).await, ["100%", "%"]);
    assert_eq!(titles(db, post::title.ends_with("_b")).await, ["a_b"]);
    assert_eq!(titles(db, post::title.ends_with(r"\d")).await, [r"c\d"]);
    assert_eq!(titles(db, post::title.contains("'")).await, ["'"]);
    assert_eq!(titles(db, post::title.contains("\"")).await, ["\""]);
    assert_eq!(titles(db, post::title.contains("[")).await, ["["]);
    assert_eq!(titles(db, post::title.contains("")).await.len(), 12);
    assert_eq!(titles(db, post::title.starts_with("") & post::title.ends_with("")).await.len(), 12);
}

#[tokio::test]
async fn places_in_a_text() {
    let db = &*fresh!(with_titles(&["one two", "two three", "three one", "two"]));
    assert_eq!(titles(db, post::title.contains("two")).await, ["one two", "two three", "two"]);
    assert_eq!(titles(db, post::title.starts_with("two")).await, ["two three", "two"]);
    assert_eq!(titles(db, post::title.ends_with("two")).await, ["one two", "two"]);
    assert_eq!(titles(db, !post::title.contains("two")).await, ["three one"]);
    assert_eq!(titles(db, post::title.contains("two three four")).await, [""; 0]);
}

#[tokio::test]
async fn unicode() {
    let words = ["Grüße", "日本語", "naïve café", "🦀 crab", "e\u{301}", "é"];
    let db = &*fresh!(with_titles(&words));
    for word in words {
        let found = titles(db, post::title.eq(word)).await;
        assert!(found == [word] || !EQUALITY_IS_EXACT && found == words[4..], "{word}: {found:?}");
    }
    assert_eq!(titles(db, post::title.contains("本")).await, ["日本語"]);
    assert_eq!(titles(db, post::title.starts_with("🦀")).await, ["🦀 crab"]);
    assert_eq!(titles(db, post::title.ends_with("üße")).await, ["Grüße"]);
    let found = titles(db, post::title.is_in(["é", "日本語"])).await;
    assert_eq!(found, if EQUALITY_IS_EXACT { &["日本語", "é"][..] } else { &["日本語", "e\u{301}", "é"] });
}

#[tokio::test]
async fn case() {
    let db = &*fresh!(with_titles(&["Prisma", "prisma", "PRISMA"]));
    let (one, two) =
        (titles(db, post::title.eq("prisma")).await, titles(db, post::title.is_in(["prisma", "PRISMA"])).await);
    match EQUALITY_IS_EXACT {
        true => assert_eq!((one.join(" "), two.join(" ")), ("prisma".to_owned(), "prisma PRISMA".to_owned())),
        false => assert_eq!((one.len(), two.len()), (3, 3)),
    }
    let expected = if LIKE_IGNORES_ASCII_CASE { 3 } else { 1 };
    assert_eq!(titles(db, post::title.contains("risma")).await.len(), if expected == 3 { 3 } else { 2 });
    assert_eq!(titles(db, post::title.starts_with("pri")).await.len(), expected);
}
