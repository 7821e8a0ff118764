include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.query_raw::<User>("SELECT * FROM User").await?;
    Ok(())
}

fn main() {}
