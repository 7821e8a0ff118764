include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().update(post::id.eq(1), user::name.set("x")).await?;
    Ok(())
}

fn main() {}
