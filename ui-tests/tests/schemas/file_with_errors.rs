prisma_client::prisma_schema!("../../../../ui-tests/schemas/errors.prisma");

async fn run(db: &PrismaClient) {
    let _ = db.user().find_unique(user::id.eq(1)).await;
}

fn main() {}
