include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().filter(user::email.search("cat & dog")).await?;
    Ok(())
}

fn main() {}
