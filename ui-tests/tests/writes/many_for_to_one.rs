include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().create(post::create().title("x").author([user::create().email("a@b.c")])).await?;
    Ok(())
}

fn main() {}
