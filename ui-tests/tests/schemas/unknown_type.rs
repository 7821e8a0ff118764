prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model User {
        id    Int   @id
        email Strng @unique
    }
}

async fn run(db: &PrismaClient) {
    let _ = db.user().find_unique(user::id.eq(1)).await;
}

fn main() {}
