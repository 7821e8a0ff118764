prisma_client::prisma_schema! {
    datasource db {
        provider = "postgresql"
        url      = env("DATABASE_URL")
    }

    model User {
        id Int @id
    }
}

fn main() {}
