include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().aggregate(user::active.min()).await?;
    Ok(())
}

fn main() {}
