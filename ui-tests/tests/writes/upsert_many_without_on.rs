include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().upsert_many([user::create().email("ada@prisma.io")]).await?;
    Ok(())
}

fn main() {}
