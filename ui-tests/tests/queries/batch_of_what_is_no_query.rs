include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.batch(db.user().count()).await?;
    db.batch((db.user().count(), db.post().count().await?)).await?;
    db.batch((db.user().count(), db.post().delete_many())).await?;
    Ok(())
}

fn main() {}
