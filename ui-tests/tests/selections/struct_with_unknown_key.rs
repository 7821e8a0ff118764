include!("../../blog.rs");

use prisma_client::Select;

#[derive(Select)]
#[prisma(model = user)]
struct UserCard {
    id: i32,
    #[prisma(rename = email)]
    mail: String,
}

async fn run(db: &PrismaClient) -> Result<(), Error> {
    let cards = db.user().find_many().select_as::<UserCard>().await?;
    println!("{}", cards.len());
    Ok(())
}

fn main() {}
