include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.transaction(async |tx| tx.user().find_first().for_update().await).await?;
    Ok(())
}

fn main() {}
