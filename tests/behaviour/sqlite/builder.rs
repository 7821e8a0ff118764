//! What the builder is told.

use std::sync::{Arc, Mutex};

use prisma_client::select;

use super::*;

#[tokio::test]
async fn settings() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("file:{}", directory.path().join("test.db").display());
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&lines);
    let db = PrismaClient::builder()
        .url(url)
        .omit(user::name)
        .omit(post::content)
        .log(move |query| told.lock().unwrap().push(query.to_string()))
        .slow_query(std::time::Duration::from_secs(60))
        .connect()
        .await
        .unwrap();
    db.push_schema().await.unwrap();
    lines.lock().unwrap().clear();
    assert!(db.user().find_many().await.unwrap_err().to_string().contains("omits `name` of `User`"));
    assert!(lines.lock().unwrap().is_empty(), "before the database is asked");
    db.user().create(user::create().email("ada")).select(select!(user { .., !name })).await.unwrap();
    let lines = lines.lock().unwrap();
    assert!(lines.len() == 1 && lines[0].contains("s INSERT INTO") && !lines[0].contains("ada"), "{lines:?}");
}
