include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().filter(user::emial.eq("a@b.c")).await?;
    Ok(())
}

fn main() {}
