include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().create(post::create().title("x").author_id(1)).await?;
    Ok(())
}

fn main() {}
