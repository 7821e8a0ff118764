include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    let users = db.user().find_many().select(prisma_client::select!(user { id })).await?;
    println!("{}", users[0].email);
    Ok(())
}

fn main() {}
