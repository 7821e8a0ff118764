prisma_client::prisma_schema! {
    datasource db {
        provider = "cockroachdb"
        url      = env("DATABASE_URL")
    }

    model User {
        id Int @id
    }
}

fn main() {}
