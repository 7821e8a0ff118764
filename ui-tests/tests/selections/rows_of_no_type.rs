include!("../../blog.rs");

use prisma_client::sql;

async fn run(db: &PrismaClient) -> Result<(), Error> {
    struct Row {
        id: i32,
    }
    let rows: Vec<Row> = db.query_raw(sql!("SELECT id FROM User")).await?;
    println!("{}", rows.len());
    Ok(())
}

fn main() {}
