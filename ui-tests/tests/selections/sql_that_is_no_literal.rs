include!("../../blog.rs");

use prisma_client::sql;

async fn run(db: &PrismaClient) -> Result<(), Error> {
    let text = String::from("SELECT 1");
    db.execute_raw(sql!(text)).await?;
    Ok(())
}

fn main() {}
