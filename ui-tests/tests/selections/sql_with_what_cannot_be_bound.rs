include!("../../blog.rs");

use prisma_client::sql;

async fn run(db: &PrismaClient) -> Result<(), Error> {
    let range = 1..3;
    db.execute_raw(sql!("DELETE FROM User WHERE id IN ({range})")).await?;
    Ok(())
}

fn main() {}
