include!("../../blog.rs");

struct UserCard {
    id: i32,
}

async fn run(db: &PrismaClient) -> Result<(), Error> {
    let cards = db.user().find_many().select_as::<UserCard>().await?;
    println!("{}", cards.len());
    Ok(())
}

fn main() {}
