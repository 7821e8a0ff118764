include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    let users = db.user().find_many().include(user::posts).await?;
    println!("{}", users[0].posts[0].author.email);
    Ok(())
}

fn main() {}
