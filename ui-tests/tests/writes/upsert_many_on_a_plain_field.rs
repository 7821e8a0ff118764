include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().upsert_many([user::create().email("ada@prisma.io")]).on(user::name).await?;
    Ok(())
}

fn main() {}
