include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().update(user::id.eq(1), (user::version.increment(1), user::name.set_excluded())).await?;
    Ok(())
}

fn main() {}
