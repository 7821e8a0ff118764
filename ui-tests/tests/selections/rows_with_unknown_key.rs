include!("../../blog.rs");

use prisma_client::sql;

async fn run(db: &PrismaClient) -> Result<(), Error> {
    #[derive(prisma_client::FromRow)]
    struct Row {
        #[prisma(name = "id")]
        key: i32,
    }
    let rows: Vec<Row> = db.query_raw(sql!("SELECT id FROM User")).await?;
    println!("{}", rows.len());
    Ok(())
}

fn main() {}
