include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    let users = db.user().find_many().await?;
    println!("{}", users[0].posts.len());
    Ok(())
}

fn main() {}
