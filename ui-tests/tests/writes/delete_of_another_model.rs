include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().update(user::id.eq(1), user::posts.delete([user::id.eq(1)])).await?;
    Ok(())
}

fn main() {}
