include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().create(post::create().title("x").author(user::id.eq(1).or_create(user::create()))).await?;
    Ok(())
}

fn main() {}
