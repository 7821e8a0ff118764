include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(user::email.eq("a@b.c")).await?;
    Ok(())
}

fn main() {}
