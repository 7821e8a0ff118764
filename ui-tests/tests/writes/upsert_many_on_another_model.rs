include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().upsert_many([user::create().email("ada@prisma.io")]).on(post::author_id_title).await?;
    Ok(())
}

fn main() {}
