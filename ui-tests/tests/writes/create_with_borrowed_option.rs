include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().create(user::create().email("ada@prisma.io").name(Some("Ada"))).await?;
    Ok(())
}

fn main() {}
