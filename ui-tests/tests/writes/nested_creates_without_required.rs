include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().create(user::create().email("a@b.c").posts([post::create().views(1)])).await?;
    Ok(())
}

fn main() {}
