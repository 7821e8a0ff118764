include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    let _: Option<prisma_client::With!(user { comments })> = None;
    Ok(())
}

fn main() {}
