include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().aggregate(user::posts.count()).include(user::posts).await?;
    Ok(())
}

fn main() {}
