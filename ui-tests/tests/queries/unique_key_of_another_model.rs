include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_unique(post::id.eq(1)).await?;
    Ok(())
}

fn main() {}
