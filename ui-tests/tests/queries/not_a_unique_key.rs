include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_unique(user::name.eq("x")).await?;
    Ok(())
}

fn main() {}
