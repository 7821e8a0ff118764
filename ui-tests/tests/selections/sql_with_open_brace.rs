include!("../../blog.rs");

use prisma_client::sql;

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.execute_raw(sql!("SELECT json_object('{a')")).await?;
    Ok(())
}

fn main() {}
