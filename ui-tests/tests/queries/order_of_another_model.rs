include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().order_by(post::views.desc()).await?;
    Ok(())
}

fn main() {}
