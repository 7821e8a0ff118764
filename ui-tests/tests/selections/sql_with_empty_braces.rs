include!("../../blog.rs");

use prisma_client::sql;

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.execute_raw(sql!("DELETE FROM User WHERE id = {}", 1)).await?;
    Ok(())
}

fn main() {}
