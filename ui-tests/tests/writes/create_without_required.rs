include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().create(user::create().name("x")).await?;
    Ok(())
}

fn main() {}
