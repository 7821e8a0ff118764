include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().filter(user::active.gt(false)).await?;
    Ok(())
}

fn main() {}
