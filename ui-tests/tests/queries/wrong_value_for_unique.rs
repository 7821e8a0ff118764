include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_unique(user::id.eq("1")).await?;
    Ok(())
}

fn main() {}
