include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().select(prisma_client::select!(user { posts(where: post::views.gt(1)) { title } })).await?;
    Ok(())
}

fn main() {}
